//! Retention: what goes, what stays and why, and that what stays is whole.

use std::time::Duration;

use kernel::{Digest, Fault, RunId, Seed};
use runs::{Config, Input, RunState, Submit};
use test_support::on_both_databases;
use wire::runs::{InputSource, KindAge, ReproductionVerdict, Retention, RetentionRequest};

use crate::support::{Fixture, Script, ScriptKind, TENANT, age, config};

fn request(apply: bool) -> RetentionRequest {
    RetentionRequest { older_than_days: Some(0), ages: Vec::new(), kind: None, keep: 0, apply, reason: None }
}

async fn retain(fixture: &Fixture, request: &RetentionRequest) -> Retention {
    fixture.engine.retain(TENANT, request).await.unwrap()
}

/// A run that has left an artifact beside its `metrics`, the same each time.
async fn with_artifact(fixture: &Fixture) -> RunId {
    let run = fixture.submit(Script::SquaresAgain(vec![4])).await;
    assert_eq!(fixture.engine.settled(TENANT, run).await.unwrap().state, RunState::Succeeded);
    run
}

fn going(found: &Retention) -> Vec<RunId> {
    found.going.iter().map(|one| one.run_id).collect()
}

fn staying(found: &Retention) -> Vec<(RunId, &str)> {
    found.staying.iter().map(|one| (one.run_id, one.reason.as_str())).collect()
}

async fn artifacts(fixture: &Fixture, run: RunId) -> Vec<(String, Digest)> {
    let read = &fixture.db.db.read;
    let run = runs::find(read, TENANT, run).await.unwrap().unwrap();
    runs::artifacts(read, &run).await.unwrap().into_iter().map(|one| (one.name, one.digest)).collect()
}

