//! The door for streams: what the protocol's own suite does not ask.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use http_body_util::BodyExt;
use test_support::on_both_databases;

use crate::app::{Answer, App, request};

const TEXT: [(&str, &str); 1] = [("content-type", "text/plain")];

async fn send(app: &App, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut builder = request(method, &format!("/api/streams/{path}"));
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    // The routes are not in the document, so the answer is not held against it.
    let answer = app.respond(builder.body(Body::from(body.to_owned())).unwrap()).await;
    let (head, body) = answer.into_parts();
    Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap().to_owned()
}

on_both_databases! {
    async fn unknown_deleted_and_expired_streams_have_one_answer(db: TestDb) {
        let app = App::new(db).await;
        for (path, extra) in [("deleted", vec![]), ("expired", vec![("stream-ttl", "0")])] {
            let headers: Vec<_> = TEXT.into_iter().chain(extra).collect();
            assert_eq!(send(&app, Method::PUT, path, &headers, "x").await.status, StatusCode::CREATED);
        }
        assert_eq!(send(&app, Method::DELETE, "deleted", &[], "").await.status, StatusCode::NO_CONTENT);
        let mut bodies = Vec::new();
        for path in ["unknown", "deleted", "expired"] {
            for (method, body) in [(Method::GET, ""), (Method::POST, "x"), (Method::DELETE, "")] {
                let answer = send(&app, method, path, &TEXT, body).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
                let mut json = answer.json();
                for id in ["request_id", "instance"] {
                    json[id] = "".into();
                }
                bodies.push(json);
            }
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        app.close().await;
    }

    async fn what_is_too_large_is_refused_and_nothing_of_it_is_stored(db: TestDb) {
        let app = App::new(db).await;
        let json = [("content-type", "application/json")];
        send(&app, Method::PUT, "a", &json, "").await;
        let body = format!("[1,\"{}\"]", "x".repeat(2 << 20));
        let refused = send(&app, Method::POST, "a", &json, &body).await;
        assert_eq!((refused.status, code(&refused).as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE"));
        let body = format!("[1,\"{}\"]", "x".repeat((1 << 20) + 1));
        let refused = send(&app, Method::POST, "a", &json, &body).await;
        assert_eq!((refused.status, code(&refused).as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "STREAM_VALUE_TOO_LARGE"));
        assert_eq!(send(&app, Method::GET, "a", &[], "").await.body, "[]");
        let long = "x".repeat(1025);
        assert_eq!(code(&send(&app, Method::PUT, &long, &json, "").await), "STREAM_REQUEST");
        app.close().await;
    }

    async fn a_page_of_another_site_cannot_write_and_a_token_is_not_passed_over(db: TestDb) {
        let app = App::new(db).await;
        for (header, status) in [
            (("origin", "http://evil.example"), StatusCode::FORBIDDEN),
            (("authorization", "Bearer x"), StatusCode::UNAUTHORIZED),
        ] {
            let headers: Vec<_> = TEXT.into_iter().chain([header]).collect();
            assert_eq!(send(&app, Method::PUT, "a", &headers, "x").await.status, status);
            assert_eq!(send(&app, Method::GET, "a", &[header], "").await.status, status);
        }
        assert_eq!(send(&app, Method::GET, "a", &[], "").await.status, StatusCode::NOT_FOUND);
        app.close().await;
    }

    async fn a_large_body_comes_back_in_as_many_reads_as_it_takes(db: TestDb) {
        let app = App::new(db).await;
        send(&app, Method::PUT, "a", &TEXT, "").await;
        let body = (0..200_000).map(|n| n.to_string()).collect::<Vec<String>>().join(" ");
        for _ in 0..3 {
            assert_eq!(send(&app, Method::POST, "a", &TEXT, &body).await.status, StatusCode::NO_CONTENT);
        }
        let (mut offset, mut read, mut reads) = ("-1".to_owned(), String::new(), 0);
        loop {
            let answer = send(&app, Method::GET, &format!("a?offset={offset}"), &[], "").await;
            read.push_str(str::from_utf8(&answer.body).unwrap());
            answer.headers["stream-next-offset"].to_str().unwrap().clone_into(&mut offset);
            reads += 1;
            if answer.headers.contains_key("stream-up-to-date") {
                break;
            }
        }
        assert!(reads > 1 && read == body.repeat(3), "{reads} reads, {} bytes", read.len());
        app.close().await;
    }

    async fn a_declared_stream_is_a_run_and_every_answer_says_where(db: TestDb) {
        let app = App::new(db).await;
        let declared = [("content-type", "application/json"), ("stream-schema", "public_sse_v1")];
        let made = send(&app, Method::PUT, "a", &declared, "").await;
        assert_eq!(made.status, StatusCode::CREATED);
        let said = |answer: &Answer, name: &str| answer.headers[name].to_str().unwrap().to_owned();
        let run = said(&made, "stream-run");
        assert_eq!(said(&made, "stream-page"), run.strip_prefix("/api").unwrap());
        let last = r#"{"schema":"public_sse_v1","kind":"final","event_id":1,"stream_id":"s","conversation_id":"c","server_timestamp":"2026-11-30T12:00:00Z","final":{"status":"completed"}}"#;
        let refused = send(&app, Method::POST, "a", &declared[..1], &last.replace("completed", "done")).await;
        assert_eq!((refused.status, code(&refused).as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "FRAME_UNKNOWN_WORD"));
        assert_eq!(refused.json()["errors"][0]["field"], "[0].final.status");
        let ended = send(&app, Method::POST, "a", &declared[..1], last).await;
        assert_eq!((ended.status, said(&ended, "stream-closed").as_str()), (StatusCode::NO_CONTENT, "true"));
        for (method, path) in [(Method::HEAD, "a"), (Method::GET, "a"), (Method::GET, "a?offset=-1&live=sse"), (Method::GET, "a?offset=now&live=long-poll")] {
            let answer = send(&app, method, path, &[], "").await;
            assert_eq!((said(&answer, "stream-schema").as_str(), said(&answer, "stream-run")), ("public_sse_v1", run.clone()));
        }
        let shown = app.get(&run).await.json();
        assert_eq!((&shown["status"], &shown["kind"], &shown["title"]), (&"succeeded".into(), &"stream".into(), &"a".into()));
        let replayed = app.get(&format!("{run}/replay/stream")).await;
        assert_eq!(String::from_utf8_lossy(&replayed.body).matches(last).count(), 1);
        assert_eq!(app.get(&format!("{run}/verify")).await.json()["verified"], true);
        app.close().await;
    }

    async fn a_schema_that_nobody_knows_is_refused_with_those_there_are(db: TestDb) {
        let app = App::new(db).await;
        let declared = [("content-type", "application/json"), ("stream-schema", "public_sse_v2")];
        let refused = send(&app, Method::PUT, "a", &declared, "").await;
        assert_eq!((refused.status, code(&refused).as_str()), (StatusCode::BAD_REQUEST, "STREAM_REQUEST"));
        let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("`public_sse_v1`, `ag-ui`"), "{message}");
        assert_eq!(send(&app, Method::GET, "a", &[], "").await.status, StatusCode::NOT_FOUND);
        app.close().await;
    }
}
