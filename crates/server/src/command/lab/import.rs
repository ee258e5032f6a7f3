//! `assay lab import` and `assay lab candidates import`: files of a user's own.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::RunId;
use serde::Serialize;
use wire::lab::{
    BidSheet, BidSheetInspection, CandidatesKept, DecimalMark, GameOutcomeModel, GameOutcomeRequest,
    IntakeReport, ReadTable, SeasonFiles, SeasonPart, SeasonReport, SnapshotId, TableFile,
};

use super::super::print_line;
use super::{act, look, print, shown, step, template};
use crate::cli::{LabImport, Output, Place};
use crate::exit::{Exit, Failed};
use crate::input;

/// A season that was kept, and the run of the model that its odds or pairs make.
#[derive(Debug, Serialize)]
struct Imported {
    #[serde(flatten)]
    season: SeasonReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    game_outcome_run_id: Option<RunId>,
}

pub(super) async fn season(place: &Place, options: &LabImport) -> anyhow::Result<Exit> {
    if let Some(file) = &options.template {
        template::write(file)?;
        print_line(&format!("{} has a sheet for each part; fill it in, and then", file.display()))?;
        print_line(&format!("next: assay lab import {} --season YEAR --dry-run", file.display()))?;
        return Ok(Exit::Ok);
    }
    let files = files(options)?;
    let inspection = lab::intake::inspect_season(files).await;
    let Some(request) = &inspection.season else {
        return refused(&inspection.report, &inspection, options.output);
    };
    if options.dry_run {
        return shown(options.output, &inspection, || report(&inspection.report));
    }
    let season = act(place, async |client| client.import_season(request).await).await?;
    let game_outcome_run_id = match &inspection.game_outcome_model {
        Some(model) => Some(submitted(place, &season, model).await?),
        None => None,
    };
    let imported = Imported { season, game_outcome_run_id };
    shown(options.output, &imported, || {
        report(&inspection.report)?;
        print_line("")?;
        print::season(&imported.season)?;
        match imported.game_outcome_run_id {
            Some(run) => print_line(&format!("who beats whom by the odds or pairs of the files: run {run}")),
            None => Ok(()),
        }
    })
}

/// The run of a model from before the first game on, which is what odds and pairs are about.
async fn submitted(place: &Place, season: &SeasonReport, model: &GameOutcomeModel) -> anyhow::Result<RunId> {
    let first =
        season.states.first().ok_or_else(|| Failed::new(Exit::RunFailed, "the season has no state"))?;
    let request = GameOutcomeRequest {
        tournament_id: season.tournament.tournament_id,
        state_id: first.state_id,
        model: model.clone(),
    };
    step(place, async |client| client.submit_game_outcome(&request).await).await
}

/// The files with what the flags say of each.
fn files(options: &LabImport) -> anyhow::Result<SeasonFiles> {
    let stated = [
        (&options.field, SeasonPart::Field),
        (&options.games, SeasonPart::Games),
        (&options.results, SeasonPart::Results),
        (&options.odds, SeasonPart::Odds),
        (&options.pairs, SeasonPart::Pairs),
        (&options.bids, SeasonPart::Bids),
        (&options.rules, SeasonPart::Rules),
        (&options.payouts, SeasonPart::Payouts),
        (&options.scoring, SeasonPart::Scoring),
    ];
    let named = stated.into_iter().filter_map(|(path, part)| Some((path.as_ref()?, Some(part))));
    let all = options.files.iter().map(|path| (path, None)).chain(named);
    Ok(SeasonFiles {
        files: all.map(|(path, part)| file(path, part)).collect::<anyhow::Result<_>>()?,
        name: options.name.clone(),
        season: options.season,
        calcutta_name: options.auction.clone(),
        decimal: options.decimal,
        odds_level: options.odds_level,
        final_four: None,
    })
}

fn file(path: &Path, part: Option<SeasonPart>) -> anyhow::Result<TableFile> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(TableFile { name, part, content: STANDARD.encode(input::read(path)?) })
}

