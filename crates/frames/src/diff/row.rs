//! What is compared: rows with named fields, and rows below them.

use serde_json::{Map, Value};

/// What part of a run a row belongs to. Causes come before what followed from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What was asked for.
    Request,
    /// What happened.
    Course,
    /// What came of it.
    Result,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    /// What was asked for.
    Spec,
    /// Something it was made from.
    Input,
    /// A beginning of it.
    Attempt,
    /// A phase of its plan.
    Phase,
    /// A step of a phase.
    Step,
    /// A question to a person, and the answer.
    Approval,
    /// A notice.
    Notice,
    /// What was left out of a frame.
    Omission,
    /// A response, or a nested agent run.
    Section,
    /// A message.
    Message,
    /// A source of a message.
    Citation,
    /// A refusal.
    Refusal,
    /// A part of a summary of reasoning.
    Reasoning,
    /// A tool call.
    Tool,
    /// An item that shows neither a text nor a tool.
    Item,
    /// Another agent took over.
    Handover,
    /// The memory was compacted.
    Checkpoint,
    /// A large field that came in pieces.
    Chunk,
    /// An artifact.
    Artifact,
    /// What it took.
    Usage,
    /// How it ended.
    End,
}

impl RowKind {
    pub(super) const fn part(self) -> Part {
        match self {
            Self::Spec | Self::Input => Part::Request,
            Self::Artifact | Self::Usage | Self::End => Part::Result,
            _ => Part::Course,
        }
    }
}

/// What sort of thing a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Content,
    Timing,
    Id,
}

#[derive(Debug, Clone)]
pub(super) struct Said {
    pub name: String,
    pub value: Value,
    pub sort: Sort,
}

/// A row. Two rows of one kind and key may be the same thing said differently.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub kind: RowKind,
    pub key: String,
    pub label: String,
    pub path: String,
    pub seq: Option<u64>,
    pub said: Vec<Said>,
    pub below: Vec<Row>,
}

impl Row {
    pub(super) fn new(kind: RowKind, label: &str, path: String, seq: Option<u64>) -> Self {
        let (label, said, below) = (label.to_owned(), Vec::new(), Vec::new());
        Self { kind, key: label.clone(), label, path, seq, said, below }
    }

    /// Takes a field out of a JSON object; what is absent, `null` or empty says nothing.
    pub(super) fn take(&mut self, from: &mut Map<String, Value>, name: &str) {
        self.sorted(name, from.remove(name), Sort::Content);
    }

    /// Takes several fields out of a JSON object.
    pub(super) fn take_all(&mut self, from: &mut Map<String, Value>, names: &[&str]) {
        for name in names {
            self.take(from, name);
        }
    }

    /// Takes what something is called.
    pub(super) fn take_id(&mut self, from: &mut Map<String, Value>, name: &str) {
        self.sorted(name, from.remove(name), Sort::Id);
    }

    pub(super) fn say(&mut self, name: &str, value: impl Into<Value>) {
        self.sorted(name, Some(value.into()), Sort::Content);
    }

    pub(super) fn time(&mut self, name: &str, value: Option<Value>) {
        self.sorted(name, value, Sort::Timing);
    }

    fn sorted(&mut self, name: &str, value: Option<Value>, sort: Sort) {
        let is_empty = |value: &Value| match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if let Some(value) = value.filter(|value| !is_empty(value)) {
            self.said.push(Said { name: name.to_owned(), value, sort });
        }
    }

    /// How many rows it is, with those below it.
    pub(super) fn count(&self) -> u64 {
        1 + self.below.iter().map(Self::count).sum::<u64>()
    }
}
