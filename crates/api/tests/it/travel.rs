//! Runs as what they show: as of any frame, and beside another run.

use frames::{Frame, Transcript};
use kernel::{RunId, Tenant};
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::App;
use crate::script::Script;

async fn frames_of(app: &App, run: RunId) -> Vec<Frame> {
    let page = app.engine.ledger().reader().page(Tenant::LOCAL, run, 0, 1000).await.unwrap();
    page.frames.iter().map(|(_, text)| Frame::parse(text).unwrap()).collect()
}

fn fold(frames: &[Frame]) -> Value {
    let mut transcript = Transcript::default();
    for frame in frames {
        transcript.apply(frame);
    }
    json!(transcript)
}

on_both_databases! {
    async fn two_runs_part_first_where_they_were_asked_for_something_else(db: TestDb) {
        let app = App::new(db).await;
        let left = app.ended(Script::Count(3)).await.item.run_id;
        let right = app.ended(Script::Count(5)).await.item.run_id;
        let found = app.get(&format!("/api/runs/{left}/diff/{right}?ignore=timing,ids")).await.ok();
        assert_eq!(found["is_same"], false, "{found}");
        let first = &found["entries"][0];
        assert_eq!((&first["part"], &first["row"], &first["change"]), (&"request".into(), &"spec".into(), &"changed".into()));
        let field = first["fields"].as_array().unwrap().iter().find(|field| field["name"] == "spec.n").unwrap();
        assert_eq!((&field["left"], &field["right"]), (&3.into(), &5.into()));
        assert_eq!((&found["left"]["first_difference_seq"], &found["right"]["first_difference_seq"]), (&1.into(), &1.into()));
        let same = app.get(&format!("/api/runs/{left}/diff/{left}?show=all")).await.ok();
        assert_eq!((&same["is_same"], &same["entries"].as_array().unwrap().len().into()), (&true.into(), &same["left"]["rows"]));
        assert_eq!(same["totals"], json!({"same": same["left"]["rows"], "changed": 0, "added": 0, "removed": 0}));
        app.close().await;
    }

    async fn what_is_ignored_is_no_difference_and_pages_are_the_whole(db: TestDb) {
        let app = App::new(db).await;
        let [left, right] = [app.ended(Script::Count(3)).await, app.ended(Script::Count(3)).await].map(|run| run.item.run_id);
        let base = format!("/api/runs/{left}/diff/{right}");
        let found = app.get(&format!("{base}?ignore=timing,ids")).await.ok();
        assert_eq!(found["is_same"], true, "{found}");
        let whole = app.get(&format!("{base}?show=all")).await.ok();
        let mut path = format!("{base}?show=all&limit=2");
        let mut entries = Vec::new();
        loop {
            let page = app.get(&path).await.ok();
            entries.extend(page["entries"].as_array().unwrap().clone());
            assert_eq!(page["remaining"], whole["entries"].as_array().unwrap().len() - entries.len());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            assert_eq!(app.get(&format!("{base}?cursor={cursor}")).await.problem().0, 400);
            path = format!("{base}?show=all&limit=2&cursor={cursor}");
        }
        assert_eq!(&json!(entries), &whole["entries"]);
        app.close().await;
    }

    async fn runs_that_cannot_be_compared_are_refused(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(1)).await.item.run_id;
        let nobody = "019b8d2d-0000-7000-8000-000000000001";
        for (path, expected) in [
            (format!("{run}/diff/{nobody}"), (404, "RUN_NOT_FOUND")),
            (format!("{nobody}/diff/{run}"), (404, "RUN_NOT_FOUND")),
            (format!("{run}/diff/x"), (422, "VALIDATION_ERROR")),
            (format!("{run}/diff/{run}?ignore=all"), (422, "VALIDATION_ERROR")),
            (format!("{run}/replay/state?seq=99"), (400, "POSITION_BEYOND_END")),
            (format!("{run}/replay/state?seq=1&t=2026-01-01T00:00:00Z"), (422, "VALIDATION_ERROR")),
            (format!("{nobody}/replay/state"), (404, "RUN_NOT_FOUND")),
        ] {
            let (status, code, _) = app.get(&format!("/api/runs/{path}")).await.problem();
            assert_eq!((status, code.as_str()), expected, "{path}");
        }
        app.close().await;
    }

    async fn the_state_after_each_frame_is_the_fold_of_the_frames_until_then(db: TestDb) {
        let app = App::new(db).await;
        let run = app.ended(Script::Count(7)).await.item.run_id;
        let frames = frames_of(&app, run).await;
        // Down and up again, so that neither an earlier nor a later answer stands in for the one that is asked for.
        for seq in (0..=frames.len()).rev().chain(0..=frames.len()) {
            let state = app.get(&format!("/api/runs/{run}/replay/state?seq={seq}")).await.ok();
            assert_eq!((&state["seq"], &state["head"]["is_closed"]), (&seq.into(), &true.into()));
            assert_eq!(state["transcript"], fold(&frames[..seq]), "after {seq}");
        }
        let now = app.get(&format!("/api/runs/{run}/replay/state")).await.ok();
        assert_eq!(now["transcript"], fold(&frames));
        for frame in &frames {
            let time = frame.envelope.server_timestamp;
            let until = frames.iter().filter(|frame| frame.envelope.server_timestamp <= time).count();
            let time = kernel::rfc3339(time);
            let state = app.get(&format!("/api/runs/{run}/replay/state?t={time}")).await.ok();
            assert_eq!(state["seq"], until, "at {time}");
        }
        let before = app.get(&format!("/api/runs/{run}/replay/state?t=2020-01-01T00:00:00Z")).await.ok();
        assert_eq!((&before["seq"], &before["transcript"]), (&0.into(), &fold(&[])));
        app.close().await;
    }
}
