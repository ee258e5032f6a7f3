//! Accepting work: 202, where to look, and what every submit may say besides its request.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::RunId;
use model_selection::Submission;
pub(crate) use wire::runs::Accepted;
use wire::runs::Status;

use crate::Problem;
use crate::edge::Identity;

const MAX_KEY: usize = 200;

/// A request with what the headers and the caller say beside it.
pub(crate) fn submission<R>(
    request: R,
    headers: &HeaderMap,
    identity: Identity,
) -> Result<Submission<R>, Problem> {
    Ok(Submission { request, parent: identity.run, idempotency_key: idempotency_key(headers)? })
}

/// The key under which the same request is done once.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len()));
    let key =
        key.ok_or_else(|| Problem::field("Idempotency-Key", "must have 1 to 200 visible characters"))?;
    Ok(Some(key.to_owned()))
}

/// `202 Accepted` with `Location` and `Retry-After`. `cancel_url` takes a `DELETE`.
pub(crate) fn accepted(
    run: RunId,
    location: &str,
    cancel_url: &str,
) -> (StatusCode, HeaderMap, Json<Accepted>) {
    let mut headers = HeaderMap::new();
    let place = HeaderValue::from_str(location).expect("a path of ids is plain ASCII");
    headers.insert(header::LOCATION, place);
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    let body = Accepted {
        run_id: run,
        selection_id: run,
        status: Status::Queued,
        monitor_url: location.to_owned(),
        cancel_url: cancel_url.to_owned(),
        stream_url: format!("/api/runs/{run}/replay/stream"),
    };
    (StatusCode::ACCEPTED, headers, Json(body))
}
