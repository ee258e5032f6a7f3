//! A simulation that is interrupted goes on where it was and comes to the same.

use std::time::Duration;

use frames::{Body, Frame};
use futures::TryStreamExt;
use kernel::RunId;
use test_support::on_both_databases;

use crate::support::{Fixture, TENANT};

/// Waits until a simulation has told of more finished ranges than are under way at once, so that the first is among them.
pub(crate) async fn some_is_done(fixture: &Fixture, run: RunId) {
    assert!(is_done(fixture, run, 4).await, "run {run} ended before it told of anything");
}

/// Waits until a simulation has told of so many finished ranges; false if it ended before.
async fn is_done(fixture: &Fixture, run: RunId, ranges: u64) -> bool {
    let mut chunks = std::pin::pin!(fixture.engine.ledger().reader().follow(TENANT, run, 0));
    while let Some(chunk) = chunks.try_next().await.unwrap() {
        for (_, text) in chunk.frames() {
            if matches!(Frame::parse(text).unwrap().body, Body::Progress(progress) if progress.done >= Some(ranges))
            {
                return true;
            }
        }
    }
    false
}

on_both_databases! {
    async fn a_killed_simulation_is_resumed_and_nothing_is_counted_twice(db: TestDb) {
        let twin = db.twin();
        let first = Fixture::idle(db, 1);
        first.engine.start();
        let season = first.season().await;
        let games = first.game_outcome(&season).await;
        let n = 24 << 18;
        let run = first.submit(season.request(games, n)).await.unwrap();
        some_is_done(&first, run).await;
        first.engine.shutdown(Duration::ZERO).await;

        let second = Fixture::started(twin);
        second.succeeded(run).await;
        let resumed = second.simulated(run).await;
        assert_eq!(resumed.total_simulations, n);
        // No finished range was computed twice.
        assert_eq!(second.settled(run).await.shards_done, 24);
        // Its finished ranges are stored: the same again takes them all.
        let (again, whole) = second.simulate(season.request(games, n)).await;
        assert_eq!(whole, resumed);
        assert_eq!(second.digests(again).await, second.digests(run).await);
    }

    async fn a_simulation_killed_again_and_again_ends_once_and_computes_no_range_twice(db: TestDb) {
        let mut fixture = Fixture::idle(db, 1);
        fixture.engine.start();
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let run = fixture.submit(season.request(games, 12 << 18)).await.unwrap();
        let mut kills = 0;
        for ranges in [1, 4, 7, 10] {
            if !is_done(&fixture, run, ranges).await {
                break;
            }
            fixture.engine.shutdown(Duration::ZERO).await;
            kills += 1;
            // A dead process leaves no result half written.
            let metrics = format!("run_artifact WHERE name = 'metrics' AND run_id IN ({ENDED})");
            assert_eq!(fixture.count(&metrics).await, fixture.count(&format!("({ENDED}) ended")).await);
            fixture = Fixture::idle(fixture.db.twin(), 1);
            fixture.engine.start();
        }
        fixture.succeeded(run).await;
        assert!(kills >= 2, "{kills}");
        let ended = fixture.settled(run).await;
        assert_eq!(ended.shards_done, 12);
        let names: Vec<String> = fixture.digests(run).await.into_iter().map(|one| one.0).collect();
        assert_eq!(names.iter().filter(|name| *name == "metrics").count(), 1);
        let (again, whole) = fixture.simulate(season.request(games, 12 << 18)).await;
        assert_eq!(whole, fixture.simulated(run).await);
        assert_eq!(fixture.digests(again).await, fixture.digests(run).await);
    }
}

/// Runs that have ended.
const ENDED: &str = "SELECT id FROM run WHERE ended_us IS NOT NULL";
