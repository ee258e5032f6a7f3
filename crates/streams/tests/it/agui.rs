//! Streams declared as events of AG-UI: what an agent says is a run.

use frames::Frame;
use kernel::Fault as _;
use runs::RunState;
use serde_json::{Value, json};
use streams::Schema;
use test_support::on_both_databases;

use crate::record::{of, transcript, write};
use crate::support::Fixture;

/// What an agent says that looks something up.
fn session() -> Vec<String> {
    let events = [
        json!({ "type": "RUN_STARTED", "threadId": "t", "runId": "r" }),
        json!({ "type": "STEP_STARTED", "stepName": "look" }),
        json!({ "type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "sales" }),
        json!({ "type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "{\"days\":90}" }),
        json!({ "type": "TOOL_CALL_END", "toolCallId": "c" }),
        json!({ "type": "STATE_SNAPSHOT", "snapshot": { "api_key": "k-123", "rows": 90 } }),
        json!({ "type": "TOOL_CALL_RESULT", "messageId": "n", "toolCallId": "c", "content": "{\"password\":\"p\"}" }),
        json!({ "type": "STEP_FINISHED", "stepName": "look" }),
        json!({ "type": "TEXT_MESSAGE_CHUNK", "messageId": "m", "delta": "Sales fell." }),
        json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r" }),
    ];
    events.iter().map(Value::to_string).collect()
}

on_both_databases! {
    async fn the_events_of_an_agent_become_a_run_however_they_are_cut(db: TestDb) {
        let it = Fixture::new(db);
        let events = session();
        let mut shown = Vec::new();
        for cut in [1, 3, events.len()] {
            let at = format!("a/{cut}");
            it.create(&at, of(Schema::AgUi)).await.unwrap();
            for (n, part) in events.chunks(cut).enumerate() {
                // Another process goes on where this one was.
                let streams = if n % 2 == 1 { it.beside() } else { it.streams.clone() };
                write(&streams, &at, part).await.unwrap();
            }
            let run = it.run_of(&at).await;
            it.check_ended(run, RunState::Succeeded).await;
            let frames = it.frames_of(run).await;
            let kinds = |frames: &[String]| -> Vec<&str> {
                frames.iter().map(|frame| Frame::parse(frame).unwrap().kind()).collect()
            };
            shown.push((kinds(&frames), transcript(&frames)["attempts"].clone()));
        }
        assert!(shown.iter().all(|one| *one == shown[0]));
        assert_eq!(shown[0].0.last(), Some(&"final"));
    }

    async fn what_looks_like_a_secret_is_in_neither_the_run_nor_the_stream(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", of(Schema::AgUi)).await.unwrap();
        write(&it.streams, "a", &session()).await.unwrap();
        let frames = it.frames_of(it.run_of("a").await).await.join("\n");
        let stream = it.text("a").await.unwrap();
        for secret in ["k-123", "\\\"p\\\"", "\"p\""] {
            assert!(!frames.contains(secret), "{frames}");
        }
        assert!(!stream.contains("k-123"), "{stream}");
        assert!(frames.contains("ag_ui.snapshot.api_key") && frames.contains("ag_ui.STATE_SNAPSHOT"), "{frames}");
    }

    async fn an_event_that_is_none_is_refused_by_its_name_and_nothing_is_stored(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", of(Schema::AgUi)).await.unwrap();
        let events = session();
        write(&it.streams, "a", &events[..1]).await.unwrap();
        let unknown = json!({ "type": "TEXT_MESSAGE_BEGIN" }).to_string();
        let error = write(&it.streams, "a", &[events[1].clone(), unknown]).await.unwrap_err();
        assert_eq!((error.code(), error.fields()[0].field.as_str()), ("AG_UI_UNKNOWN_TYPE", "[1].type"));
        assert!(error.to_string().contains("TEXT_MESSAGE_BEGIN"), "{error}");
        assert_eq!(it.frames_of(it.run_of("a").await).await.len(), 1);
        write(&it.streams, "a", &events[1..]).await.unwrap();
    }
}
