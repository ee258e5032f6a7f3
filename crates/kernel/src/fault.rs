//! What every domain error can say about itself, free of any transport.

use serde::{Deserialize, Serialize};

/// The class of a fault: what the caller can do about it. Transports map it to their own codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request cannot be understood (bad syntax, foreign cursor).
    Malformed,
    /// Understood, but a field is outside its bounds.
    Invalid,
    /// Understood and well-formed, but the state of things does not allow it.
    Unprocessable,
    /// No valid credentials.
    Unauthorized,
    /// Not allowed for this caller.
    Forbidden,
    /// Unknown, deleted or foreign: indistinguishable on purpose.
    NotFound,
    /// Collides with the current state; re-read and decide.
    Conflict,
    /// A precondition named by the caller does not hold.
    PreconditionFailed,
    /// More bytes, rows or runs than a limit allows.
    TooLarge,
    /// Too many at once; try again later.
    Busy,
    /// Did not settle in time; the request stays in force.
    Timeout,
    /// Something outside is not there right now.
    Unavailable,
    /// No room is left to store anything; the same works once there is.
    StorageFull,
    /// Our own defect; its text stays inside.
    Internal,
}

/// One field, row or item that is wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Where: a dotted field path, `line 17`, or an id.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FieldError {
    /// A field error.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Several wrong fields in one sentence: `horizon must be at least 1; gap must be below the horizon`.
pub fn field_list(fields: &[FieldError]) -> String {
    let parts: Vec<String> =
        fields.iter().map(|wrong| format!("{} {}", wrong.field, wrong.message)).collect();
    parts.join("; ")
}

/// An error with everything below it, on one line.
pub fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        below = cause.source();
    }
    text
}

/// Whether a full disk, a quota or a size limit is at the bottom of an error.
pub fn is_storage_full(error: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| matches!(io.kind(), StorageFull | QuotaExceeded | FileTooLarge))
        || io.and_then(std::io::Error::get_ref).is_some_and(|inner| is_storage_full(inner))
        || error.source().is_some_and(is_storage_full)
}

/// An error with a class and a stable code.
pub trait Fault: std::error::Error + Send + Sync + 'static {
    /// What the caller can do.
    fn class(&self) -> Class;

    /// A stable `SCREAMING_SNAKE` code; part of the contract.
    fn code(&self) -> &'static str;

    /// The fields, rows or ids that are wrong.
    fn fields(&self) -> Vec<FieldError> {
        Vec::new()
    }

    /// Whether doing the same again later may succeed.
    fn is_retryable(&self) -> bool {
        matches!(self.class(), Class::Busy | Class::Timeout | Class::Unavailable | Class::StorageFull)
    }
}
