//! Accepting work: 202, where to look, and what every submit may say besides its request.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::RunId;
use model_selection::Submission;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

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

/// Splits a body into the request and what every submit may say besides it: `title` and `conversation_id`.
pub(crate) fn submission<R: DeserializeOwned>(
    mut body: Map<String, Value>,
    headers: &HeaderMap,
) -> Result<Submission<R>, Problem> {
    let title = text(&mut body, "title")?;
    let conversation_id = text(&mut body, "conversation_id")?;
    let idempotency_key = idempotency_key(headers)?;
    Ok(Submission { request: extract::fields(body)?, title, conversation_id, idempotency_key })
}

fn text(body: &mut Map<String, Value>, field: &'static str) -> Result<Option<String>, Problem> {
    match body.remove(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if (1..=MAX_TEXT).contains(&text.chars().count()) => Ok(Some(text)),
        Some(_) => Err(Problem::field(field, format!("must be a text of 1 to {MAX_TEXT} characters"))),
    }
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
