//! Every operation of the document asks who calls, once a token was made, and how far they may go.

use std::sync::Arc;

use access::Access;
use axum::body::Body;
use axum::http::{Method, header};
use kernel::{SharedClock, Tenant};
use ledger::Ledger;
use serde_json::{Value, json};
use test_support::{frozen_clock, on_both_databases};
use wire::access::{NewToken, Scope};

use crate::app::{Answer, App, request};
use crate::reads::{addresses_of, everything, nothing_known};

/// An operation of the document: its address and the scope that it stands behind.
struct Operation {
    method: Method,
    address: String,
    scope: Option<Scope>,
}

fn operations(document: &Value) -> Vec<Operation> {
    let known = nothing_known();
    let mut operations = Vec::new();
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for (path, address) in addresses_of(document, method.as_str(), &known) {
            let operation = &document["paths"][&path][method.as_str().to_lowercase()];
            let needed = operation["security"].as_array().map(|ways| ways[1]["token"][0].as_str().unwrap());
            let scope = needed.map(|word| word.parse().unwrap());
            operations.push(Operation { method: method.clone(), address, scope });
        }
    }
    operations
}

async fn call(app: &App, one: &Operation, token: Option<&str>) -> Answer {
    let mut request =
        request(one.method.clone(), &one.address).header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    app.send(request.body(Body::from("[]")).unwrap()).await
}

fn new(scopes: impl IntoIterator<Item = Scope>) -> NewToken {
    NewToken {
        name: "test".to_owned(),
        scopes: Some(scopes.into_iter().collect()),
        expires_in_days: None,
        tenant: None,
    }
}

async fn make(app: &App, new: &NewToken) -> wire::access::MadeToken {
    app.client.create_token(new).await.unwrap()
}

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// What a token of before has been since yesterday.
async fn expired(app: &App) -> String {
    let clock: SharedClock = frozen_clock() as SharedClock;
    let access = Access::open(&app.db.db, Ledger::open(app.db.db.clone()), Arc::clone(&clock));
    let new = NewToken { expires_in_days: Some(1), ..new([Scope::RunsRead]) };
    access.create(Tenant::LOCAL, None, &new).await.unwrap().secret
}

