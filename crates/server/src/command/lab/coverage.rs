//! `assay lab coverage` and `assay lab cohorts`: what models have covered, and the cohorts of all of them.

use wire::lab::{
    CohortSync, Coverage, CoverageQuery, CoveredCohort, CoveredItem, CoveredModel, ModelCoverage,
};

use super::print::table;
use super::{act, look, shown};
use crate::cli::{LabCohorts, LabCoverage, Place};
use crate::command::print_line;
use crate::exit::Exit;
use crate::table::Column;

pub(super) async fn run(place: &Place, options: LabCoverage) -> anyhow::Result<Exit> {
    let LabCoverage { model, kind, output } = options;
    if let (Some(model), Some(run_kind)) = (model, kind) {
        let query = CoverageQuery { run_kind, model };
        let found = look(place, async |client| client.model_coverage(&query).await).await?;
        return shown(output, &found, || print_model(&found));
    }
    let found = look(place, async |client| client.coverage().await).await?;
    shown(output, &found, || print_all(&found))
}

pub(super) async fn cohorts(place: &Place, command: LabCohorts) -> anyhow::Result<Exit> {
    let LabCohorts::Sync { output } = command;
    let found = act(place, async |client| client.sync_cohorts().await).await?;
    shown(output, &found, || print_sync(&found))
}

/// How much of everything each model has covered.
pub(super) fn print_models(models: &[CoveredModel]) -> anyhow::Result<()> {
    let columns = [
        Column::text("KIND"),
        Column::text("MODEL"),
        Column::text("ID").spare(),
        Column::number("COVERED"),
        Column::number("OF"),
    ];
    let row = |one: &CoveredModel| {
        vec![
            one.run_kind.to_string(),
            one.display_name.clone(),
            one.model.clone(),
            one.covered.to_string(),
            one.total.to_string(),
        ]
    };
    table(&columns, &models.iter().map(row).collect::<Vec<_>>())
}

fn print_all(found: &Coverage) -> anyhow::Result<()> {
    print_models(&found.models)?;
    print_line("")?;
    if found.cohorts.is_empty() {
        return print_line("next: assay lab cohorts sync makes a cohort for each combination of models");
    }
    let columns =
        [Column::text("COHORT"), Column::number("COVERED"), Column::number("OF"), Column::text("ID")];
    let row = |one: &CoveredCohort| {
        vec![one.name.clone(), one.covered.to_string(), one.total.to_string(), one.cohort_id.to_string()]
    };
    table(&columns, &found.cohorts.iter().map(row).collect::<Vec<_>>())?;
    print_line("next: assay lab bulk propose game_outcome, market_share or strategy_generation")
}

fn print_model(found: &ModelCoverage) -> anyhow::Result<()> {
    let columns =
        [Column::text("NAME"), Column::number("SEASON"), Column::number("RUNS"), Column::text("ID")];
    let row = |one: &CoveredItem| {
        let id = one.calcutta_id.map_or_else(|| one.tournament_id.to_string(), |id| id.to_string());
        vec![one.name.clone(), one.season.to_string(), one.run_ids.len().to_string(), id]
    };
    table(&columns, &found.items.iter().map(row).collect::<Vec<_>>())?;
    print_line(&format!("{} of {} have a run of {}", found.covered, found.total, found.model))
}

fn print_sync(found: &CohortSync) -> anyhow::Result<()> {
    for cohort in &found.cohorts {
        print_line(&format!("{}: cohort {}", cohort.name, cohort.cohort_id))?;
    }
    print_line("next: assay lab bulk propose strategy_generation --cohort ID")
}
