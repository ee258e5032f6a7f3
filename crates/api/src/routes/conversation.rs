//! Conversations: what runs belong to together.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use kernel::{Class, ConversationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::{self, Id, Query};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page, wire};

/// A conversation.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the field is called so on the wire")]
#[schema(as = conversations::Conversation)]
pub(crate) struct Conversation {
    #[schema(value_type = uuid::Uuid)]
    conversation_id: ConversationId,
    /// For people; two conversations may have the same one.
    title: String,
    #[serde(serialize_with = "wire::time")]
    created_at: DateTime<Utc>,
}

impl From<runs::Conversation> for Conversation {
    fn from(found: runs::Conversation) -> Self {
        Self { conversation_id: found.id, title: found.title, created_at: found.created_at }
    }
}

/// A conversation to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = conversations::Open)]
pub(crate) struct OpenBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
}

const MAX_TITLE: usize = 200;

/// Opens a conversation. Runs join it by its id; a run submitted without one opens its own.
#[utoipa::path(post, path = "/conversations", tag = "conversations", request_body = OpenBody,
    responses((status = 201, description = "Opened", body = Conversation), Invalid, Refused))]
pub(crate) async fn open(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(body): extract::Json<OpenBody>,
) -> Result<(StatusCode, Json<Conversation>), Problem> {
    if !(1..=MAX_TITLE).contains(&body.title.chars().count()) {
        return Err(Problem::field("title", format!("must be a text of 1 to {MAX_TITLE} characters")));
    }
    let opened = runs::open_conversation(&acts.write, &**acts.reads.clock(), tenant, &body.title).await;
    Ok((StatusCode::CREATED, Json(opened?.into())))
}

/// Which conversations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// How many, at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    cursor: Option<String>,
}

/// A page of conversations, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = conversations::Page)]
pub(crate) struct ConversationPage {
    items: Vec<Conversation>,
    /// Where the next page begins; `null` on the last.
    next_cursor: Option<String>,
}

/// Conversations, newest first.
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(ListQuery),
    responses((status = 200, description = "A page of conversations", body = ConversationPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListQuery>,
) -> Result<(HeaderMap, Json<ConversationPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("conversations:{}", tenant.id());
    let before =
        query.cursor.map(|cursor| reads.cursors().open::<ConversationId>(&scope, &cursor)).transpose()?;
    let mut found = runs::conversations(reads.db(), tenant, before, limit as u64 + 1).await?;
    let next_cursor = page::cut(&mut found, limit).map(|last| reads.cursors().seal(&scope, &last.id));
    let items = found.into_iter().map(Conversation::from).collect();
    Ok((page::link(&uri, next_cursor.as_deref()), Json(ConversationPage { items, next_cursor })))
}

/// One conversation. Its runs: `/runs?conversation_id=…`.
#[utoipa::path(get, path = "/conversations/{conversation_id}", tag = "conversations",
    params(("conversation_id" = uuid::Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = Conversation), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    let found = runs::find_conversation(reads.db().conn(), tenant, id).await?;
    let found = found.ok_or_else(|| {
        Problem::new(Class::NotFound, "CONVERSATION_NOT_FOUND", format!("conversation {id} does not exist"))
    })?;
    Ok(Json(found.into()))
}
