//! Declared streams, and short ways to look at the runs they are the records of.

use frames::{Frame, Transcript};
use kernel::RunId;
use ledger::{Page, Verdict};
use runs::{Run, RunState};
use serde_json::{Value, json};
use streams::{Appended, Config, ContentType, Error, Producer, Schema, Streams, Write};

use crate::support::{Fixture, TENANT, path, plain};

pub(crate) fn json_type() -> ContentType {
    "application/json".parse().unwrap()
}

/// An empty open stream of this schema.
pub(crate) fn of(schema: Schema) -> Config<'static> {
    Config { content_type: Some(json_type()), schema: Some(schema), ..plain() }
}

pub(crate) fn array(values: &[String]) -> String {
    format!("[{}]", values.join(","))
}

/// Appends values together.
pub(crate) async fn write(streams: &Streams, at: &str, values: &[String]) -> Result<Appended, Error> {
    let body = array(values);
    let write = Write { body: Some((Some(json_type()), body.as_bytes())), ..Write::default() };
    streams.append(TENANT, &path(at), &write).await
}

/// Appends values together, as a producer.
pub(crate) async fn produce_values(
    streams: &Streams,
    at: &str,
    values: &[String],
    seq: u64,
) -> Result<Appended, Error> {
    let body = array(values);
    let producer = Some(Producer { id: "p".to_owned(), epoch: 0, seq });
    let write = Write { body: Some((Some(json_type()), body.as_bytes())), producer, ..Write::default() };
    streams.append(TENANT, &path(at), &write).await
}

impl Fixture {
    pub(crate) async fn run_of(&self, at: &str) -> RunId {
        let stream = self.streams.reader().find(TENANT, &path(at)).await.unwrap();
        stream.declared().unwrap().run
    }

    pub(crate) async fn run(&self, id: RunId) -> Run {
        runs::find(&self.owner.db.read, TENANT, id).await.unwrap().unwrap()
    }

    /// What every reader of the run sees.
    pub(crate) async fn frames_of(&self, run: RunId) -> Vec<String> {
        let Page { frames, .. } = self.ledger.reader().page(TENANT, run, 0, 10_000).await.unwrap();
        frames.into_iter().map(|(_, text)| text).collect()
    }

    /// The run has ended, as its last frame says, and its record holds.
    pub(crate) async fn check_ended(&self, run: RunId, state: RunState) {
        assert_eq!(self.run(run).await.state, state);
        let verdict: Verdict = self.ledger.reader().verify(TENANT, run).await.unwrap();
        assert!(verdict.is_closed && verdict.first_bad_seq.is_none(), "{verdict:?}");
    }
}

/// What these frames show.
pub(crate) fn transcript(frames: &[String]) -> Value {
    let mut transcript = Transcript::default();
    for frame in frames {
        transcript.apply(&Frame::parse(frame).unwrap());
    }
    json!(transcript)
}

/// A frame of a chat, by its number and what its kind has.
pub(crate) fn frame(event_id: usize, body: Value) -> String {
    let mut frame = json!({ "schema": "public_sse_v1", "event_id": event_id, "stream_id": "chat_1",
        "server_timestamp": "2026-11-30T12:00:00Z", "conversation_id": "c", "scope": null });
    let Value::Object(body) = body else { panic!("a body is an object") };
    frame.as_object_mut().unwrap().extend(body);
    frame.to_string()
}

pub(crate) fn text_frame(event_id: usize, delta: &str) -> String {
    let body = json!({ "kind": "message.delta", "output_index": 0, "item_id": "m", "content_index": 0, "delta": delta });
    frame(event_id, body)
}

pub(crate) fn final_frame(event_id: usize, status: &str) -> String {
    frame(event_id, json!({ "kind": "final", "final": { "status": status } }))
}
