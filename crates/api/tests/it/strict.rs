//! What a request may say, held against the documents: every route is walked, and what it does not know is refused.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Map, Value, json};
use test_support::on_both_databases;

use crate::app::{Answer, App, request};

/// Method, address and operation of everything in the document, its path's parameters filled in.
fn operations(document: &Value) -> Vec<(Method, String, &Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let mut address = format!("/api{path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let id = if parameter["schema"]["type"] == "integer" {
                    "1"
                } else {
                    "019b8d2d-0000-7000-8000-000000000001"
                };
                address = address.replace(&format!("{{{name}}}"), id);
            }
            all.push((method.to_uppercase().parse().unwrap(), address, operation));
        }
    }
    assert!(all.len() > 35, "{}", all.len());
    all
}

fn query_names(operation: &Value) -> Vec<&str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let query = parameters.filter(|parameter| parameter["in"] == "query");
    query.map(|parameter| parameter["name"].as_str().unwrap()).collect()
}

async fn ask(app: &App, method: &Method, address: &str) -> Answer {
    app.send(request(method.clone(), address).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn no_route_takes_a_query_parameter_that_is_not_documented() {
    let app = App::new(test_support::sqlite().await).await;
    for (method, address, operation) in operations(&app.contract.document) {
        let answer = ask(&app, &method, &format!("{address}?surprise=1")).await;
        let expected = (422, "VALIDATION_ERROR".to_owned(), vec!["surprise".to_owned()]);
        assert_eq!(answer.problem(), expected, "{method} {address}");
        for name in query_names(operation) {
            assert!(
                answer.text().contains(name),
                "{method} {address} does not name {name}: {}",
                answer.text()
            );
            let twice = ask(&app, &method, &format!("{address}?{name}=1&{name}=1")).await;
            assert_eq!(twice.problem().2, [name], "{method} {address}");
            let nul = ask(&app, &method, &format!("{address}?{name}=a%00b")).await;
            assert_eq!(nul.problem().2, [name], "{method} {address}");
        }
    }
    for address in [
        "/health?x=1",
        "/ready?x=1",
        "/api/openapi.json?x=1",
        "/api/asyncapi.json?x=1",
        "/api/demo/stream?x=1",
        "/api/runs/019b8d2d-0000-7000-8000-000000000001/stream?x=1",
    ] {
        assert_eq!(ask(&app, &Method::GET, address).await.problem().2, ["x"], "{address}");
    }
    assert_eq!(
        ask(&app, &Method::GET, "/api/runs?limit=1&cursor=").await.status,
        200,
        "an empty field is none"
    );
    app.close().await;
}

/// The properties of a schema at any depth whose value may not be `null`, with a body that holds just that `null`.
fn not_nullable(document: &Value, schema: &Value, found: &mut Vec<(String, Value)>) {
    let Some(schema) = object_of(document, schema) else { return };
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if !is_nullable(property) {
            found.push((name.clone(), json!({ name: null })));
        }
        let mut below = Vec::new();
        not_nullable(document, property, &mut below);
        found.extend(below.into_iter().map(|(path, body)| (format!("{name}.{path}"), json!({ name: body }))));
        if let Some(items) = property.get("items") {
            let mut below = Vec::new();
            not_nullable(document, items, &mut below);
            let below = below.into_iter();
            found.extend(below.map(|(path, body)| (format!("{name}[0].{path}"), json!({ name: [body] }))));
            if !is_nullable(items) {
                found.push((format!("{name}[0]"), json!({ name: [null] })));
            }
        }
    }
}

fn object_of<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    if let Some(name) = schema["$ref"].as_str() {
        return object_of(document, document.pointer(name.strip_prefix('#').unwrap()).unwrap());
    }
    let lists = ["oneOf", "anyOf", "allOf"].iter().filter_map(|list| schema[list].as_array());
    let found = lists.flatten().find_map(|part| object_of(document, part));
    found.or_else(|| schema["properties"].is_object().then_some(schema))
}

fn is_nullable(schema: &Value) -> bool {
    let is_null = |schema: &Value| match &schema["type"] {
        Value::Array(types) => types.contains(&"null".into()),
        one => one == "null",
    };
    let any = |list: &str| schema[list].as_array().is_some_and(|parts| parts.iter().any(is_null));
    is_null(schema) || any("oneOf") || any("anyOf")
}

