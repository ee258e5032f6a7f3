//! Accepting work: 202, where to look, and what every submit may say besides its request.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{ConversationId, RunId};
use model_selection::Submission;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::edge::Identity;
use crate::{Problem, extract};

/// A run that was accepted.
#[derive(Serialize, ToSchema)]
#[schema(as = runs::Accepted)]
pub(crate) struct Accepted {
    #[schema(value_type = uuid::Uuid)]
    run_id: RunId,
    /// The same id, as comparisons call it.
    #[schema(value_type = uuid::Uuid)]
    selection_id: RunId,
    status: &'static str,
    /// Where to look; `DELETE` there cancels.
    monitor_url: String,
    cancel_url: String,
    /// Where its frames are.
    stream_url: String,
}

const MAX_TEXT: usize = 200;
const MAX_PRIORITY: i32 = 100;

/// Splits a body into the request and what every submit may say besides it: `title`, `conversation_id` and `priority`.
pub(crate) fn submission<R: DeserializeOwned>(
    mut body: Map<String, Value>,
    headers: &HeaderMap,
    identity: Identity,
) -> Result<Submission<R>, Problem> {
    let title = text(&mut body, "title")?;
    let conversation_id = conversation(&mut body)?;
    let priority = priority(&mut body)?;
    let idempotency_key = idempotency_key(headers)?;
    let request = extract::fields(body)?;
    Ok(Submission { request, title, conversation_id, parent: identity.run, priority, idempotency_key })
}

fn text(body: &mut Map<String, Value>, field: &'static str) -> Result<Option<String>, Problem> {
    match body.remove(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if (1..=MAX_TEXT).contains(&text.chars().count()) => Ok(Some(text)),
        Some(_) => Err(Problem::field(field, format!("must be a text of 1 to {MAX_TEXT} characters"))),
    }
}

fn conversation(body: &mut Map<String, Value>) -> Result<Option<ConversationId>, Problem> {
    match body.remove("conversation_id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => match text.parse() {
            Ok(id) => Ok(Some(id)),
            Err(error) => Err(Problem::field("conversation_id", format!("{error}"))),
        },
        Some(_) => Err(Problem::field("conversation_id", "must be the id of a conversation")),
    }
}

fn priority(body: &mut Map<String, Value>) -> Result<i32, Problem> {
    let Some(given) = body.remove("priority") else { return Ok(0) };
    let priority = given.as_i64().and_then(|priority| i32::try_from(priority).ok());
    priority
        .filter(|priority| (-MAX_PRIORITY..=MAX_PRIORITY).contains(priority))
        .ok_or_else(|| Problem::field("priority", "must be a whole number from -100 to 100"))
}

/// The key under which the same request is done once.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=MAX_TEXT).contains(&key.len()));
    let key =
        key.ok_or_else(|| Problem::field("Idempotency-Key", "must have 1 to 200 visible characters"))?;
    Ok(Some(key.to_owned()))
}

/// `202 Accepted` with `Location` and `Retry-After`.
pub(crate) fn accepted(run: RunId, location: &str) -> (StatusCode, HeaderMap, Json<Accepted>) {
    let mut headers = HeaderMap::new();
    let place = HeaderValue::from_str(location).expect("a path of ids is plain ASCII");
    headers.insert(header::LOCATION, place);
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    let body = Accepted {
        run_id: run,
        selection_id: run,
        status: "queued",
        monitor_url: location.to_owned(),
        cancel_url: location.to_owned(),
        stream_url: format!("/api/runs/{run}/replay/stream"),
    };
    (StatusCode::ACCEPTED, headers, Json(body))
}
