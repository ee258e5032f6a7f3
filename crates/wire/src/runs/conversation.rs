//! Conversations: what runs belong to together.

use chrono::{DateTime, Utc};
use kernel::ConversationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = conversations::Conversation)]
pub struct Conversation {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub conversation_id: ConversationId,
    /// For people; two conversations may have the same one.
    pub title: String,
    /// When it was opened.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

/// A conversation to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = conversations::Open)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// What to call it.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
}

/// A page of conversations, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = conversations::Page)]
pub struct ConversationPage {
    /// The conversations.
    pub items: Vec<Conversation>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}
