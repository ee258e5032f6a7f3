//! What every request meets: refusals in one form, own names only, limits, ids.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;
use test_support::on_both_databases;

use crate::app::{App, request};

on_both_databases! {
    async fn every_refusal_is_a_problem_with_a_code(db: TestDb) {
        let app = App::new(db).await;
        let unknown = "/api/runs/019b8d2d-0000-7000-8000-000000000001";
        for (path, expected) in [
            ("/api/nothing", (404, "NO_SUCH_ROUTE")),
            ("/api", (404, "NO_SUCH_ROUTE")),
            ("/api/", (404, "NO_SUCH_ROUTE")),
            (unknown, (404, "RUN_NOT_FOUND")),
            ("/api/runs/no-id", (422, "VALIDATION_ERROR")),
            ("/api/runs?limit=0", (422, "VALIDATION_ERROR")),
            ("/api/runs?limit=many", (422, "VALIDATION_ERROR")),
            ("/api/runs?status=odd", (422, "VALIDATION_ERROR")),
            ("/api/runs?cursor=forged", (400, "INVALID_CURSOR")),
            ("/api/dimensions/stores/7", (404, "NOT_FOUND")),
        ] {
            let (status, code, _) = app.get(path).await.problem();
            assert_eq!((status, code.as_str()), expected, "{path}");
        }
        app.close().await;
    }
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let app = App::new(test_support::sqlite().await).await;
    for (path, field) in [
        ("/api/runs/no-id", "run_id"),
        ("/api/runs?limit=201", "limit"),
        ("/api/runs?limit=x", "limit"),
        ("/api/runs?status=odd", "status"),
    ] {
        assert_eq!(app.get(path).await.problem().2, [field], "{path}");
    }
    for (body, field) in [
        (json!({ "seed": "42" }), "seed"),
        (json!({ "overrides": { "storse": 3 } }), "overrides.storse"),
        (json!({ "overrides": { "noise_sigma": "x" } }), "overrides.noise_sigma"),
        (json!([1]), "body"),
        (json!("demo_minimal"), "body"),
    ] {
        let (status, code, fields) = app.post("/api/seeder/generate", &body).await.problem();
        assert_eq!(
            (status, code.as_str(), fields),
            (422, "VALIDATION_ERROR", vec![field.to_owned()]),
            "{body}"
        );
    }
    app.close().await;
}

#[tokio::test]
async fn bodies_must_be_json_of_a_bounded_size() {
    let app = App::new(test_support::sqlite().await).await;
    let post = |kind: &str, body: Vec<u8>| {
        let request = request(Method::POST, "/api/seeder/generate").header(header::CONTENT_TYPE, kind);
        app.send(request.body(Body::from(body)).unwrap())
    };
    for (kind, body, expected) in [
        ("application/json", b"{".to_vec(), (400, "MALFORMED_JSON")),
        ("application/json", b"{} x".to_vec(), (400, "MALFORMED_JSON")),
        ("application/json", b"\xff".to_vec(), (400, "MALFORMED_JSON")),
        ("text/plain", b"{}".to_vec(), (415, "UNSUPPORTED_MEDIA_TYPE")),
        ("application/json", vec![b' '; 1024 * 1024 + 1], (413, "BODY_TOO_LARGE")),
    ] {
        let (status, code, _) = post(kind, body).await.problem();
        assert_eq!((status, code.as_str()), expected);
    }
    app.close().await;
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let app = App::new(test_support::sqlite().await).await;
    let answer = app.post("/api/health", &json!({})).await;
    let (status, code, _) = answer.problem();
    assert_eq!((status, code.as_str()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(answer.headers[header::ALLOW], "GET,HEAD");
    app.close().await;
}

#[tokio::test]
async fn a_request_keeps_its_id_and_gets_one_when_it_has_none() {
    let app = App::new(test_support::sqlite().await).await;
    let with = |id: &str| {
        request(Method::GET, "/api/health").header("x-request-id", id).body(Body::empty()).unwrap()
    };
    let own = app.send(with("my-id_1.2")).await;
    assert_eq!(own.headers["x-request-id"], "my-id_1.2");
    for unfit in ["", "a b", "a\tb", &"x".repeat(65)] {
        let answer = app.send(with(unfit)).await;
        assert_eq!(answer.headers["x-request-id"].len(), 36, "{unfit:?}");
    }
    app.close().await;
}

#[tokio::test]
async fn another_sites_page_is_refused_everywhere_but_at_health() {
    let app = App::new(test_support::sqlite().await).await;
    let ask = |path: &str, host: &str, origin: Option<&str>| {
        let mut request = axum::http::Request::builder().uri(path).header(header::HOST, host);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        app.send(request.body(Body::empty()).unwrap())
    };
    assert_eq!(ask("/api/runs", "evil.example", None).await.problem().1, "HOST_NOT_ALLOWED");
    assert_eq!(
        ask("/api/runs", "localhost", Some("http://evil.example")).await.problem().1,
        "ORIGIN_NOT_ALLOWED"
    );
    assert_eq!(
        ask("/api/runs", "localhost:1", Some("http://localhost:2")).await.problem().1,
        "ORIGIN_NOT_ALLOWED"
    );
    assert_eq!(ask("/api/runs", "localhost:1", Some("http://localhost:1")).await.status, 200);
    assert_eq!(ask("/health", "10.0.0.7:8080", None).await.ok()["status"], "ok");
    assert_eq!(ask("/ready", "10.0.0.7:8080", None).await.ok()["status"], "ok");
    app.close().await;
}

#[tokio::test]
async fn who_shows_a_token_that_nobody_gave_is_refused() {
    let app = App::new(test_support::sqlite().await).await;
    let get = async |path: &str, name, value: &str| {
        app.send(request(Method::GET, path).header(name, value).body(Body::empty()).unwrap()).await
    };
    for value in ["Bearer forged", "Basic eDp5"] {
        let answer = get("/api/runs", header::AUTHORIZATION, value).await;
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer", "{value}");
        assert_eq!(answer.problem(), (401, "UNKNOWN_TOKEN".to_owned(), vec![]), "{value}");
        // What everybody may reach needs no database, and so does not ask.
        assert_eq!(get("/ready", header::AUTHORIZATION, value).await.status, 200);
        assert_eq!(get("/api/nothing", header::AUTHORIZATION, value).await.status, 404);
    }
    // A browser sends what other servers of this host have set.
    for value in ["theme=dark; assay_session=forged", "theme=dark"] {
        assert_eq!(get("/api/runs", header::COOKIE, value).await.status, 200);
    }
    app.close().await;
}

/// Nothing of the body has come, and nothing is waited for.
#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_at_once() {
    let app = App::new(test_support::sqlite().await).await;
    for (path, kind) in [
        ("/api/seeder/generate", "application/json"),
        ("/api/datasets?name=a", "text/csv"),
        ("/api/demo/runs", "application/json"),
    ] {
        let request = request(Method::POST, path)
            .header(header::CONTENT_TYPE, kind)
            .header(header::CONTENT_LENGTH, 4_u64 << 30)
            .body(Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>()));
        let answer =
            tokio::time::timeout(std::time::Duration::from_secs(5), app.send(request.unwrap())).await;
        assert_eq!(answer.unwrap().problem().1, "BODY_TOO_LARGE", "{path}");
    }
    app.close().await;
}

#[tokio::test]
async fn answers_are_hardened() {
    let app = App::new(test_support::sqlite().await).await;
    for path in ["/api/health", "/api/nothing"] {
        let headers = app.get(path).await.headers;
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"));
    }
    app.close().await;
}
