//! A request's trail: its id, its one log line, its time limit, and the body of its refusal.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Class, SharedClock};
use tracing::Instrument as _;

use crate::Problem;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Until the head of the answer; the body of a stream has no limit. The longest honest wait is a showcase that is
/// answered as a whole.
const ANSWER: Duration = Duration::from_mins(5);

/// Names the request, runs it, and writes what it was refused with.
pub(crate) async fn trail(State(clock): State<SharedClock>, request: Request, next: Next) -> Response {
    let id = given_id(&request).unwrap_or_else(|| clock.new_id().to_string());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = Instant::now();
    let span = tracing::info_span!("request", id);
    let response = tokio::time::timeout(ANSWER, next.run(request))
        .instrument(span)
        .await
        .unwrap_or_else(|_| late().into_response());
    let mut response = described(response, &id);
    let (status, duration_ms) = (response.status().as_u16(), started.elapsed().as_secs_f64() * 1e3);
    tracing::info!(request.id = id, %method, path, status, duration_ms, "answered");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// What a handler that panicked answers.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Problem::panicked(format!("a handler panicked: {text}")).into_response()
}

/// The caller's own id, if it is fit for a log.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    ((1..=64).contains(&id.len()) && id.chars().all(is_fit)).then(|| id.to_owned())
}

fn late() -> Problem {
    let detail = format!("the request was not answered within {} s", ANSWER.as_secs());
    Problem::new(Class::Timeout, "REQUEST_TIMEOUT", detail)
}

fn described(mut response: Response, id: &str) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    match problem.cause() {
        Some(cause) if problem.status().is_server_error() => {
            tracing::error!(request.id = id, cause, "the request failed");
        }
        Some(cause) => tracing::info!(request.id = id, cause, "the request was refused"),
        None => {}
    }
    crate::problem::write(&problem.body(id), response)
}
