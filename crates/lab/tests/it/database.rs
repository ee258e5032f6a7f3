//! The rules that stand in the database itself.

use test_support::on_both_databases;
use wire::lab::{CandidateRequest, CandidateSource, CohortRequest};

use crate::support::{Fixture, TENANT};

on_both_databases! {
    async fn what_is_written_once_is_never_written_again(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        fixture.game_outcome(&season).await;
        let kept = [
            ("lab_tournament", "name = 'x'"),
            ("lab_state", "decided_games = 1"),
            ("lab_calcutta", "name = 'x'"),
            ("lab_snapshot", "description = 'x'"),
            ("lab_run", "model = 'x'"),
        ];
        for (table, change) in kept {
            for sql in [format!("UPDATE {table} SET {change}"), format!("DELETE FROM {table}")] {
                let error = fixture.try_execute(&sql).await.unwrap_err().to_string();
                assert!(error.contains("never changes"), "{sql}: {error}");
            }
        }
    }

    async fn a_finished_simulation_and_what_it_left_take_no_change(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (run, result) = fixture.simulate(season.request(games, 200)).await;
        let before = fixture.digests(run).await;
        let changes = [
            ("run", "title = 'x'"),
            ("run", "state = 'queued', ended_us = NULL"),
            ("run", "seed = 2"),
            ("run_artifact", "name = 'x'"),
            ("run_artifact", "size_bytes = 0"),
            ("run_attempt", "worker = 'x'"),
            ("run_input", "role = 'x'"),
            ("frame_block", "body = 'x'"),
            ("lab_run", "snapshot_id = NULL, calcutta_id = NULL"),
        ];
        for (table, change) in changes {
            for sql in [format!("UPDATE {table} SET {change}"), format!("DELETE FROM {table}")] {
                assert!(fixture.try_execute(&sql).await.is_err(), "{sql}");
            }
        }
        assert_eq!(fixture.digests(run).await, before);
        assert_eq!(fixture.simulated(run).await, result);
        fixture.succeeded(run).await;
    }

    async fn a_candidate_changes_its_name_only_and_a_cohort_stays_the_one_it_is(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let strategy = fixture.strategy(&season, games).await;
        let request = CandidateRequest {
            display_name: "Best".to_owned(),
            source_kind: CandidateSource::Strategy,
            strategy_generation_run_id: Some(strategy),
            tournament_id: None,
            bids: None,
        };
        fixture.lab.add_candidate(TENANT, request).await.unwrap();
        let request = CohortRequest { name: "C".to_owned(), description: None, n_sims: 10, seed: 1 };
        fixture.lab.add_cohort(TENANT, request).await.unwrap();
        let refused = [
            ("UPDATE lab_candidate SET bids = '[]', version = 2", "changes its name only"),
            ("UPDATE lab_candidate SET display_name = 'x'", "changes its name only"),
            ("DELETE FROM lab_candidate", "changes its name only"),
            ("UPDATE lab_cohort SET created_us = 0, version = 2", "stays the one it is"),
            ("DELETE FROM lab_cohort", "stays the one it is"),
        ];
        for (sql, because) in refused {
            let error = fixture.try_execute(sql).await.unwrap_err().to_string();
            assert!(error.contains(because), "{sql}: {error}");
        }
        fixture.try_execute("UPDATE lab_candidate SET display_name = 'x', version = 2").await.unwrap();
    }
}
