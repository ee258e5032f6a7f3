//! Holds a stream to its rules, frame by frame.
//!
//! One frame cannot tell whether a frame is missing; a stream can. The validator keeps only what the rules compare
//! with, so a stream of any length can be checked as it passes.

mod plan;
mod violation;

use std::collections::BTreeMap;

use crate::body::Body;
use crate::envelope::{Envelope, Schema};
use crate::frame::Frame;
use plan::Plan;

pub use violation::Violation;

/// Checks the frames of one stream in order.
#[derive(Debug, Clone, Default)]
pub struct Validator {
    last_event_id: u64,
    constants: Option<Constants>,
    /// The last provider number of each response. Per response, because a provider counts anew in each.
    provider_numbers: BTreeMap<Option<String>, u64>,
    plan: Plan,
    is_ended: bool,
}

#[derive(Debug, Clone)]
struct Constants {
    schema: Schema,
    stream_id: String,
    conversation_id: String,
}

impl Validator {
    /// A validator for a stream's first frame.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next frame. After a violation the stream is broken and further answers mean nothing.
    pub fn push(&mut self, frame: &Frame) -> Result<(), Violation> {
        let event_id = frame.envelope.event_id;
        frame.check().map_err(|source| Violation::Frame { event_id, source })?;
        if self.is_ended {
            return Err(Violation::AfterTerminal { event_id });
        }
        self.number(event_id)?;
        self.constants(&frame.envelope)?;
        self.provider_number(&frame.envelope)?;
        self.body(event_id, &frame.body)?;
        self.is_ended = frame.is_terminal();
        Ok(())
    }

    /// Says whether the stream may end here.
    pub fn finish(&self) -> Result<(), Violation> {
        match (self.last_event_id, self.is_ended) {
            (0, _) => Err(Violation::Empty),
            (last_event_id, false) => Err(Violation::NoTerminal { last_event_id }),
            (_, true) => Ok(()),
        }
    }

    fn number(&mut self, found: u64) -> Result<(), Violation> {
        let expected = self.last_event_id + 1;
        if found != expected {
            return Err(Violation::Number { expected, found });
        }
        self.last_event_id = found;
        Ok(())
    }

    fn constants(&mut self, envelope: &Envelope) -> Result<(), Violation> {
        let constants = self.constants.get_or_insert_with(|| Constants {
            schema: envelope.schema,
            stream_id: envelope.stream_id.clone(),
            conversation_id: envelope.conversation_id.clone(),
        });
        let pairs = [
            ("schema", constants.schema.as_str(), envelope.schema.as_str()),
            ("stream_id", &constants.stream_id, &envelope.stream_id),
            ("conversation_id", &constants.conversation_id, &envelope.conversation_id),
        ];
        match pairs.into_iter().find(|(_, expected, found)| expected != found) {
            None => Ok(()),
            Some((field, expected, found)) => Err(Violation::Changed {
                event_id: envelope.event_id,
                field,
                expected: expected.to_owned(),
                found: found.to_owned(),
            }),
        }
    }

    fn provider_number(&mut self, envelope: &Envelope) -> Result<(), Violation> {
        let Some(found) = envelope.provider_sequence_number else { return Ok(()) };
        match self.provider_numbers.insert(envelope.response_id.clone(), found) {
            Some(last) if last > found => {
                Err(Violation::ProviderNumber { event_id: envelope.event_id, last, found })
            }
            _ => Ok(()),
        }
    }

    fn body(&mut self, event_id: u64, body: &Body) -> Result<(), Violation> {
        if matches!(body, Body::RunOpened(_)) && event_id != 1 {
            return Err(Violation::OpenedLate { event_id });
        }
        self.plan.push(body).map_err(|reason| Violation::Plan { event_id, reason })
    }
}

#[cfg(test)]
mod tests;
