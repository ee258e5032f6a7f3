//! Shards: parallel, reused, isolated.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use kernel::Digest;
use runs::{Dispatch, DispatchError, EmbeddedDispatch, Run, RunState, Shard};
use sea_orm::DatabaseBackend;
use serde_json::{Value, json};
use test_support::on_both_databases;
use tokio_util::sync::CancellationToken;

use crate::support::{Fixture, Script};

/// Notes what passes.
struct Spy {
    embedded: Arc<EmbeddedDispatch>,
    seen: Arc<Mutex<Vec<&'static str>>>,
}

impl Dispatch for Spy {
    fn run(
        &self,
        shard: Shard,
        on_start: Box<dyn FnOnce() + Send>,
        stop: CancellationToken,
    ) -> BoxFuture<'static, Result<Option<String>, DispatchError>> {
        self.seen.lock().unwrap().push(shard.kind);
        self.embedded.run(shard, on_start, stop)
    }
}

/// Begins shards and never ends them; what waits for one holds the token.
struct Held(Arc<()>);

impl Dispatch for Held {
    fn run(
        &self,
        _: Shard,
        on_start: Box<dyn FnOnce() + Send>,
        _: CancellationToken,
    ) -> BoxFuture<'static, Result<Option<String>, DispatchError>> {
        let token = Arc::clone(&self.0);
        on_start();
        Box::pin(async move {
            let never = std::future::pending().await;
            drop(token);
            never
        })
    }
}

/// Changes the stored result behind the engine's back, the triggers out of the way.
pub(crate) async fn poison(fixture: &Fixture, output: &str, digest: &Digest) {
    let off = if fixture.db.db.write.backend() == DatabaseBackend::Postgres {
        "DROP TRIGGER shard_result_guard ON shard_result"
    } else {
        "DROP TRIGGER shard_result_update"
    };
    let digest = if fixture.db.db.write.backend() == DatabaseBackend::Postgres {
        format!("'\\x{digest}'")
    } else {
        format!("x'{digest}'")
    };
    fixture.execute(off).await.unwrap();
    let change = format!("UPDATE shard_result SET output = '{output}', output_digest = {digest}");
    fixture.execute(&change).await.unwrap();
}

async fn squares(fixture: &Fixture, numbers: &[u64]) -> (Run, Value) {
    squares_of(fixture, Script::Squares(numbers.to_vec())).await
}

async fn squares_of(fixture: &Fixture, script: Script) -> (Run, Value) {
    let run = fixture.run(script).await;
    assert_eq!(run.state, RunState::Succeeded);
    let artifacts = runs::artifacts(&fixture.db.db.read, &run).await.unwrap();
    let digest = artifacts.iter().find(|a| a.name == "squares").unwrap().digest;
    let value = serde_json::from_slice(&fixture.store.reader().get(&digest).await.unwrap()).unwrap();
    (run, value)
}

on_both_databases! {
    async fn equal_shards_are_computed_once_and_a_panic_stays_in_its_shard(db: TestDb) {
        let fixture = Fixture::started(db);
        let (_, first) = squares(&fixture, &[2, 13, 3]).await;
        assert_eq!((&first["squares"], &first["started"]), (&json!([4, null, 9]), &json!(3)));
        let (run, second) = squares(&fixture, &[3, 2, 5]).await;
        assert_eq!((&second["squares"], &second["started"]), (&json!([9, 4, 25]), &json!(1)));
        assert_eq!(fixture.found(run.id).await.shards_done, 1);
    }

    async fn a_recomputation_that_differs_from_the_stored_result_names_both_digests(db: TestDb) {
        let fixture = Fixture::started(db);
        squares(&fixture, &[4]).await;
        let (_, same) = squares_of(&fixture, Script::SquaresAgain(vec![4])).await;
        assert_eq!((&same["squares"], &same["started"]), (&json!([16]), &json!(1)));
        poison(&fixture, "17", &Digest::of("17")).await;
        let (_, differs) = squares_of(&fixture, Script::SquaresAgain(vec![4])).await;
        let message = differs["failed"][0].as_str().unwrap();
        for output in ["16", "17"] {
            assert!(message.contains(&Digest::of(output).to_string()), "{message}");
        }
    }

    async fn a_stored_result_that_was_changed_is_computed_again(db: TestDb) {
        let fixture = Fixture::started(db);
        squares(&fixture, &[4]).await;
        poison(&fixture, "17", &Digest::of("16")).await;
        let (_, again) = squares(&fixture, &[4]).await;
        assert_eq!((&again["squares"], &again["started"]), (&json!([16]), &json!(1)));
    }

    async fn shards_go_through_the_dispatch_that_was_given(db: TestDb) {
        let dispatch = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&dispatch);
        let fixture = Fixture::wrapped(db, move |embedded| Arc::new(Spy { embedded, seen }));
        fixture.engine.start();
        squares(&fixture, &[4, 5]).await;
        assert_eq!(*dispatch.lock().unwrap(), ["square", "square"]);
    }

    async fn shards_that_a_run_left_behind_are_over_before_the_engine_is(db: TestDb) {
        let token = Arc::new(());
        let held = Held(Arc::clone(&token));
        let fixture = Fixture::wrapped(db, move |_| Arc::new(held));
        fixture.engine.start();
        let run = fixture.run(Script::SquaresLeft((1..=100).collect())).await;
        assert_eq!(run.state, RunState::Succeeded);
        fixture.engine.shutdown(Duration::from_mins(1)).await;
        assert_eq!(Arc::strong_count(&token), 2, "the dispatch and this test hold it, and nobody else");
    }
}
