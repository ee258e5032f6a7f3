//! `assay lab demo`: seasons are made, models fitted, the best bids found, and judged over simulated tournaments.

use kernel::RunId;
use serde::Serialize;
use wire::lab::{
    Attach, Candidate, CandidateRequest, CandidateSource, ChangeSyntheticCalcutta, CohortRequest, Evaluation,
    EvaluationRequest, GenerateSeasons, MarketShareModel, MarketShareRequest, SeasonReport, Simulation,
    SimulationRequest, SimulationSize, SnapshotId, StateId, SyntheticCalcuttaRequest,
};

use super::print::{self, Sheet};
use super::{act, game_outcome, look, shown, step, strategy};
use crate::cli::{LabDemo, Place};
use crate::command::print_line;
use crate::exit::{Exit, Failed};

/// What the demo comes to.
#[derive(Debug, Serialize)]
struct Shown {
    seasons: Vec<SeasonReport>,
    bid_sheet: Sheet,
    evaluation: Evaluation,
    simulation: Simulation,
}

/// The auction that is bid in.
#[derive(Debug, Clone, Copy)]
struct Target {
    snapshot: SnapshotId,
    state: StateId,
    games: RunId,
}

/// Where the demo stands when it bids: the first four games are played, as when auctions are held.
const STATE: &str = "post_first_four";

pub(super) async fn run(place: &Place, options: &LabDemo) -> anyhow::Result<Exit> {
    let say = |line: &str| if options.output.json { Ok(()) } else { print_line(line) };
    let made = seasons(place, options).await?;
    let (snapshots, state, name) = target(&made)?;
    say(&format!(
        "{} seasons of 68 teams are made; the market of the last is learned from the others.",
        made.len()
    ))?;
    let [others @ .., snapshot] = &snapshots[..] else { return Err(nothing("no season was made")) };
    let snapshot = *snapshot;
    let games = game_outcome(place, snapshot, state, 10.0).await?;
    let target = Target { snapshot, state, games };
    let ridge = MarketShareModel::Ridge { ridge_alpha: 1.0, train_snapshot_ids: others.to_vec() };
    let naive = MarketShareModel::NaiveEvBaseline { game_outcome_run_id: games };
    let (best, sheet) = candidate(place, target, "Best bids (ridge)", ridge).await?;
    let (baseline, _) = candidate(place, target, "Best bids (by expected points)", naive).await?;
    let simulation = simulate(place, options, target, snapshot).await?;
    let request = EvaluationRequest {
        simulation_run_id: simulation,
        candidate_ids: vec![best.candidate_id, baseline.candidate_id],
    };
    let evaluation = step(place, async |client| client.evaluate(&request).await).await?;
    let joined = attach(place, options, target, &best).await?;
    let simulation = simulate(place, options, target, joined).await?;
    let sheet = look(place, async |client| Sheet::of(client, sheet).await).await?;
    let (evaluation, simulation) = look(place, async |client| {
        Ok((client.evaluation(evaluation).await?, client.simulation(simulation).await?))
    })
    .await?;
    let all = Shown { seasons: made, bid_sheet: sheet, evaluation, simulation };
    shown(options.output, &all, || {
        print::heading(&format!("Bid sheet for {name}"))?;
        all.bid_sheet.print()?;
        print::heading("What it comes to, each candidate alone against the pool")?;
        if let Some(result) = &all.evaluation.result {
            print::candidates(result)?;
        }
        print::heading("The pool with the best bids in it")?;
        print::leaderboard(&all.simulation, 10)?;
        print_line("next: assay serve, and everything in the pages")
    })
}

async fn seasons(place: &Place, options: &LabDemo) -> anyhow::Result<Vec<SeasonReport>> {
    let request = GenerateSeasons {
        seed: options.seed,
        first_season: 2021,
        seasons: options.seasons,
        entries: options.entries,
    };
    Ok(act(place, async |client| client.generate_seasons(&request).await).await?.seasons)
}

/// The snapshots of all seasons, and of the last one the state to bid in and the name.
fn target(made: &[SeasonReport]) -> anyhow::Result<(Vec<SnapshotId>, StateId, String)> {
    let snapshots = made.iter().filter_map(|season| Some(season.calcutta.as_ref()?.snapshot_id)).collect();
    let last = made.last().ok_or_else(|| nothing("no season was made"))?;
    let state = last.states.iter().find(|state| state.starting_state_key == STATE);
    let state = state.ok_or_else(|| nothing("the last season has no first four games"))?;
    let name = last.calcutta.as_ref().map_or_else(String::new, |calcutta| calcutta.name.clone());
    Ok((snapshots, state.state_id, name))
}

fn nothing(why: &str) -> anyhow::Error {
    Failed::new(Exit::RunFailed, why).into()
}

/// A market, the best bids against it, and a candidate of them; with the run that found them.
async fn candidate(
    place: &Place,
    target: Target,
    name: &str,
    model: MarketShareModel,
) -> anyhow::Result<(Candidate, RunId)> {
    let request = MarketShareRequest { snapshot_id: target.snapshot, model, excluded_entry_id: None };
    let market = step(place, async |client| client.submit_market_share(&request).await).await?;
    let bids = strategy(place, target.snapshot, target.games, market).await?;
    let request = CandidateRequest {
        display_name: name.to_owned(),
        source_kind: CandidateSource::Strategy,
        strategy_generation_run_id: Some(bids),
        tournament_id: None,
        bids: None,
    };
    Ok((act(place, async |client| client.add_candidate(&request).await).await?, bids))
}

async fn simulate(
    place: &Place,
    options: &LabDemo,
    target: Target,
    snapshot_id: SnapshotId,
) -> anyhow::Result<RunId> {
    let request = SimulationRequest {
        snapshot_id,
        state_id: target.state,
        game_outcome_run_id: target.games,
        size: SimulationSize::NSims(options.simulations),
        seed: options.seed,
        is_sealed: options.simulations <= 1_000_000,
        excluded_entry_id: None,
    };
    step(place, async |client| client.simulate(&request).await).await
}

/// A cohort with the auction in it, which the candidate joins; its snapshot with the candidate.
async fn attach(
    place: &Place,
    options: &LabDemo,
    target: Target,
    candidate: &Candidate,
) -> anyhow::Result<SnapshotId> {
    act(place, async |client| {
        let cohort = CohortRequest {
            name: format!("Demo {}", candidate.candidate_id),
            description: Some("Best bids against a learned market".to_owned()),
            n_sims: options.simulations,
            seed: options.seed,
        };
        let request = SyntheticCalcuttaRequest {
            cohort_id: client.add_cohort(&cohort).await?.cohort_id,
            snapshot_id: target.snapshot,
            state_id: target.state,
            game_outcome_run_id: target.games,
            notes: None,
        };
        let id = client.add_synthetic_calcutta(&request).await?.synthetic_calcutta_id;
        let attach = Attach { synthetic_calcutta_id: id, candidate_id: candidate.candidate_id };
        let joined = client.attach(&attach).await?;
        let highlighted_entry_id = joined.attachments.first().map(|attached| attached.entry_id);
        let change = ChangeSyntheticCalcutta { highlighted_entry_id, notes: None };
        Ok(client.change_synthetic_calcutta(id, &change).await?.snapshot_id)
    })
    .await
}
