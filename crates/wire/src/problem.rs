//! Refusals: `application/problem+json` (RFC 9457).

use kernel::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The wire form of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = problem::Problem)]
pub struct Problem {
    /// The sort of problem: a stable address, `/errors/<slug>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The sort in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong this time, and what to do if that is known.
    pub detail: String,
    /// The request it belongs to, `/requests/<id>`.
    pub instance: String,
    /// A stable code, part of the contract.
    pub code: String,
    /// The request's id, as it stands in the server's log.
    pub request_id: String,
    /// The fields, rows or ids that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Field>,
}

/// One field, row or id that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = problem::Field)]
pub struct Field {
    /// Where: a dotted path, `line 17`, or an id.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl From<&FieldError> for Field {
    fn from(error: &FieldError) -> Self {
        Self { field: error.field.clone(), message: error.message.clone() }
    }
}
