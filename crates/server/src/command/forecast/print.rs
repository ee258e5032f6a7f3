//! A forecast for people: the answer first.

use std::io::Write;

use client::Client;
use kernel::{counted, figure};
use wire::Moment;
use wire::model_selection::{FleetForecast, FleetResult, FleetStanding, ForecastSeriesQuery, SeriesForecast};

use super::out::models;
use crate::plain::plain;
use crate::table::{self, Align};

/// More series than this are not what somebody reads in a terminal.
const SHOWN_SERIES: u32 = 5;
/// The level of the interval that is shown.
const LEVEL: f64 = 0.8;
const EXCLUDED: usize = 20;

pub(super) async fn print(client: &Client, forecast: &FleetForecast) -> anyhow::Result<()> {
    let Some(result) = &forecast.result else { return Ok(()) };
    let query = ForecastSeriesQuery { limit: Some(SHOWN_SERIES), cursor: None };
    let shown = if result.series_forecast > 0 {
        client.forecast_series(forecast.run_id, &query).await?.items
    } else {
        Vec::new()
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}\n", plain(&result.statement))?;
    for one in &shown {
        series(&mut out, one)?;
    }
    let more = result.series_forecast.saturating_sub(shown.len());
    if more > 0 {
        writeln!(
            out,
            "{more} more series: --out FILE.csv, --json, or GET /api/forecasts/{}/series\n",
            forecast.run_id
        )?;
    }
    standings(&mut out, result)?;
    for sentence in &result.assumptions {
        writeln!(out, "assumed: {}", plain(sentence))?;
    }
    for one in forecast.excluded_series.iter().take(EXCLUDED) {
        writeln!(out, "{} was left out: {}", plain(&one.name), plain(&one.reason))?;
    }
    if let Some(more) = forecast.excluded_series.len().checked_sub(EXCLUDED).filter(|more| *more > 0) {
        writeln!(out, "{}", counted(more, "more series was left out", "more series were left out"))?;
    }
    writeln!(out, "run {}", forecast.run_id)?;
    Ok(())
}

fn series(out: &mut impl Write, one: &SeriesForecast) -> anyhow::Result<()> {
    writeln!(out, "{}: {}", plain(&one.name), models(one))?;
    let interval = one.intervals.iter().find(|interval| (interval.level - LEVEL).abs() < 1e-9);
    let columns = [
        ("date", Align::Left),
        ("forecast", Align::Right),
        ("80 % from", Align::Right),
        ("to", Align::Right),
    ];
    let bound = |bounds: Option<&Vec<f64>>, step: usize| {
        bounds.map_or_else(|| "–".to_owned(), |all| number(all[step]))
    };
    let row = |(step, date): (usize, &Moment)| {
        let (lower, upper) = (interval.map(|one| &one.lower), interval.map(|one| &one.upper));
        vec![date.to_string(), number(one.points[step]), bound(lower, step), bound(upper, step)]
    };
    let rows: Vec<Vec<String>> = one.dates.iter().enumerate().map(row).collect();
    table::print(out, &columns, &rows)?;
    writeln!(out)?;
    Ok(())
}

fn standings(out: &mut impl Write, result: &FleetResult) -> anyhow::Result<()> {
    let columns = [
        ("on the folds", Align::Left),
        ("weight", Align::Right),
        ("MASE", Align::Right),
        ("±", Align::Right),
        ("WAPE %", Align::Right),
        ("series", Align::Right),
    ];
    let cell = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "–".to_owned(), |value| figure(value, digits))
    };
    let row = |one: &FleetStanding| {
        vec![
            one.model_type.clone().unwrap_or_else(|| "weighted forecast".to_owned()),
            format!("{} %", figure(100.0 * one.weight, 0)),
            cell(one.mase, 3),
            cell(one.mase_error, 3),
            cell(one.wape, 2),
            one.series.to_string(),
        ]
    };
    table::print(out, &columns, &result.standings.iter().map(row).collect::<Vec<_>>())?;
    for one in &result.coverage {
        let (level, observed) = (figure(100.0 * one.level, 0), figure(100.0 * one.observed, 0));
        writeln!(out, "intervals of {level} % held {observed} % of what came on the folds")?;
    }
    writeln!(out)?;
    Ok(())
}

/// As many digits as say something: four, and none behind the point of large numbers.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 1e9 => format!("{value:.3e}"),
        size if size >= 1000.0 => figure(value, 0),
        size if size >= 10.0 => figure(value, 1),
        _ => figure(value, 2),
    }
}
