//! `assay compare`: a file of series in, a ranking out; and a ranking that is stored.

mod out;
mod print;

use bytes::Bytes;
use client::{Client, Error};
use kernel::RunId;
use serde::Serialize;
use wire::datasets::DatasetId;
use wire::model_selection::{
    ComparisonRequest, ComparisonStatus, Racing, RankedSeriesQuery, Ranking, SeriesRanking,
};

use self::print::Page;
use super::{Followed, close, follow, open, open_for_reading, print_json};
use crate::cli::{CompareRun, CompareShow, Place, Shown};
use crate::exit::Exit;
use crate::flags::{self, Flags, by_the_flags};
use crate::names::Names;
use crate::progress::Bar;
use crate::system::System;
use crate::{file, input};

pub(crate) async fn run(place: &Place, options: &CompareRun) -> anyhow::Result<Exit> {
    if let Some(path) = &options.shown.out {
        out::check(path)?;
        file::is_another(path, &options.series.file, "--out")?;
    }
    let file = input::read(&options.series.file)?;
    let system = open(place).await?;
    let ended = compare(&system, options, file).await;
    close(system, ended).await
}

/// A comparison that is stored.
pub(crate) async fn show(place: &Place, options: &CompareShow) -> anyhow::Result<Exit> {
    if let Some(path) = &options.shown.out {
        out::check(path)?;
    }
    let system = open_for_reading(place).await?;
    let shown = ranked(&system.client, options.run, &options.shown, None).await;
    close(system, shown.map(|_| Exit::Ok)).await
}

async fn compare(system: &System, options: &CompareRun, file: Bytes) -> anyhow::Result<Exit> {
    let client = &system.client;
    let dataset = input::import(client, &options.series, file).await?;
    let request = request(client, options, dataset.dataset_id).await?;
    let id = client.compare(&request).await.map_err(|error| in_our_words(error, options))?.run_id;
    system.engine.start_only(id);
    let bar = Bar::new();
    let followed = follow(client, id, |frame| bar.show(frame)).await?;
    bar.clear();
    let status = ranked(client, id, &options.shown, Some(options)).await?;
    Ok(match (followed, status) {
        (Followed::Interrupted, _) => Exit::Interrupted,
        (Followed::Ended, ComparisonStatus::Completed | ComparisonStatus::Partial) => Exit::Ok,
        (Followed::Ended, _) => Exit::RunFailed,
    })
}

/// Prints a ranking, and writes it where that is asked for.
async fn ranked(
    client: &Client,
    id: RunId,
    shown: &Shown,
    asked: Option<&CompareRun>,
) -> anyhow::Result<ComparisonStatus> {
    let ranking = client.ranking(id).await?;
    let series = all_series(client, &ranking).await?;
    let status = ranking.status;
    let written = shown.out.as_deref().map(|path| out::write(path, &series));
    if shown.output.json {
        print_json(&Whole { ranking, series })?;
    } else {
        let names = Names::of(client).await?;
        let page = Page { ranking: &ranking, series: &series, names: &names, shown, asked };
        page.print(&mut std::io::stdout().lock())?;
    }
    written.transpose()?;
    Ok(status)
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

/// What the API advises where no fold fits.
const ADVICE: &str = "choose a longer window, a smaller min_train_size or a shorter horizon";

/// A refusal in the words of the flags. Only what was stated can be stated smaller: the rest is planned as small as it may be.
fn in_our_words(error: Error, options: &CompareRun) -> Error {
    let stated = [
        options.folds.min_train.map(|_| "a smaller --min-train"),
        options.folds.splits.map(|_| "fewer --splits"),
        options.folds.gap.filter(|gap| *gap > 0).map(|_| "a smaller --gap"),
    ];
    let smaller: Vec<&str> = stated.into_iter().flatten().chain(["a smaller --horizon"]).collect();
    let advice = format!("give more dates, or {}", smaller.join(" or "));
    let ours = |text: &str| flags::sentence(&text.replace(ADVICE, &advice));
    match by_the_flags(error, FLAGS) {
        Error::Problem(mut problem) => {
            problem.detail = ours(&problem.detail);
            for field in &mut problem.errors {
                field.message = ours(&field.message);
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
