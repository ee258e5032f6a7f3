//! `assay lab bulk`: the runs that are missing, proposed with everything they stand on, and then submitted as they are.

use std::path::Path;

use serde::{Deserialize, Serialize};
use wire::lab::{
    BulkFailed, BulkMarketModel, BulkProposal, BulkQuery, BulkReport, BulkRequest, BulkRun, GameOutcomeModel,
};

use super::print::table;
use super::{act, executed, look, shown};
use crate::cli::{LabBulk, LabPropose, MarketModel, Output, Place};
use crate::command::print_line;
use crate::exit::{Exit, Failed};
use crate::input;
use crate::table::Column;

pub(super) async fn run(place: &Place, command: LabBulk) -> anyhow::Result<Exit> {
    match command {
        LabBulk::Propose(command) => propose(place, command).await,
        LabBulk::Submit { file, output } => submit(place, &file, output).await,
    }
}

async fn propose(place: &Place, command: LabPropose) -> anyhow::Result<Exit> {
    let (query, output) = query(command);
    let found = look(place, async |client| client.propose_runs(&query).await).await?;
    shown(output, &found, || print_proposal(&found))
}

fn query(command: LabPropose) -> (BulkQuery, Output) {
    match command {
        LabPropose::GameOutcome { scale, state, tournaments, output } => {
            let query = BulkQuery::GameOutcome {
                model: GameOutcomeModel::Logistic { scale },
                starting_state_key: state,
                tournament_ids: all_or(tournaments),
            };
            (query, output)
        }
        LabPropose::MarketShare { model, games, alpha, train_on, calcuttas, output } => {
            let model = match model {
                MarketModel::Naive => BulkMarketModel::NaiveEvBaseline { game_outcome_model: games },
                MarketModel::Ridge => BulkMarketModel::Ridge { ridge_alpha: alpha, train_on },
                MarketModel::Oracle => BulkMarketModel::OracleActualMarket {},
            };
            (BulkQuery::MarketShare { model, calcutta_ids: all_or(calcuttas) }, output)
        }
        LabPropose::StrategyGeneration { cohort, calcuttas, output } => {
            let query = BulkQuery::StrategyGeneration { cohort_id: cohort, calcutta_ids: all_or(calcuttas) };
            (query, output)
        }
    }
}

/// Those that are named, or all.
fn all_or<T>(named: Vec<T>) -> Option<Vec<T>> {
    Some(named).filter(|named| !named.is_empty())
}

fn print_proposal(found: &BulkProposal) -> anyhow::Result<()> {
    let skipped = found.skipped.iter().map(|one| {
        let runs = kernel::counted(one.run_ids.len(), "such run", "such runs");
        vec!["there".to_owned(), one.name.clone(), format!("it has {runs}")]
    });
    let refused = found.refused.iter().map(|one| {
        let choices: Vec<String> = one.choices.iter().map(ToString::to_string).collect();
        let choices = if choices.is_empty() { String::new() } else { format!(": {}", choices.join(", ")) };
        vec!["refused".to_owned(), one.name.clone(), format!("{}{choices}", one.message)]
    });
    let rows: Vec<Vec<String>> = found.runs.iter().map(proposed).chain(skipped).chain(refused).collect();
    if !rows.is_empty() {
        table(&[Column::text("WHAT"), Column::text("ON"), Column::text("WHY")], &rows)?;
    }
    print_line(&format!(
        "{} missing, {} there, {} that cannot be proposed; nothing was submitted",
        kernel::counted(found.runs.len(), "run", "runs"),
        found.skipped.len(),
        found.refused.len()
    ))?;
    if found.runs.is_empty() {
        return Ok(());
    }
    print_line("next: the same with --json into a FILE, then assay lab bulk submit FILE")
}

fn proposed(run: &BulkRun) -> Vec<String> {
    let (kind, on) = match run {
        BulkRun::GameOutcome(request) => ("game_outcome", format!("state {}", request.state_id)),
        BulkRun::MarketShare(request) => ("market_share", format!("snapshot {}", request.snapshot_id)),
        BulkRun::StrategyGeneration(request) => {
            ("strategy_generation", format!("snapshot {}", request.snapshot_id))
        }
    };
    vec!["missing".to_owned(), on, format!("a run of {kind} is proposed")]
}

/// As much of a proposal as is submitted; the rest of it is for people.
#[derive(Deserialize)]
struct Proposed {
    runs: Vec<BulkRun>,
}

/// What came of a bulk of runs.
#[derive(Debug, Serialize)]
struct Submitted {
    #[serde(flatten)]
    report: BulkReport,
    /// Runs that were submitted and did not succeed.
    unsuccessful: Vec<BulkFailed>,
}

async fn submit(place: &Place, file: &Path, output: Output) -> anyhow::Result<Exit> {
    let wrong = |error| Failed::new(Exit::Usage, format!("{} is no proposal: {error}", file.display()));
    let Proposed { runs } = serde_json::from_slice(&input::read(file)?).map_err(wrong)?;
    if runs.is_empty() {
        return Err(Failed::new(Exit::Usage, format!("{} proposes no run", file.display())).into());
    }
    let request = BulkRequest { runs };
    let report = act(place, async |client| client.submit_bulk(&request).await).await?;
    let mut unsuccessful = Vec::new();
    for made in &report.created {
        // A process takes up one run and those that belong to it.
        if let Err(error) = executed(place, async |_| Ok(made.run_id)).await {
            let failed = error.downcast::<Failed>()?;
            if failed.exit == Exit::Interrupted {
                return Err(failed.into());
            }
            let (code, message) = ("RUN_FAILED".to_owned(), failed.to_string());
            unsuccessful.push(BulkFailed { index: made.index, code, message });
        }
    }
    let is_well = unsuccessful.is_empty() && report.refused.is_empty();
    let all = Submitted { report, unsuccessful };
    shown(output, &all, || print_submitted(&all))?;
    Ok(if is_well { Exit::Ok } else { Exit::RunFailed })
}

fn print_submitted(all: &Submitted) -> anyhow::Result<()> {
    for made in &all.report.created {
        print_line(&format!("executed: run {}", made.run_id))?;
    }
    for made in &all.report.skipped {
        print_line(&format!("asked before: run {}", made.run_id))?;
    }
    for failed in all.report.refused.iter().chain(&all.unsuccessful) {
        print_line(&format!("number {}: {} ({})", failed.index + 1, failed.message, failed.code))?;
    }
    print_line(&format!(
        "{} executed, {} asked before, {} refused, {} not succeeded",
        kernel::counted(all.report.created.len(), "run", "runs"),
        all.report.skipped.len(),
        all.report.refused.len(),
        all.unsuccessful.len()
    ))
}
