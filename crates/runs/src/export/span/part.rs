//! What spans are made of.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
use wire::export::{Attribute, SpanStatus, Value};

const WELL: u8 = 1;
const FAILED: u8 = 2;

pub(super) fn attempt_name(number: u32) -> String {
    format!("attempt {number}")
}

/// 16 hex digits.
pub(super) fn span_id(run: RunId, what: &str) -> String {
    let mut id = Digest::of(format!("assay span\n{run}\n{what}")).to_string();
    id.truncate(16);
    id
}

pub(super) fn nanos(at: DateTime<Utc>) -> String {
    (i128::from(at.timestamp_micros()) * 1000).max(0).to_string()
}

pub(super) fn text(key: &str, value: &str) -> Attribute {
    Attribute { key: key.to_owned(), value: Value::StringValue(value.to_owned()) }
}

pub(super) fn number(key: &str, value: u64) -> Attribute {
    Attribute { key: key.to_owned(), value: Value::IntValue(value.to_string()) }
}

pub(super) fn well() -> SpanStatus {
    SpanStatus { code: WELL, message: None }
}

pub(super) fn failed(message: String) -> SpanStatus {
    SpanStatus { code: FAILED, message: Some(message) }
}
