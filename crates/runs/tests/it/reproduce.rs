//! Reproduce: executed again without stored results, and compared.

use kernel::{Digest, RunId};
use runs::{OperateError, ReproductionError, Run, RunState};
use test_support::on_both_databases;
use wire::runs::{InputSource, Reproduction, ReproductionVerdict as Verdict};

use crate::shard::poison;
use crate::support::{Fixture, Script, TENANT};

impl Fixture {
    /// A run of this script that succeeded.
    async fn succeeded(&self, script: Script) -> Run {
        let run = self.run(script).await;
        assert_eq!(run.state, RunState::Succeeded);
        run
    }

    /// Executes a run again, and compares.
    async fn reproduced(&self, run: RunId) -> Reproduction {
        let again = self.engine.reproduce(TENANT, run, None).await.unwrap();
        self.engine.settled(TENANT, again).await.unwrap();
        self.engine.verifier().reproduction(TENANT, again).await.unwrap()
    }
}

on_both_databases! {
    async fn the_same_bytes_are_found_and_said(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.succeeded(Script::Squares(vec![4, 5])).await;
        let found = fixture.reproduced(run.id).await;
        assert_eq!((found.of, found.verdict), (run.id, Verdict::Identical), "{found:?}");
        let names: Vec<&str> = found.artifacts.iter().map(|artifact| artifact.name.as_str()).collect();
        assert_eq!(names, ["metrics", "squares"]);
        assert!(found.artifacts.iter().all(|one| one.digest == one.digest_again && one.difference.is_none()));
        let again = fixture.found(found.run_id).await;
        assert_eq!((&again.spec, again.seed, again.retry_of), (&run.spec, run.seed, None));
        let inputs = runs::inputs(&fixture.db.db.read, &again).await.unwrap();
        let input = inputs.last().unwrap();
        assert_eq!((input.role.as_str(), input.source), ("reproduces", InputSource::Run));
        assert!(fixture.engine.verifier().verify(TENANT, again.id).await.unwrap().verified);
        // One more is a reproduction of the first.
        assert_eq!(fixture.reproduced(again.id).await.of, run.id);
    }

    async fn a_forged_stored_result_is_found_by_who_does_not_believe_it(db: TestDb) {
        let fixture = Fixture::started(db);
        let honest = fixture.succeeded(Script::Squares(vec![4])).await;
        poison(&fixture, "17", &Digest::of("17")).await;
        let misled = fixture.succeeded(Script::Squares(vec![4])).await;
        let found = fixture.reproduced(misled.id).await;
        assert_eq!(found.verdict, Verdict::Different);
        let squares = found.artifacts.iter().find(|artifact| artifact.name == "squares").unwrap();
        let difference = squares.difference.as_ref().unwrap();
        let told = [&difference.place, &difference.value, &difference.value_again];
        assert_eq!(told, ["$.squares[0]", "17", "16"]);
        assert!(found.statement.contains("at $.squares[0] of squares, 17 has become 16"), "{}", found.statement);
        assert_eq!(fixture.reproduced(honest.id).await.verdict, Verdict::Identical);
    }

    async fn what_a_reproduction_starts_believes_no_stored_result_either(db: TestDb) {
        let fixture = Fixture::started(db);
        let parent = fixture.succeeded(Script::Family(vec![Script::Squares(vec![4])])).await;
        poison(&fixture, "17", &Digest::of("17")).await;
        let found = fixture.reproduced(parent.id).await;
        let children = runs::Filter { parent_run_id: Some(found.run_id), ..runs::Filter::default() };
        let children = runs::list(&fixture.db.db.read, TENANT, &children, None, 10).await.unwrap();
        let child = fixture.found(children[0].id()).await;
        let artifacts = runs::artifacts(&fixture.db.db.read, &child).await.unwrap();
        let squares = artifacts.iter().find(|artifact| artifact.name == "squares").unwrap();
        let bytes = fixture.store.reader().get(&squares.digest).await.unwrap();
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value["squares"], serde_json::json!([16]));
    }

    async fn only_what_succeeded_is_reproduced_and_only_a_reproduction_compared(db: TestDb) {
        let fixture = Fixture::started(db);
        let failed = fixture.run(Script::FailForGood).await;
        let refused = fixture.engine.reproduce(TENANT, failed.id, None).await;
        assert!(matches!(refused, Err(OperateError::NotSucceeded { .. })), "{refused:?}");
        let unknown = RunId(uuid::Uuid::nil());
        let refused = fixture.engine.reproduce(TENANT, unknown, None).await;
        assert!(matches!(refused, Err(OperateError::NotFound(_))), "{refused:?}");
        let none = fixture.engine.verifier().reproduction(TENANT, failed.id).await;
        assert!(matches!(none, Err(ReproductionError::None(_))), "{none:?}");
    }
}
