//! What a viewer sees: the one reducer for live and replayed streams.
//!
//! Frames are folded one by one and never again: applying a frame costs the same at the start of a run and after a
//! hundred thousand frames. The JSON form is the contract with the pages; `frontend/src/lib/frames` holds its twin,
//! and `openapi/goldens` proves that both show the same.
//!
//! Sections are keyed by branch and response, so that parallel branches cannot mix even when a response is named
//! wrongly. A frame that names neither belongs to the run itself and goes into the header.

#![expect(clippy::struct_field_names, reason = "the fields are the keys of the JSON form")]

mod card;
mod cards;
mod chunk;
mod item;
mod plan;
mod run;
mod section;
mod sections;
mod time;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::body::{Body, Final, StreamError};
use crate::envelope::Schema;
use crate::frame::Frame;
use plan::Plan;
use run::{Approvals, Artifact, Notice, Omission, RunHeader};
use sections::Sections;
use time::Time;

/// The state of a stream, as far as it was applied. Serialises to what the pages show; absent values are `null`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Transcript {
    schema: Option<Schema>,
    stream_id: Option<String>,
    conversation_id: Option<String>,
    started_at: Option<Time>,
    updated_at: Option<Time>,
    run: Option<RunHeader>,
    #[serde(flatten)]
    plan: Plan,
    #[serde(flatten)]
    sections: Sections,
    artifacts: Vec<Artifact>,
    approvals: Approvals,
    notices: Vec<Notice>,
    omissions: Vec<Omission>,
    terminal: Option<Terminal>,
    counts: Counts,
}

/// How the stream ended: one of `final` and `error` is set.
#[derive(Debug, Clone, Serialize)]
struct Terminal {
    event_id: u64,
    at: Time,
    #[serde(rename = "final")]
    end: Option<Final>,
    error: Option<StreamError>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Counts {
    frames: u64,
    last_event_id: u64,
    kinds: BTreeMap<&'static str, u64>,
}

/// A frame's number and time, which most of what is shown carries.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    event_id: u64,
    at: Time,
}

impl Transcript {
    /// Takes the next frame. Frames are taken as they come; whether the stream is sound is the validator's matter.
    pub fn apply(&mut self, frame: &Frame) {
        let stamp = self.head(frame);
        self.count(frame);
        self.omissions.extend(Omission::of(frame, stamp));
        match &frame.body {
            Body::RunOpened(opened) => self.run = Some(RunHeader::new(opened, stamp)),
            Body::AttemptStarted(_)
            | Body::PhaseStarted(_)
            | Body::StepStarted(_)
            | Body::StepCompleted(_)
            | Body::Progress(_) => self.plan.apply(&frame.body, stamp),
            Body::ArtifactCreated(created) => self.artifacts.push(Artifact::new(created, stamp)),
            Body::ApprovalRequested(requested) => self.approvals.request(requested, stamp),
            Body::ApprovalDecided(decided) => self.approvals.decide(decided, stamp),
            Body::Notice(notice) => self.notices.push(Notice::new(notice, stamp)),
            Body::Final(end) => {
                self.sections.reconcile(&frame.envelope, end);
                self.terminal = Some(Terminal::new(stamp, Some(end.clone()), None));
            }
            Body::Error(error) => self.terminal = Some(Terminal::new(stamp, None, Some(error.clone()))),
            _ => self.sections.apply(frame, stamp),
        }
    }

    /// How many frames were applied.
    pub const fn frames(&self) -> u64 {
        self.counts.frames
    }

    fn head(&mut self, frame: &Frame) -> Stamp {
        let envelope = &frame.envelope;
        let stamp = Stamp { event_id: envelope.event_id, at: Time(envelope.server_timestamp) };
        if self.schema.is_none() {
            self.schema = Some(envelope.schema);
            self.stream_id = Some(envelope.stream_id.clone());
            self.conversation_id = Some(envelope.conversation_id.clone());
            self.started_at = Some(stamp.at);
        }
        self.updated_at = Some(stamp.at);
        stamp
    }

    fn count(&mut self, frame: &Frame) {
        self.counts.frames += 1;
        self.counts.last_event_id = frame.envelope.event_id;
        *self.counts.kinds.entry(frame.kind()).or_default() += 1;
    }
}

impl Terminal {
    const fn new(stamp: Stamp, end: Option<Final>, error: Option<StreamError>) -> Self {
        Self { event_id: stamp.event_id, at: stamp.at, end, error }
    }
}
