//! Following a run: its frames from any point on, live or stored, across broken connections, without a gap.

use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use http_body_util::BodyStream;
use kernel::RunId;
use serde::Deserialize;
use tokio::time::{sleep, timeout};
use wire::ledger::{Point, StreamQuery};
use wire::runs::Detail;

use crate::sse::{Event, Parser};
use crate::transport::Body;
use crate::{Client, Error};

/// The server sends a heartbeat every 15 s: three missed ones are a dead connection.
const SILENCE: Duration = Duration::from_secs(45);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// In a row and without a single frame between them.
const MAX_FAILURES: u32 = 8;

impl Client {
    /// The frames of a run after `after`, as `(seq, text)` with the very bytes that are stored. It waits for frames
    /// that are not there yet, resumes by itself where a connection broke, and ends after the terminal frame.
    pub fn frames(
        &self,
        run: RunId,
        after: u64,
    ) -> impl Stream<Item = Result<(u64, String), Error>> + Send + 'static {
        self.play(run, StreamQuery { after: Some(after), ..StreamQuery::default() })
    }

    /// As [`Self::frames`], as far and as fast as the query says.
    pub fn play(
        &self,
        run: RunId,
        query: StreamQuery,
    ) -> impl Stream<Item = Result<(u64, String), Error>> + Send + 'static {
        let last = match (query.after, query.from) {
            (Some(after), _) => Some(after),
            (None, Some(Point::Seq(from))) => from.checked_sub(1),
            // The first frame says which it is.
            (None, Some(Point::Time(_))) => None,
            (None, None) => Some(0),
        };
        let follower = Follower { client: self.clone(), run, query, last, connection: None, failures: 0 };
        stream::unfold(Some(follower), |follower| async move {
            let mut follower = follower?;
            match follower.next().await {
                Ok(Some((seq, text))) => {
                    let rest = (!is_terminal(&text)).then_some(follower);
                    Some((Ok((seq, text)), rest))
                }
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    /// Waits until a run has ended and returns what became of it.
    pub async fn wait(&self, run: RunId) -> Result<Detail, Error> {
        // From the end of what is there: the frames themselves are of no interest.
        let seen = self.run(run).await?;
        if seen.item.status.is_terminal() {
            return Ok(seen);
        }
        let mut frames = Box::pin(self.frames(run, seen.ledger.seq));
        while let Some(frame) = frames.next().await {
            frame?;
        }
        self.run(run).await
    }
}

struct Follower {
    client: Client,
    run: RunId,
    query: StreamQuery,
    /// `None` until the first frame of a time has come.
    last: Option<u64>,
    connection: Option<Connection>,
    failures: u32,
}

impl Follower {
    async fn next(&mut self) -> Result<Option<(u64, String)>, Error> {
        loop {
            let result = match &mut self.connection {
                Some(connection) => connection.next().await,
                None => match self.connect().await {
                    Ok(Some(connection)) => {
                        self.connection = Some(connection);
                        continue;
                    }
                    Ok(None) => return Ok(None),
                    Err(error) => Err(error),
                },
            };
            match result {
                Ok(Some(event)) => return self.in_order(event).map(Some),
                // A server that stops ends its streams in the middle; the next connection says whether more comes.
                Ok(None) => self.pause(None).await?,
                Err(error) if error.is_passing() => self.pause(Some(error)).await?,
                Err(error) => return Err(error),
            }
        }
    }

    async fn connect(&mut self) -> Result<Option<Connection>, Error> {
        let body = self.client.frame_stream(self.run, &self.query).await?;
        Ok(body.map(|body| Connection { body: BodyStream::new(body), parser: Parser::default() }))
    }

    fn in_order(&mut self, event: Event) -> Result<(u64, String), Error> {
        let found = event.id.and_then(|id| id.parse().ok());
        let found = found.ok_or(Error::BrokenStream { what: "a frame has no sequence number" })?;
        if let Some(expected) = self.last.map(|last| last + 1).filter(|expected| *expected != found) {
            return Err(Error::Gap { expected, found });
        }
        self.last = Some(found);
        // The next connection goes on from here.
        (self.query.after, self.query.from) = (self.last, None);
        self.failures = 0;
        Ok((found, event.data))
    }

    /// Waits before the next connection, longer each time, and gives up at last.
    async fn pause(&mut self, error: Option<Error>) -> Result<(), Error> {
        self.connection = None;
        self.failures += 1;
        if self.failures > MAX_FAILURES {
            return Err(error.unwrap_or(Error::BrokenStream { what: "it keeps ending before the run does" }));
        }
        sleep(FIRST_PAUSE * 2_u32.pow(self.failures - 1)).await;
        Ok(())
    }
}

struct Connection {
    body: BodyStream<Body>,
    parser: Parser,
}

impl Connection {
    async fn next(&mut self) -> Result<Option<Event>, Error> {
        loop {
            if let Some(event) = self.parser.next_event() {
                return Ok(Some(event));
            }
            let late = |_| crate::TransportError::Timeout { seconds: SILENCE.as_secs() };
            let Some(piece) = timeout(SILENCE, self.body.next()).await.map_err(late)? else {
                return Ok(None);
            };
            if let Ok(data) = piece?.into_data() {
                self.parser.push(&data)?;
            }
        }
    }
}

fn is_terminal(frame: &str) -> bool {
    #[derive(Deserialize)]
    struct Kind<'a> {
        kind: &'a str,
    }
    serde_json::from_str::<Kind<'_>>(frame).is_ok_and(|frame| matches!(frame.kind, "final" | "error"))
}
