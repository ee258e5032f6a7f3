//! `assay lab`: from teams and bids to a bid sheet, and to what it comes to.

mod ask;
mod bulk;
mod coverage;
mod demo;
mod import;
mod print;
mod show;
mod standing;
mod template;

use client::{Client, Error};
use kernel::RunId;
use wire::lab::{
    CandidateRequest, CandidateSource, EvaluationRequest, GameOutcomeModel, GameOutcomeRequest,
    ListCalcuttas, MarketShareModel, MarketShareRequest, SimulationRequest, SimulationSize, SnapshotId,
    StateId, StrategyRequest,
};
use wire::page::PageQuery;
use wire::runs::{Accepted, Status};

use super::{Followed, close, follow, open, open_for_reading, print_json, print_line};
use crate::cli::{Lab, LabBids, LabCandidates, LabEvaluate, LabSimulate, Output, Place};
use crate::exit::{Exit, Failed};
use crate::flags::{Flags, by_the_flags};
use crate::progress::Bar;

/// What the fields of the requests are called here.
const FLAGS: Flags = &[
    ("snapshot_id", "--snapshot"),
    ("state_id", "--state"),
    ("model.scale", "--scale"),
    ("model.train_snapshot_ids", "--train"),
    ("excluded_entry_id", "--without"),
    ("game_outcome_run_id", "--game-outcome"),
    ("size.n_sims", "--n"),
    ("size.precision", "--precision"),
    ("seed", "--seed"),
    ("seasons", "--seasons"),
    ("entries", "--entries"),
    ("games", "--win"),
    ("entry_ids", "--entry"),
    ("market_share_run_id", "--market-share"),
    ("candidate_ids", "--candidate"),
    ("strategy_generation_run_id", "--strategy"),
    ("display_name", "NAME"),
    ("run_kind", "--kind"),
    ("starting_state_key", "--state"),
    ("cohort_id", "--cohort"),
    ("tournament_ids", "--tournament"),
    ("calcutta_ids", "--calcutta"),
    ("model.game_outcome_model", "--games"),
    ("model.ridge_alpha", "--alpha"),
    ("other_entry_count", "--others"),
];

pub(crate) async fn run(place: &Place, command: Lab) -> anyhow::Result<Exit> {
    match command {
        Lab::Demo(options) => demo::run(place, &options).await,
        Lab::Import(options) => import::season(place, &options).await,
        Lab::Candidates(LabCandidates::Import { file, snapshot, decimal, dry_run, output }) => {
            let sheet = import::sheet(&file, snapshot, decimal)?;
            import::candidates(place, &sheet, dry_run, output).await
        }
        Lab::Models { output } => {
            let found = look(place, async |client| {
                let (standing, coverage) = (client.model_leaderboard().await?, client.coverage().await?);
                Ok(standing::Models { standing, coverage })
            });
            let found = found.await?;
            shown(output, &found, || found.print())
        }
        Lab::Coverage(options) => coverage::run(place, options).await,
        Lab::Bulk(command) => bulk::run(place, command).await,
        Lab::Cohorts(command) => coverage::cohorts(place, command).await,
        Lab::List { limit, output } => list(place, limit, output).await,
        Lab::Show { calcutta, output } => {
            let found = look(place, async |client| show::Shown::of(client, calcutta).await).await?;
            shown(output, &found, || found.print())
        }
        Lab::Bids(options) => bids(place, &options).await,
        Lab::Simulate(options) => simulate(place, &options).await,
        Lab::Candidates(LabCandidates::Add { name, strategy, output }) => {
            candidate(place, name, strategy, output).await
        }
        Lab::Evaluate(options) => evaluate(place, options).await,
        Lab::Condition(options) => ask::condition(place, &options).await,
        Lab::Portfolio(options) => ask::portfolio(place, &options).await,
        Lab::Live(options) => ask::live(place, &options).await,
    }
}

/// One call that only looks.
async fn look<T>(place: &Place, call: impl AsyncFnOnce(&Client) -> Result<T, Error>) -> anyhow::Result<T> {
    let system = open_for_reading(place).await?;
    let answer = call(&system.client).await.map_err(|error| by_the_flags(error, FLAGS).into());
    close(system, answer).await
}

/// One call that keeps something.
async fn act<T>(place: &Place, call: impl AsyncFnOnce(&Client) -> Result<T, Error>) -> anyhow::Result<T> {
    let system = open(place).await?;
    let answer = call(&system.client).await.map_err(|error| by_the_flags(error, FLAGS).into());
    close(system, answer).await
}

/// One run, from its submit to its success.
async fn step(
    place: &Place,
    submit: impl AsyncFnOnce(&Client) -> Result<Accepted, Error>,
) -> anyhow::Result<RunId> {
    executed(place, async |client| Ok(submit(client).await?.run_id)).await
}

/// A run to its success. The program is opened for it alone: a process takes up one family of runs.
async fn executed(
    place: &Place,
    run: impl AsyncFnOnce(&Client) -> Result<RunId, Error>,
) -> anyhow::Result<RunId> {
    let system = open(place).await?;
    let client = system.client.clone();
    let ended = async {
        let run = run(&client).await.map_err(|error| by_the_flags(error, FLAGS))?;
        system.engine.start_only(run);
        let bar = Bar::new();
        let followed = follow(&client, run, |frame| bar.show(frame)).await?;
        bar.clear();
        let item = client.lab_run(run).await?;
        let failed = |exit, why: String| Err(Failed::new(exit, why).into());
        match (followed, item.status) {
            (Followed::Interrupted, _) => failed(Exit::Interrupted, format!("run {run} was stopped")),
            (Followed::Ended, Status::Succeeded) => Ok(run),
            (Followed::Ended, status) => {
                let why = item.course.error_message.unwrap_or_else(|| status.to_string());
                failed(Exit::RunFailed, format!("the run {run} of {} gave nothing: {why}", item.run_kind))
            }
        }
    };
    let ended = ended.await;
    close(system, ended).await
}

