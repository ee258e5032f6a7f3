//! `assay compare run`: a file of series in, a ranking out.

use std::io::Write;

use bytes::Bytes;
use client::{Client, Error};
use kernel::{counted, figure};
use serde::Serialize;
use wire::datasets::DatasetId;
use wire::model_selection::{
    ComparisonRequest, ComparisonStatus, Figure, Racing, RankEntry, RankedSeriesQuery, Ranking, SeriesRanking,
};

use super::{Followed, close, follow, open, print_json};
use crate::cli::{CompareRun, Place};
use crate::exit::Exit;
use crate::flags::{Flags, by_the_flags};
use crate::input;
use crate::plain::plain;
use crate::progress::Bar;
use crate::system::System;
use crate::table::{self, Align};

pub(crate) async fn run(place: &Place, options: &CompareRun) -> anyhow::Result<Exit> {
    let file = input::read(&options.series.file)?;
    let system = open(place).await?;
    let ended = compare(&system, options, file).await;
    close(system, ended).await
}

async fn compare(system: &System, options: &CompareRun, file: Bytes) -> anyhow::Result<Exit> {
    let client = &system.client;
    let dataset = input::import(client, &options.series, file).await?;
    let request = request(client, options, dataset.dataset_id).await?;
    let id = client.compare(&request).await.map_err(in_our_words)?.run_id;
    system.engine.start_only(id);
    let bar = Bar::new();
    let followed = follow(client, id, |frame| bar.show(frame)).await?;
    bar.clear();
    let ranking = client.ranking(id).await?;
    let status = ranking.status;
    if options.output.json {
        let series = all_series(client, &ranking).await?;
        print_json(&Whole { ranking, series })?;
    } else {
        let series = if is_shown(&ranking) { all_series(client, &ranking).await? } else { Vec::new() };
        print(&ranking, &series)?;
    }
    Ok(match (followed, status) {
        (Followed::Interrupted, _) => Exit::Interrupted,
        (Followed::Ended, ComparisonStatus::Completed | ComparisonStatus::Partial) => Exit::Ok,
        (Followed::Ended, _) => Exit::RunFailed,
    })
}

/// A ranking with that of every series.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    ranking: Ranking,
    series: Vec<SeriesRanking>,
}

/// Series that are asked for at once.
const PAGE: u32 = 200;

/// The ranking on every series, page by page; none where nothing is ranked.
async fn all_series(client: &Client, ranking: &Ranking) -> anyhow::Result<Vec<SeriesRanking>> {
    let mut all = Vec::new();
    if ranking.coverage.is_none() {
        return Ok(all);
    }
    let mut query = RankedSeriesQuery { limit: Some(PAGE), ..RankedSeriesQuery::default() };
    loop {
        let page = client.ranked_series(ranking.selection_id, &query).await?;
        all.extend(page.items);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return Ok(all);
        }
    }
}

/// What the fields of the requests are called here.
const FLAGS: Flags = &[
    ("candidate_models", "--models"),
    ("feature_frame_version", "--feature-set"),
    ("feature_groups", "--feature-groups"),
    ("folds.gap", "--gap"),
    ("folds.min_train_size", "--min-train"),
    ("folds.n_splits", "--splits"),
    ("folds.step", "--step"),
    ("forecast_horizon", "--horizon"),
    ("racing", "--race"),
    ("ranking_metric", "--metric"),
    ("season_length", "--season"),
];

/// What the API advises and what it calls things that have no flag here.
const WORDS: [(&str, &str); 2] = [
    (
        "choose a longer window, a smaller min_train_size or a shorter horizon",
        "give more dates, a smaller --min-train or a smaller --horizon",
    ),
    ("min_train_size ", "training rows "),
];

fn in_our_words(error: Error) -> Error {
    match by_the_flags(error, FLAGS) {
        Error::Problem(mut problem) => {
            for (theirs, ours) in WORDS {
                problem.detail = problem.detail.replace(theirs, ours);
                for field in &mut problem.errors {
                    field.message = field.message.replace(theirs, ours);
                }
            }
            Error::Problem(problem)
        }
        other => other,
    }
}

async fn request(
    client: &Client,
    options: &CompareRun,
    dataset_id: DatasetId,
) -> anyhow::Result<ComparisonRequest> {
    let models = super::model_types(client, &options.models).await?;
    Ok(ComparisonRequest {
        ranking_metric: options.metric,
        folds: options.folds.stated(),
        season_length: options.season,
        gaps: options.gaps.unwrap_or_default(),
        feature_frame_version: options.feature_set.unwrap_or(ComparisonRequest::USUAL_FEATURES),
        feature_groups: Some(options.feature_groups.clone()).filter(|groups| !groups.is_empty()),
        racing: if options.race { Racing::Costly } else { Racing::Off },
        ..ComparisonRequest::of_dataset(dataset_id, options.horizon, models)
    })
}

