//! A run in the words of others: what leaves is what is stored, however the run ended.

use axum::body::Body;
use axum::http::{Method, header};
use http_body_util::BodyExt;
use kernel::RunId;
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::{App, request};
use crate::script::Script;

/// An export as it is sent.
async fn export(app: &App, run: RunId, format: &str) -> (String, String) {
    let path = format!("/api/runs/{run}/export?format={format}");
    let response = app.respond(request(Method::GET, &path).body(Body::empty()).unwrap()).await;
    assert!(response.status().is_success(), "{path}: {}", response.status());
    let media_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (media_type, String::from_utf8(body.to_vec()).unwrap())
}

async fn cloud_events(app: &App, run: RunId) -> Vec<wire::export::CloudEvent> {
    let (media_type, body) = export(app, run, "cloudevents").await;
    assert_eq!(media_type, "application/cloudevents-batch+json");
    serde_json::from_str(&body).unwrap()
}

async fn lineage(app: &App, run: RunId) -> Vec<Value> {
    let (media_type, body) = export(app, run, "openlineage").await;
    assert_eq!(media_type, "application/x-ndjson");
    body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn spans(app: &App, run: RunId) -> Vec<Value> {
    let (media_type, body) = export(app, run, "otlp").await;
    assert_eq!(media_type, "application/json");
    let request: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(request["resourceSpans"].as_array().unwrap().len(), 1);
    request["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone()
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["eventType"].as_str().unwrap()).collect()
}

/// The run's own span, which comes last.
fn root(spans: &[Value]) -> &Value {
    spans.last().unwrap()
}

fn attribute<'a>(span: &'a Value, key: &str) -> Option<&'a Value> {
    span["attributes"].as_array().unwrap().iter().find(|one| one["key"] == key).map(|one| &one["value"])
}

