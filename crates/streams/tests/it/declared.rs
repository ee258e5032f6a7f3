//! Streams declared as frames of the public contract: what is appended is a run.

use std::fs;
use std::path::{Path, PathBuf};

use frames::{Chain, Frame, LedgerId};
use kernel::{Fault as _, RunId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config as Cases, TestRunner};
use runs::RunState;
use serde_json::{Value, json};
use streams::{Config, Error, Fork, Lifetime, Schema};
use test_support::on_both_databases;

use crate::record::{array, final_frame, frame, of, produce_values, text_frame, transcript, write};
use crate::support::{Fixture, path, plain, text};

const FRAMES: Schema = Schema::PublicSseV1;

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

/// Three frames of a chat.
fn chat() -> Vec<String> {
    vec![text_frame(1, "one "), text_frame(2, "two"), final_frame(3, "completed")]
}

/// Goldens of the public contract, and the examples of others where they are there: a name and its frames.
fn recorded() -> Vec<(PathBuf, Vec<String>)> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let examples = std::env::var_os("ASSAY_CONFORMANCE_DATA")
        .map_or_else(|| workspace.join("../shared/data/public_sse_v1"), PathBuf::from);
    let folders = [workspace.join("openapi/goldens"), examples];
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "ndjson"));
    files.sort();
    let lines = |file: &PathBuf| fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect();
    let all = files.into_iter().map(|file| (file.clone(), lines(&file)));
    let is_public =
        |lines: &[String]| Frame::parse(&lines[0]).unwrap().envelope.schema.as_str() == "public_sse_v1";
    all.filter(|(_, lines): &(PathBuf, Vec<String>)| is_public(lines)).collect()
}

/// What the door makes of a frame that was sent.
fn admitted(sent: &str) -> String {
    let frame = Frame::parse(sent).unwrap();
    let admitted = frames::door::admit(frame.clone());
    if admitted == frame { sent.to_owned() } else { admitted.to_text() }
}

/// The head of a chain of these frames, under one id whichever run they are of.
fn head(frames: &[String]) -> String {
    let mut chain = Chain::new(LedgerId::from(RunId(uuid::Uuid::nil())));
    for frame in frames {
        chain.push(frame.as_bytes());
    }
    chain.head().to_string()
}

async fn check_recorded(it: &Fixture, at: &str, file: &Path, sent: &[String]) {
    let run = it.run_of(at).await;
    let stored = it.frames_of(run).await;
    let expected: Vec<String> = sent.iter().map(|frame| admitted(frame)).collect();
    assert_eq!(stored, expected, "{}", file.display());
    assert_eq!(it.text(at).await.unwrap(), expected.join(","));
    let shown = file.with_extension("transcript.json");
    if let Ok(shown) = fs::read_to_string(shown) {
        assert_eq!(transcript(&stored), serde_json::from_str::<Value>(&shown).unwrap(), "{}", file.display());
    }
    assert!(it.run(run).await.state.is_terminal());
    assert!(it.streams.reader().find(crate::support::TENANT, &path(at)).await.unwrap().is_closed());
}