/// What is read as JSON; where it is one type among others it is a file, and nobody reads it.
fn bodies(app: &App) -> Vec<(Method, String, &Value)> {
    let of = |operation: &Value| {
        let content = operation["requestBody"]["content"].as_object();
        content.is_some_and(|types| types.len() == 1 && types.contains_key("application/json"))
    };
    let with_json = operations(&app.contract.document).into_iter().filter(|(_, _, operation)| of(operation));
    let all: Vec<_> = with_json
        .map(|(method, address, operation)| {
            (method, address, &operation["requestBody"]["content"]["application/json"]["schema"])
        })
        .collect();
    assert!(all.len() > 8, "{}", all.len());
    all
}

async fn send(app: &App, method: &Method, address: &str, body: String) -> Answer {
    let request = request(method.clone(), address).header(header::CONTENT_TYPE, "application/json");
    app.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn null_is_refused_where_a_field_is_not_nullable() {
    let app = App::new(test_support::sqlite().await).await;
    let mut count = 0;
    for (method, address, schema) in bodies(&app) {
        let mut fields = Vec::new();
        not_nullable(&app.contract.document, schema, &mut fields);
        count += fields.len();
        for (field, body) in fields {
            let answer = send(&app, &method, &address, body.to_string()).await;
            let (status, _, fields) = answer.problem();
            assert_eq!((status, fields), (422, vec![field]), "{method} {address} {body}: {}", answer.text());
        }
    }
    assert!(count > 40, "{count}");
    app.close().await;
}

on_both_databases! {
    async fn no_body_says_a_thing_twice_or_with_a_nul(db: TestDb) {
        let app = App::new(db).await;
        for (method, address, schema) in bodies(&app) {
            let properties = object_of(&app.contract.document, schema).unwrap()["properties"].as_object();
            for name in properties.unwrap().keys() {
                let twice = format!(r#"{{"{name}":1,"{name}":2}}"#);
                let answer = send(&app, &method, &address, twice).await;
                assert_eq!(answer.problem().2, [name.as_str()], "{method} {address}: {}", answer.text());
                let nul: Map<String, Value> = [(name.clone(), "a\0b".into())].into_iter().collect();
                let answer = send(&app, &method, &address, Value::from(nul).to_string()).await;
                assert_eq!(answer.problem().2, [name.as_str()], "{method} {address}: {}", answer.text());
            }
            let nested = send(&app, &method, &address, r#"{"a":[{"b":{"c":1,"c":1}}]}"#.to_owned()).await;
            assert_eq!(nested.problem().2, ["a[0].b.c"], "{method} {address}");
        }
        app.close().await;
    }

    async fn a_nul_is_refused_wherever_text_is_kept_or_looked_for(db: TestDb) {
        let app = App::new(db).await;
        for (path, field) in [
            ("/api/runs?kind=%00", "kind"),
            ("/api/runs?conversation_id=a%00", "conversation_id"),
            ("/api/runs?cursor=%00", "cursor"),
            ("/api/registry/aliases/a%00b", "alias_name"),
            ("/api/registry/aliases/%00/moves", "alias_name"),
        ] {
            let (status, code, fields) = app.get(path).await.problem();
            assert_eq!((status, code.as_str(), fields), (422, "VALIDATION_ERROR", vec![field.to_owned()]), "{path}");
        }
        let upload = |name: &str, csv: &'static str| {
            let request = request(Method::POST, &format!("/api/datasets?name={name}"));
            app.send(request.header(header::CONTENT_TYPE, "text/csv").body(csv.into()).unwrap())
        };
        assert_eq!(upload("a%00", "date,value\n").await.problem().2, ["name"]);
        let csv = "series,date,value\na,2024-01-01,1\na\0,2024-01-02,1\n";
        assert_eq!(upload("a", csv).await.problem().2, ["line 3"]);
        app.close().await;
    }
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_answered_with_what_does() {
    let app = App::new(test_support::sqlite().await).await;
    let run = app.ended(crate::script::Script::Count(1)).await.item.run_id;
    for (path, field, words) in [
        ("/api/runs?limit=-1".to_owned(), "limit", "must be a whole number, 0 or more"),
        ("/api/runs?limit=99999999999".to_owned(), "limit", "is too large a number"),
        (format!("/api/runs/{run}/replay/stream?follow=maybe"), "follow", "must be `true` or `false`"),
        ("/api/runs?kind=comparisons".to_owned(), "kind", "`comparisons` is not one of batch, comparison, "),
    ] {
        let answer = app.get(&path).await;
        assert_eq!(answer.problem(), (422, "VALIDATION_ERROR".to_owned(), vec![field.to_owned()]), "{path}");
        let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with(words), "{path}: {message}");
    }
    let blank = app.post("/api/conversations", &serde_json::json!({ "title": " \t\u{2003}" })).await;
    assert_eq!(blank.problem().2, ["title"]);
    app.close().await;
}
