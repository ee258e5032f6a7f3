//! Conversations: what runs belong to together.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use kernel::{Class, ConversationId, Tenant};
use wire::page::PageQuery;
use wire::runs::{Conversation, ConversationPage, Open};

use crate::extract::{self, Id, Query};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

const MAX_TITLE: usize = 200;

/// Opens a conversation. Runs join it by its id; a run submitted without one opens its own.
#[utoipa::path(post, path = "/conversations", tag = "conversations", request_body = Open,
    responses((status = 201, description = "Opened", body = Conversation), Invalid, Refused))]
pub(crate) async fn open(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(body): extract::Json<Open>,
) -> Result<(StatusCode, Json<Conversation>), Problem> {
    let is_blank = body.title.trim().is_empty();
    if is_blank || body.title.chars().count() > MAX_TITLE {
        let message = format!("must be a text of 1 to {MAX_TITLE} characters that are not all blank");
        return Err(Problem::field("title", message));
    }
    let opened = runs::open_conversation(&acts.write, &**acts.reads.clock(), tenant, &body.title).await;
    Ok((StatusCode::CREATED, Json(opened?)))
}

/// Conversations, newest first.
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(PageQuery),
    responses((status = 200, description = "A page of conversations", body = ConversationPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<PageQuery>,
) -> Result<(HeaderMap, Json<ConversationPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("conversations:{}", tenant.id());
    let before =
        query.cursor.map(|cursor| reads.cursors().open::<ConversationId>(&scope, &cursor)).transpose()?;
    let mut items = runs::conversations(reads.db(), tenant, before, limit as u64 + 1).await?;
    let next_cursor =
        page::cut(&mut items, limit).map(|last| reads.cursors().seal(&scope, &last.conversation_id));
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
    known(&reads, tenant, id).await.map(Json)
}

/// The conversation, or the one answer for unknown, deleted and foreign.
pub(crate) async fn known(
    reads: &Reads,
    tenant: Tenant,
    id: ConversationId,
) -> Result<Conversation, Problem> {
    let found = runs::find_conversation(reads.db().conn(), tenant, id).await?;
    found.ok_or_else(|| {
        Problem::new(Class::NotFound, "CONVERSATION_NOT_FOUND", format!("conversation {id} does not exist"))
    })
}
