//! Which fields of which kind may be cut, and how.

use serde_json::{Value, json};

/// What is done to a field that must become smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Only its beginning stays. So it is with any field that holds a text.
    Text,
    /// Only its first items stay.
    List,
    /// It goes: half a value would be a wrong one.
    Value,
    /// As [`Self::Value`], for an object that is required: it becomes empty.
    Object,
    /// As [`Self::Value`], for any JSON that is required: it becomes null.
    Required,
}

/// A field and how it is cut.
#[derive(Debug)]
pub(super) struct Field {
    /// Dotted, from the frame on.
    pub(super) path: &'static str,
    pub(super) cut: Cut,
}

impl Field {
    const fn new(path: &'static str, cut: Cut) -> Self {
        Self { path, cut }
    }

    /// The field, unless it is absent.
    pub(super) fn get<'v>(&self, frame: &'v Value) -> Option<&'v Value> {
        self.path.split('.').try_fold(frame, |value, key| value.get(key)).filter(|value| !value.is_null())
    }

    pub(super) fn get_mut<'v>(&self, frame: &'v mut Value) -> Option<&'v mut Value> {
        self.path.split('.').try_fold(frame, |value, key| value.get_mut(key))
    }

    pub(super) fn drop_from(&self, frame: &mut Value) {
        if let Some(value) = self.get_mut(frame) {
            // An optional field that is null counts as absent and is not written.
            *value = if self.cut == Cut::Object { json!({}) } else { Value::Null };
        }
    }
}

/// The fields of a frame of this kind that may be cut.
pub(super) fn fields(kind: &str) -> impl Iterator<Item = &'static Field> {
    of_body(kind).iter().chain(ENVELOPE)
}

macro_rules! fields {
    ($($cut:ident $path:literal),* $(,)?) => { const { &[$(Field::new($path, Cut::$cut)),*] } };
}

/// What the producer itself had to say about omissions.
const ENVELOPE: &[Field] = fields![List "notices"];

fn of_body(kind: &str) -> &'static [Field] {
    match kind {
        "final" => fields![
            Value "final.structured_output", Text "final.response_text", Text "final.reasoning_summary_text",
            Text "final.refusal_text", List "final.attachments",
        ],
        "error" => fields![Text "error.message", Text "error.code"],
        "run.opened" => fields![Text "title", List "inputs"],
        "attempt.started" => fields![Text "worker"],
        "phase.started" => fields![Text "title"],
        "step.completed" => fields![Text "detail", Object "data"],
        "progress" => fields![Text "message"],
        "artifact.created" => fields![Text "name", Text "media_type"],
        "approval.requested" => fields![Text "title", Text "detail"],
        "approval.decided" | "lifecycle" | "tool.approval" => fields![Text "reason"],
        "notice" => fields![Text "message", Value "data"],
        "memory.checkpoint" => fields![
            Text "checkpoint.trigger_reason", List "checkpoint.excluded_tools", List "checkpoint.included_tools",
        ],
        "message.delta" | "reasoning_summary.delta" | "refusal.delta" | "tool.code.delta" => {
            fields![Text "delta"]
        }
        "message.citation" => fields![Text "citation.title", Text "citation.filename"],
        "reasoning_summary.part.added" | "reasoning_summary.part.done" => fields![Text "text"],
        "refusal.done" => fields![Text "refusal_text"],
        "tool.status" => fields![
            Text "tool.query", List "tool.sources", List "tool.queries", List "tool.results",
            Text "tool.revised_prompt", Text "tool.arguments_text", Value "tool.arguments_json", Value "tool.output",
        ],
        "tool.arguments.delta" => fields![Text "delta"],
        "tool.arguments.done" => fields![Text "arguments_text", Value "arguments_json"],
        "tool.code.done" => fields![Text "code"],
        "tool.output" => fields![Required "output"],
        _ => &[],
    }
}
