//! Links under which anybody has an artifact's bytes for a while.

use axum::body::Body;
use axum::http::{Method, header};
use kernel::{Clock as _, CursorKey, RunId, SystemClock, Tenant, TenantId};
use serde_json::{Value, json};
use test_support::on_both_databases;
use wire::access::{NewToken, Scope};
use wire::artifacts::{Artifact, ArtifactId, DownloadQuery};

use crate::app::{Answer, App, request};
use crate::dump::dump;
use crate::script::{Script, content};

const SIZE: usize = 5000;
/// That of the application under test.
const KEY: CursorKey = CursorKey::new([7; 32]);

async fn artifact(app: &App) -> Artifact {
    let run = app.ended(Script::Keep(SIZE)).await;
    run.artifacts.into_iter().find(|artifact| artifact.name == "large").unwrap()
}

async fn mint(app: &App, artifact: ArtifactId, query: &str, token: &str) -> Answer {
    let asked = request(Method::POST, &format!("/api/artifacts/{artifact}/download-url{query}"));
    let asked = asked.header(header::AUTHORIZATION, format!("Bearer {token}"));
    app.send(asked.body(Body::empty()).unwrap()).await
}

async fn token(app: &App, tenant: Option<&str>) -> String {
    let new = NewToken {
        name: "test".to_owned(),
        scopes: Some(vec![Scope::RunsRead]),
        expires_in_days: None,
        tenant: tenant.map(str::to_owned),
    };
    app.client.create_token(&new).await.unwrap().secret
}

/// What is refused, without what is its own of each answer.
fn refusal(answer: &Answer) -> Value {
    let mut body = answer.json();
    for own in ["request_id", "instance"] {
        body.as_object_mut().unwrap().remove(own);
    }
    body
}

fn sealed(tenant: Tenant, id: ArtifactId, until: i64) -> String {
    format!("/api/downloads?link={}", KEY.seal("download", &(tenant.id(), id, until)))
}

on_both_databases! {
    async fn a_link_gives_the_bytes_to_anybody_and_is_kept_nowhere(db: TestDb) {
        let app = App::new(db).await;
        let artifact = artifact(&app).await;
        let token = token(&app, None).await;
        let before = dump(&app.db.db.read).await;
        let answer = mint(&app, artifact.artifact_id, "", &token).await;
        assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-store");
        let link = answer.ok();
        assert_eq!((&link["filename"], &link["method"]), (&"large".into(), &"GET".into()));
        assert_eq!((&link["sha256"], &link["size_bytes"]), (&artifact.digest.to_string().into(), &SIZE.into()));
        let expires_at: chrono::DateTime<chrono::Utc> = link["expires_at"].as_str().unwrap().parse().unwrap();
        let seconds = (expires_at - SystemClock.now()).num_seconds();
        assert!((890..=900).contains(&seconds), "{seconds}");
        let url = link["download_url"].as_str().unwrap();
        let whole = app.get(url).await;
        assert_eq!((whole.status.as_u16(), &whole.body), (200, &content(SIZE)));
        assert_eq!(whole.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"large\"");
        assert_eq!(whole.headers[header::CACHE_CONTROL], "private, no-store");
        let part = request(Method::GET, url).header(header::RANGE, "bytes=10-19").body(Body::empty()).unwrap();
        let part = app.send(part).await;
        assert_eq!((part.status.as_u16(), &part.body), (206, &content(SIZE).slice(10..20)));
        let query = DownloadQuery { link: url.split_once("?link=").unwrap().1.to_owned() };
        assert_eq!(app.client.linked(&query).await.unwrap(), content(SIZE));
        assert!(!format!("{query:?}").contains(&query.link));
        assert_eq!(dump(&app.db.db.read).await, before);
        app.close().await;
    }

    async fn a_link_that_opens_nothing_does_not_say_why(db: TestDb) {
        let app = App::new(db).await;
        let id = artifact(&app).await.artifact_id;
        let now = SystemClock.now().timestamp();
        let good = sealed(Tenant::LOCAL, id, now + 60);
        assert_eq!(app.get(&good).await.status, 200);
        let expected = refusal(&app.get("/api/downloads?link=none").await);
        assert_eq!((&expected["status"], &expected["code"]), (&404.into(), &"LINK_EXPIRED".into()));
        let stranger = Tenant::verified(TenantId(uuid::Uuid::from_u128(9)));
        let unknown = ArtifactId(RunId::new(&kernel::SystemClock).0);
        let mut links = vec![
            sealed(Tenant::LOCAL, id, now),
            sealed(Tenant::LOCAL, id, now - 1),
            sealed(stranger, id, now + 60),
            sealed(Tenant::LOCAL, unknown, now + 60),
            format!("/api/downloads?link={}", KEY.seal("frames", &(Tenant::LOCAL.id(), id, now + 60))),
            format!("/api/downloads?link={}", CursorKey::new([8; 32]).seal("download", &(Tenant::LOCAL.id(), id, now + 60))),
            format!("/api/downloads?link={}", KEY.seal("download", &(id, now + 60))),
        ];
        // Each letter changed, and each end cut off.
        let start = "/api/downloads?link=".len();
        for at in start..good.len() {
            let mut changed = good.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            links.push(String::from_utf8(changed).unwrap());
            links.push(good[..at].to_owned() + "A");
        }
        for link in links {
            assert_eq!(refusal(&app.get(&link).await), expected, "{link}");
        }
        app.close().await;
    }
}

#[tokio::test]
async fn links_are_made_for_whom_the_artifact_is_and_within_bounds() {
    let app = App::new(test_support::sqlite().await).await;
    let id = artifact(&app).await.artifact_id;
    let (own, stranger) = (token(&app, None).await, token(&app, Some("stranger")).await);
    for (query, status) in [
        ("?expires_in_s=60", 200),
        ("?expires_in_s=86400", 200),
        ("?expires_in_s=59", 422),
        ("?expires_in_s=86401", 422),
    ] {
        assert_eq!(mint(&app, id, query, &own).await.status, status, "{query}");
    }
    let unknown = ArtifactId(uuid::Uuid::from_u128(5));
    let foreign = mint(&app, id, "", &stranger).await;
    assert_eq!(foreign.problem().1, "ARTIFACT_NOT_FOUND");
    let (foreign, never) = (refusal(&foreign), refusal(&mint(&app, unknown, "", &stranger).await));
    assert_eq!(
        foreign.to_string().replace(&id.to_string(), "ID"),
        never.to_string().replace(&unknown.to_string(), "ID")
    );
    let bulk = async |body: Value| {
        let asked = request(Method::POST, "/api/artifacts/download-urls")
            .header(header::AUTHORIZATION, format!("Bearer {own}"))
            .header(header::CONTENT_TYPE, "application/json");
        app.send(asked.body(body.to_string().into()).unwrap()).await
    };
    let links = bulk(json!({ "artifact_ids": [unknown, id], "expires_in_s": 120 })).await.ok();
    assert_eq!(links["missing"], json!([unknown]));
    assert_eq!(app.get(links["items"][0]["download_url"].as_str().unwrap()).await.body, content(SIZE));
    for body in [
        json!({ "artifact_ids": [] }),
        json!({ "artifact_ids": vec![id; 101] }),
        json!({ "artifact_ids": [id], "expires_in_s": 0 }),
        json!({}),
    ] {
        assert_eq!(bulk(body.clone()).await.status, 422, "{body}");
    }
    app.close().await;
}
