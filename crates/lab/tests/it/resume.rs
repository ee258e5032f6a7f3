//! A simulation that is interrupted goes on where it was and comes to the same.

use std::time::Duration;

use frames::{Body, Frame};
use futures::TryStreamExt;
use kernel::RunId;
use test_support::on_both_databases;

use crate::support::{Fixture, TENANT};

/// Waits until a simulation has told of more finished ranges than are under way at once, so that the first is among them.
pub(crate) async fn some_is_done(fixture: &Fixture, run: RunId) {
    let mut chunks = std::pin::pin!(fixture.engine.ledger().reader().follow(TENANT, run, 0));
    while let Some(chunk) = chunks.try_next().await.unwrap() {
        for (_, text) in chunk.frames() {
            if matches!(Frame::parse(text).unwrap().body, Body::Progress(progress) if progress.done >= Some(4))
            {
                return;
            }
        }
    }
    panic!("run {run} ended before it told of anything");
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
        // Its finished ranges are stored: the same again takes them all.
        let (again, whole) = second.simulate(season.request(games, n)).await;
        assert_eq!(whole, resumed);
        assert_eq!(second.digests(again).await, second.digests(run).await);
    }
}