on_both_databases! {
    async fn no_operation_answers_a_caller_who_may_not_ask(db: TestDb) {
        let app = App::new(db).await;
        let all = operations(&app.contract.document);
        let open: Vec<_> = all.iter().filter(|one| one.scope.is_none()).map(|one| one.address.as_str()).collect();
        let everybodys = ["downloads?link=none", "health", "log/checkpoint", "log/keys", "ready", "session", "log/cosignatures", "session", "session"];
        assert_eq!(open, everybodys.map(|path| format!("/api/{path}")));
        let expired = expired(&app).await;
        let revoked = make(&app, &new(Scope::ALL.iter().copied())).await;
        app.client.revoke_token(revoked.token.token_id).await.unwrap();
        let refusals = [
            (None, "TOKEN_REQUIRED"),
            (Some("assay_x"), "UNKNOWN_TOKEN"),
            (Some(&*expired), "EXPIRED_TOKEN"),
            (Some(&*revoked.secret), "REVOKED_TOKEN"),
        ];
        for one in all.iter().filter(|one| one.scope.is_some()) {
            for (token, code) in refusals {
                let answer = call(&app, one, token).await;
                assert_eq!(refusal(&answer), (401, code.to_owned()), "{} {}", one.method, one.address);
                assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
            }
        }
        app.close().await;
    }

    async fn each_operation_takes_its_own_scope_and_no_other(db: TestDb) {
        let app = App::new(db).await;
        for scope in Scope::ALL.iter().copied() {
            let fitting = make(&app, &new([scope])).await.secret;
            let others = make(&app, &new(Scope::ALL.iter().copied().filter(|one| *one != scope))).await.secret;
            let all = operations(&app.contract.document);
            let behind: Vec<_> = all.iter().filter(|one| one.scope == Some(scope)).collect();
            assert!(!behind.is_empty(), "{scope} opens nothing");
            for one in behind {
                let answer = call(&app, one, Some(&others)).await;
                assert_eq!(refusal(&answer), (403, "SCOPE_MISSING".to_owned()), "{} {}", one.method, one.address);
                let answer = call(&app, one, Some(&fitting)).await;
                let status = answer.status.as_u16();
                assert!(!matches!(status, 401 | 403), "{} {}: {status}", one.method, one.address);
            }
        }
        app.close().await;
    }

    async fn what_is_of_another_tenant_is_not_there(db: TestDb) {
        let app = App::new(db).await;
        let known = everything(&app).await;
        let stranger = NewToken { tenant: Some("stranger".to_owned()), ..new(Scope::ALL.iter().copied()) };
        let stranger = make(&app, &stranger).await.secret;
        let own = make(&app, &new(Scope::ALL.iter().copied())).await.secret;
        let unknown = addresses_of(&app.contract.document, "GET", &nothing_known());
        let there = addresses_of(&app.contract.document, "GET", &known);
        let mut hidden = 0;
        for ((path, there), (_, unknown)) in there.iter().zip(&unknown) {
            let get = |address: &str| Operation { method: Method::GET, address: address.to_owned(), scope: None };
            let mine = call(&app, &get(there), Some(&own)).await;
            assert!(mine.status.is_success(), "{there}: {}", mine.text());
            let foreign = call(&app, &get(there), Some(&stranger)).await;
            if !path.contains("_id}") {
                continue;
            }
            let never = call(&app, &get(unknown), Some(&stranger)).await;
            assert_eq!(said(&foreign, there), said(&never, unknown), "{there}");
            assert_eq!(foreign.status.as_u16(), 404, "{there}");
            hidden += 1;
        }
        assert!(hidden > 30, "{hidden}");
        let runs = Operation { method: Method::GET, address: "/api/runs".to_owned(), scope: None };
        assert_eq!(call(&app, &runs, Some(&stranger)).await.json()["items"], json!([]));
        app.close().await;
    }

    async fn the_log_of_ends_is_shown_to_everybody(db: TestDb) {
        let app = App::new(db).await;
        app.ended(crate::script::Script::Count(2)).await;
        app.log.sequence().await.unwrap();
        make(&app, &new([Scope::RunsRead])).await;
        let get = |path: &str| request(Method::GET, path).body(Body::empty()).unwrap();
        for path in ["/api/log/checkpoint", "/api/log/keys", "/api/log/tile/0/000.p/1", "/health", "/ready"] {
            assert_eq!(app.respond(get(path)).await.status(), 200, "{path}");
        }
        let lines = app.post("/api/log/cosignatures", &json!({"lines": []})).await;
        assert_eq!(lines.problem(), (422, "VALIDATION_ERROR".to_owned(), vec!["lines".to_owned()]));
        let beyond = request(Method::GET, "/api/access/events?after=9223372036854775808");
        let admin = make(&app, &new([Scope::Admin])).await.secret;
        let beyond = beyond.header(header::AUTHORIZATION, format!("Bearer {admin}")).body(Body::empty()).unwrap();
        assert_eq!(app.send(beyond).await.problem().2, ["after"]);
        app.close().await;
    }

    async fn a_browser_signs_in_with_a_cookie_and_out_again(db: TestDb) {
        let app = App::new(db).await;
        let with = |cookie: Option<&str>, method: Method, path: &str| {
            let request = request(method, path);
            let request = cookie.iter().fold(request, |request, cookie| request.header(header::COOKIE, *cookie));
            request.body(Body::empty()).unwrap()
        };
        assert_eq!(app.get("/api/session").await.json()["asks"], false);
        let made = make(&app, &new([Scope::RunsRead])).await;
        let nobody = app.get("/api/session").await.json();
        assert_eq!((&nobody["asks"], &nobody["scopes"]), (&json!(true), &json!([])));
        let wrong = app.post("/api/session", &json!({"token": "assay_x"})).await;
        assert_eq!(refusal(&wrong), (401, "UNKNOWN_TOKEN".to_owned()));
        let signed_in = app.post("/api/session", &json!({"token": made.secret})).await;
        let cookie = signed_in.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(&made.secret), "{cookie}");
        let cookie = cookie.split(';').next().unwrap();
        let who = app.send(with(Some(cookie), Method::GET, "/api/session")).await.json();
        assert_eq!((&who["tenant"], &who["scopes"]), (&json!("local"), &json!(["runs:read"])));
        assert_eq!(app.send(with(Some(cookie), Method::GET, "/api/runs")).await.status, 200);
        assert_eq!(refusal(&app.send(with(Some(cookie), Method::GET, "/api/lab/tournaments")).await).1, "SCOPE_MISSING");
        let out = app.send(with(Some(cookie), Method::DELETE, "/api/session")).await;
        assert_eq!(out.status, 204);
        assert!(out.headers[header::SET_COOKIE].to_str().unwrap().starts_with("assay_session=;"));
        // Whatever other server of this host set the cookie: it is none of ours.
        assert_eq!(refusal(&app.send(with(Some(cookie), Method::GET, "/api/runs")).await).1, "TOKEN_REQUIRED");
        app.close().await;
    }

    async fn a_run_goes_no_further_than_who_started_it(db: TestDb) {
        let app = App::new(db).await;
        let writes = make(&app, &new([Scope::RunsRead, Scope::RunsWrite])).await.secret;
        let all = make(&app, &new([Scope::RunsRead, Scope::RunsWrite, Scope::ModelsPromote])).await.secret;
        for (token, refused) in [(&writes, true), (&all, false)] {
            let submit = request(Method::POST, "/api/demo/runs")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, format!("Bearer {token}"));
            let body = json!({"scenario": "demo_minimal", "seed": 7, "skip_seed": false}).to_string();
            let accepted = app.send(submit.body(body.into()).unwrap()).await;
            assert_eq!(accepted.status, 202, "{}", accepted.text());
            let run = accepted.json()["run_id"].as_str().unwrap().parse().unwrap();
            let ended = app.client.wait(run).await.unwrap();
let error = ended.item.error.map_or(String::new(), |error| error.message);
            assert_eq!(error.contains("`models:promote`"), refused, "{error}");
            assert_eq!(ended.item.status.to_string(), if refused { "failed" } else { "succeeded" }, "{error}");
        }
        app.close().await;
    }
}

/// What a refusal says, without what is its own and what was asked for.
fn said(answer: &Answer, address: &str) -> Value {
    let mut body = answer.json();
    for own in ["request_id", "instance"] {
        body.as_object_mut().unwrap().remove(own);
    }
    let parts = address.split(['/', '?']).filter(|part| part.chars().any(|c| c.is_ascii_digit()));
    parts.fold(body.to_string(), |text, id| text.replace(id, "ID")).parse().unwrap()
}
