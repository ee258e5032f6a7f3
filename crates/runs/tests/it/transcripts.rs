//! Runs as what they show, and conversations that were cut.

use frames::{Frame, Transcript};
use kernel::{Seed, Tenant, TenantId};
use runs::{Cutting, Position, TranscriptError, Transcripts};
use serde_json::{Value, json};
use test_support::on_both_databases;
use uuid::Uuid;
use wire::runs::Truncate;

use crate::support::{Fixture, Script, TENANT};

fn transcripts(fixture: &Fixture) -> Transcripts {
    Transcripts::new(fixture.db.db.read.clone(), fixture.engine.ledger().reader().clone())
}

/// The fold of the first frames, made here.
fn fold(frames: &[Frame]) -> Value {
    let mut transcript = Transcript::default();
    for frame in frames {
        transcript.apply(frame);
    }
    json!(transcript)
}

async fn cut(fixture: &Fixture, run: &runs::Run, seq: u64) -> wire::runs::Cut {
    let (write, ledger) = (&fixture.db.db.write, fixture.engine.ledger().reader());
    let (who, at) = (Cutting { tenant: TENANT, by: None }, Truncate { run_id: run.id, seq });
    let cut = runs::truncate_conversation(write, ledger, &kernel::SystemClock, who, run.conversation_id, at);
    cut.await.unwrap().0
}

on_both_databases! {
    async fn a_state_is_the_same_whatever_was_folded_before_it(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Count(5000)).await.id;
        let mut frames: Vec<Frame> = Vec::new();
        loop {
            let page = next(&fixture, run, frames.len()).await;
            if page.is_empty() {
                break;
            }
            frames.extend(page.iter().map(|(_, text)| Frame::parse(text).unwrap()));
        }
        let transcripts = transcripts(&fixture);
        let mut random = Seed(11).stream("places");
        transcripts.state(TENANT, run, Position::End).await.unwrap();
        for _ in 0..25 {
            let seq = random.index(frames.len() + 1);
            let state = transcripts.state(TENANT, run, Position::Seq(seq as u64)).await.unwrap();
            assert_eq!(serde_json::from_str::<Value>(state.transcript.get()).unwrap(), fold(&frames[..seq]), "after {seq}");
        }
        let stranger = Tenant::verified(TenantId(Uuid::from_u128(9)));
        let refused = transcripts.state(stranger, run, Position::End).await.unwrap_err();
        assert!(matches!(refused, TranscriptError::NotFound(_)), "{refused}");
    }

    async fn a_cut_is_never_changed_nor_taken_back(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Count(3)).await;
        let made = cut(&fixture, &run, 2).await;
        assert_eq!((made.number, made.runs, made.seq), (1, 1, 2));
        for sql in [
            "UPDATE conversation_cut SET seq = 1",
            "DELETE FROM conversation_cut",
            "INSERT INTO conversation_cut SELECT * FROM conversation_cut",
        ] {
            assert!(fixture.execute(sql).await.is_err(), "{sql}");
        }
        let cuts = runs::cuts(&fixture.db.db.read, TENANT, run.conversation_id).await.unwrap();
        assert_eq!(cuts, [made]);
        let stranger = Tenant::verified(TenantId(Uuid::from_u128(9)));
        assert!(runs::cuts(&fixture.db.db.read, stranger, run.conversation_id).await.unwrap().is_empty());
        assert!(fixture.engine.verifier().verify(TENANT, run.id).await.unwrap().verified);
    }
}

async fn next(fixture: &Fixture, run: kernel::RunId, after: usize) -> Vec<(u64, String)> {
    let reader = fixture.engine.ledger().reader();
    reader.page(TENANT, run, after as u64, 1000).await.unwrap().frames
}

/// SQLite only: `REPLACE` removes what stands in its way without any delete trigger.
#[test]
fn a_cut_is_not_replaced() {
    test_support::block_on(async {
        let fixture = Fixture::started(test_support::sqlite().await);
        let run = fixture.run(Script::Count(3)).await;
        cut(&fixture, &run, 1).await;
        let replace = "REPLACE INTO conversation_cut SELECT * FROM conversation_cut";
        assert!(fixture.execute(replace).await.is_err());
    });
}
