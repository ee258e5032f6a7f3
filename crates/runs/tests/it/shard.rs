//! Shards: parallel, reused, isolated.

use runs::{Run, RunState};
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::support::{Fixture, Script};

async fn squares(fixture: &Fixture, numbers: &[u64]) -> (Run, Value) {
    let run = fixture.run(Script::Squares(numbers.to_vec())).await;
    assert_eq!(run.state, RunState::Succeeded);
    let artifacts = runs::artifacts(&fixture.db.db.read, &run).await.unwrap();
    let digest = artifacts.iter().find(|a| a.name == "squares").unwrap().digest;
    let value = serde_json::from_slice(&fixture.store.get(&digest).await.unwrap()).unwrap();
    (run, value)
}

on_both_databases! {
    async fn equal_shards_are_computed_once_and_a_panic_stays_in_its_shard(db: TestDb) {
        let fixture = Fixture::started(db);
        let (_, first) = squares(&fixture, &[2, 13, 3]).await;
        assert_eq!(first, json!({ "squares": [4, null, 9], "started": 3 }));
        let (_, second) = squares(&fixture, &[3, 2, 5]).await;
        assert_eq!(second, json!({ "squares": [9, 4, 25], "started": 1 }));
    }
}
