//! `application/problem+json` as a caller sees it.

use std::fmt;

use http::StatusCode;
use kernel::FieldError;
use serde::{Deserialize, Serialize};

/// A refused call (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable address of the kind of problem, `/errors/<slug>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong this time.
    #[serde(default)]
    pub detail: String,
    /// A stable code, `SCREAMING_SNAKE`.
    pub code: String,
    /// The request it belongs to, as it stands in the server's log.
    #[serde(default)]
    pub request_id: String,
    /// The fields, rows or ids that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// Reads the body of a refused call. Whatever stands between may answer in another form: then the status says
    /// all there is.
    pub(crate) fn read(status: StatusCode, body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_else(|_| Self {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Unknown Status").to_owned(),
            status: status.as_u16(),
            detail: "the answer is not problem+json; something else than the API may be listening there"
                .to_owned(),
            code: "UNKNOWN_ANSWER".to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
        })
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", if self.detail.is_empty() { &self.title } else { &self.detail })?;
        for error in &self.errors {
            write!(f, "; {}: {}", error.field, error.message)?;
        }
        if !self.request_id.is_empty() {
            write!(f, " (request {})", self.request_id)?;
        }
        Ok(())
    }
}
