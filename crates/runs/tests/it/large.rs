//! Texts of any length, and secrets: no producer breaks a run with its size, and what a frame has no room for is kept.

use frames::{Body, Frame, Transcript};
use kernel::Seed;
use runs::{Artifact, Run, RunState, Submit};
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::support::{Fixture, Script, ScriptKind, TENANT, kinds};

const MIB: usize = 1 << 20;

async fn artifacts(fixture: &Fixture, run: &Run) -> Vec<Artifact> {
    runs::artifacts(&fixture.db.db.read, run).await.unwrap()
}

/// The large fields that a viewer has at the end, by name.
fn fields(frames: &[Frame]) -> Vec<(String, String, bool)> {
    let mut transcript = Transcript::default();
    for frame in frames {
        transcript.apply(frame);
    }
    let chunks = json!(transcript)["header"]["chunks"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    chunks
        .iter()
        .map(|field| (text(&field["field"]), text(&field["data"]), field["is_done"] == true))
        .collect()
}

fn remark(frames: &[Frame]) -> &Frame {
    frames.iter().find(|frame| matches!(&frame.body, Body::Notice(_))).unwrap()
}

on_both_databases! {
    async fn a_long_output_follows_its_frame_in_pieces_and_long_text_is_streamed_in_portions(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Loud { bytes: 600_000, fails: 0 }).await;
        let frames = fixture.frames(run.id).await;
        let whole = format!("<redacted> {}", "ü".repeat(300_000));
        assert_eq!(fields(&frames), [("output".to_owned(), whole.clone(), true)]);
        let streamed = frames.iter().filter_map(|frame| match &frame.body {
            Body::MessageDelta(body) => Some(body.delta.as_str()),
            _ => None,
        });
        assert_eq!(streamed.collect::<String>(), whole);
        assert_eq!(kinds(&frames).iter().filter(|kind| **kind == "message.delta").count(), 3);
        assert_eq!(artifacts(&fixture, &run).await.len(), 1, "nothing but the metrics: all of it had room");
    }

    async fn what_a_frame_has_no_room_for_is_an_artifact_that_the_frame_names(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Loud { bytes: 3 * MIB, fails: 0 }).await;
        assert_eq!(run.state, RunState::Succeeded);
        let frames = fixture.frames(run.id).await;
        let kept = artifacts(&fixture, &run).await;
        let kept = kept.iter().find(|artifact| artifact.name.starts_with("frame-")).unwrap();
        let notices = &remark(&frames).envelope.notices;
        let place = format!("; the whole is in artifact `{}` with the digest {}", kept.name, kept.digest);
        assert!(notices.iter().any(|notice| notice.path == "data" && notice.message.ends_with(&place)), "{notices:?}");
        let bytes = fixture.store.reader().get(&kept.digest).await.unwrap();
        let said: Value = serde_json::from_slice(&bytes).unwrap();
        let whole = format!("<redacted> {}", "ü".repeat(3 * MIB / 2));
        assert_eq!(said, json!({ "kind": "notice", "level": "info", "code": "LOUD", "message": "loud", "data": { "rows": whole } }));
        assert_eq!(fields(&frames)[0].1, whole, "an output follows in pieces at any length");
    }

    async fn what_an_earlier_attempt_kept_appears_with_the_end(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Loud { bytes: 2 * MIB, fails: 2 }).await;
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 3));
        let names: Vec<_> = artifacts(&fixture, &run).await.into_iter().map(|artifact| artifact.name).collect();
        let kept = names.iter().filter(|name| name.starts_with("frame-")).count();
        assert_eq!((kept, names.len()), (1, 2), "the same is kept once: {names:?}");
        let frames = fixture.frames(run.id).await;
        assert_eq!(fields(&frames).len(), 1);
        assert!(fields(&frames)[0].2);
        let failed = fixture.run(Script::Loud { bytes: 2 * MIB, fails: 9 }).await;
        assert_eq!(failed.state, RunState::Failed);
        assert!(artifacts(&fixture, &failed).await.iter().any(|artifact| artifact.name.starts_with("frame-")));
    }

    async fn a_secret_in_the_title_of_a_run_is_in_no_frame_and_the_run_verifies(db: TestDb) {
        let fixture = Fixture::started(db);
        let title = "forecast of postgres://app:hunter2@db/sales";
        let submit = Submit::new(title, Seed(7), Script::Loud { bytes: 2, fails: 0 });
        let id = fixture.engine.submit::<ScriptKind>(TENANT, submit).await.unwrap();
        fixture.engine.settled(TENANT, id).await.unwrap();
        fixture.verified(id).await;
        let frames = fixture.frames(id).await;
        assert!(frames.iter().all(|frame| !frame.to_text().contains("hunter2")));
        let Body::RunOpened(opened) = &frames[0].body else { panic!("it opens the run") };
        assert_eq!(opened.title.as_deref(), Some("forecast of postgres://app:<redacted>@db/sales"));
        let notices = &frames[0].envelope.notices;
        assert_eq!((notices.len(), notices[0].path.as_str()), (1, "title"));
    }

    async fn a_changed_byte_of_what_was_kept_is_found(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Loud { bytes: 2 * MIB, fails: 0 }).await;
        let kept = artifacts(&fixture, &run).await;
        let kept = kept.iter().find(|artifact| artifact.name.starts_with("frame-")).unwrap();
        let digest = kept.digest.to_string();
        let path = walk(&fixture.db.dir().join("artifacts"), &digest);
        std::fs::write(path, "changed").unwrap();
        let verified = fixture.engine.verifier().verify(TENANT, run.id).await.unwrap();
        assert!(!verified.verified);
        let problems: Vec<_> = verified.parts.iter().flat_map(|part| &part.problems).collect();
        assert!(problems.iter().any(|problem| problem.contains(&kept.name)), "{problems:?}");
    }
}

/// The file of the store that holds these bytes.
fn walk(folder: &std::path::Path, digest: &str) -> std::path::PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().replace('/', "").ends_with(digest)
                || path.to_string_lossy().contains(digest)
            {
                return path;
            }
        }
    }
    panic!("no file of the store holds {digest}");
}
