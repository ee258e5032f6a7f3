//! Retention of runs of the lab: what somebody stands on stays, all the way down.

use std::collections::BTreeMap;

use kernel::Fault;
use runs::Submission;
use test_support::on_both_databases;
use wire::lab::{CandidateRequest, CandidateSource, ConditionRequest, EvaluationRequest};
use wire::runs::RetentionRequest;

use crate::support::{Fixture, TENANT};

on_both_databases! {
    async fn what_a_candidate_stands_on_stays_and_a_simulation_goes(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let strategy = fixture.strategy(&season, games).await;
        let (simulation, _) = fixture.simulate(season.request(games, 300)).await;
        let candidate = CandidateRequest {
            display_name: "Best".to_owned(),
            source_kind: CandidateSource::Strategy,
            strategy_generation_run_id: Some(strategy),
            tournament_id: None,
            bids: None,
        };
        let candidate = fixture.lab.add_candidate(TENANT, candidate).await.unwrap().candidate_id;
        let request = RetentionRequest {
            older_than_days: Some(0),
            ages: Vec::new(),
            kind: None,
            keep: 0,
            apply: true,
            reason: None,
        };
        let found = fixture.engine.retain(TENANT, &request).await.unwrap();
        assert_eq!(found.going.iter().map(|one| one.run_id).collect::<Vec<_>>(), [simulation]);
        let staying: BTreeMap<&str, &str> =
            found.staying.iter().map(|one| (one.kind.as_str(), one.reason.as_str())).collect();
        assert!(staying["strategy_generation"].contains("candidate"), "{staying:?}");
        for kind in ["game_outcome", "market_share"] {
            assert_eq!(staying[kind], format!("is an input of run {strategy}"));
        }
        // What is gone is said, and nothing else is broken by it.
        fixture.succeeded(simulation).await;
        assert!(fixture.lab.reader().simulation(TENANT, simulation).await.unwrap().result.is_none());
        let gone = fixture.lab.reader().condition(TENANT, simulation, &ConditionRequest::default()).await;
        let gone = gone.unwrap_err();
        assert_eq!(gone.code(), "RUN_RESULT_REMOVED");
        let receipt = found.going[0].receipt_id.unwrap();
        assert!(gone.to_string().contains(&format!("(receipt {receipt}: ended long enough ago)")), "{gone}");
        let item = fixture.lab.reader().lab_run(TENANT, simulation).await.unwrap();
        assert_eq!(item.removed.map(|removed| removed.receipt_id), Some(receipt));
        let evaluation = EvaluationRequest { simulation_run_id: simulation, candidate_ids: vec![candidate] };
        let refused = fixture.lab.submit_evaluation(TENANT, Submission::new(evaluation)).await.unwrap_err();
        assert!(refused.to_string().contains("has succeeded, but retention removed"), "{refused}");
        let names: Vec<String> = fixture.digests(simulation).await.into_iter().map(|one| one.0).collect();
        assert_eq!(names, ["metrics"]);
        let (again, _) = fixture.simulate(season.request(games, 300)).await;
        fixture.succeeded(again).await;
    }
}
