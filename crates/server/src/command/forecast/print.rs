//! A forecast for people: the answer first, and at last what to do next.

use std::io::Write;

use client::Client;
use kernel::{counted, figure, percents};
use wire::model_selection::{
    ExcludedSeries, FleetForecast, FleetResult, FleetStanding, ForecastSeriesQuery, Interval, SeriesForecast,
};

use super::out::{self, models};
use crate::cli::Forecast;
use crate::figures::{self, number};
use crate::flags;
use crate::names::Names;
use crate::plain::plain;
use crate::table::{self, Column};

/// More series than this are not what somebody reads in a terminal.
const SHOWN_SERIES: u32 = 5;
/// So many dates of each.
const SHOWN_DATES: usize = 24;
/// The level of the interval that is shown.
const LEVEL: f64 = 0.8;
/// Series left out that are named.
const TOLD: usize = 5;

/// Prints what a forecast came to, in the names that people give models.
pub(super) async fn print(
    out: &mut impl Write,
    client: &Client,
    forecast: &FleetForecast,
    options: &Forecast,
) -> anyhow::Result<()> {
    let Some(result) = &forecast.result else { return Ok(()) };
    let names = Names::of(client).await?;
    let shown = match result.series_forecast {
        0 => Vec::new(),
        _ if options.all => out::all(client, forecast.run_id).await?,
        _ => {
            let query = ForecastSeriesQuery { limit: Some(SHOWN_SERIES), cursor: None };
            client.forecast_series(forecast.run_id, &query).await?.items
        }
    };
    Page { forecast, result, names: &names, options }.print(out, &shown)
}

struct Page<'a> {
    forecast: &'a FleetForecast,
    result: &'a FleetResult,
    names: &'a Names,
    options: &'a Forecast,
}

