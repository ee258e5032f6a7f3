//! The lab: tournaments, auctions, models, bids, simulations, candidates and cohorts.

use kernel::RunId;
use wire::lab::{
    Attach, AttachmentId, Batch, BatchRequest, BidSheet, BidSheetInspection, BracketQuery, BulkProposal,
    BulkQuery, BulkReport, BulkRequest, Calcutta, CalcuttaId, CalcuttaPage, CalcuttaRequest, Candidate,
    CandidateId, CandidatePage, CandidateRequest, CandidatesKept, ChangeCandidate, ChangeCohort,
    ChangeSyntheticCalcutta, Cohort, CohortId, CohortPage, CohortRequest, CohortSync, ConditionRequest,
    Conditioned, Coverage, CoverageQuery, Distribution, DistributionQuery, Evaluation, EvaluationRequest,
    GameOutcome, GameOutcomeRequest, GenerateSeasons, LabCatalog, LabRun, LabRunPage, ListCalcuttas,
    ListCandidates, ListLabRuns, ListSynthetic, LiveAuction, LiveRequest, MarketShare, MarketShareRequest,
    ModelCoverage, ModelLeaderboard, Ownership, PlayedBracket, Portfolio, PortfolioRequest, Resolution,
    ResolveQuery, Returns, ReturnsQuery, SeasonFiles, SeasonInspection, SeasonReport, SeasonRequest,
    SeasonsReport, Simulation, SimulationRequest, Snapshot, SnapshotId, SnapshotRequest, State, StateId,
    StateRequest, Strategy, StrategyRequest, SyntheticCalcutta, SyntheticCalcuttaId, SyntheticCalcuttaPage,
    SyntheticCalcuttaRequest, SyntheticRules, Tournament, TournamentId, TournamentPage,
};
use wire::page::PageQuery;
use wire::runs::Accepted;

use crate::operation::calls;

