//! Following one run: stored rows first, then the shared feed.

use std::sync::Arc;

use futures::stream::{self, Stream};
use kernel::{RunId, Tenant};
use tokio::sync::OwnedSemaphorePermit;

use crate::feed::{Feeds, Next, Viewer};
use crate::{Chunk, Error, read};

/// What a viewer holds at most when many read rows at once.
const SMALL_BYTES: usize = 16 * 1024;

/// How long a viewer keeps what it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Haste {
    /// No longer than it takes to send it.
    Quick,
    /// As long as it likes.
    Slow,
}

pub(crate) fn follow(
    feeds: Feeds,
    tenant: Tenant,
    run: RunId,
    after: u64,
    haste: Haste,
) -> impl Stream<Item = Result<Chunk, Error>> + Send + 'static {
    let follower = Follower { feeds, tenant, run, after, haste, viewer: None, large: None };
    stream::try_unfold(follower, Follower::next)
}

struct Follower {
    feeds: Feeds,
    tenant: Tenant,
    run: RunId,
    after: u64,
    haste: Haste,
    /// Once it has reached the end of what is stored.
    viewer: Option<Viewer>,
    /// The right to the large chunk that was given last.
    large: Option<OwnedSemaphorePermit>,
}

impl Follower {
    async fn next(mut self) -> Result<Option<(Chunk, Self)>, Error> {
        self.large = None;
        loop {
            match self.viewer.as_mut().map_or(Next::Rows, |viewer| viewer.next(self.after)) {
                Next::Chunk(chunk) => return Ok(Some(self.give(chunk))),
                Next::End(end) => return end.map(|()| None),
                Next::Wait => {
                    if let Some(viewer) = &mut self.viewer {
                        viewer.moved().await;
                    }
                }
                Next::Rows => match self.stored().await? {
                    Stored::Chunk(chunk) => return Ok(Some(self.give(chunk))),
                    Stored::End => return Ok(None),
                    Stored::Nothing => {}
                },
            }
        }
    }

    fn give(mut self, chunk: Chunk) -> (Chunk, Self) {
        self.after = chunk.last_seq();
        (chunk, self)
    }

    /// The next stored chunk. At the end of what is stored the follower joins the feed, also when it has got something:
    /// of a run that emits all the time there would always be something.
    async fn stored(&mut self) -> Result<Stored, Error> {
        let (head, chunk) = {
            let _turn = self.feeds.turn().await?;
            let conn = self.feeds.read().conn();
            read::chunk(conn, self.tenant.id(), self.run, self.after, u64::MAX).await?
        };
        let last_seq = chunk.as_ref().map_or(self.after, Chunk::last_seq);
        if self.viewer.is_none() && !head.is_closed && last_seq >= head.seq {
            self.viewer = Some(self.feeds.attach(self.tenant, self.run, last_seq));
        }
        Ok(match chunk {
            Some(chunk) => Stored::Chunk(self.of_its_size(chunk)),
            None if head.is_closed => Stored::End,
            None => Stored::Nothing,
        })
    }

    fn of_its_size(&mut self, chunk: Chunk) -> Chunk {
        if chunk.lines().len() <= SMALL_BYTES {
            return chunk;
        }
        if self.haste == Haste::Quick {
            self.large = Arc::clone(self.feeds.large_chunks()).try_acquire_owned().ok();
        }
        if self.large.is_some() { chunk } else { chunk.beginning(SMALL_BYTES) }
    }
}

enum Stored {
    Chunk(Chunk),
    /// More may come.
    Nothing,
    End,
}
