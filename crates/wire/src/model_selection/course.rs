//! How a piece of work went, and when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a comparison, a training or a forecast went, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Course)]
pub struct Course {
    /// A stable code of what went wrong.
    pub error_code: Option<String>,
    /// What went wrong; of a comparison also why no champion is named.
    pub error_message: Option<String>,
    /// When it was submitted.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// When its work began.
    #[serde(with = "crate::time::option")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(with = "crate::time::option")]
    pub completed_at: Option<DateTime<Utc>>,
}