/// Prints for a program or for a person.
fn shown(
    output: Output,
    value: &impl serde::Serialize,
    print: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    if output.json {
        print_json(value)?;
    } else {
        print()?;
    }
    Ok(Exit::Ok)
}

async fn list(place: &Place, limit: u32, output: Output) -> anyhow::Result<Exit> {
    let (page, filter) = (
        PageQuery { limit: Some(limit), ..PageQuery::default() },
        ListCalcuttas { limit: Some(limit), ..ListCalcuttas::default() },
    );
    let both = look(place, async |client| {
        Ok((client.tournaments(&page).await?.items, client.calcuttas(&filter).await?.items))
    });
    let (tournaments, calcuttas) = both.await?;
    let listed = print::Listed { tournaments, calcuttas };
    shown(output, &listed, || listed.print())
}

/// Who beats whom by ratings, from a state of play on.
async fn game_outcome(
    place: &Place,
    snapshot: SnapshotId,
    state: StateId,
    scale: f64,
) -> anyhow::Result<RunId> {
    step(place, async |client| {
        let request = GameOutcomeRequest {
            tournament_id: client.snapshot(snapshot).await?.item.tournament_id,
            state_id: state,
            model: GameOutcomeModel::Logistic { scale },
        };
        client.submit_game_outcome(&request).await
    })
    .await
}

async fn bids(place: &Place, options: &LabBids) -> anyhow::Result<Exit> {
    let (snapshot_id, excluded_entry_id) = (options.snapshot, options.without);
    let game_outcome_run_id = game_outcome(place, snapshot_id, options.state, options.scale).await?;
    let model = if options.train.is_empty() {
        MarketShareModel::NaiveEvBaseline { game_outcome_run_id }
    } else {
        MarketShareModel::Ridge { ridge_alpha: 1.0, train_snapshot_ids: options.train.clone() }
    };
    let request = MarketShareRequest { snapshot_id, model, excluded_entry_id };
    let market_share_run_id = step(place, async |client| client.submit_market_share(&request).await).await?;
    let run = strategy(place, snapshot_id, game_outcome_run_id, market_share_run_id).await?;
    let sheet = look(place, async |client| print::Sheet::of(client, run).await).await?;
    shown(options.output, &sheet, || {
        sheet.print()?;
        print_line(&format!("next: assay lab candidates add NAME --strategy {run}"))?;
        print_line(&format!(
            "      assay lab simulate --snapshot {snapshot_id} --state {} --game-outcome {game_outcome_run_id}",
            options.state
        ))
    })
}

async fn strategy(
    place: &Place,
    snapshot_id: SnapshotId,
    game_outcome_run_id: RunId,
    market_share_run_id: RunId,
) -> anyhow::Result<RunId> {
    let optimizer_key = "minlp_v1".to_owned();
    let request = StrategyRequest { snapshot_id, game_outcome_run_id, market_share_run_id, optimizer_key };
    step(place, async |client| client.submit_strategy(&request).await).await
}

/// Keeps the bids of a run under a name.
async fn candidate(
    place: &Place,
    display_name: String,
    strategy: RunId,
    output: Output,
) -> anyhow::Result<Exit> {
    let request = CandidateRequest {
        display_name,
        source_kind: CandidateSource::Strategy,
        strategy_generation_run_id: Some(strategy),
        tournament_id: None,
        bids: None,
    };
    let kept = act(place, async |client| client.add_candidate(&request).await).await?;
    shown(output, &kept, || {
        print_line(&format!("{} is candidate {}", kept.display_name, kept.candidate_id))?;
        print_line(&format!("next: assay lab evaluate SIMULATION --candidate {}", kept.candidate_id))
    })
}

async fn evaluate(place: &Place, options: LabEvaluate) -> anyhow::Result<Exit> {
    let request = EvaluationRequest { simulation_run_id: options.run, candidate_ids: options.candidates };
    let run = step(place, async |client| client.evaluate(&request).await).await?;
    let evaluation = look(place, async |client| client.evaluation(run).await).await?;
    shown(options.output, &evaluation, || match &evaluation.result {
        Some(result) => print::candidates(result),
        None => print_line("The evaluation has come to nothing."),
    })
}

async fn simulate(place: &Place, options: &LabSimulate) -> anyhow::Result<Exit> {
    let request = SimulationRequest {
        snapshot_id: options.snapshot,
        state_id: options.state,
        game_outcome_run_id: options.game_outcome,
        size: options.precision.map_or(SimulationSize::NSims(options.n), SimulationSize::Precision),
        seed: options.seed,
        is_sealed: options.seal,
        excluded_entry_id: None,
    };
    let run = step(place, async |client| client.simulate(&request).await).await?;
    let simulation = look(place, async |client| client.simulation(run).await).await?;
    shown(options.output, &simulation, || print::leaderboard(&simulation, usize::MAX))
}