/// Rankings of more series than this are not what somebody reads in a terminal.
const SHOWN_SERIES: usize = 20;

fn ranked(ranking: &Ranking) -> usize {
    ranking.coverage.map_or(0, |coverage| coverage.series)
}

/// Whether each series' ranking is printed. Of one series it is the overall one.
fn is_shown(ranking: &Ranking) -> bool {
    (2..=SHOWN_SERIES).contains(&ranked(ranking))
}

/// The answer first: what the API states, in its words.
fn print(ranking: &Ranking, series: &[SeriesRanking]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if let Some(statement) = &ranking.statement {
        writeln!(out, "{}", plain(statement))?;
        writeln!(out, "confidence {}: {}", ranking.confidence, plain(&ranking.reasons.join("; ")))?;
        writeln!(out)?;
    }
    print_figures(&mut out, &ranking.figures)?;
    writeln!(out, "overall, {} series by {}", ranked(ranking), ranking.metric)?;
    print_entries(&mut out, ranking.entries.iter().map(|entry| &entry.entry))?;
    for note in &ranking.notes {
        writeln!(out, "note: {}", plain(note))?;
    }
    for assumption in &ranking.assumptions {
        writeln!(out, "assumed: {}", plain(assumption))?;
    }
    print_series(&mut out, ranking, series)?;
    writeln!(out, "run {}", ranking.selection_id)?;
    Ok(())
}

fn print_figures(out: &mut impl Write, figures: &[Figure]) -> anyhow::Result<()> {
    let columns =
        [("figure", Align::Left), ("model", Align::Left), ("WAPE %", Align::Right), ("on", Align::Left)];
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| figure(value, 2));
    let row = |figure: &Figure| {
        let model = figure.model.clone().unwrap_or_default();
        vec![figure.label.clone(), model, number(figure.wape), figure.measured_on.clone()]
    };
    let rows: Vec<Vec<String>> = figures.iter().map(row).collect();
    if !rows.is_empty() {
        table::print(out, &columns, &rows)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Each series' ranking; of very many only their number is said.
fn print_series(out: &mut impl Write, ranking: &Ranking, series: &[SeriesRanking]) -> anyhow::Result<()> {
    let (ranked, id) = (ranked(ranking), ranking.selection_id);
    if ranked > SHOWN_SERIES {
        writeln!(out, "\nthe rankings of {ranked} series: --json, or GET /api/model-selection/{id}/series")?;
    }
    for one in series {
        writeln!(out, "\n{}: {}", plain(&one.name), plain(&one.statement))?;
        print_entries(out, &one.standings.entries)?;
    }
    let excluded = &ranking.excluded_series;
    for one in excluded.iter().take(SHOWN_SERIES) {
        writeln!(out, "\n{} was left out: {}", plain(&one.name), plain(&one.reason))?;
    }
    if let Some(more) = excluded.len().checked_sub(SHOWN_SERIES).filter(|more| *more > 0) {
        writeln!(out, "\n{}", counted(more, "more series was left out", "more series were left out"))?;
    }
    Ok(())
}

fn print_entries<'a>(
    out: &mut impl Write,
    entries: impl IntoIterator<Item = &'a RankEntry>,
) -> anyhow::Result<()> {
    let columns = [
        ("#", Align::Right),
        ("model", Align::Left),
        ("WAPE %", Align::Right),
        ("sMAPE %", Align::Right),
        ("MAE", Align::Right),
        ("RMSE", Align::Right),
        ("bias", Align::Right),
        ("MASE", Align::Right),
        ("", Align::Left),
    ];
    let rows: Vec<Vec<String>> = entries.into_iter().map(cells).collect();
    Ok(table::print(out, &columns, &rows)?)
}

fn cells(entry: &RankEntry) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| figure(value, 2));
    let metrics = entry.metrics.as_ref();
    let mut cells =
        vec![entry.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string()), entry.model_type.clone()];
    cells.extend([
        number(metrics.and_then(|m| m.wape)),
        number(metrics.and_then(|m| m.smape)),
        number(metrics.and_then(|m| m.mae)),
        number(metrics.and_then(|m| m.rmse)),
        number(metrics.and_then(|m| m.bias)),
        number(metrics.and_then(|m| m.mase)),
        entry.exclusion_reason.clone().unwrap_or_default(),
    ]);
    cells
}
