//! `assay forecast`: a file of series in, their forecasts out.

mod champion;
mod out;
mod print;
mod svg;
mod xlsx;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Map;
use wire::model_selection::{CandidateModel, FleetForecast, FleetForecastRequest, SeriesForecast};
use wire::runs::Status;

use self::champion::Champion;
use super::{Followed, close, follow, open, print_json};
use crate::cli::{Forecast, Place};
use crate::exit::{Exit, Failed};
use crate::flags::{Flags, by_the_flags};
use crate::progress::Bar;
use crate::system::System;
use crate::{file, input};

/// What the fields of the request are called here.
const FLAGS: Flags = &[
    ("champion", "--champion"),
    ("decision", "--champion"),
    ("frequency", "--grid"),
    ("folds.gap", "--gap"),
    ("folds.min_train_size", "--min-train"),
    ("folds.n_splits", "--splits"),
    ("folds.step", "--step"),
    ("gaps", "--gaps"),
    ("horizon", "--horizon"),
    ("models", "--models"),
    ("season_length", "--season"),
];

pub(crate) async fn run(place: &Place, options: &Forecast) -> anyhow::Result<Exit> {
    let out = options.out.as_deref().map(|path| out::Out::of(path, &options.series.file)).transpose()?;
    if let Some(path) = &options.save_champion {
        file::is_another(path, &options.series.file, "--save-champion")?;
        file::check_writable(path, "--save-champion")?;
    }
    let champion = options.champion.as_deref().map(champion::of).transpose()?;
    let file = input::read(&options.series.file)?;
    let system = open(place).await?;
    let ended = forecast(&system, options, file, champion, out).await;
    close(system, ended).await
}

async fn forecast(
    system: &System,
    options: &Forecast,
    file: Bytes,
    champion: Option<Champion>,
    out: Option<out::Out<'_>>,
) -> anyhow::Result<Exit> {
    let client = &system.client;
    let dataset = input::import(client, &options.series, file).await?;
    if let Some(out) = &out {
        out.takes(dataset.series_count, options.horizon)?;
    }
    let models = super::model_types(client, &options.models).await?;
    let model = |model_type| CandidateModel { model_type, params: Map::new() };
    let (champion, decision) = match champion {
        Some(Champion::Run(run)) => (Some(run), None),
        Some(Champion::File(decision)) => (None, Some(decision)),
        None => (None, None),
    };
    let request = FleetForecastRequest {
        champion,
        decision,
        frequency: options.grid,
        models: models.into_iter().map(model).collect(),
        season_length: options.season,
        folds: options.folds.stated(),
        gaps: options.gaps.unwrap_or_default(),
        ..FleetForecastRequest::of_dataset(dataset.dataset_id, options.horizon)
    };
    let id = match client.forecast(&request).await {
        Ok(submitted) => submitted.run_id,
        Err(error) => {
            return Err(champion::explained(client, request.champion, by_the_flags(error, FLAGS)).await);
        }
    };
    system.engine.start_only(id);
    let bar = Bar::new();
    let followed = follow(client, id, |frame| bar.show(frame)).await?;
    bar.clear();
    let forecast = client.fleet_forecast(id).await?;
    if let Some(reason) = &forecast.course.error_message {
        return Err(Failed::new(Exit::RunFailed, format!("run {id}: {reason}")).into());
    }
    if matches!(followed, Followed::Interrupted) {
        return Ok(Exit::Interrupted);
    }
    let has_forecasts = forecast.result.as_ref().is_some_and(|result| result.series_forecast > 0);
    // The files first: whoever reads only the beginning of what is printed wants them whole.
    if let Some(out) = out.filter(|_| has_forecasts) {
        out.write(client, &forecast).await?;
    }
    if let Some(path) = options.save_champion.as_deref().filter(|_| has_forecasts) {
        out::artifact_to(client, id, "decision", path).await?;
    }
    if options.output.json {
        let series = if has_forecasts { out::all(client, id).await? } else { Vec::new() };
        print_json(&Document { forecast: &forecast, series })?;
    } else {
        print::print(&mut std::io::stdout(), client, &forecast, options).await?;
    }
    if !has_forecasts && (options.out.is_some() || options.save_champion.is_some()) {
        return Err(Failed::new(Exit::RunFailed, "nothing was written: no series has a forecast").into());
    }
    Ok(if forecast.status == Status::Succeeded && has_forecasts { Exit::Ok } else { Exit::RunFailed })
}

/// What `--json` prints: the forecast with its series.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    forecast: &'a FleetForecast,
    series: Vec<SeriesForecast>,
}
