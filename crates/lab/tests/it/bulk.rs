//! Automatic cohorts, coverage, runs that are proposed and submitted, and how models compare.

use std::collections::BTreeSet;

use kernel::{Fault, RunId};
use runs::Submission;
use test_support::on_both_databases;
use wire::lab::{
    BulkMarketModel, BulkProposal, BulkQuery, BulkReport, BulkRequest, CandidateRequest, CandidateSource,
    ChangeCohort, CohortId, CohortRequest, CoverageQuery, EvaluationRequest, GameOutcomeModel, LabKind,
    TrainOn, Verdict,
};

use crate::support::{Fixture, MadeSeason, TENANT};

fn games() -> BulkQuery {
    BulkQuery::GameOutcome {
        model: GameOutcomeModel::Logistic { scale: 10.0 },
        starting_state_key: "post_first_four".to_owned(),
        tournament_ids: None,
    }
}

fn markets(model: BulkMarketModel) -> BulkQuery {
    BulkQuery::MarketShare { model, calcutta_ids: None }
}

fn naive() -> BulkMarketModel {
    BulkMarketModel::NaiveEvBaseline { game_outcome_model: "logistic".to_owned() }
}

async fn propose(fixture: &Fixture, query: BulkQuery) -> BulkProposal {
    fixture.lab.propose(TENANT, query).await.unwrap()
}

/// Submits what was proposed and waits for it.
async fn submit(fixture: &Fixture, proposal: BulkProposal) -> BulkReport {
    let report = fixture.lab.submit_bulk(TENANT, BulkRequest { runs: proposal.runs }).await.unwrap();
    for made in &report.created {
        fixture.succeeded(made.run_id).await;
    }
    report
}

/// The automatic cohort of a model of markets with the logistic model.
async fn cohort(fixture: &Fixture, market: &str) -> CohortId {
    let synced = fixture.lab.sync_cohorts(TENANT).await.unwrap().cohorts;
    let is_it = |cohort: &&wire::lab::Cohort| {
        let auto = cohort.auto.as_ref().unwrap();
        (auto.game_outcome_model.as_str(), auto.market_share_model.as_str()) == ("logistic", market)
    };
    synced.iter().find(is_it).unwrap().cohort_id
}

async fn covered(fixture: &Fixture, kind: LabKind, model: &str) -> (u32, u32) {
    let coverage = fixture.lab.reader().coverage(TENANT).await.unwrap();
    let found = coverage.models.iter().find(|one| one.run_kind == kind && one.model == model).unwrap();
    (found.covered, found.total)
}

/// Judges the bids of a strategy as an entry of their auction.
async fn judge(fixture: &Fixture, season: &MadeSeason, simulation: RunId, strategies: &[RunId]) {
    let mut candidate_ids = Vec::new();
    for strategy in strategies {
        let request = CandidateRequest {
            display_name: "Entry 1".to_owned(),
            source_kind: CandidateSource::Strategy,
            strategy_generation_run_id: Some(*strategy),
            tournament_id: None,
            bids: None,
        };
        candidate_ids.push(fixture.lab.add_candidate(TENANT, request).await.unwrap().candidate_id);
    }
    let request = EvaluationRequest { simulation_run_id: simulation, candidate_ids };
    let run = fixture.lab.submit_evaluation(TENANT, Submission::new(request)).await.unwrap();
    fixture.succeeded(run).await;
    assert_eq!(season.report.calcutta.as_ref().unwrap().entry_count, 12);
}

