//! The pages, embedded into the program.

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
struct Pages;

/// The pages load nothing from elsewhere and stand in no frame. Inline styles are what the charts set.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Serves a file of the pages; every other path is a route of the pages themselves, so it gets their entry.
pub(crate) async fn serve(request: Request<Body>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if let Some(file) = Pages::get(path) {
        return respond(path, file, &request);
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Pages::get("index.html") {
        Some(entry) => respond("index.html", entry, &request),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn respond(path: &str, file: EmbeddedFile, request: &Request<Body>) -> Response<Body> {
    let etag = format!("\"{}\"", kernel::Digest::from_bytes(file.metadata.sha256_hash()));
    // The build puts a digest into the names under assets/, so those never change; the entry always may.
    let caching =
        if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known == etag.as_str());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data.into_owned()).into_response()
    };
    let headers = response.headers_mut();
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    for (name, value) in [
        (header::CONTENT_TYPE, media_type.as_ref()),
        (header::CACHE_CONTROL, caching),
        (header::ETAG, etag.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_str(value).expect("media types and digests are plain ASCII"));
    }
    response
}
