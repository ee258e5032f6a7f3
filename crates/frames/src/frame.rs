//! A frame as text: one line of JSON, envelope first, absent fields omitted.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::body::Body;
use crate::check::check;
use crate::envelope::{Envelope, Notice, Schema, Scope, Workflow};
use crate::error::{Broken, ContractError, Rule};
use crate::object::{Reader, Wire};
use crate::schemas::{Schemas, Shape};

/// One JSON object of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Where it belongs.
    pub envelope: Envelope,
    /// What it says.
    pub body: Body,
}

impl Frame {
    /// Reads a frame. An optional field may be omitted or `null`; an unknown key is refused with its path.
    pub fn parse(text: &str) -> Result<Self, ContractError> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| ContractError::new(None, Rule::Syntax { message: error.to_string() }.into()))?;
        let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
        Self::read(value).map_err(|broken| ContractError::new(kind.as_deref(), broken))
    }

    pub(crate) fn read(value: Value) -> Result<Self, Broken> {
        let mut reader = Reader::new(value)?;
        let kind: String = reader.take("kind")?;
        let envelope = Envelope::take(&mut reader)?;
        let body = Body::take(&kind, &mut reader)?;
        reader.finish()?;
        let frame = Self { envelope, body };
        check(&frame)?;
        Ok(frame)
    }

    /// Whether the values are within the contract's bounds. Parsing has checked it; a frame made in code may ask.
    pub fn check(&self) -> Result<(), ContractError> {
        check(self).map_err(|broken| ContractError::new(Some(self.kind()), broken))
    }

    /// The frame as one line of JSON, without the line's end.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("keys are strings and writing to memory does not fail")
    }

    /// The kind, as on the wire.
    pub const fn kind(&self) -> &'static str {
        self.body.kind()
    }

    /// Whether it ends its stream.
    pub const fn is_terminal(&self) -> bool {
        self.body.is_terminal()
    }
}

impl Envelope {
    fn take(from: &mut Reader) -> Result<Self, Broken> {
        Ok(Self {
            schema: from.take("schema")?,
            event_id: from.take("event_id")?,
            stream_id: from.take("stream_id")?,
            server_timestamp: from.take("server_timestamp")?,
            conversation_id: from.take("conversation_id")?,
            response_id: from.take("response_id")?,
            agent: from.take("agent")?,
            workflow: from.take("workflow")?,
            scope: from.take("scope")?,
            provider_sequence_number: from.take("provider_sequence_number")?,
            notices: from.take("notices")?,
        })
    }

    fn put<M: SerializeMap>(&self, kind: &str, into: &mut M) -> Result<(), M::Error> {
        self.schema.entry("schema", into)?;
        into.serialize_entry("kind", kind)?;
        self.event_id.entry("event_id", into)?;
        self.stream_id.entry("stream_id", into)?;
        self.server_timestamp.entry("server_timestamp", into)?;
        self.conversation_id.entry("conversation_id", into)?;
        self.response_id.entry("response_id", into)?;
        self.agent.entry("agent", into)?;
        self.workflow.entry("workflow", into)?;
        self.scope.entry("scope", into)?;
        self.provider_sequence_number.entry("provider_sequence_number", into)?;
        if self.notices.is_empty() { Ok(()) } else { self.notices.entry("notices", into) }
    }

    /// The fields of a kind that the given contract was the first to know; an older one refuses it.
    pub(crate) fn fields(contract: Schema, kind: &'static str, shape: &mut Shape, schemas: &mut Schemas) {
        match contract {
            Schema::PublicSseV1 => shape.field::<Schema>("schema", "The contract of the stream.", schemas),
            Schema::RunV1 => shape.literal("schema", contract.as_str()),
        }
        shape.literal("kind", kind);
        shape.field::<u64>("event_id", "The number in the stream, from 1 without gaps.", schemas);
        shape.field::<String>("stream_id", "The stream; of a run, `run_<32 hex digits>`.", schemas);
        shape.field::<DateTime<Utc>>("server_timestamp", "When the frame was written.", schemas);
        shape.field::<String>("conversation_id", "The conversation.", schemas);
        shape.field::<Option<String>>("response_id", "The response it belongs to.", schemas);
        shape.field::<Option<String>>("agent", "The active agent.", schemas);
        shape.field::<Option<Workflow>>("workflow", "Where in a workflow it happened.", schemas);
        shape.field::<Option<Scope>>("scope", "The tool call it is nested in.", schemas);
        let number = "The provider's own number; does not decrease within a response.";
        shape.field::<Option<u64>>("provider_sequence_number", number, schemas);
        shape.field::<Vec<Notice>>("notices", "What was left out of the body.", schemas);
    }
}

impl Serialize for Frame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.envelope.put(self.kind(), &mut map)?;
        self.body.put(&mut map)?;
        map.end()
    }
}

impl FromStr for Frame {
    type Err = ContractError;

    fn from_str(text: &str) -> Result<Self, ContractError> {
        Self::parse(text)
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests;
