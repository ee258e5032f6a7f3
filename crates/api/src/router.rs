//! The router: all routes under `/api`, health at the root too, and what every request passes.

use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get};
use axum::{Extension, Json, Router};
use kernel::SharedClock;
use tower_http::catch_panic::CatchPanicLayer;

use crate::extract::Room;
use crate::quotas::Requests;
use crate::routes::health;
use crate::state::{Acts, Parts, Reads};
use crate::{Problem, document, edge, routes, stream_document};

/// The whole API over its parts. Unknown paths under `/api` are refused as problems; the caller adds what stands
/// elsewhere (the pages) with a fallback of its own.
pub fn router(parts: &Parts) -> Router {
    let reads = Reads::new(parts);
    let (reading, _) = routes::reading().split_for_parts();
    let (acting, _) = routes::acting().split_for_parts();
    let documents = Router::new()
        .route("/openapi.json", get(async || Json(document::openapi())))
        .route("/asyncapi.json", get(async || Json(stream_document::asyncapi())));
    let api = reading
        .with_state(reads.clone())
        .merge(acting.with_state(Acts::new(parts, reads.clone())))
        .merge(documents)
        .fallback(async || Problem::no_such_route())
        .method_not_allowed_fallback(async || Problem::method_not_allowed());
    let api = checked(api, &reads)
        .layer(Extension(Requests::new(parts.quotas.requests)))
        .layer(from_fn_with_state(parts.hosts.clone(), edge::check_origin))
        .layer(edge::compress())
        .layer(from_fn(edge::keep_actions_plain));
    // What has no route may be asked for under an old name; every layer above stands before the answer then too.
    let today = api.clone();
    let api = api.fallback(move |request: Request| edge::under_old_names(today.clone(), request));
    let health = Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .with_state(reads.clone());
    let health = checked(health, &reads);
    // Nesting does not take the bare prefix with a slash.
    let bare = Router::new().route("/api/", any(async || Problem::no_such_route()));
    dressed(Router::new().nest("/api", api).merge(bare).merge(health), &parts.clock)
}

/// Puts before a router what a request must pass to reach a handler.
fn checked(router: Router, reads: &Reads) -> Router {
    let access = Extension(reads.access().clone());
    router.layer(from_fn(edge::check_query)).layer(access).layer(Extension(Room::usual()))
}

/// Puts what every answer of ours has around a router.
fn dressed(router: Router, clock: &SharedClock) -> Router {
    router
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(from_fn(edge::harden))
        .layer(from_fn_with_state(SharedClock::clone(clock), edge::trail))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use axum::response::IntoResponse;
    use kernel::{Class, Fault, SharedClock, SystemClock};
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("table `secret` is corrupt")]
    struct Inside;

    impl Fault for Inside {
        fn class(&self) -> Class {
            Class::Internal
        }

        fn code(&self) -> &'static str {
            "TABLE_CORRUPT"
        }
    }

    async fn answer(path: &str) -> (StatusCode, Value) {
        let clock: SharedClock = std::sync::Arc::new(SystemClock);
        let router = Router::new()
            .route("/panic", get(async || -> () { panic!("secret") }))
            .route("/inside", get(async || Problem::from(Inside).into_response()))
            .route("/never", get(async || std::future::pending::<()>().await));
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = dressed(router, &clock).oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn our_own_fault_has_a_code_and_an_id_and_no_text() {
        for (path, code) in [("/panic", "INTERNAL_ERROR"), ("/inside", "TABLE_CORRUPT")] {
            let (status, body) = answer(path).await;
            assert_eq!((status.as_u16(), body["code"].as_str()), (500, Some(code)));
            assert!(!body.to_string().contains("secret"), "{body}");
            assert_eq!(body["request_id"].as_str().map(str::len), Some(36));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_never_answers_is_given_up() {
        let (status, body) = answer("/never").await;
        assert_eq!((status.as_u16(), body["code"].as_str()), (504, Some("REQUEST_TIMEOUT")));
    }
}
