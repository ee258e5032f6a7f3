//! The record of a declared stream: what is appended becomes frames of its run, or is refused.
//!
//! What must be known of the past for it is found again from the values of the stream.

mod refusal;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use frames::agui::Adapter;
use frames::{Frame, Notice, Origin, Validator};
use runs::foreign::{Held, missing_end};
use serde_json::Value;

use crate::content::one_line;
use crate::frame::Recorded;
use crate::name::StreamId;
use crate::{Error, Schema};

pub use refusal::Refusal;

/// The largest frame that is made of a value: a page always has room for one.
const MAX_FRAME_BYTES: usize = ledger::MAX_FRAME_BYTES;

/// Who makes frames of the values.
#[derive(Debug, Clone)]
enum Teller {
    Frames(Box<Validator>),
    Events(Box<Adapter>),
}

/// Where the record of a stream stands.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    teller: Teller,
    /// What its frames have in common.
    origin: Origin,
    /// The last frame.
    pub seq: u64,
    /// The token of whoever writes the run.
    pub fence: i64,
}

/// What values have become.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The values as the stream keeps them.
    pub values: Vec<String>,
    /// The frames as the run keeps them.
    pub frames: Vec<String>,
    /// The last of them, if it ends the run.
    pub terminal: Option<Frame>,
}

impl Told {
    /// Adds the end.
    pub(crate) fn end_with(&mut self, end: Self) {
        self.frames.extend(end.frames);
        self.terminal = end.terminal;
    }
}

impl Record {
    pub(crate) fn new(schema: Schema, stream: StreamId) -> Self {
        let name = format!("chat_{}", stream.0.simple());
        let teller = match schema {
            Schema::PublicSseV1 => Teller::Frames(Box::default()),
            Schema::AgUi => Teller::Events(Box::new(Adapter::new(name.clone()))),
        };
        let schema = frames::Schema::PublicSseV1;
        let origin = Origin { schema, conversation_id: name.clone(), stream_id: name };
        Self { teller, origin, seq: 0, fence: 0 }
    }

    /// The record of a run that has come to this frame and began with that one.
    pub(crate) fn at(mut self, seq: u64, first: Option<&Frame>) -> Self {
        self.seq = seq;
        if let Some(Frame { envelope, .. }) = first {
            self.origin.stream_id.clone_from(&envelope.stream_id);
            self.origin.conversation_id.clone_from(&envelope.conversation_id);
        }
        self
    }

    /// Makes frames of the values of an append. Where one is refused the record stands where it stood.
    pub(crate) fn take(&mut self, values: &[&str], at: DateTime<Utc>) -> Result<Told, Error> {
        let mut next = self.clone();
        let mut told = Told::default();
        for (index, value) in values.iter().enumerate() {
            next.take_one(value, at, &mut told).map_err(|refusal| Error::Refused { index, refusal })?;
        }
        *self = next;
        Ok(told)
    }

    fn take_one(&mut self, value: &str, at: DateTime<Utc>, told: &mut Told) -> Result<(), Refusal> {
        let value = one_line(value);
        let made = match &mut self.teller {
            Teller::Frames(validator) => {
                let frame = Frame::parse(&value)?;
                if frame.envelope.schema != frames::Schema::PublicSseV1 {
                    return Err(Refusal::OtherSchema { found: frame.envelope.schema.as_str() });
                }
                validator.push(&frame)?;
                told.values.push(admitted(Some(&value), &frame)?);
                vec![frame]
            }
            Teller::Events(adapter) => {
                let (event, notices) = cleaned(value);
                adapter.note(notices);
                let made = adapter.take(&event, at)?;
                told.values.push(event.into_owned());
                made
            }
        };
        for frame in made {
            self.note(&frame, told)?;
        }
        Ok(())
    }

    fn note(&mut self, frame: &Frame, told: &mut Told) -> Result<(), Refusal> {
        self.seq += 1;
        if self.seq == 1 {
            self.origin.stream_id.clone_from(&frame.envelope.stream_id);
            self.origin.conversation_id.clone_from(&frame.envelope.conversation_id);
        }
        let text = match (&self.teller, told.values.last()) {
            (Teller::Frames(_), Some(admitted)) => admitted.clone(),
            _ => admitted(None, frame)?,
        };
        if frame.is_terminal() {
            // The end is what is kept of it.
            told.terminal = Some(Frame::parse(&text)?);
        }
        told.frames.push(text);
        Ok(())
    }

    /// The end of a run whose stream was closed or taken away without one.
    pub(crate) fn end_missing(&mut self, why: Missing, at: DateTime<Utc>) -> Told {
        let problem = wire::runs::Fault { code: why.code().to_owned(), message: why.message().to_owned() };
        let mut frames = missing_end(&self.origin, self.seq + 1, at, &problem);
        let texts = frames.iter().map(Frame::to_text).collect();
        self.seq += frames.len() as u64;
        Told { values: Vec::new(), frames: texts, terminal: frames.pop() }
    }

    /// Takes in a stored frame of the stream.
    pub(crate) fn recall(&mut self, stored: &str) -> Option<()> {
        let recorded = Recorded::read(stored)?;
        self.take(&recorded.values(), recorded.at()).ok().map(drop)
    }

    /// Goes on where the run's own record stands, whichever version of the program wrote it.
    pub(crate) fn go_on(&mut self, held: &Held) {
        (self.fence, self.seq) = (held.fence, held.head.seq);
        if let Teller::Events(adapter) = &mut self.teller {
            adapter.go_on_after(self.seq);
        }
    }
}

/// The event as it is kept: as it was sent, unless something was taken out of it. What is no JSON is refused elsewhere.
fn cleaned(sent: Cow<'_, str>) -> (Cow<'_, str>, Vec<Notice>) {
    let Ok(mut event) = serde_json::from_str::<Value>(&sent) else { return (sent, Vec::new()) };
    match frames::door::clean(&mut event) {
        notices if notices.is_empty() => (sent, notices),
        notices => (event.to_string().into(), notices),
    }
}

/// The frame as it is kept: as it was sent, unless something was taken out of it.
fn admitted(sent: Option<&str>, frame: &Frame) -> Result<String, Refusal> {
    let admitted = frames::door::admit(frame.clone());
    match sent {
        Some(sent) if admitted == *frame => Ok(sent.to_owned()),
        _ => Ok(admitted.fit(MAX_FRAME_BYTES, None)?.to_text()),
    }
}

/// Why a run of a stream has no end of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Missing {
    Closed,
    Deleted,
    Expired,
}

impl Missing {
    const fn code(self) -> &'static str {
        match self {
            Self::Closed => "STREAM_CLOSED_EARLY",
            Self::Deleted => "STREAM_DELETED",
            Self::Expired => "STREAM_EXPIRED",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Closed => "the stream was closed before it said how the run ended",
            Self::Deleted => "the stream was deleted before it said how the run ended",
            Self::Expired => "the time of the stream was over before it said how the run ended",
        }
    }
}
