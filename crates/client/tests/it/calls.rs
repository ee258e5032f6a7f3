//! Requests go out as the contract says, and answers come back typed.

use bytes::Bytes;
use client::{Acting, Client, Error, InProcess, TransportError};
use kernel::Tenant;
use serde_json::{Value, json};
use wire::datasets::ImportQuery;
use wire::retail::{DeleteRequest, DeletionScope};
use wire::runs::{ListQuery, Status};

use crate::{Script, answer};

#[tokio::test]
async fn a_call_sends_its_token_and_reads_its_answer() {
    let (client, script) = Script::client([answer(200, r#"{"status":"ok","version":"1.2.3"}"#)]);
    assert_eq!(client.health().await.unwrap().version, "1.2.3");
    let seen = &script.seen()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("GET", "/api/health"));
    assert_eq!(seen.headers["authorization"], "Bearer secret");
    assert_eq!(seen.headers["host"], "localhost");
}

#[tokio::test]
async fn the_calls_of_a_run_are_that_runs() {
    let ok = || answer(200, r#"{"status":"ok","version":"1"}"#);
    let (client, script) = Script::client([ok(), ok(), ok()]);
    let (tenant, run) = (Tenant::LOCAL, "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b".parse().unwrap());
    let acting = client.acting_as(tenant, run);
    acting.health().await.unwrap();
    acting.with_idempotency_key("k").health().await.unwrap();
    client.health().await.unwrap();
    let seen: Vec<_> = script.seen().iter().map(|seen| seen.acting).collect();
    assert_eq!(seen, [Some(Acting { tenant, run }), Some(Acting { tenant, run }), None]);
    let headers = &script.seen()[0].headers;
    assert!(headers.values().all(|value| !value.to_str().unwrap().contains("0197a1b2")), "{headers:?}");
}

#[tokio::test]
async fn a_query_escapes_what_the_user_wrote() {
    let page = json!({ "items": [], "damaged": [], "next_cursor": "n&x" }).to_string();
    let (client, script) = Script::client([answer(200, page)]);
    let query = ListQuery {
        limit: Some(5),
        kind: Some("a b&c/ü".into()),
        status: Some(Status::Failed),
        is_dead_letter: Some(true),
        ..ListQuery::default()
    };
    let page = client.runs(&query).await.unwrap();
    assert_eq!((page.items.len(), page.next_cursor.as_deref()), (0, Some("n&x")));
    assert_eq!(
        script.seen()[0].path,
        "/api/runs?limit=5&kind=a+b%26c%2F%C3%BC&status=failed&is_dead_letter=true"
    );
}

#[tokio::test]
async fn a_body_is_json_or_of_the_named_type() {
    let counts = json!({
        "stores": 3, "products": 0, "calendar": 0, "sales": 0, "price_history": 0, "promotions": 0, "inventory": 0,
        "exogenous_signals": 0, "sales_returns": 0, "replenishment_events": 0,
    });
    let deleted = json!({ "dry_run": true, "worlds_deleted": 1, "records_deleted": counts }).to_string();
    let dataset = json!({
        "dataset_id": "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "name": "n", "digest": "0".repeat(64), "size_bytes": 11,
        "series_count": 0, "point_count": 0, "created_at": "2026-01-05T08:00:00.000000Z",
    });
    let (client, script) = Script::client([answer(200, deleted), answer(201, dataset.to_string())]);
    let request = DeleteRequest { scope: DeletionScope::All, dry_run: true, run_id: None };
    assert_eq!(client.delete_data(&request).await.unwrap().records_deleted.stores, 3);
    let query = ImportQuery { name: "n".to_owned(), ..ImportQuery::default() };
    let file = Bytes::from_static(b"date,value\n");
    client.import_dataset(&query, file).await.unwrap();
    let seen = script.seen();
    assert_eq!(
        (seen[0].method.as_str(), &seen[0].body[..]),
        ("DELETE", &br#"{"scope":"all","dry_run":true,"run_id":null}"#[..])
    );
    assert_eq!(seen[0].headers["content-type"], "application/json");
    assert_eq!(seen[1].path, "/api/datasets?name=n");
    assert_eq!(seen[1].headers["content-type"], "application/octet-stream");
    assert_eq!(seen[1].body, "date,value\n");
}

#[tokio::test]
async fn only_creating_calls_carry_the_idempotency_key() {
    let (client, script) = Script::client([answer(200, "{}"), answer(202, "{}")]);
    let client = client.with_idempotency_key("k-1");
    client.get::<Value>("/api/runs").await.unwrap();
    client.post::<Value>("/api/model-selection/runs", &json!({})).await.unwrap();
    let keys: Vec<_> =
        script.seen().iter().map(|seen| seen.headers.get("idempotency-key").cloned()).collect();
    assert_eq!(keys, [None, Some("k-1".parse().unwrap())]);
}

#[tokio::test]
async fn a_refusal_is_a_problem_with_its_fields() {
    let problem = json!({
        "type": "/errors/validation", "title": "Validation Error", "status": 422, "detail": "the request is invalid",
        "instance": "/requests/r1", "code": "VALIDATION_ERROR", "request_id": "r1",
        "errors": [{ "field": "seed", "message": "must not be negative" }],
    });
    let (client, _) = Script::client([answer(422, problem.to_string())]);
    let error = client.health().await.unwrap_err();
    assert_eq!(error.status().map(|s| s.as_u16()), Some(422));
    let problem = error.problem().unwrap();
    assert_eq!((problem.code.as_str(), problem.errors[0].field.as_str()), ("VALIDATION_ERROR", "seed"));
    assert_eq!(error.to_string(), "the request is invalid; seed: must not be negative (request r1)");
}

#[tokio::test]
async fn another_program_at_the_address_is_recognised() {
    let (client, _) = Script::client([answer(404, "<html>nginx</html>"), answer(200, "<html>")]);
    let error = client.health().await.unwrap_err();
    assert_eq!(error.problem().map(|p| (p.status, p.code.as_str())), Some((404, "UNKNOWN_ANSWER")));
    assert!(matches!(client.health().await, Err(Error::Unreadable { path, .. }) if path == "/api/health"));
}

#[tokio::test]
async fn an_unbound_transport_says_so() {
    let transport = InProcess::new();
    let client = Client::new(transport.clone(), None);
    assert!(matches!(client.health().await, Err(Error::Transport(TransportError::Unbound))));
    assert_eq!(format!("{transport:?}"), "InProcess { is_bound: false }");
}
