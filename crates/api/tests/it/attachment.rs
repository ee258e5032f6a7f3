//! What people send in.

use axum::body::Body;
use axum::http::{Method, header};
use kernel::{Digest, Tenant, TenantId};
use serde_json::Value;
use test_support::on_both_databases;
use wire::access::{NewToken, Scope};

use crate::app::{Answer, App, QUOTAS, request};

async fn send_in(app: &App, name: &str, media_type: &str, bytes: impl Into<Body>) -> Answer {
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let asked = request(Method::POST, &format!("/api/artifacts?name={name}"));
    app.send(asked.header(header::CONTENT_TYPE, media_type).body(bytes.into()).unwrap()).await
}

async fn names(app: &App, limit: u32) -> Vec<String> {
    let (mut names, mut path) = (Vec::new(), format!("/api/artifacts?limit={limit}"));
    loop {
        let page = app.get(&path).await.ok();
        names.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { return names };
        path = format!("/api/artifacts?limit={limit}&cursor={cursor}");
    }
}

on_both_databases! {
    async fn what_is_sent_in_is_shown_and_given_out_as_any_other_artifact(db: TestDb) {
        let app = App::new(db).await;
        let answer = send_in(&app, "größe.csv", "text/csv; charset=utf-8", "a,b\n1,2\n").await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let kept = answer.json();
        let path = format!("/api/artifacts/{}", kept["artifact_id"].as_str().unwrap());
        assert_eq!(answer.headers[header::LOCATION], path);
        assert_eq!((&kept["name"], &kept["media_type"]), (&"größe.csv".into(), &"text/csv".into()));
        assert_eq!((&kept["size_bytes"], &kept["digest"]), (&8.into(), &Digest::of("a,b\n1,2\n").to_string().into()));
        assert_eq!(kept.get("run_id"), None);
        assert_eq!(app.get(&path).await.ok(), kept);
        let content = app.get(&format!("{path}/content")).await;
        assert_eq!((content.text(), content.media_type()), ("a,b\n1,2\n", "text/csv"));
        let disposition = content.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename=\"gr__e.csv\""), "{disposition}");
        // The same bytes again are the same artifact, under the name it has.
        assert_eq!(send_in(&app, "other.csv", "text/plain", "a,b\n1,2\n").await.json(), kept);
        for n in 1..=3 {
            send_in(&app, &format!("{n}"), "text/plain", format!("{n}")).await.ok();
        }
        assert_eq!(names(&app, 2).await, ["3", "2", "1", "größe.csv"]);
        app.close().await;
    }

    async fn what_is_sent_in_is_its_tenants_own(db: TestDb) {
        let app = App::new(db).await;
        let kept = send_in(&app, "mine", "text/plain", "mine").await.ok();
        let tenant = NewToken {
            name: "test".to_owned(),
            scopes: Some(vec![Scope::RunsRead]),
            expires_in_days: None,
            tenant: Some("stranger".to_owned()),
        };
        let stranger = app.client.create_token(&tenant).await.unwrap().secret;
        let get = async |path: &str| {
            let asked = request(Method::GET, path).header(header::AUTHORIZATION, format!("Bearer {stranger}"));
            app.send(asked.body(Body::empty()).unwrap()).await
        };
        assert_eq!(get("/api/artifacts").await.ok()["items"], Value::Array(Vec::new()));
        let path = format!("/api/artifacts/{}", kept["artifact_id"].as_str().unwrap());
        assert_eq!(get(&path).await.problem().1, "ARTIFACT_NOT_FOUND");
        assert_eq!(get(&format!("{path}/content")).await.problem().1, "ARTIFACT_NOT_FOUND");
        app.close().await;
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_and_nothing_of_it_is_there() {
    let app = App::new(test_support::sqlite().await).await;
    for (name, media_type, expected) in [
        ("", "text/plain", (422, "VALIDATION_ERROR")),
        ("a\nb", "text/plain", (422, "VALIDATION_ERROR")),
        (&*"x".repeat(256), "text/plain", (422, "VALIDATION_ERROR")),
        ("page", "text/html", (415, "UNSUPPORTED_MEDIA_TYPE")),
        ("page", "", (415, "UNSUPPORTED_MEDIA_TYPE")),
    ] {
        let (status, code, _) = send_in(&app, name, media_type, "x").await.problem();
        assert_eq!((status, code.as_str()), expected, "{name:?} {media_type}");
    }
    let room = usize::try_from(QUOTAS.attachment_bytes).unwrap();
    let answer = send_in(&app, "large", "application/octet-stream", vec![1; room + 1]).await;
    assert_eq!((answer.problem().0, answer.problem().1.as_str()), (413, "ATTACHMENT_QUOTA_REACHED"));
    assert!(answer.text().contains(&format!("of the {room} that it may have")), "{}", answer.text());
    assert_eq!(names(&app, 10).await, Vec::<String>::new());
    // As much as fits, and that again, but no byte more.
    for _ in 0..2 {
        send_in(&app, "large", "application/octet-stream", vec![1; room]).await.ok();
    }
    assert_eq!(send_in(&app, "small", "application/octet-stream", "x").await.problem().0, 413);
    let other = Tenant::verified(TenantId(uuid::Uuid::from_u128(9)));
    assert_eq!(artifacts::attachments::bytes(&app.db.db.read, other).await.unwrap(), 0);
    app.close().await;
}
