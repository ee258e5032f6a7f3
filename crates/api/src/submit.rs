//! Accepting work: 202, where to look, and what every submit may say besides its request.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{RunId, Tenant};
use runs::Submission;
use serde::de::DeserializeOwned;
pub(crate) use wire::runs::Accepted;
use wire::runs::Status;

use crate::Problem;
use crate::edge::Identity;
use crate::extract::Json;

const MAX_KEY: usize = 200;

/// A request as JSON, with what the headers and the caller say beside it, and whose it is.
#[derive(Debug)]
pub(crate) struct Submitted<R>(pub(crate) Tenant, pub(crate) Submission<R>);

impl<S: Send + Sync, R: DeserializeOwned> FromRequest<S> for Submitted<R> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Identity { tenant, run, .. } = Identity::from_request_parts(&mut parts, state).await?;
        let headers = parts.headers.clone();
        let Json(request) = Json::from_request(Request::from_parts(parts, body), state).await?;
        let idempotency_key = idempotency_key(&headers)?;
        Ok(Self(tenant, Submission { request, parent: run, idempotency_key }))
    }
}

/// `202 Accepted` with its headers.
pub(crate) type Acceptance = (StatusCode, HeaderMap, axum::Json<Accepted>);

/// The key under which the same request is done once.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len()));
    let key =
        key.ok_or_else(|| Problem::field("Idempotency-Key", "must have 1 to 200 visible characters"))?;
    Ok(Some(key.to_owned()))
}

/// `202 Accepted` with `Location` and `Retry-After`. `cancel_url` takes a `DELETE`.
pub(crate) fn accepted(run: RunId, location: &str, cancel_url: &str) -> Acceptance {
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
    (StatusCode::ACCEPTED, headers, axum::Json(body))
}