impl Page<'_> {
    fn print(&self, out: &mut impl Write, shown: &[SeriesForecast]) -> anyhow::Result<()> {
        writeln!(out, "{}\n", self.said(&self.result.statement))?;
        if self.is_unjudged() {
            writeln!(
                out,
                "warning: no fold fits the history, so weights and intervals rest on nothing that was tested\n"
            )?;
        }
        for one in shown {
            self.series(out, one)?;
        }
        let more = self.result.series_forecast.saturating_sub(shown.len());
        if more > 0 {
            writeln!(out, "{}: --all, or --out FILE.csv\n", counted(more, "more series", "more series"))?;
        }
        self.standings(out)?;
        for sentence in &self.result.assumptions {
            writeln!(out, "assumed: {}", self.said(sentence))?;
        }
        let without: Vec<&ExcludedSeries> =
            self.forecast.excluded_series.iter().chain(&self.result.unlearned_series).collect();
        let total = self.forecast.series_total + self.forecast.excluded_total;
        self.without(out, &without, total.saturating_sub(self.result.series_forecast))?;
        writeln!(out, "\nrun {}", self.forecast.run_id)?;
        self.next(out)
    }

    /// Whether there are forecasts of which none was judged.
    const fn is_unjudged(&self) -> bool {
        self.result.series_forecast > 0 && self.result.series_judged == 0
    }

    /// A sentence with the models by their names, as it can be printed.
    fn said(&self, sentence: &str) -> String {
        let models = self.result.standings.iter().filter_map(|one| one.model_type.as_deref());
        plain(&flags::sentence(&self.names.sentence(sentence, models))).into_owned()
    }

    fn series(&self, out: &mut impl Write, one: &SeriesForecast) -> anyhow::Result<()> {
        let made_of = models(one, |model| self.names.name(model));
        writeln!(out, "{}: {}", plain(&one.name), plain(&made_of))?;
        let dates = if self.options.all { one.dates.len() } else { one.dates.len().min(SHOWN_DATES) };
        let interval = one.intervals.iter().find(|interval| (interval.level - LEVEL).abs() < 1e-9);
        if let Some(interval) = interval {
            with_interval(out, one, interval, dates)?;
        } else {
            let columns = [Column::text("date"), Column::number("forecast")];
            let row = |at: usize| vec![one.dates[at].to_string(), number(one.points[at])];
            table::print(out, &columns, &(0..dates).map(row).collect::<Vec<_>>())?;
            writeln!(out, "It has no interval, because no two of its values can be compared.")?;
        }
        if dates < one.dates.len() {
            writeln!(
                out,
                "and {} more dates, to {}",
                one.dates.len() - dates,
                one.dates[one.dates.len() - 1]
            )?;
        }
        Ok(writeln!(out)?)
    }

    fn standings(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let standings = &self.result.standings;
        let columns = [
            Column::text("on the folds"),
            Column::number("weight"),
            Column::number("MASE"),
            Column::number("±").spare(),
            Column::number("pooled WAPE %"),
            Column::number("series"),
        ];
        let of = |metric: fn(&FleetStanding) -> Option<f64>| {
            figures::column(&standings.iter().map(metric).collect::<Vec<_>>())
        };
        let (mases, errors, wapes) = (of(|one| one.mase), of(|one| one.mase_error), of(|one| one.wape));
        // The first row is what the others make together.
        let shares = percents(&standings.iter().skip(1).map(|one| one.weight).collect::<Vec<_>>());
        let shares: Vec<u64> = std::iter::once(100).chain(shares).collect();
        let row = |(at, one): (usize, &FleetStanding)| {
            let name = one.model_type.as_deref().map(|model| self.names.name(model));
            vec![
                name.unwrap_or_else(|| "Weighted forecast".to_owned()),
                format!("{} %", shares[at]),
                mases[at].clone(),
                errors[at].clone(),
                wapes[at].clone(),
                one.series.to_string(),
            ]
        };
        table::print(out, &columns, &standings.iter().enumerate().map(row).collect::<Vec<_>>())?;
        for one in &self.result.coverage {
            let (level, observed) = (figure(100.0 * one.level, 0), figure(100.0 * one.observed, 0));
            writeln!(out, "intervals of {level} % held {observed} % of what came on the folds")?;
        }
        Ok(writeln!(out)?)
    }

    /// Series that have no forecast; the answer names the first ones.
    fn without(&self, out: &mut impl Write, named: &[&ExcludedSeries], all: usize) -> anyhow::Result<()> {
        let told = if self.options.all { named.len() } else { TOLD.min(named.len()) };
        if all > 0 {
            writeln!(out, "\n{}", counted(all, "series has no forecast", "series have no forecast"))?;
        }
        for one in named.iter().take(told) {
            writeln!(out, "  {}: {}", plain(&one.name), self.said(&one.reason))?;
        }
        match (all.saturating_sub(told), self.options.all) {
            (0, _) => Ok(()),
            (more, true) => Ok(writeln!(out, "  and {more} more")?),
            (more, false) => Ok(writeln!(out, "  and {more} more: --all names them")?),
        }
    }

    /// What somebody who has read this does now.
    fn next(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let (run, horizon) = (self.forecast.run_id, self.options.horizon);
        if self.result.series_forecast == 0 {
            return Ok(writeln!(out, "next: assay run show {run}")?);
        }
        let arguments = plain(&self.options.series.arguments()).into_owned();
        let grid = self.options.grid.map_or_else(String::new, |grid| format!(" --grid {grid}"));
        for other in &self.forecast.other_frequencies {
            writeln!(
                out,
                "the {other} series: assay forecast {arguments} --grid {other} --horizon {horizon}"
            )?;
        }
        if self.options.out.is_none() {
            writeln!(out, "to a file: --out forecasts.xlsx, .csv or .parquet")?;
        }
        if self.is_unjudged() {
            return Ok(writeln!(
                out,
                "next: nothing was judged, so there is no champion to keep: give more values, or a shorter --horizon"
            )?);
        }
        writeln!(
            out,
            "next: with new values, assay forecast {arguments}{grid} --horizon {horizon} --champion {run}"
        )?;
        Ok(())
    }
}

fn with_interval(
    out: &mut impl Write,
    one: &SeriesForecast,
    interval: &Interval,
    dates: usize,
) -> anyhow::Result<()> {
    let columns =
        [Column::text("date"), Column::number("forecast"), Column::number("80 % from"), Column::number("to")];
    let row = |at: usize| {
        let numbers = [one.points[at], interval.lower[at], interval.upper[at]].map(number);
        std::iter::once(one.dates[at].to_string()).chain(numbers).collect()
    };
    Ok(table::print(out, &columns, &(0..dates).map(row).collect::<Vec<_>>())?)
}

#[cfg(test)]
mod tests;
