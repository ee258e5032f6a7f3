//! Artifacts: their bytes whole, in ranges, known already and damaged.

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, header};
use futures::TryStreamExt as _;
use kernel::Digest;
use wire::artifacts::Artifact;

use crate::app::{Answer, App, request};
use crate::script::{Script, content};

const SMALL: usize = 100_000;
/// Too large to be read before the first byte is sent.
const LARGE: usize = 3_000_000;

struct Kept {
    app: App,
    artifact: Artifact,
    bytes: Bytes,
}

impl Kept {
    async fn of(size: usize) -> Self {
        let app = App::new(test_support::sqlite().await).await;
        let run = app.ended(Script::Keep(size)).await;
        let artifact = run.artifacts.into_iter().find(|artifact| artifact.name == "large").unwrap();
        Self { app, artifact, bytes: content(size) }
    }

    fn path(&self) -> String {
        format!("/api/artifacts/{}/content", self.artifact.artifact_id)
    }

    fn request(&self, method: Method, headers: &[(header::HeaderName, &str)]) -> Request<Body> {
        let request = headers
            .iter()
            .fold(request(method, &self.path()), |request, (name, value)| request.header(name, *value));
        request.body(Body::empty()).unwrap()
    }

    async fn get(&self, headers: &[(header::HeaderName, &str)]) -> Answer {
        self.app.send(self.request(Method::GET, headers)).await
    }

    fn damage(&self, bytes: &[u8]) {
        damage(&self.app, &self.artifact.digest, bytes);
    }
}

fn damage(app: &App, digest: &Digest, bytes: &[u8]) {
    let name = digest.to_string();
    std::fs::write(app.db.dir().join("artifacts").join(&name[..2]).join(&name), bytes).unwrap();
}

#[tokio::test]
async fn an_artifact_is_served_once_and_known_by_its_digest() {
    let app = App::new(test_support::sqlite().await).await;
    let run = app.ended(Script::Count(0)).await;
    let note = run.artifacts.iter().find(|artifact| artifact.name.starts_with("note")).unwrap();
    let path = format!("/api/artifacts/{}", note.artifact_id);
    assert_eq!(app.get(&path).await.ok()["run_id"], run.item.run_id.to_string());
    let content = app.get(&format!("{path}/content")).await;
    assert_eq!((content.text(), content.media_type()), ("kept", "text/plain"));
    assert_eq!(Digest::of(&content.body), note.digest);
    let tag = content.headers[header::ETAG].clone();
    assert_eq!(tag, format!("\"{}\"", note.digest));
    assert_eq!(
        content.headers[header::CONTENT_DISPOSITION],
        "attachment; filename=\"note___x_.txt\"; filename*=UTF-8''note%3A%20%E2%80%9Cx%E2%80%9D.txt"
    );
    let again = request(Method::GET, &format!("{path}/content")).header(header::IF_NONE_MATCH, tag);
    assert_eq!(app.send(again.body(Body::empty()).unwrap()).await.status, 304);
    app.close().await;
}

#[tokio::test]
async fn a_tampered_artifact_is_not_served_and_the_answer_says_nothing_of_the_inside() {
    for size in [SMALL, LARGE] {
        let kept = Kept::of(size).await;
        for damage in [b"forged".as_slice(), b""] {
            kept.damage(damage);
            for range in [&[][..], &[(header::RANGE, "bytes=0-0")]] {
                let answer = kept.get(range).await;
                assert_eq!(answer.problem().0, 500, "{size} {range:?}");
                assert!(!answer.text().contains(&kept.artifact.digest.to_string()), "{}", answer.text());
            }
        }
        kept.app.close().await;
    }
}