calls! {
    /// The models of the lab.
    lab_models() = GET "/lab/models" => LabCatalog;

    /// How models compare.
    model_leaderboard() = GET "/lab/models/leaderboard" => ModelLeaderboard;

    /// Which models have covered what.
    coverage() = GET "/lab/coverage" => Coverage;

    /// Where one model has been run.
    model_coverage() = GET "/lab/coverage/model" ? CoverageQuery => ModelCoverage;

    /// Proposes the runs that are missing.
    propose_runs() = POST "/lab/bulk-runs/propose", BulkQuery => BulkProposal;

    /// Submits many runs.
    submit_bulk() = POST "/lab/bulk-runs", BulkRequest => BulkReport;

    /// Imports a season.
    import_season() = POST "/lab/seasons", SeasonRequest => SeasonReport;

    /// What files of a season hold.
    inspect_season() = POST "/lab/seasons/inspect", SeasonFiles => SeasonInspection;

    /// Makes seasons.
    generate_seasons() = POST "/lab/seasons/generate", GenerateSeasons => SeasonsReport;

    /// A page of tournaments, newest first.
    tournaments() = GET "/lab/tournaments" ? PageQuery => TournamentPage;

    /// A tournament.
    tournament(tournament: TournamentId) = GET "/lab/tournaments/{tournament_id}" => Tournament;

    /// Keeps a state of play.
    add_state(tournament: TournamentId) = POST "/lab/tournaments/{tournament_id}/states", StateRequest => State;

    /// Keeps an auction.
    add_calcutta(tournament: TournamentId) = POST "/lab/tournaments/{tournament_id}/calcuttas", CalcuttaRequest => Calcutta;

    /// A state of play.
    state(state: StateId) = GET "/lab/states/{state_id}" => State;

    /// A page of auctions, newest first.
    calcuttas() = GET "/lab/calcuttas" ? ListCalcuttas => CalcuttaPage;

    /// An auction.
    calcutta(calcutta: CalcuttaId) = GET "/lab/calcuttas/{calcutta_id}" => Calcutta;

    /// Makes another snapshot of one.
    add_snapshot() = POST "/lab/snapshots", SnapshotRequest => Snapshot;

    /// A snapshot.
    snapshot(snapshot: SnapshotId) = GET "/lab/snapshots/{snapshot_id}" => Snapshot;

    /// Ids to choose from.
    resolve() = GET "/lab/resolve" ? ResolveQuery => Resolution;

    /// A page of runs of the lab, newest first.
    lab_runs() = GET "/lab/runs" ? ListLabRuns => LabRunPage;

    /// A run of the lab.
    lab_run(run: RunId) = GET "/lab/runs/{lab_run_id}" => LabRun;

    /// Submits a model of games.
    submit_game_outcome() = POST "/lab/game-outcomes", GameOutcomeRequest => Accepted;

    /// A run of a model of games.
    game_outcome(run: RunId) = GET "/lab/game-outcomes/{game_outcome_run_id}" => GameOutcome;

    /// Submits a model of markets.
    submit_market_share() = POST "/lab/market-shares", MarketShareRequest => Accepted;

    /// A run of a model of markets.
    market_share(run: RunId) = GET "/lab/market-shares/{market_share_run_id}" => MarketShare;

    /// What teams are worth and what they cost.
    returns() = GET "/lab/returns" ? ReturnsQuery => Returns;

    /// Submits the optimiser.
    submit_strategy() = POST "/lab/strategies", StrategyRequest => Accepted;

    /// A run of the optimiser.
    strategy(run: RunId) = GET "/lab/strategies/{strategy_generation_run_id}" => Strategy;

    /// Submits a simulation.
    simulate() = POST "/lab/simulations", SimulationRequest => Accepted;

    /// A simulation.
    simulation(run: RunId) = GET "/lab/simulations/{simulation_run_id}" => Simulation;

    /// Every way one entry of a simulation finished.
    distribution(run: RunId) = GET "/lab/simulations/{simulation_run_id}/distribution" ? DistributionQuery => Distribution;

    /// Who owns which team in a simulation.
    ownership(run: RunId) = GET "/lab/simulations/{simulation_run_id}/ownership" => Ownership;

    /// One tournament of a simulation.
    played_bracket(run: RunId) = GET "/lab/simulations/{simulation_run_id}/bracket" ? BracketQuery => PlayedBracket;

    /// A simulation under a condition.
    condition(run: RunId) = POST "/lab/simulations/{simulation_run_id}/condition", ConditionRequest => Conditioned;

    /// Entries of a simulation in one hand.
    portfolio(run: RunId) = POST "/lab/simulations/{simulation_run_id}/portfolio", PortfolioRequest => Portfolio;

    /// An auction while it goes on.
    live_auction() = POST "/lab/live", LiveRequest => LiveAuction;

    /// Submits an evaluation.
    evaluate() = POST "/lab/evaluations", EvaluationRequest => Accepted;

    /// An evaluation.
    evaluation(run: RunId) = GET "/lab/evaluations/{evaluation_run_id}" => Evaluation;

    /// Submits a batch.
    submit_batch() = POST "/lab/batches", BatchRequest => Accepted;

    /// A batch.
    batch(run: RunId) = GET "/lab/batches/{batch_run_id}" => Batch;

    /// What a file of bids holds.
    inspect_bid_sheet() = POST "/lab/candidates/inspect", BidSheet => BidSheetInspection;

    /// Keeps the entries of a file of bids as candidates.
    import_bid_sheet() = POST "/lab/candidates/import", BidSheet => CandidatesKept;

    /// Keeps a candidate.
    add_candidate() = POST "/lab/candidates", CandidateRequest => Candidate;

    /// A page of candidates, newest first.
    candidates() = GET "/lab/candidates" ? ListCandidates => CandidatePage;

    /// A candidate.
    candidate(candidate: CandidateId) = GET "/lab/candidates/{candidate_id}" => Candidate;

    /// Gives a candidate another name.
    change_candidate(candidate: CandidateId) = PATCH "/lab/candidates/{candidate_id}", ChangeCandidate => Candidate;

    /// Keeps a cohort.
    add_cohort() = POST "/lab/cohorts", CohortRequest => Cohort;

    /// Keeps the automatic cohorts that are missing.
    sync_cohorts() = POST "/lab/cohorts/sync" => CohortSync;

    /// A page of cohorts, newest first.
    cohorts() = GET "/lab/cohorts" ? PageQuery => CohortPage;

    /// A cohort.
    cohort(cohort: CohortId) = GET "/lab/cohorts/{cohort_id}" => Cohort;

    /// Changes a cohort.
    change_cohort(cohort: CohortId) = PATCH "/lab/cohorts/{cohort_id}", ChangeCohort => Cohort;

    /// Puts an auction into a cohort.
    add_synthetic_calcutta() = POST "/lab/synthetic-calcuttas", SyntheticCalcuttaRequest => SyntheticCalcutta;

    /// A page of synthetic calcuttas, newest first.
    synthetic_calcuttas() = GET "/lab/synthetic-calcuttas" ? ListSynthetic => SyntheticCalcuttaPage;

    /// A synthetic calcutta.
    synthetic_calcutta(synthetic: SyntheticCalcuttaId) = GET "/lab/synthetic-calcuttas/{synthetic_calcutta_id}" => SyntheticCalcutta;

    /// Changes a synthetic calcutta.
    change_synthetic_calcutta(synthetic: SyntheticCalcuttaId) = PATCH "/lab/synthetic-calcuttas/{synthetic_calcutta_id}", ChangeSyntheticCalcutta => SyntheticCalcutta;

    /// Replaces the rules of a synthetic calcutta.
    replace_rules(synthetic: SyntheticCalcuttaId) = PUT "/lab/synthetic-calcuttas/{synthetic_calcutta_id}/rules", SyntheticRules => SyntheticCalcutta;

    /// Attaches a candidate.
    attach() = POST "/lab/attachments", Attach => SyntheticCalcutta;

    /// Takes a candidate out again.
    detach(attachment: AttachmentId) = DELETE "/lab/attachments/{attachment_id}" => SyntheticCalcutta;
}
