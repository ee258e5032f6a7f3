//! What is compressed on its way out, and what is not.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, header};
use flate2::read::GzDecoder;
use http_body_util::BodyExt as _;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::app::{App, request};
use crate::live::texts;
use crate::script::Script;

/// The answer as it is on the wire.
async fn raw(app: &App, path: &str, taken: Option<&str>) -> (HeaderMap, Bytes) {
    let mut request = request(Method::GET, path);
    if let Some(taken) = taken {
        request = request.header(header::ACCEPT_ENCODING, taken);
    }
    let (head, body) = app.respond(request.body(Body::empty()).unwrap()).await.into_parts();
    (head.headers, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn json_that_is_worth_it_is_gzip_for_whoever_takes_it() {
    let app = App::new(test_support::sqlite().await).await;
    let run = app.ended(Script::Count(50)).await.item.run_id;
    for path in ["/api/openapi.json".to_owned(), format!("/api/runs/{run}/replay/events")] {
        let (plain_headers, plain) = raw(&app, &path, None).await;
        assert_eq!(plain_headers.get(header::CONTENT_ENCODING), None, "{path}");
        let (headers, packed) = raw(&app, &path, Some("br, gzip;q=0.5")).await;
        assert_eq!(headers[header::CONTENT_ENCODING], "gzip", "{path}");
        for headers in [&plain_headers, &headers] {
            assert_eq!(headers[header::VARY], "accept-encoding", "{path}");
        }
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain, "{path}");
        assert!(packed.len() * 2 < plain.len(), "{path}: {} of {}", packed.len(), plain.len());
    }
    app.close().await;
}

#[tokio::test]
async fn short_answers_streams_and_bytes_with_a_tag_go_out_as_they_are() {
    let app = App::new(test_support::sqlite().await).await;
    let counted = app.ended(Script::Count(50)).await.item.run_id;
    let kept = app.ended(Script::Keep(100_000)).await;
    let artifact = kept.artifacts.iter().find(|artifact| artifact.name == "large").unwrap().artifact_id;
    for (path, least, most) in [
        ("/api/health".to_owned(), 1, 1_000),
        (format!("/api/runs/{counted}/replay/stream"), 5_000, 100_000),
        (format!("/api/artifacts/{artifact}/content"), 100_000, 100_000),
    ] {
        let (headers, body) = raw(&app, &path, Some("gzip")).await;
        assert_eq!(headers.get(header::CONTENT_ENCODING), None, "{path}");
        assert!((least..=most).contains(&body.len()), "{path}: {}", body.len());
    }
    app.close().await;
}

#[tokio::test]
async fn a_socket_opens_for_who_takes_gzip() {
    let app = App::new(test_support::sqlite().await).await;
    let run = app.ended(Script::Count(50)).await;
    let address = app.serve().await;
    let mut request =
        format!("ws://{address}/api/runs/{}/stream", run.item.run_id).into_client_request().unwrap();
    request.headers_mut().insert(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
    let (socket, answer) = connect_async(request).await.unwrap();
    assert_eq!(answer.headers().get(header::CONTENT_ENCODING), None);
    assert_eq!(texts(socket).await.0.len() as u64, run.ledger.seq);
    app.close().await;
}

#[tokio::test]
async fn an_action_is_answered_whatever_encoding_is_taken() {
    let app = App::new(test_support::sqlite().await).await;
    for taken in ["*;q=0", "identity;q=0", "identity;q=0, *;q=0"] {
        let request = request(Method::POST, "/api/conversations")
            .header(header::ACCEPT_ENCODING, taken)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(r#"{"title":"kept"}"#))
            .unwrap();
        let answer = app.respond(request).await;
        assert_eq!(answer.status(), 201, "{taken}");
        assert!(!answer.into_body().collect().await.unwrap().to_bytes().is_empty(), "{taken}");
    }
    app.close().await;
}