pub(super) fn sheet(
    path: &Path,
    snapshot_id: SnapshotId,
    decimal: Option<DecimalMark>,
) -> anyhow::Result<BidSheet> {
    Ok(BidSheet { snapshot_id, file: file(path, None)?, decimal })
}

pub(super) async fn candidates(
    place: &Place,
    sheet: &BidSheet,
    is_dry: bool,
    output: Output,
) -> anyhow::Result<Exit> {
    let found: BidSheetInspection = look(place, async |client| client.inspect_bid_sheet(sheet).await).await?;
    if !(found.report.problems.is_empty() && found.report.questions.is_empty()) {
        return refused(&found.report, &found, output);
    }
    if is_dry {
        return shown(output, &found, || report(&found.report));
    }
    let kept: CandidatesKept = act(place, async |client| client.import_bid_sheet(sheet).await).await?;
    shown(output, &kept, || {
        report(&found.report)?;
        kept.candidates.iter().try_for_each(|one| {
            let points: u32 = one.bids.iter().map(|bid| bid.bid_points).sum();
            let teams = kernel::counted(one.bids.len(), "team", "teams");
            print_line(&format!(
                "{}: {points} points on {teams}, candidate {}",
                one.display_name, one.candidate_id
            ))
        })
    })
}

/// Everything that stands in the way, and that nothing was kept.
fn refused(told: &IntakeReport, whole: &impl Serialize, output: Output) -> anyhow::Result<Exit> {
    let problems = told.problems.iter().map(|problem| {
        let place = placed(&problem.file, problem.sheet.as_deref(), problem.line, problem.column.as_deref());
        format!("{place}{}", problem.message)
    });
    let questions = told.questions.iter().map(|asked| format!("{}: {}", flag(&asked.option), asked.question));
    let lines: Vec<String> = problems.chain(questions).collect();
    shown(output, whole, || {
        report(told)?;
        lines.iter().try_for_each(|line| print_line(&format!("  wrong or open: {line}")))
    })?;
    let count = kernel::counted(lines.len(), "thing is", "things are");
    let first = lines.first().map(String::as_str).unwrap_or_default();
    Err(Failed::new(Exit::Usage, format!("nothing was kept: {count} wrong or open, first: {first}")).into())
}

fn flag(option: &str) -> String {
    match option {
        "calcutta_name" => "--auction".to_owned(),
        option => format!("--{}", option.replace('_', "-")),
    }
}

fn placed(file: &str, sheet: Option<&str>, line: Option<u64>, column: Option<&str>) -> String {
    let parts = [
        Some(file.to_owned()).filter(|file| !file.is_empty()),
        sheet.map(|sheet| format!("sheet {sheet}")),
        line.map(|line| format!("line {line}")),
        column.map(|column| format!("column {column}")),
    ];
    let place: Vec<String> = parts.into_iter().flatten().collect();
    if place.is_empty() { String::new() } else { format!("{}: ", place.join(", ")) }
}

/// What was read as what, and what was assumed.
fn report(told: &IntakeReport) -> anyhow::Result<()> {
    told.tables.iter().try_for_each(|table| print_line(&read_table(table)))?;
    for one in &told.team_matches {
        print_line(&format!("  `{}` is {} (by its {})", one.written, one.team_id, one.by))?;
    }
    for one in &told.left_out {
        let place = placed(&one.file, one.sheet.as_deref(), Some(one.line), None);
        print_line(&format!("  left out: {place}{}", one.why))?;
    }
    told.notes.iter().try_for_each(|note| print_line(&format!("  {note}")))
}

fn read_table(table: &ReadTable) -> String {
    let columns = table.columns.iter().map(|column| match &column.meaning {
        Some(meaning) => format!("{} = {meaning}", column.name),
        None => format!("{} (not used)", column.name),
    });
    let columns: Vec<String> = columns.collect();
    format!(
        "{}{}, {}: {}",
        placed(&table.file, table.sheet.as_deref(), None, None),
        table.part,
        kernel::counted(usize::try_from(table.rows).unwrap_or(usize::MAX), "row", "rows"),
        columns.join(", ")
    )
}