on_both_databases! {
    async fn automatic_cohorts_have_the_same_ids_whenever_and_wherever_they_are_made(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let first = fixture.lab.sync_cohorts(TENANT).await.unwrap();
        assert_eq!((first.created, first.cohorts.len()), (9, 9));
        // They follow from the names of the models, so that this is theirs in every database.
        assert_eq!(first.cohorts[0].name, "AUTO: logistic + naive-ev-baseline + minlp_v1");
        let ids: Vec<CohortId> = first.cohorts.iter().map(|cohort| cohort.cohort_id).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 9);
        assert_eq!(ids[0].to_string(), FIRST_AUTOMATIC);
        let renamed = ChangeCohort { name: Some("Mine".to_owned()), n_sims: Some(7), ..ChangeCohort::default() };
        fixture.lab.change_cohort(TENANT, ids[0], renamed, None).await.unwrap();
        let second = fixture.lab.sync_cohorts(TENANT).await.unwrap();
        assert_eq!(second.created, 0);
        assert_eq!(second.cohorts.iter().map(|cohort| cohort.cohort_id).collect::<Vec<_>>(), ids);
        assert_eq!((second.cohorts[0].name.as_str(), second.cohorts[0].n_sims), ("Mine", 7));
        let request = CohortRequest { name: "By hand".to_owned(), description: None, n_sims: 2, seed: 1 };
        assert_eq!(fixture.lab.add_cohort(TENANT, request).await.unwrap().auto, None);
    }

    async fn missing_runs_are_proposed_submitted_as_they_are_and_never_twice(db: TestDb) {
        let fixture = Fixture::started(db);
        let seasons = fixture.seasons(3).await;
        assert_eq!(covered(&fixture, LabKind::GameOutcome, "logistic").await, (0, 3));
        let proposal = propose(&fixture, games()).await;
        assert_eq!((proposal.runs.len(), proposal.skipped.len()), (3, 0));
        assert_eq!(fixture.count("lab_run").await, 0);
        let report = submit(&fixture, proposal.clone()).await;
        assert_eq!(report.created.len(), 3);
        let again = submit(&fixture, proposal).await;
        assert_eq!((again.created.len(), again.skipped.len()), (0, 3));
        assert_eq!(again.skipped, report.created);
        assert_eq!(propose(&fixture, games()).await.skipped.len(), 3);
        assert_eq!(covered(&fixture, LabKind::GameOutcome, "logistic").await, (3, 3));
        let query = CoverageQuery { run_kind: LabKind::GameOutcome, model: "logistic".to_owned() };
        let detail = fixture.lab.reader().model_coverage(TENANT, &query).await.unwrap();
        let years: Vec<i32> = detail.items.iter().map(|item| item.season).collect();
        assert_eq!((years, detail.items[2].run_ids.len()), (vec![2023, 2022, 2021], 1));

        // The first season has nothing before it to learn from.
        let ridge = BulkMarketModel::Ridge { ridge_alpha: 1.0, train_on: TrainOn::Earlier };
        let proposal = propose(&fixture, markets(ridge)).await;
        assert_eq!((proposal.runs.len(), proposal.refused[0].code.as_str()), (2, "NOTHING_TO_LEARN_FROM"));
        let none = BulkQuery::GameOutcome {
            model: GameOutcomeModel::Logistic { scale: 10.0 },
            starting_state_key: "nowhere".to_owned(),
            tournament_ids: Some(vec![seasons[0].tournament]),
        };
        let refused = propose(&fixture, none).await.refused;
        assert!(refused[0].code == "STATE_MISSING" && refused[0].message.contains("post_first_four"), "{refused:?}");
    }

    async fn among_several_upstreams_nothing_is_chosen(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let cohort = cohort(&fixture, "naive-ev-baseline").await;
        let missing = propose(&fixture, markets(naive())).await.refused;
        assert_eq!(missing[0].code, "UPSTREAM_MISSING");
        let first = fixture.game_outcome(&season).await;
        let proposal = propose(&fixture, markets(naive())).await;
        submit(&fixture, proposal.clone()).await;
        let second = fixture.game_outcome(&season).await;
        let refused = propose(&fixture, markets(naive())).await.refused;
        assert_eq!((refused[0].code.as_str(), refused[0].choices.clone()), ("UPSTREAM_AMBIGUOUS", vec![first, second]));
        let entries = BulkQuery::StrategyGeneration { cohort_id: cohort, calcutta_ids: None };
        assert_eq!(propose(&fixture, entries).await.refused[0].choices, [first, second]);
        // What was proposed before names the first, whatever came after it.
        assert_eq!(submit(&fixture, proposal).await.skipped.len(), 1);
        let by_hand = CohortRequest { name: "By hand".to_owned(), description: None, n_sims: 2, seed: 1 };
        let by_hand = fixture.lab.add_cohort(TENANT, by_hand).await.unwrap().cohort_id;
        let refused = fixture.lab.propose(TENANT, BulkQuery::StrategyGeneration { cohort_id: by_hand, calcutta_ids: None }).await;
        assert_eq!(refused.unwrap_err().code(), "COHORT_WITHOUT_MODELS");
    }

    async fn models_compare_auction_by_auction_by_what_their_bids_come_to(db: TestDb) {
        let fixture = Fixture::started(db);
        let seasons = fixture.seasons(2).await;
        let proposal = propose(&fixture, games()).await;
        submit(&fixture, proposal).await;
        for model in [naive(), BulkMarketModel::OracleActualMarket {}] {
            let proposal = propose(&fixture, markets(model)).await;
            submit(&fixture, proposal).await;
        }
        let empty = fixture.lab.reader().model_leaderboard(TENANT).await.unwrap();
        assert_eq!((empty.models.len(), empty.runs_read), (0, 0));
        let mut strategies = Vec::new();
        for market in ["naive-ev-baseline", "oracle_actual_market"] {
            let cohort_id = cohort(&fixture, market).await;
            let query = BulkQuery::StrategyGeneration { cohort_id, calcutta_ids: None };
            let report = submit(&fixture, propose(&fixture, query.clone()).await).await;
            // The latest season first.
            strategies.push([report.created[1].run_id, report.created[0].run_id]);
            assert_eq!(propose(&fixture, query).await.skipped.len(), 2);
        }
        let coverage = fixture.lab.reader().coverage(TENANT).await.unwrap();
        assert_eq!(coverage.cohorts.iter().map(|one| one.covered).sum::<u32>(), 4);
        for (at, season) in seasons.iter().enumerate() {
            let games = fixture.lab.reader().lab_run(TENANT, strategies[0][at]).await.unwrap();
            let games = games.lineage.game_outcome_run_id.unwrap();
            let (simulation, _) = fixture.simulate(season.request(games, 2000)).await;
            judge(&fixture, season, simulation, &[strategies[0][at], strategies[1][at]]).await;
        }
        let board = fixture.lab.reader().model_leaderboard(TENANT).await.unwrap();
        assert_eq!(board.runs_read, 4);
        let [oracle, naive] = &board.models[..] else { panic!("{board:?}") };
        assert_eq!((oracle.models.market_share_model.as_str(), naive.verdict), ("oracle_actual_market", Verdict::Baseline));
        assert_eq!((oracle.calcuttas, oracle.observations, oracle.compared), (2, 2, 2));
        let difference = oracle.difference_to_baseline.unwrap();
        let means = oracle.mean_normalized_payout.value - naive.mean_normalized_payout.value;
        assert!((difference.value - means).abs() < 1e-12 && difference.value > 0.0, "{board:?}");
        assert!(oracle.percentile.value > 0.5 && oracle.percentile.value <= 1.0);
    }
}

/// The id of `logistic`, `naive-ev-baseline` and `minlp_v1` for the only tenant of an installation without tokens: the
/// first half of the SHA-256 of that tenant's id and the three names, marked as a UUID of version 8.
const FIRST_AUTOMATIC: &str = "25325119-c8c6-83ac-b8c8-6310b7f4d93e";