#[tokio::test]
async fn a_large_artifact_that_was_changed_breaks_off_and_no_range_of_it_is_served() {
    let kept = Kept::of(LARGE).await;
    assert_eq!(kept.get(&[(header::RANGE, "bytes=0-9")]).await.status, 206);
    let mut forged = kept.bytes.to_vec();
    forged[LARGE / 2] ^= 1;
    kept.damage(&forged);
    let answer = kept.app.head(&kept.path()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()[header::CONTENT_LENGTH], LARGE.to_string());
    let mut came = 0;
    let mut body = answer.into_body().into_data_stream();
    let end = loop {
        match body.try_next().await {
            Ok(Some(piece)) => came += piece.len(),
            end => break end,
        }
    };
    assert!(end.is_err() && came < LARGE, "{came} bytes, then {end:?}");
    let range = kept.get(&[(header::RANGE, "bytes=0-9")]).await;
    assert_eq!((range.problem().0, range.problem().1.as_str()), (500, "ARTIFACT_TAMPERED"));
    let streamed = kept.app.client.artifact_stream(kept.artifact.artifact_id).await.unwrap();
    assert!(streamed.try_collect::<Vec<_>>().await.is_err());
    kept.app.close().await;
}

#[tokio::test]
async fn a_range_is_answered_with_its_bytes_and_one_without_any_with_416() {
    for size in [SMALL, LARGE] {
        let kept = Kept::of(size).await;
        for (range, start, end) in
            [("bytes=0-0", 0, 1), ("bytes=5-70000", 5, 70_001), ("bytes=-7", size - 7, size)]
        {
            let answer = kept.get(&[(header::RANGE, range)]).await;
            assert_eq!(answer.status, 206, "{range}");
            assert!(answer.body == kept.bytes.slice(start..end), "{range}");
            assert_eq!(answer.headers[header::CONTENT_RANGE], format!("bytes {start}-{}/{size}", end - 1));
            assert_eq!(answer.headers[header::CONTENT_LENGTH], (end - start).to_string());
            assert_eq!(answer.headers[header::ETAG], format!("\"{}\"", kept.artifact.digest));
        }
        let answer = kept.get(&[(header::RANGE, &format!("bytes={size}-"))]).await;
        assert_eq!((answer.problem().0, answer.problem().1.as_str()), (416, "RANGE_NOT_SATISFIABLE"));
        assert_eq!(answer.headers[header::CONTENT_RANGE], format!("bytes */{size}"));
        let other = kept.get(&[(header::RANGE, "bytes=0-0"), (header::IF_RANGE, "\"other\"")]).await;
        assert!(other.status == 200 && other.body == kept.bytes);
        assert_eq!(other.headers[header::ACCEPT_RANGES], "bytes");
        kept.app.close().await;
    }
}

#[tokio::test]
async fn head_answers_the_same_headers_and_no_byte() {
    let kept = Kept::of(LARGE).await;
    let got = kept.get(&[]).await;
    let head = kept.app.send(kept.request(Method::HEAD, &[(header::RANGE, "bytes=0-0")])).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::ETAG, header::ACCEPT_RANGES] {
        assert_eq!(head.headers[&name], got.headers[&name], "{name}");
    }
    kept.app.close().await;
}

#[tokio::test]
async fn the_client_reads_the_whole_a_stream_and_a_range() {
    let kept = Kept::of(LARGE).await;
    let (client, id) = (&kept.app.client, kept.artifact.artifact_id);
    assert!(client.artifact_content(id).await.unwrap() == kept.bytes);
    let streamed: Vec<Bytes> = client.artifact_stream(id).await.unwrap().try_collect().await.unwrap();
    assert!(streamed.concat() == kept.bytes);
    assert!(client.artifact_range(id, 100..300).await.unwrap() == kept.bytes.slice(100..300));
    assert!(client.artifact_range(id, 3..3).await.unwrap().is_empty());
    let behind = client.artifact_range(id, LARGE as u64..LARGE as u64 + 1).await.unwrap_err();
    assert_eq!(behind.problem().unwrap().code, "RANGE_NOT_SATISFIABLE");
    kept.app.close().await;
}
