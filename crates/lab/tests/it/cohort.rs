//! Cohorts, their synthetic calcuttas, and batches of their simulations.

use kernel::{Fault, RunId};
use runs::Submission;
use test_support::on_both_databases;
use wire::lab::{
    Attach, BatchRequest, BatchStatus, CalcuttaRequest, Candidate, CandidateRequest, CandidateSource,
    ChangeCandidate, ChangeCohort, ChangeSyntheticCalcutta, Cohort, CohortRequest, PortfolioRequest, Rules,
    SyntheticCalcutta, SyntheticCalcuttaRequest, SyntheticRules,
};

use crate::support::{Fixture, MadeSeason, TENANT};

async fn cohort(fixture: &Fixture) -> Cohort {
    let request = CohortRequest { name: "Best bids".to_owned(), description: None, n_sims: 2000, seed: 42 };
    fixture.lab.add_cohort(TENANT, request).await.unwrap()
}

async fn synthetic(
    fixture: &Fixture,
    cohort: &Cohort,
    season: &MadeSeason,
    games: RunId,
) -> SyntheticCalcutta {
    let request = SyntheticCalcuttaRequest {
        cohort_id: cohort.cohort_id,
        snapshot_id: season.snapshot,
        state_id: season.state,
        game_outcome_run_id: games,
        notes: None,
    };
    fixture.lab.add_synthetic(TENANT, request).await.unwrap()
}

async fn candidate(fixture: &Fixture, season: &MadeSeason, games: RunId) -> Candidate {
    let strategy = fixture.strategy(season, games).await;
    let request = CandidateRequest {
        display_name: "Entry 1".to_owned(),
        source_kind: CandidateSource::Strategy,
        strategy_generation_run_id: Some(strategy),
        tournament_id: None,
        bids: None,
    };
    fixture.lab.add_candidate(TENANT, request).await.unwrap()
}

