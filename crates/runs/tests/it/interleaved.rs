//! Runs of one conversation that go on at the same time: their frames never mix.

use frames::{Body, FinalStatus, Frame, Schema};
use kernel::{ConversationId, RunId};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use runs::foreign::{Held, Kind, Opening};
use runs::{AtOpen, Place, Told};
use test_support::on_both_databases;

use crate::foreign::{append, close, ended, told};
use crate::support::{Fixture, TENANT};

/// So many schedules are tried on each database.
const SCHEDULES: usize = 8;
const RUNS: usize = 4;
/// A page has fewer frames than a run.
const PAGE: usize = 7;

/// A run with what is to be appended to it.
struct Going {
    held: Held,
    frames: Vec<Frame>,
    appended: usize,
}

/// Opens runs in one conversation, the first of which makes it.
async fn open_runs(fixture: &Fixture) -> (ConversationId, Vec<Going>) {
    let (runs, write) = (fixture.engine.foreign(), &fixture.db.db.write);
    let mut conversation_id = None;
    let mut going = Vec::new();
    for n in 1..=RUNS as u64 {
        let opening = Opening {
            kind: Kind::Stream,
            title: format!("stream {n}"),
            spec: "{}".to_owned(),
            holder: "test".to_owned(),
            conversation_id,
            inputs: Vec::new(),
        };
        let held = write.write("test", async |tx| runs.open_in(tx, TENANT, &opening).await).await.unwrap();
        conversation_id = Some(fixture.found(held.run).await.conversation_id);
        let end: Option<Body> = ended(FinalStatus::Completed);
        going.push(Going { held, frames: told(Schema::PublicSseV1, 10 * n, end), appended: 0 });
    }
    (conversation_id.unwrap(), going)
}

/// Appends frames to the runs by turns, and ends those that come to their last.
async fn follow(fixture: &Fixture, going: &mut [Going], turns: &[(usize, usize)]) {
    for (run, frames) in turns {
        let Going { held, frames: all, appended } = &mut going[*run];
        let until = all.len().min(*appended + frames);
        let next = &all[*appended..until];
        *appended = until;
        if next.is_empty() {
            continue;
        }
        if until == all.len() {
            close(fixture, *held, next).await.unwrap();
        } else {
            append(fixture, *held, next).await.unwrap();
        }
    }
}

/// The whole replay of a conversation, page by page.
async fn replayed(fixture: &Fixture, id: ConversationId) -> Vec<(RunId, u64, String)> {
    let (db, ledger) = (&fixture.db.db.read, fixture.engine.ledger().reader());
    let (mut place, mut all) = (Place::START, Vec::new());
    loop {
        let page =
            runs::replay_conversation((db, ledger), TENANT, id, place, PAGE, AtOpen::PassOver).await.unwrap();
        all.extend(page.told.into_iter().map(|told| match told {
            Told::Frame { run, seq, text } => (run, seq, text),
            other => panic!("nothing was cut and nothing let go: {other:?}"),
        }));
        if page.is_end {
            return all;
        }
        place = page.end;
    }
}

on_both_databases! {
    async fn frames_of_runs_that_go_on_at_the_same_time_never_mix(db: TestDb) {
        let fixture = Fixture::new(db);
        let schedule = vec((0..RUNS, 1..6_usize), 1..60);
        let mut runner = TestRunner::deterministic();
        for _ in 0..SCHEDULES {
            let turns = schedule.new_tree(&mut runner).unwrap().current();
            let (conversation, mut going) = open_runs(&fixture).await;
            follow(&fixture, &mut going, &turns).await;
            let mut expected = Vec::new();
            for Going { held, frames, appended } in &going {
                let page = fixture.engine.ledger().reader().page(TENANT, held.run, 0, 1000).await.unwrap();
                let own: Vec<_> = (1_u64..).zip(frames[..*appended].iter().map(Frame::to_text)).collect();
                assert_eq!(page.frames, own, "{turns:?}");
                expected.extend(own.into_iter().map(|(seq, text)| (held.run, seq, text)));
            }
            assert_eq!(replayed(&fixture, conversation).await, expected, "{turns:?}");
        }
    }
}
