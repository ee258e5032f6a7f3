//! Appending: byte-exact, gapless, idempotent, fenced.

use futures::future::join_all;
use kernel::{Class, Fault};
use ledger::{Error, MAX_APPEND_BYTES, MAX_FRAME_BYTES};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use test_support::on_both_databases;

use crate::support::{FENCE, FOREIGN, Fixture, RUN, TENANT, frames, run};

on_both_databases! {
    async fn what_is_read_is_what_was_written_to_the_byte(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let given: Vec<String> = [
            r#"{"text":"a\nb\r\n\t\u0000\\n"}"#,
            "{\"text\":\"Grüße, 世界, 🦀, \u{2028}\u{2029}\u{85}\u{feff}\"}",
            r#"{ "spaced" : 1.0e0,  "b":1, "a":2, "a":3, "n":1e400 }"#,
            "not even JSON",
            " ",
            "'); DROP TABLE ledger; --$1?",
        ]
        .map(str::to_owned)
        .to_vec();
        fixture.append(1, given.clone()).await.unwrap();
        let large = vec![format!("\"{}\"", "ß".repeat(MAX_FRAME_BYTES / 2 - 1))];
        fixture.append(7, large.clone()).await.unwrap();
        let head = fixture.close(RUN, 8, &frames(8..=8)).await.unwrap();
        let expected = [given, large, frames(8..=8)].concat();
        assert_eq!(fixture.stored(RUN).await, expected);
        assert_eq!(fixture.followed(RUN, 0).await.unwrap(), expected);
        let verdict = fixture.ledger.reader().verify(TENANT, RUN).await.unwrap();
        assert_eq!((verdict.frames, verdict.first_bad_seq, verdict.head), (8, None, head.digest), "{verdict:?}");
    }

    async fn many_runs_appending_at_once_are_each_gapless(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let runs: Vec<_> = (10..40).map(run).collect();
        for run in &runs {
            fixture.open(*run).await;
        }
        let writers = runs.iter().zip(1_u64..).map(|(run, step)| {
            let ledger = fixture.ledger.clone();
            let run = *run;
            tokio::spawn(async move {
                let mut next = 1;
                while next <= 300 {
                    let last = (next + next % (7 + step)).min(300);
                    let head = ledger.append(run, FENCE, next, frames(next..=last)).await.unwrap();
                    assert_eq!(head.seq, last);
                    next = last + 1;
                }
            })
        });
        for writer in join_all(writers.collect::<Vec<_>>()).await {
            writer.unwrap();
        }
        for run in runs {
            assert_eq!(fixture.stored(run).await, frames(1..=300));
            let verdict = fixture.ledger.reader().verify(TENANT, run).await.unwrap();
            assert_eq!((verdict.frames, verdict.first_bad_seq), (300, None), "{verdict:?}");
        }
    }

    async fn one_runs_bad_append_fails_no_other_append_of_its_group(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.open(run(2)).await;
        fixture.append(1, frames(1..=2)).await.unwrap();
        // Appends that are begun together wait together for the committer.
        let (good, gap, conflict, again, next, fenced, unknown, other) = tokio::join!(
            fixture.append(3, frames(3..=4)),
            fixture.append(9, frames(9..=9)),
            fixture.append(4, frames(5..=5)),
            fixture.append(3, frames(3..=4)),
            fixture.append(2, frames(2..=6)),
            fixture.ledger.append(RUN, FENCE + 1, 7, frames(7..=7)),
            fixture.ledger.append(run(3), FENCE, 1, frames(1..=1)),
            fixture.ledger.append(run(2), FENCE, 1, frames(1..=3)),
        );
        assert_eq!(good.unwrap().seq, 4);
        assert!(matches!(gap, Err(Error::Gap { expected: 5, given: 9, .. })), "{gap:?}");
        assert!(matches!(conflict, Err(Error::Conflict { seq: 4, .. })), "{conflict:?}");
        assert_eq!(again.unwrap().seq, 4);
        assert_eq!(next.unwrap().seq, 6);
        assert!(matches!(fenced, Err(Error::Fenced { given: 2, current: 1, .. })), "{fenced:?}");
        assert!(matches!(unknown, Err(Error::UnknownRun { .. })), "{unknown:?}");
        assert_eq!(other.unwrap().seq, 3);
        assert_eq!(fixture.stored(RUN).await, frames(1..=6));
        assert_eq!(fixture.stored(run(2)).await, frames(1..=3));
    }

    async fn a_fenced_writer_is_stopped_and_the_next_goes_on_from_the_head(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let old = fixture.append(1, frames(1..=3)).await.unwrap();
        assert_eq!(fixture.fence(RUN, FENCE + 1).await.unwrap(), old);
        // Not even a repetition is answered: it must not take itself for the writer.
        for first_seq in [1, 4] {
            let error = fixture.append(first_seq, frames(first_seq..=4)).await.unwrap_err();
            assert!(matches!(error, Error::Fenced { given: 1, current: 2, .. }), "{error}");
            assert_eq!((error.class(), error.code()), (Class::Conflict, "LEDGER_FENCED"));
        }
        let error = fixture.close(RUN, 4, &frames(4..=4)).await.unwrap_err();
        assert!(matches!(error, Error::Fenced { .. }), "{error}");
        for stale in [FENCE, FENCE + 1] {
            let error = fixture.fence(RUN, stale).await.unwrap_err();
            assert!(matches!(error, Error::Fenced { current: 2, .. }), "{error}");
        }
        let head = fixture.ledger.append(RUN, FENCE + 1, 4, frames(4..=5)).await.unwrap();
        assert_eq!(head, fixture.ledger.reader().head(TENANT, RUN).await.unwrap());
        assert_eq!(fixture.stored(RUN).await, frames(1..=5));
    }

    async fn an_append_without_frames_tells_the_head(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let head = fixture.append(1, frames(1..=3)).await.unwrap();
        assert_eq!(fixture.append(4, vec![]).await.unwrap(), head);
        assert_eq!(fixture.append(2, vec![]).await.unwrap(), head);
        assert!(matches!(fixture.append(5, vec![]).await, Err(Error::Gap { expected: 4, given: 5, .. })));
        assert!(matches!(fixture.append(0, frames(0..=0)).await, Err(Error::Gap { expected: 4, given: 0, .. })));
    }

    async fn a_frame_that_is_not_one_line_or_too_large_is_refused(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let error = fixture.append(1, vec!["{}".to_owned(), "{\n}".to_owned()]).await.unwrap_err();
        assert!(matches!(error, Error::NotOneLine { seq: 2, .. }), "{error}");
        let large = "x".repeat(MAX_FRAME_BYTES);
        for (frames, limit) in [(vec![format!("{large}x")], MAX_FRAME_BYTES), (vec![large.clone(); 5], MAX_APPEND_BYTES)] {
            let error = fixture.append(1, frames.clone()).await.unwrap_err();
            assert!(matches!(error, Error::TooLarge { limit_bytes, .. } if limit_bytes == limit), "{error}");
        }
        let error = fixture.close(RUN, 1, &[format!("{large}x")]).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit_bytes: MAX_FRAME_BYTES, .. }), "{error}");
        assert_eq!(fixture.ledger.reader().head(TENANT, RUN).await.unwrap().seq, 0);
    }

    async fn an_unknown_and_a_foreign_run_are_the_same(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.close(RUN, 1, &frames(1..=3)).await.unwrap();
        for (tenant, run) in [(FOREIGN, RUN), (TENANT, run(5))] {
            let same = |error: Error| assert_eq!(error.to_string(), format!("there is no run {run}"));
            same(fixture.ledger.reader().head(tenant, run).await.unwrap_err());
            same(fixture.ledger.reader().page(tenant, run, 0, 10).await.unwrap_err());
            same(fixture.ledger.reader().page(tenant, run, 99, 10).await.unwrap_err());
            same(fixture.ledger.reader().verify(tenant, run).await.unwrap_err());
            let follow = fixture.ledger.reader().follow(tenant, run, 0);
            same(futures::TryStreamExt::try_collect::<Vec<_>>(follow).await.unwrap_err());
        }
    }

    async fn appending_any_batch_any_number_of_times_stores_each_frame_once(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let cases = sample(proptest::collection::vec((0_u64..40, 0_u64..12, any::<bool>()), 1..25), 24);
        for (case, n) in cases.into_iter().zip(100..) {
            fixture.open(run(n)).await;
            let mut stored: u64 = 0;
            for (back, length, is_other) in case {
                let first = (stored + 1).saturating_sub(back).max(1);
                let mut batch = frames(first..first + length);
                let overlap = (stored + 1 - first).min(length);
                let is_conflict = is_other && overlap > 0;
                if is_conflict {
                    batch[usize::try_from(overlap).unwrap() - 1].push(' ');
                }
                let answer = fixture.ledger.append(run(n), FENCE, first, batch).await;
                if is_conflict {
                    let bad = first + overlap - 1;
                    assert!(matches!(answer, Err(Error::Conflict { seq, .. }) if seq == bad), "{answer:?} {bad}");
                } else {
                    stored = stored.max(first + length - 1);
                    assert_eq!(answer.unwrap(), fixture.ledger.reader().head(TENANT, run(n)).await.unwrap());
                }
            }
            assert_eq!(fixture.stored(run(n)).await, frames(1..=stored));
            let verdict = fixture.ledger.reader().verify(TENANT, run(n)).await.unwrap();
            assert_eq!((verdict.frames, verdict.first_bad_seq), (stored, None), "{verdict:?}");
        }
    }

    async fn the_head_does_not_depend_on_how_frames_were_grouped(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.append(1, frames(1..=200)).await.unwrap();
        for seq in 1..=200 {
            fixture.append(seq, frames(seq..=seq)).await.unwrap();
        }
        let all = fixture.ledger.reader().head(TENANT, RUN).await.unwrap().digest;
        let mut chain = frames::Chain::new(RUN.into());
        for frame in frames(1..=200) {
            chain.push(frame.as_bytes());
        }
        assert_eq!(all, chain.head());
    }
}

fn sample<S: Strategy>(strategy: S, n: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..n).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}
