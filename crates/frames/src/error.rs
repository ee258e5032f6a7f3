//! Why a text is not a frame.

use kernel::{Class, Fault, FieldError};

/// A text that is not a frame of the contract: which kind, which field, which rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} {}: {rule}", name(.kind.as_deref()), place(.field))]
pub struct ContractError {
    /// The frame's kind, as far as it could be read.
    pub kind: Option<String>,
    /// The path of the offending field, such as `tool.sources[0]`; empty for the frame as a whole.
    pub field: String,
    /// The rule that is broken.
    pub rule: Rule,
}

/// The rules a single frame can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// The text is not JSON.
    #[error("is not JSON ({message})")]
    Syntax {
        /// What the parser met, and where.
        message: String,
    },
    /// A key the closed object does not have.
    #[error("is not a field of this object; remove it")]
    UnknownKey,
    /// A required field is absent.
    #[error("is required")]
    Missing,
    /// A value of another type.
    #[error("must be {expected}, found {found}")]
    WrongType {
        /// What the contract asks for.
        expected: &'static str,
        /// What was there.
        found: &'static str,
    },
    /// A word outside a closed set.
    #[error("`{found}` is none of {allowed}")]
    UnknownWord {
        /// What was there.
        found: String,
        /// The closed set.
        allowed: String,
    },
    /// A value outside its bounds.
    #[error("must be {expected}")]
    OutOfRange {
        /// The bounds.
        expected: &'static str,
    },
    /// A kind of `run_v1` in a stream of `public_sse_v1`.
    #[error("is a kind of run_v1 only; write the stream under that schema")]
    ForeignKind,
    /// A terminal frame inside a nested agent run.
    #[error("must be absent on a terminal frame: a nested run does not end the stream")]
    ScopedTerminal,
}

impl ContractError {
    pub(crate) fn new(kind: Option<&str>, broken: Broken) -> Self {
        Self { kind: kind.map(str::to_owned), field: broken.path, rule: broken.rule }
    }
}

impl Fault for ContractError {
    fn class(&self) -> Class {
        match self.rule {
            Rule::Syntax { .. } => Class::Malformed,
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self.rule {
            Rule::Syntax { .. } => "FRAME_NOT_JSON",
            Rule::UnknownKey => "FRAME_UNKNOWN_KEY",
            Rule::Missing => "FRAME_FIELD_MISSING",
            Rule::WrongType { .. } => "FRAME_WRONG_TYPE",
            Rule::UnknownWord { .. } => "FRAME_UNKNOWN_WORD",
            Rule::OutOfRange { .. } => "FRAME_OUT_OF_RANGE",
            Rule::ForeignKind => "FRAME_FOREIGN_KIND",
            Rule::ScopedTerminal => "FRAME_SCOPED_TERMINAL",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![FieldError::new(self.field.clone(), self.rule.to_string())]
    }
}

fn name(kind: Option<&str>) -> String {
    kind.map_or_else(|| "frame".to_owned(), |kind| format!("frame `{kind}`"))
}

fn place(field: &str) -> String {
    if field.is_empty() { "as a whole".to_owned() } else { format!("field `{field}`") }
}

/// A broken rule on its way up: each object and list it passes puts its own step before the path.
#[derive(Debug)]
pub(crate) struct Broken {
    path: String,
    rule: Rule,
}

impl Broken {
    pub(crate) fn at(path: impl Into<String>, rule: Rule) -> Self {
        Self { path: path.into(), rule }
    }

    pub(crate) fn key(mut self, key: &str) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{key}{separator}{}", self.path);
        self
    }

    pub(crate) fn index(mut self, index: usize) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{index}]{separator}{}", self.path);
        self
    }
}

impl From<Rule> for Broken {
    fn from(rule: Rule) -> Self {
        Self { path: String::new(), rule }
    }
}