on_both_databases! {
    async fn who_joins_makes_another_snapshot_and_old_runs_stay_as_they_are(db: TestDb) {
        let fixture = Fixture::started(db);
        let (lab, season) = (&fixture.lab, fixture.season().await);
        let games = fixture.game_outcome(&season).await;
        let cohort = cohort(&fixture).await;
        let before = synthetic(&fixture, &cohort, &season, games).await;
        let candidate = candidate(&fixture, &season, games).await;
        let (old, leaderboard) = fixture.simulate(season.request(games, 1000)).await;
        let id = before.synthetic_calcutta_id;
        let attach = Attach { synthetic_calcutta_id: id, candidate_id: candidate.candidate_id };
        let joined = lab.attach(TENANT, attach).await.unwrap();
        assert_ne!(joined.snapshot_id, before.snapshot_id);
        let snapshot = lab.reader().snapshot(TENANT, joined.snapshot_id).await.unwrap();
        assert_eq!((snapshot.item.entry_count, snapshot.item.base_snapshot_id), (13, Some(before.snapshot_id)));
        assert_eq!(lab.attach(TENANT, attach).await.unwrap_err().code(), "ALREADY_ATTACHED");

        // The candidate has the name of a real entry and gets another one: its row stays its own.
        let renamed = ChangeCandidate { display_name: "Other".to_owned() };
        lab.rename_candidate(TENANT, candidate.candidate_id, renamed, None).await.unwrap();
        let entry = joined.attachments[0].entry_id;
        let highlight = ChangeSyntheticCalcutta { highlighted_entry_id: Some(entry), notes: None };
        let stale = lab.change_synthetic(TENANT, id, highlight.clone(), Some(1)).await.unwrap_err();
        assert_eq!(stale.code(), "STALE_VERSION");
        lab.change_synthetic(TENANT, id, highlight, Some(joined.version)).await.unwrap();
        let mut request = season.request(games, 1000);
        request.snapshot_id = joined.snapshot_id;
        let (run, result) = fixture.simulate(request).await;
        // Its bids are in that auction already: a second time they would be another hand.
        let twice = PortfolioRequest { entry_ids: vec![entry], candidate_ids: vec![candidate.candidate_id] };
        let twice = lab.reader().portfolio(TENANT, run, &twice).await.unwrap_err();
        assert!(twice.fields()[0].message.contains(&format!("as entry {entry}")), "{twice}");
        let row = result.leaderboard.iter().find(|row| row.entry_id == entry).unwrap();
        assert_eq!((row.candidate_id, row.display_name.as_str()), (Some(candidate.candidate_id), "Entry 1"));
        assert_eq!(result.leaderboard.iter().filter(|row| row.display_name == "Entry 1").count(), 2);
        assert_eq!(fixture.simulated(old).await, leaderboard);

        let left = lab.detach(TENANT, joined.attachments[0].attachment_id).await.unwrap();
        assert_eq!((left.attachments.len(), left.highlighted_entry_id), (0, None));
        let last = lab.reader().snapshot(TENANT, left.snapshot_id).await.unwrap();
        let first = lab.reader().snapshot(TENANT, before.snapshot_id).await.unwrap();
        assert_eq!(last.content, first.content);
        assert_eq!(lab.detach(TENANT, joined.attachments[0].attachment_id).await.unwrap_err().code(), "NOT_FOUND");
    }

    async fn a_batch_runs_every_member_and_says_how_they_stand_together(db: TestDb) {
        let fixture = Fixture::started(db);
        let (lab, seasons) = (&fixture.lab, fixture.seasons(2).await);
        let cohort = cohort(&fixture).await;
        let mut ids = Vec::new();
        for season in &seasons {
            let games = fixture.game_outcome(season).await;
            let made = synthetic(&fixture, &cohort, season, games).await;
            let candidate = candidate(&fixture, season, games).await;
            let attach = Attach { synthetic_calcutta_id: made.synthetic_calcutta_id, candidate_id: candidate.candidate_id };
            let joined = lab.attach(TENANT, attach).await.unwrap();
            let highlight = ChangeSyntheticCalcutta {
                highlighted_entry_id: Some(joined.attachments[0].entry_id),
                notes: Some("best bids".to_owned()),
            };
            lab.change_synthetic(TENANT, made.synthetic_calcutta_id, highlight, None).await.unwrap();
            ids.push(made.synthetic_calcutta_id);
        }
        let request = BatchRequest { cohort_id: cohort.cohort_id, synthetic_calcutta_ids: ids.clone() };
        let run = lab.submit_batch(TENANT, Submission::new(request)).await.unwrap();
        fixture.succeeded(run).await;
        let batch = lab.reader().batch(TENANT, run).await.unwrap();
        assert_eq!(batch.batch_status, BatchStatus::Succeeded);
        let result = batch.result.unwrap();
        let means: Vec<f64> = result
            .members
            .iter()
            .map(|member| member.highlighted.as_ref().unwrap().mean_normalized_payout.value)
            .collect();
        assert_eq!(result.members.iter().map(|member| member.synthetic_calcutta_id).collect::<Vec<_>>(), ids);
        let mean = f64::midpoint(means[0], means[1]);
        assert!((result.mean_normalized_payout.unwrap() - mean).abs() < 1e-12 && mean > 0.0);
        for member in &result.members {
            let item = lab.reader().lab_run(TENANT, member.simulation_run_id).await.unwrap();
            assert_eq!((item.parent_run_id, item.lineage.cohort_id), (Some(run), Some(cohort.cohort_id)));
        }
        let twice = BatchRequest { cohort_id: cohort.cohort_id, synthetic_calcutta_ids: vec![ids[0], ids[0]] };
        assert!(lab.submit_batch(TENANT, Submission::new(twice)).await.is_err());
    }

    async fn a_cohort_changes_only_from_the_version_that_is_known(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let made = cohort(&fixture).await;
        let taken = CohortRequest { name: made.name.clone(), description: None, n_sims: 2, seed: 1 };
        assert_eq!(fixture.lab.add_cohort(TENANT, taken).await.unwrap_err().code(), "NAME_TAKEN");
        let change = ChangeCohort { n_sims: Some(5), ..ChangeCohort::default() };
        let changed = fixture.lab.change_cohort(TENANT, made.cohort_id, change.clone(), Some(1)).await.unwrap();
        assert_eq!((changed.n_sims, changed.version, changed.seed), (5, 2, 42));
        let stale = fixture.lab.change_cohort(TENANT, made.cohort_id, change, Some(1)).await.unwrap_err();
        assert_eq!(stale.code(), "STALE_VERSION");
        let zero = ChangeCohort { seed: Some(0), ..ChangeCohort::default() };
        let refused = fixture.lab.change_cohort(TENANT, made.cohort_id, zero, None).await.unwrap_err();
        assert_eq!(refused.fields()[0].field, "seed");
    }

    async fn other_rules_make_another_snapshot_and_a_calcutta_may_begin_from_scratch(db: TestDb) {
        let fixture = Fixture::started(db);
        let (lab, season) = (&fixture.lab, fixture.season().await);
        let games = fixture.game_outcome(&season).await;
        let cohort = cohort(&fixture).await;
        let imported = lab.reader().snapshot(TENANT, season.snapshot).await.unwrap();
        let content = imported.content.clone();
        let scratch = CalcuttaRequest {
            name: "From scratch".to_owned(),
            rules: content.rules,
            scoring: content.scoring.clone(),
            payouts: content.payouts.clone(),
            entries: Vec::new(),
        };
        let scratch = lab.add_calcutta(TENANT, season.tournament, scratch).await.unwrap();
        let request = SyntheticCalcuttaRequest {
            cohort_id: cohort.cohort_id,
            snapshot_id: scratch.item.snapshot_id,
            state_id: season.state,
            game_outcome_run_id: games,
            notes: None,
        };
        let made = lab.add_synthetic(TENANT, request).await.unwrap();
        let candidate = candidate(&fixture, &season, games).await;
        let id = made.synthetic_calcutta_id;
        let joined = lab.attach(TENANT, Attach { synthetic_calcutta_id: id, candidate_id: candidate.candidate_id }).await.unwrap();
        let to = |budget_points| SyntheticRules {
            rules: Rules { budget_points, ..content.rules },
            scoring: content.scoring[..3].to_vec(),
            payouts: content.payouts[..1].to_vec(),
        };
        // The candidate spends more than that.
        let refused = lab.replace_rules(TENANT, id, to(5), None).await.unwrap_err();
        assert_eq!(refused.code(), "VALIDATION_ERROR");
        let stale = lab.replace_rules(TENANT, id, to(200), Some(made.version)).await.unwrap_err();
        assert_eq!(stale.code(), "STALE_VERSION");
        let replaced = lab.replace_rules(TENANT, id, to(200), Some(joined.version)).await.unwrap();
        let reader = lab.reader();
        let (before, after) = (
            reader.snapshot(TENANT, joined.snapshot_id).await.unwrap(),
            reader.snapshot(TENANT, replaced.snapshot_id).await.unwrap(),
        );
        assert_eq!((before.content.rules, before.content.payouts.len()), (content.rules, content.payouts.len()));
        assert_eq!((after.content.rules.budget_points, after.content.payouts.len()), (200, 1));
        assert_eq!((&after.content.entries, replaced.attachments.len()), (&before.content.entries, 1));
        let mut request = season.request(games, 500);
        request.snapshot_id = replaced.snapshot_id;
        let runs = fixture.count("lab_run").await;
        fixture.simulate(request).await;
        // A simulation makes no run of the lab but itself.
        assert_eq!(fixture.count("lab_run").await, runs + 1);
    }
}