on_both_databases! {
    async fn an_event_carries_the_stored_bytes_of_its_frame_and_of_one_that_went_the_digest(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(3)).await.item.run_id;
        let frames = app.get(&format!("/api/runs/{run}/replay/events")).await;
        let page: wire::ledger::Page = serde_json::from_slice(&frames.body).unwrap();
        let events = cloud_events(&app, run).await;
        assert_eq!(events.len(), page.items.len());
        for ((event, frame), seq) in events.iter().zip(&page.items).zip(1..) {
            assert_eq!(event.data.get(), frame.get());
            assert_eq!((event.id.clone(), event.sequence.clone()), (seq.to_string(), format!("{seq:020}")));
            let frame: Value = serde_json::from_str(frame.get()).unwrap();
            assert_eq!(event.event_type, format!("assay.frame.{}", frame["kind"].as_str().unwrap()));
        }
        app.post("/api/runs/retention", &json!({ "older_than_days": 0, "apply": true })).await.ok();
        let left = cloud_events(&app, run).await;
        assert_eq!(left.len(), events.len(), "a hole is labelled, frame by frame");
        for (before, after) in events.iter().zip(&left) {
            if after.event_type == "assay.frame.removed" {
                let digest = kernel::Digest::of(before.data.get());
                assert_eq!(after.data.get(), format!(r#"{{"digest":"{digest}"}}"#));
                assert!(after.time.is_none() && after.id == before.id);
            } else {
                assert_eq!(after.data.get(), before.data.get());
            }
        }
        assert_eq!(left[0].event_type, "assay.frame.removed");
        assert_eq!(left.last().unwrap().event_type, "assay.frame.final");
        let spans = spans(&app, run).await;
        let gone = left.iter().filter(|event| event.event_type == "assay.frame.removed").count();
        assert_eq!(attribute(root(&spans), "assay.frames.removed"), Some(&json!({ "intValue": gone.to_string() })));
        let told = lineage(&app, run).await;
        let dropped: Vec<&Value> = told[1]["outputs"].as_array().unwrap().iter()
            .filter(|output| output["facets"]["lifecycleStateChange"]["lifecycleStateChange"] == "DROP").collect();
        assert_eq!(dropped.len(), 1, "{told:?}");
        app.close().await;
    }

    async fn lineage_says_how_a_run_ended_and_what_it_left(db: TestDb) {
        let app = App::new(db).await;
        let well = app.ended(Script::Count(1)).await;
        let events = lineage(&app, well.item.run_id).await;
        assert_eq!(types(&events), ["START", "COMPLETE"]);
        assert_eq!(events[0]["outputs"], json!([]));
        let outputs = events[1]["outputs"].as_array().unwrap();
        assert_eq!(outputs.len(), well.artifacts.len());
        for (output, artifact) in outputs.iter().zip(&well.artifacts) {
            assert_eq!(output["facets"]["version"]["datasetVersion"], artifact.digest.to_string());
            assert_eq!(output["outputFacets"]["outputStatistics"]["size"], artifact.size_bytes);
        }
        let failed = app.ended(Script::Fail).await;
        let events = lineage(&app, failed.item.run_id).await;
        assert_eq!(types(&events), ["START", "FAIL"]);
        assert_eq!(events[0]["run"]["facets"].get("errorMessage"), None);
        let said = events[1]["run"]["facets"]["errorMessage"]["message"].as_str().unwrap();
        assert!(said.starts_with("SCRIPTED: "), "{said}");
        let open = app.script(Script::UntilCancelled).await;
        app.client.cancel(open).await.unwrap();
        let told = types(&lineage(&app, open).await).join(" ");
        assert!(["START ABORT", "ABORT"].contains(&told.as_str()), "{told}");
        app.close().await;
    }

    async fn spans_nest_end_as_the_run_did_and_are_named_alike_each_time(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(2)).await.item.run_id;
        let first = spans(&app, run).await;
        assert_eq!(first, spans(&app, run).await);
        let run_span = root(&first);
        assert_eq!(run_span["traceId"], run.0.simple().to_string());
        assert_eq!((&run_span["name"], &run_span["status"]["code"]), (&json!("script"), &json!(1)));
        assert_eq!(run_span.get("parentSpanId"), None);
        let attempt = first.iter().find(|span| span["name"] == "attempt 1").unwrap();
        assert_eq!(attempt["parentSpanId"], run_span["spanId"]);
        let failed = app.ended(Script::Fail).await.item.run_id;
        let spans_of_failed = spans(&app, failed).await;
        assert_eq!(root(&spans_of_failed)["status"]["code"], 2);
        assert!(root(&spans_of_failed)["status"]["message"].as_str().unwrap().starts_with("SCRIPTED: "));
        app.close().await;
    }

    async fn what_is_not_over_leaves_without_its_end(db: TestDb) {
        let app = App::new(db).await;
        let open = app.script(Script::UntilCancelled).await;
        assert!(spans(&app, open).await.is_empty());
        assert!(!types(&lineage(&app, open).await).contains(&"ABORT"));
        cloud_events(&app, open).await;
        app.client.cancel(open).await.unwrap();
        assert_eq!(attribute(root(&spans(&app, open).await), "assay.run.status"), Some(&json!({ "stringValue": "cancelled" })));
        app.close().await;
    }

    async fn an_export_of_nothing_or_in_no_form_is_refused(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(1)).await.item.run_id;
        let unknown = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
        let (status, code, _) = app.get(&format!("/api/runs/{unknown}/export?format=otlp")).await.problem();
        assert_eq!((status, code.as_str()), (404, "RUN_NOT_FOUND"));
        for query in ["", "?format=csv", "?format=otlp&format=otlp", "?format=otlp&x=1"] {
            let answer = app.get(&format!("/api/runs/{run}/export{query}")).await;
            assert!(matches!(answer.status.as_u16(), 400 | 422), "{query}: {} {}", answer.status, answer.text());
        }
        app.close().await;
    }
}