on_both_databases! {
    async fn without_apply_nothing_changes(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = with_artifact(&fixture).await;
        let before = artifacts(&fixture, run).await;
        let found = retain(&fixture, &request(false)).await;
        assert_eq!((going(&found), found.is_applied, found.objects), (vec![run], false, 1));
        assert!(found.going[0].receipt_id.is_none() && found.going[0].artifacts == 1);
        assert_eq!(artifacts(&fixture, run).await, before);
        assert!(!runs::is_retired(&fixture.db.db.read, run).await.unwrap());
        // What has not ended long enough ago is not looked at.
        let young = retain(&fixture, &RetentionRequest { older_than_days: Some(1), ..request(true) }).await;
        assert_eq!((young.going, young.staying), (vec![], vec![]));
        assert_eq!(artifacts(&fixture, run).await, before);
    }

    async fn a_retired_run_keeps_its_metrics_and_is_still_proven(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = with_artifact(&fixture).await;
        let digest = artifacts(&fixture, run).await.into_iter().find(|one| one.0 == "squares").unwrap().1;
        let store = &fixture.store;
        assert!(store.reader().size(&digest).await.unwrap().is_some());
        let found = retain(&fixture, &request(true)).await;
        assert_eq!((going(&found), found.objects, found.objects_left), (vec![run], 1, 0));
        assert!(found.going[0].receipt_id.is_some());
        let left = artifacts(&fixture, run).await;
        assert_eq!(left.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["metrics"]);
        assert!(store.reader().size(&digest).await.unwrap().is_none());
        let verified = fixture.engine.verifier().verify(TENANT, run).await.unwrap();
        assert!(verified.verified, "{verified:?}");
        assert!(runs::is_retired(&fixture.db.db.read, run).await.unwrap());
        // It is let go of once.
        let again = retain(&fixture, &request(true)).await;
        assert_eq!((again.going, again.staying), (vec![], vec![]));
        // The receipt says what went, and executed again it comes to the same bytes.
        let removed = runs::removed(&fixture.db.db.read, &[run]).await.unwrap().remove(&run).unwrap();
        assert_eq!(Some(removed.receipt_id), found.going[0].receipt_id);
        assert_eq!(removed.artifacts.iter().map(|one| (one.name.as_str(), one.digest)).collect::<Vec<_>>(), [("squares", digest)]);
        let again = fixture.engine.reproduce(TENANT, run, None).await.unwrap();
        assert_eq!(fixture.engine.settled(TENANT, again).await.unwrap().state, RunState::Succeeded);
        let compared = fixture.engine.verifier().reproduction(TENANT, again).await.unwrap();
        assert_eq!(compared.verdict, ReproductionVerdict::Identical, "{compared:?}");
        assert!(compared.artifacts.iter().any(|one| one.name == "squares" && one.digest == Some(digest)));
    }

    async fn what_a_run_stands_on_stays_with_it_and_goes_with_it(db: TestDb) {
        let fixture = Fixture::started(db);
        let first = with_artifact(&fixture).await;
        let read = &fixture.db.db.read;
        let row = runs::find(read, TENANT, first).await.unwrap().unwrap();
        let squares = runs::artifacts(read, &row).await.unwrap().into_iter().find(|one| one.name == "squares").unwrap();
        let input = Input {
            role: "squares".to_owned(),
            source: InputSource::Artifact,
            source_id: squares.id.to_string(),
            digest: squares.digest,
        };
        let submit = Submit { inputs: vec![input], ..Submit::new("second", Seed(1), Script::Count(1)) };
        let second = fixture.engine.submit::<ScriptKind>(TENANT, submit).await.unwrap();
        fixture.engine.settled(TENANT, second).await.unwrap();
        let newest = retain(&fixture, &RetentionRequest { keep: 1, ..request(true) }).await;
        let reason = format!("is an input of run {second}");
        assert_eq!(going(&newest), []);
        assert_eq!(staying(&newest), [(first, reason.as_str()), (second, "is among the newest 1 of its kind")]);
        let both = retain(&fixture, &request(true)).await;
        assert_eq!((going(&both), both.objects), (vec![first, second], 1));
    }

    async fn bytes_that_another_run_left_too_stay(db: TestDb) {
        let fixture = Fixture::started(db);
        let first = with_artifact(&fixture).await;
        let second = with_artifact(&fixture).await;
        let found = retain(&fixture, &RetentionRequest { keep: 1, ..request(true) }).await;
        assert_eq!((going(&found), found.objects), (vec![first], 0));
        let store = &fixture.store;
        for (_, digest) in artifacts(&fixture, second).await {
            assert!(store.reader().size(&digest).await.unwrap().is_some());
        }
        let verified = fixture.engine.verifier().verify(TENANT, second).await.unwrap();
        assert!(verified.verified, "{verified:?}");
    }

    async fn bytes_stay_while_a_run_goes_on_and_go_with_the_next_retention(db: TestDb) {
        let fixture = Fixture::started(db);
        let first = with_artifact(&fixture).await;
        let digest = artifacts(&fixture, first).await.into_iter().find(|one| one.0 == "squares").unwrap().1;
        let store = &fixture.store;
        let active = fixture.submit(Script::Ask).await;
        let found = retain(&fixture, &request(true)).await;
        assert_eq!((going(&found), found.objects_left), (vec![first], 1));
        assert!(store.reader().size(&digest).await.unwrap().is_some());
        fixture.engine.cancel(TENANT, active).await.unwrap();
        retain(&fixture, &request(true)).await;
        assert!(store.reader().size(&digest).await.unwrap().is_none());
    }

    async fn bytes_that_somebody_has_stored_again_stay_until_it_is_known_what_for(db: TestDb) {
        let grace = Duration::from_hours(1);
        let fixture = Fixture::with(db, Config { grace, ..config("worker-1") });
        fixture.engine.start();
        let run = with_artifact(&fixture).await;
        let digest = artifacts(&fixture, run).await.into_iter().find(|one| one.0 == "squares").unwrap().1;
        let bytes = fixture.store.reader().get(&digest).await.unwrap();
        age(&fixture, &digest, 48);
        // An upload has found its bytes there already, and nothing is recorded of it yet.
        fixture.store.put(bytes.clone()).await.unwrap();
        let found = retain(&fixture, &request(true)).await;
        assert_eq!((going(&found), found.objects, found.objects_left), (vec![run], 1, 1));
        assert_eq!(fixture.store.reader().get(&digest).await.unwrap(), bytes);
        // Nothing came of it.
        age(&fixture, &digest, 48);
        retain(&fixture, &request(true)).await;
        assert!(!fixture.store.reader().exists(&digest).await.unwrap());
    }

    async fn a_kind_has_its_own_age_and_the_others_stay_or_have_the_default(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = with_artifact(&fixture).await;
        let age = |older_than_days| vec![KindAge { kind: "script".to_owned(), older_than_days }];
        for (default, ages, expected) in [
            (None, age(1), vec![]),
            (Some(0), age(1), vec![]),
            (Some(1), vec![], vec![]),
            (None, age(0), vec![run]),
            (Some(1), age(0), vec![run]),
            (Some(0), vec![], vec![run]),
        ] {
            let asked = RetentionRequest { older_than_days: default, ages, ..request(false) };
            assert_eq!(going(&retain(&fixture, &asked).await), expected, "{asked:?}");
        }
    }

    async fn stored_results_that_nobody_used_since_go_and_are_computed_again(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.submit(Script::Squares(vec![2, 3, 5])).await;
        fixture.engine.settled(TENANT, run).await.unwrap();
        let dry = retain(&fixture, &request(false)).await;
        assert_eq!(dry.shard_results, 3);
        let of_kind = retain(&fixture, &RetentionRequest { kind: Some("script".to_owned()), ..request(false) }).await;
        assert_eq!(of_kind.shard_results, 0);
        assert_eq!(retain(&fixture, &request(true)).await.shard_results, 3);
        let again = fixture.submit(Script::Squares(vec![2, 3, 5])).await;
        assert_eq!(fixture.engine.settled(TENANT, again).await.unwrap().state, RunState::Succeeded);
        assert_eq!(retain(&fixture, &request(false)).await.shard_results, 3);
    }

    async fn a_retention_out_of_its_bounds_is_refused_by_the_field(db: TestDb) {
        let fixture = Fixture::started(db);
        let refused = async |request: RetentionRequest| {
            let error = fixture.engine.retain(TENANT, &request).await.unwrap_err();
            error.fields().remove(0).field
        };
        assert_eq!(refused(RetentionRequest { older_than_days: Some(40_000), ..request(true) }).await, "older_than_days");
        assert_eq!(refused(RetentionRequest { older_than_days: None, ..request(true) }).await, "older_than_days");
        let age = |kind: &str, older_than_days| KindAge { kind: kind.to_owned(), older_than_days };
        for (ages, field) in [
            (vec![age("x", 1)], "ages.0.kind"),
            (vec![age("script", 1), age("script", 2)], "ages.1.kind"),
            (vec![age("script", 40_000)], "ages.0.older_than_days"),
        ] {
            assert_eq!(refused(RetentionRequest { ages, ..request(true) }).await, field);
        }
        assert_eq!(refused(RetentionRequest { keep: 1_000_001, ..request(true) }).await, "keep");
        assert_eq!(refused(RetentionRequest { kind: Some("x".to_owned()), ..request(true) }).await, "kind");
        assert_eq!(refused(RetentionRequest { reason: Some(" ".to_owned()), ..request(true) }).await, "reason");
    }
}
