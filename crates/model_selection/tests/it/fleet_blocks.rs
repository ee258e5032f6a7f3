//! Forecasts of fleets of several blocks: the same whatever computes them, resumed without computing anything twice, and not
//! to be misled by stored results that are none.

use std::fmt::Write as _;
use std::time::Duration;

use frames::{Body, Frame};
use futures::StreamExt as _;
use kernel::{Digest, RunId};
use model_selection::Submission;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use test_support::{TestDb, on_both_databases};
use wire::model_selection::FleetForecastRequest;
use wire::runs::Status;

use crate::support::{Fixture, TENANT, candidates};

/// Three blocks, of which each third series speaks for the fleet; each tenth never changes, each eleventh is too short to be
/// learned from.
fn fleet() -> String {
    let mut csv = "series,date,value\n".to_owned();
    for series in 0..9_000_u32 {
        let months = if series % 11 == 0 { 3 } else { 26 + series % 3 };
        for month in 0..months {
            let value = if series % 10 == 0 { 5 } else { 10 + (series * 7 + month * month * 31) % 97 };
            let _ = writeln!(csv, "s{series},{}-{:02}-01,{value}", 2020 + month / 12, month % 12 + 1);
        }
    }
    csv
}

impl Fixture {
    async fn submit_fleet(&self) -> RunId {
        let dataset = self.import(&fleet()).await;
        let request = FleetForecastRequest {
            models: candidates(&["naive", "seasonal_naive"]),
            season_length: Some(12),
            ..FleetForecastRequest::of_dataset(dataset, 2)
        };
        self.selector.submit_fleet_forecast(TENANT, Submission::new(request)).await.unwrap()
    }

    async fn number(&self, sql: &str) -> i64 {
        let read = &self.db.db.read;
        let row = read.conn().query_one_raw(Statement::from_string(read.backend(), sql)).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    }

    /// Stops the engine as soon as a step is in the ledger, and gives a new one on the same database and store.
    async fn killed_after(self, run: RunId, step: &str) -> Self {
        let reader = self.engine.ledger().reader().clone();
        let mut chunks = std::pin::pin!(reader.follow(TENANT, run, 0));
        loop {
            let chunk = chunks.next().await.unwrap().unwrap();
            let frames = chunk.frames().map(|(_, text)| Frame::parse(text).unwrap()).collect::<Vec<_>>();
            if frames.iter().any(|frame| is_step(frame, step)) {
                break;
            }
        }
        self.engine.shutdown(Duration::ZERO).await;
        Self::idle(self.db, 2)
    }
}

fn is_step(frame: &Frame, step: &str) -> bool {
    matches!(&frame.body, Body::StepCompleted(completed) if completed.step == step)
}

/// The artifacts of an undisturbed run.
async fn undisturbed(db: TestDb, threads: usize) -> Vec<(String, Digest)> {
    let fixture = Fixture::idle(db, threads);
    fixture.engine.start();
    let run = fixture.submit_fleet().await;
    fixture.engine.settled(TENANT, run).await.unwrap();
    fixture.digests(run).await
}

const COMPUTED: &str = "SELECT shards_done FROM run";
const STORED: &str = "SELECT count(*) FROM shard_result";

on_both_databases! {
    async fn a_fleet_of_several_blocks_is_whole_and_in_order(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.submit_fleet().await;
        fixture.engine.settled(TENANT, run).await.unwrap();
        let found = fixture.selector.reader().fleet_forecast(TENANT, run).await.unwrap();
        assert_eq!(found.status, Status::Succeeded, "{:?}", found.course.error_message);
        let result = found.result.unwrap();
        // Three values are enough for the last one again.
        assert_eq!((found.series_total, result.series_forecast), (9_000, 9_000));
        assert!(result.assumptions.iter().any(|one| one.contains("from 3000 of its 9000 series")), "{:?}", result.assumptions);
        let (mut names, mut from) = (Vec::new(), Some(0));
        while let Some(place) = from {
            let page = fixture.selector.reader().fleet_forecast_series(TENANT, run, place, 500).await.unwrap();
            names.extend(page.items.into_iter().map(|one| one.name));
            from = page.next;
        }
        assert_eq!(names, (0..9_000).map(|n| format!("s{n}")).collect::<Vec<_>>());
        let frames = fixture.frames(run).await;
        for step in ["sample", "block 1 of 3", "block 2 of 3", "block 3 of 3"] {
            assert_eq!(frames.iter().filter(|frame| is_step(frame, step)).count(), 1, "{step}");
        }
        let verified = fixture.engine.verifier().verify(TENANT, run).await.unwrap();
        assert!(verified.verified, "{verified:?}");
    }

    async fn one_thread_two_and_a_killed_one_give_the_same_bytes_and_compute_nothing_twice(db: TestDb) {
        let expected = undisturbed(test_support::sqlite().await, 1).await;
        assert_eq!(undisturbed(test_support::sqlite().await, 2).await, expected);
        let fixture = Fixture::started(db);
        let run = fixture.submit_fleet().await;
        let fixture = fixture.killed_after(run, "block 1 of 3").await;
        let before = fixture.number(STORED).await;
        fixture.engine.start();
        fixture.engine.settled(TENANT, run).await.unwrap();
        assert_eq!(fixture.digests(run).await, expected);
        let (computed, stored) = (fixture.number(COMPUTED).await, fixture.number(STORED).await);
        assert!(before < stored, "the run was killed on its way: {before} of {stored}");
        assert_eq!(computed, stored, "no shard was computed again");
        let frames = fixture.frames(run).await;
        assert_eq!(frames.iter().filter(|frame| is_step(frame, "block 1 of 3")).count(), 1);
    }

    async fn a_stored_result_that_is_not_what_was_recorded_is_computed_again(db: TestDb) {
        let expected = undisturbed(test_support::sqlite().await, 2).await;
        let fixture = Fixture::started(db);
        let run = fixture.submit_fleet().await;
        // Of the sample, every stored result is recorded by now, and nothing of the blocks is stored.
        let fixture = fixture.killed_after(run, "sample").await;
        // The results of the sample's shards become those of one of them, whole, with their digests.
        let off = if fixture.db.db.write.backend() == DatabaseBackend::Postgres {
            "DROP TRIGGER shard_result_guard ON shard_result"
        } else {
            "DROP TRIGGER shard_result_update"
        };
        fixture.execute(off, vec![]).await;
        let differing = "SELECT count(DISTINCT output_digest) FROM shard_result WHERE kind = 'fleet_forecast'";
        assert!(fixture.number(differing).await > 1);
        let other = "SELECT shard_key FROM shard_result WHERE kind = 'fleet_forecast' ORDER BY size_bytes DESC, shard_key LIMIT 1";
        let forge = format!(
            "UPDATE shard_result SET output = (SELECT output FROM shard_result WHERE shard_key = ({other})),
                output_digest = (SELECT output_digest FROM shard_result WHERE shard_key = ({other}))
             WHERE kind = 'fleet_forecast'"
        );
        fixture.execute(&forge, vec![]).await;
        assert_eq!(fixture.number(differing).await, 1);
        fixture.engine.start();
        fixture.engine.settled(TENANT, run).await.unwrap();
        assert_eq!(fixture.digests(run).await, expected);
    }
}