on_both_databases! {
    async fn a_recorded_stream_becomes_a_run_of_the_same_bytes_however_it_is_cut(db: TestDb) {
        let it = Fixture::new(db);
        let recorded = recorded();
        assert!(recorded.len() >= 4, "the goldens are there");
        for (n, (file, sent)) in recorded.iter().enumerate() {
            let (one, whole) = (format!("one/{n}"), format!("whole/{n}"));
            for at in [&one, &whole] {
                assert!(it.create(at, of(FRAMES)).await.unwrap());
            }
            for frame in sent {
                write(&it.streams, &one, std::slice::from_ref(frame)).await.unwrap();
            }
            assert!(write(&it.streams, &whole, sent).await.unwrap().is_closed);
            for at in [&one, &whole] {
                check_recorded(&it, at, file, sent).await;
            }
        }
    }

    async fn a_frame_that_breaks_the_contract_refuses_the_whole_append(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", of(FRAMES)).await.unwrap();
        write(&it.streams, "a", &chat()[..1]).await.unwrap();
        let run = it.run_of("a").await;
        for (values, expected, field) in [
            (vec![text_frame(2, "x"), text_frame(4, "x")], "STREAM_NUMBER", "[1]"),
            (vec![text_frame(2, "x"), frame(3, json!({ "kind": "what" }))], "FRAME_UNKNOWN_WORD", "[1].kind"),
            (vec![text_frame(1, "x")], "STREAM_NUMBER", "[0]"),
            (vec!["1".to_owned()], "FRAME_WRONG_TYPE", "[0]"),
            (vec![final_frame(2, "completed"), text_frame(3, "x")], "STREAM_AFTER_TERMINAL", "[1]"),
            (vec![text_frame(2, "x").replace("chat_1", "chat_2")], "STREAM_CONSTANT_CHANGED", "[0].stream_id"),
            (vec![text_frame(2, "x").replace("public_sse_v1", "run_v1")], "STREAM_CONSTANT_CHANGED", "[0].schema"),
        ] {
            let error = write(&it.streams, "a", &values).await.unwrap_err();
            assert_eq!((error.code(), error.fields()[0].field.as_str()), (expected, field), "{error}");
            assert_eq!(it.frames_of(run).await, chat()[..1]);
            assert_eq!(it.text("a").await.unwrap(), chat()[0]);
        }
        // A refusal leaves the stream as it was.
        assert!(write(&it.streams, "a", &chat()[1..]).await.unwrap().is_closed);
        it.check_ended(run, RunState::Succeeded).await;
    }

    async fn the_last_frame_ends_run_and_stream_and_whoever_wrote_it_may_close_again(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", of(FRAMES)).await.unwrap();
        assert!(produce_values(&it.streams, "a", &chat(), 0).await.unwrap().is_closed);
        assert!(produce_values(&it.streams, "a", &chat(), 0).await.unwrap().is_duplicate);
        assert_eq!(code(write(&it.streams, "a", &[text_frame(4, "x")]).await), "STREAM_CLOSED");
        assert!(it.close("a").await.unwrap().is_closed);
        it.check_ended(it.run_of("a").await, RunState::Succeeded).await;
        assert_eq!(it.followed("a").await, chat().join(","));
    }

    async fn a_stream_that_goes_without_an_end_gives_its_run_one_that_says_so(db: TestDb) {
        let it = Fixture::new(db);
        let mut ended = Vec::new();
        for (at, begun) in [("closed", 2), ("deleted", 2), ("expired", 2), ("nothing", 0)] {
            let lifetime = if at == "expired" { Lifetime::Ttl(60) } else { Lifetime::Unsaid };
            it.create(at, Config { lifetime, ..of(FRAMES) }).await.unwrap();
            if begun > 0 {
                write(&it.streams, at, &chat()[..begun]).await.unwrap();
            }
            ended.push((at, begun, it.run_of(at).await));
        }
        it.close("closed").await.unwrap();
        it.close("nothing").await.unwrap();
        it.delete("deleted").await.unwrap();
        it.clock.advance(std::time::Duration::from_secs(61));
        it.streams.sweep().await.unwrap();
        for (at, begun, run) in ended {
            it.check_ended(run, RunState::Failed).await;
            let frames = it.frames_of(run).await;
            assert_eq!(frames.len(), begun + 1, "{at}");
            let last: Value = serde_json::from_str(&frames[begun]).unwrap();
            assert_eq!((&last["kind"], &last["error"]["source"]), (&json!("error"), &json!("server")), "{at}");
            let expected = match at {
                "deleted" => "STREAM_DELETED",
                "expired" => "STREAM_EXPIRED",
                _ => "STREAM_CLOSED_EARLY",
            };
            assert_eq!(it.run(run).await.problem.unwrap().code, expected);
        }
        // Its path is free, and another stream is another run.
        assert!(it.create("expired", of(FRAMES)).await.unwrap());
        assert!(!it.run(it.run_of("expired").await).await.state.is_terminal());
    }

    async fn what_a_stream_is_declared_to_be_is_part_of_what_it_is(db: TestDb) {
        let it = Fixture::new(db);
        assert!(it.create("a", of(FRAMES)).await.unwrap());
        assert!(!it.create("a", of(FRAMES)).await.unwrap());
        assert_eq!(code(it.create("a", of(Schema::AgUi)).await), "STREAM_EXISTS");
        assert_eq!(code(it.create("a", Config { schema: None, ..of(FRAMES) }).await), "STREAM_EXISTS");
        assert_eq!(code(it.create("b", Config { content_type: Some(text()), ..of(FRAMES) }).await), "STREAM_REQUEST");
        let fork = Some(Fork { source: path("a"), after: None, more: 0 });
        assert_eq!(code(it.create("b", Config { fork: fork.clone(), ..of(FRAMES) }).await), "STREAM_REQUEST");
        write(&it.streams, "a", &chat()[..1]).await.unwrap();
        // A fork of a record is a stream like any other.
        it.create("b", Config { content_type: None, fork, ..plain() }).await.unwrap();
        assert_eq!(it.text("b").await.unwrap(), chat()[0]);
        write(&it.streams, "b", &["1".to_owned()]).await.unwrap();
    }

    async fn a_run_may_begin_and_end_with_its_stream(db: TestDb) {
        let it = Fixture::new(db);
        let (whole, part) = (array(&chat()), array(&chat()[..1]));
        it.create("whole", Config { body: whole.as_bytes(), ..of(FRAMES) }).await.unwrap();
        it.create("part", Config { body: part.as_bytes(), is_closed: true, ..of(FRAMES) }).await.unwrap();
        it.check_ended(it.run_of("whole").await, RunState::Succeeded).await;
        it.check_ended(it.run_of("part").await, RunState::Failed).await;
        let bad = array(&[text_frame(2, "x")]);
        let refused = it.create("bad", Config { body: bad.as_bytes(), ..of(FRAMES) }).await;
        assert_eq!(code(refused), "STREAM_NUMBER");
        assert_eq!(code(it.text("bad").await), "STREAM_NOT_FOUND");
    }

    async fn writers_of_two_processes_go_on_where_the_other_was(db: TestDb) {
        let it = Fixture::new(db);
        let other = it.beside();
        it.create("a", of(FRAMES)).await.unwrap();
        for event_id in 1..=20 {
            let streams = if event_id % 3 == 0 { &other } else { &it.streams };
            let value = [text_frame(event_id, "x")];
            write(streams, "a", &value).await.unwrap();
            // What one of them has stored, the other knows to be stored.
            if event_id % 4 == 0 {
                let twice = write(if event_id % 3 == 0 { &it.streams } else { &other }, "a", &value).await;
                assert_eq!(code(twice), "STREAM_NUMBER");
            }
        }
        write(&other, "a", &[final_frame(21, "completed")]).await.unwrap();
        assert_eq!(code(write(&it.streams, "a", &[text_frame(22, "x")]).await), "STREAM_CLOSED");
        let run = it.run_of("a").await;
        it.check_ended(run, RunState::Succeeded).await;
        assert_eq!(it.frames_of(run).await.len(), 21);
    }

    async fn of_two_producers_with_the_same_frame_one_is_refused(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", of(FRAMES)).await.unwrap();
        for event_id in 1..=10 {
            let (x, y) = ([text_frame(event_id, "x")], [text_frame(event_id, "y")]);
            let (x, y) = tokio::join!(write(&it.streams, "a", &x), write(&it.streams, "a", &y));
            assert_eq!([x.is_ok(), y.is_ok()].into_iter().filter(|is_stored| *is_stored).count(), 1);
        }
        let frames = it.frames_of(it.run_of("a").await).await;
        let numbers: Vec<u64> =
            frames.iter().map(|frame| Frame::parse(frame).unwrap().envelope.event_id).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<u64>>());
    }

    async fn a_run_that_is_ended_where_it_is_shown_ends_its_stream(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", of(FRAMES)).await.unwrap();
        write(&it.streams, "a", &chat()[..1]).await.unwrap();
        let run = it.run_of("a").await;
        it.engine.abandon(crate::support::TENANT, run, "its writer is gone").await.unwrap();
        assert!(it.streams.reader().find(crate::support::TENANT, &path("a")).await.unwrap().is_closed());
        assert_eq!(code(write(&it.streams, "a", &chat()[1..]).await), "STREAM_CLOSED");
        assert_eq!(it.frames_of(run).await[..1], chat()[..1]);
        it.delete("a").await.unwrap();
    }

    async fn branches_of_a_workflow_stay_apart(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", of(FRAMES)).await.unwrap();
        let branch = |event_id: usize, index: usize, delta: &str| {
            let workflow = json!({ "stage_name": "s", "parallel_group": "g", "branch_index": index });
            frame(event_id, json!({ "kind": "message.delta", "workflow": workflow, "response_id": "r",
                "output_index": 0, "item_id": "m", "content_index": 0, "delta": delta }))
        };
        let frames = [branch(1, 0, "a"), branch(2, 1, "x"), branch(3, 0, "b"), branch(4, 1, "y"), final_frame(5, "completed")];
        for frame in &frames {
            write(&it.streams, "a", std::slice::from_ref(frame)).await.unwrap();
        }
        let shown = transcript(&it.frames_of(it.run_of("a").await).await).to_string();
        assert!(shown.contains("\"ab\"") && shown.contains("\"xy\""), "{shown}");
    }

    async fn however_frames_are_split_into_appends_the_record_is_the_same(db: TestDb) {
        let it = Fixture::new(db);
        let (_, sent) = recorded().into_iter().max_by_key(|(_, lines)| lines.len()).unwrap();
        let sent: Vec<String> = sent.iter().map(|frame| admitted(frame)).collect();
        let mut runner = TestRunner::new(Cases { cases: 12, ..Cases::default() });
        let mut cuts = Vec::new();
        for _ in 0..12 {
            cuts.push(vec(1..8_usize, sent.len()).new_tree(&mut runner).unwrap().current());
        }
        for (n, cuts) in cuts.iter().enumerate() {
            let at = format!("split/{n}");
            it.create(&at, of(FRAMES)).await.unwrap();
            let (mut rest, mut seq) = (&sent[..], 0);
            for cut in cuts {
                let (part, after) = rest.split_at((*cut).min(rest.len()));
                if part.is_empty() {
                    break;
                }
                produce_values(&it.streams, &at, part, seq).await.unwrap();
                // An answer that was lost is asked for again, and doubles nothing.
                assert!(produce_values(&it.streams, &at, part, seq).await.unwrap().is_duplicate);
                (rest, seq) = (after, seq + 1);
            }
            assert_eq!(head(&it.frames_of(it.run_of(&at).await).await), head(&sent));
        }
    }
}
