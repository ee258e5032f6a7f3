//! The same spec gives the same artifact bytes: on one thread and on many, on either database, computed or stored.

use kernel::{Digest, RunId};
use test_support::{TestDb, on_both_databases};

use crate::support::{Fixture, TENANT, monthly_csv, on_dataset, on_pair, weekly};

const MODELS: [&str; 4] = ["naive", "seasonal_naive", "moving_average", "trend_regression_baseline"];

async fn artifacts(db: TestDb, compute_threads: usize) -> Vec<Vec<(String, Digest)>> {
    let fixture = Fixture::idle(db, compute_threads);
    fixture.engine.start();
    let pair = fixture.sells(&weekly(200)).await;
    let dataset = fixture.import(&monthly_csv()).await;
    let mut digests = Vec::new();
    for request in [on_pair(pair, 200, &MODELS), on_dataset(dataset, 12, &MODELS)] {
        let id: RunId = fixture.submit(request).await;
        fixture.engine.settled(TENANT, id).await.unwrap();
        digests.push(fixture.digests(id).await);
    }
    digests
}

on_both_databases! {
    async fn one_thread_two_and_four_give_the_same_bytes(db: TestDb) {
        let on_four = artifacts(db, 4).await;
        let on_one = artifacts(test_support::sqlite().await, 1).await;
        assert_eq!(on_four, on_one);
        assert_eq!(on_four, artifacts(test_support::sqlite().await, 2).await);
        let names: Vec<_> = on_one[0].iter().map(|artifact| artifact.0.as_str()).collect();
        assert_eq!(names, ["folds", "metrics", "ranking", "ranks", "series"]);
    }

    async fn a_second_run_takes_the_stored_backtests_and_gives_the_same_bytes(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let first = fixture.compare(on_pair(pair, 120, &MODELS)).await;
        let second = fixture.compare(on_pair(pair, 120, &MODELS)).await;
        assert_ne!(first.selection_id, second.selection_id);
        assert_eq!(fixture.digests(first.selection_id).await, fixture.digests(second.selection_id).await);
        assert_eq!(second.progress.completed, 4);
        assert_ne!(first.winner.unwrap().candidate_id, second.winner.unwrap().candidate_id);
    }

    async fn the_world_may_go_after_the_submit(db: TestDb) {
        let fixture = Fixture::idle(db, 2);
        let pair = fixture.sells(&weekly(120)).await;
        let id = fixture.submit(on_pair(pair, 120, &MODELS)).await;
        fixture.execute("UPDATE world SET state = 'gone'", vec![]).await;
        fixture.engine.start();
        let detail = fixture.settled(id).await;
        assert_eq!(detail.ranking[0].entry.model_type, "seasonal_naive");
        assert_eq!(detail.ranking.last().unwrap().entry.metrics.unwrap().wape, Some(60.0));
    }
}
