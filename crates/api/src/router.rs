//! The router: all routes under `/api`, health at the root too, and what every request passes.

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Json, Router};
use tower_http::catch_panic::CatchPanicLayer;

use crate::routes::health;
use crate::state::{Acts, Parts, Reads};
use crate::{Problem, document, edge, routes, stream_document};

/// No JSON body is larger; routes that take files say so themselves.
const BODY_LIMIT: usize = 1024 * 1024;

/// The whole API over its parts. Unknown paths under `/api` are refused as problems; the caller adds what stands
/// elsewhere (the pages) with a fallback of its own.
pub fn router(parts: &Parts) -> Router {
    let (reading, _) = routes::reading().split_for_parts();
    let (acting, _) = routes::acting().split_for_parts();
    let documents = Router::new()
        .route("/openapi.json", get(async || Json(document::openapi())))
        .route("/asyncapi.json", get(async || Json(stream_document::asyncapi())));
    let api = reading
        .with_state(Reads::new(parts))
        .merge(acting.with_state(Acts::new(parts)))
        .merge(documents)
        .fallback(async || Problem::no_such_route())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(from_fn_with_state(parts.hosts.clone(), edge::check_origin));
    let health = Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .with_state(Reads::new(parts));
    dressed(Router::new().nest("/api", api).merge(health), parts)
}

/// Puts what every answer of ours has around a router.
fn dressed(router: Router, parts: &Parts) -> Router {
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(from_fn(edge::harden))
        .layer(from_fn_with_state(parts.clock.clone(), edge::trail))
}
