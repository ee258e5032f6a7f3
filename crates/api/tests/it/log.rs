//! The log of ends over HTTP.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use frames::{Chain, End, LedgerId};
use http_body_util::BodyExt;
use kernel::{Db, Digest, SharedClock};
use ledger::{Ledger, Log};
use serde_json::json;
use test_support::on_both_databases;
use tlog::{Checkpoint, Note, Signer, Verifier};

use crate::app::{Answer, App, request};
use crate::script::Script;

/// A log with one key.
pub(crate) fn open(db: &Db, ledger: &Ledger, clock: &SharedClock) -> Log {
    let keys = Arc::new(|_: Option<&str>| Signer::new("log.example", &[7; 32]).ok());
    Log::open(db, ledger, keys, Arc::clone(clock))
}

/// Tiles are not in the document, so an answer is not held against it.
async fn raw(app: &App, path: &str) -> Answer {
    let response = app.respond(request(Method::GET, path).body(Body::empty()).unwrap()).await;
    let (head, body) = response.into_parts();
    Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
}

fn cached(answer: &Answer) -> &str {
    answer.headers["cache-control"].to_str().unwrap()
}

on_both_databases! {
    async fn a_run_is_proven_by_its_frames_a_path_and_a_signature(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(3)).await.item.run_id;
        app.log.sequence().await.unwrap();
        let older: Checkpoint = checkpoint(&app).await;
        app.ended(Script::Count(2)).await;
        app.log.sequence().await.unwrap();
        let proof = app.get(&format!("/api/runs/{run}/proof?since={}", older.size)).await.ok();
        let frames = app.get(&format!("/api/runs/{run}/replay/events")).await;
        let page: wire::ledger::Page = serde_json::from_slice(&frames.body).unwrap();
        let proof: wire::log::Proof = serde_json::from_value(proof).unwrap();
        let mut chain = Chain::new(LedgerId(proof.ledger_id));
        for frame in &page.items {
            chain.push(frame.get().as_bytes());
        }
        assert_eq!((chain.seq(), chain.head()), (proof.frames, proof.head));
        let note: Note = proof.checkpoint.parse().unwrap();
        let newer = Checkpoint::parse(note.text()).unwrap();
        let end = End { ledger: LedgerId(proof.ledger_id), frames: chain.seq(), head: chain.head() };
        let leaf = tlog::leaf_hash(end.entry().as_bytes());
        assert!(tlog::verify_inclusion(proof.index, newer.size, &leaf, &proof.path, &newer.root));
        let [key] = &proof.keys[..] else { panic!("{:?}", proof.keys) };
        assert!(note.is_signed_by(&key.key.parse::<Verifier>().unwrap()));
        let since = proof.since.unwrap();
        assert!(tlog::verify_consistency((older.size, &older.root), (newer.size, &newer.root), &since.path));
        app.close().await;
    }

    async fn what_has_no_proof_says_why(db: TestDb) {
        let app = App::new(db).await;
        assert_eq!(app.get("/api/log/checkpoint").await.problem().1, "LOG_EMPTY");
        assert_eq!(app.get("/api/log/keys").await.ok(), json!({ "keys": [] }));
        app.log.sequence().await.unwrap();
        let run = app.ended(Script::Count(1)).await.item.run_id;
        let open = app.script(Script::UntilCancelled).await;
        let unknown = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
        for (path, status, code) in [
            (format!("/api/runs/{run}/proof"), 409, "END_NOT_IN_LOG_YET"),
            (format!("/api/runs/{open}/proof"), 409, "RUN_NOT_ENDED"),
            (format!("/api/runs/{unknown}/proof"), 404, "RUN_NOT_FOUND"),
        ] {
            let (found, said, _) = app.get(&path).await.problem();
            assert_eq!((found, said.as_str()), (status, code), "{path}");
        }
        app.log.sequence().await.unwrap();
        let (status, code, _) = app.get(&format!("/api/runs/{run}/proof?since=2")).await.problem();
        assert_eq!((status, code.as_str()), (409, "LOG_SMALLER"));
        app.client.cancel(open).await.unwrap();
        app.close().await;
    }

    async fn tiles_and_entries_stand_where_the_protocol_has_them(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(1)).await;
        app.log.sequence().await.unwrap();
        let note = app.get("/api/log/checkpoint").await;
        assert_eq!((note.media_type(), cached(&note)), ("text/plain; charset=utf-8", "no-cache"));
        let tile = raw(&app, "/api/log/tile/0/000.p/1").await;
        assert_eq!((tile.media_type(), cached(&tile)), ("application/octet-stream", "public, max-age=31536000, immutable"));
        let entries = raw(&app, "/api/log/tile/entries/000.p/1").await;
        let entry = &entries.body[2..];
        assert_eq!(Digest::from_slice(&tile.body).unwrap(), tlog::leaf_hash(entry));
        let text = std::str::from_utf8(entry).unwrap();
        assert!(text.contains(&run.ledger.head.to_string()) && text.contains(&run.item.run_id.to_string()), "{text}");
        for path in ["0/000", "0/000.p/2", "0/001.p/1", "1/000.p/1", "entries/000", "8/000.p/1", "0/0", "x", "0/000.p/1/"] {
            let answer = raw(&app, &format!("/api/log/tile/{path}")).await;
            assert_eq!((answer.status, answer.problem().1.as_str()), (StatusCode::NOT_FOUND, "TILE_NOT_FOUND"), "{path}");
        }
        app.close().await;
    }
}

async fn checkpoint(app: &App) -> Checkpoint {
    let note: Note = app.client.checkpoint().await.unwrap().parse().unwrap();
    Checkpoint::parse(note.text()).unwrap()
}
