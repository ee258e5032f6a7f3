//! A ranking to a file: one row per series and model, for programs, which read types of models.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use kernel::exact_figure;
use wire::model_selection::{RankMetrics, SeriesRanking};

use crate::exit::{Exit, Failed};
use crate::file::{cell, check_writable, replace};

/// The metrics of a row, by their names on the wire.
const METRICS: &str = "wape,smape,mae,rmse,bias,mase,rmsse,test_points";

/// Refuses what is no name of such a file, or of none that can be written.
pub(super) fn check(path: &Path) -> anyhow::Result<()> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
        return check_writable(path, "--out");
    }
    Err(Failed::new(Exit::Usage, "--out must name a file that ends in .csv").into())
}

/// Writes every place on every series.
pub(super) fn write(path: &Path, series: &[SeriesRanking]) -> anyhow::Result<()> {
    if series.is_empty() {
        return Err(Failed::new(Exit::RunFailed, "nothing was written: no series has a ranking").into());
    }
    replace(path, csv(series).as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

fn csv(series: &[SeriesRanking]) -> String {
    let mut text = format!("series,rank,model,{METRICS},verdict,not_ranked_because\n");
    for one in series {
        for entry in &one.standings.entries {
            let rank = entry.rank.map_or_else(String::new, |rank| rank.to_string());
            let metrics = entry.metrics.as_ref().map_or_else(|| ",".repeat(7), numbers);
            let why = entry.exclusion_reason.as_deref().unwrap_or_default();
            let (name, model) = (cell(&one.name), cell(&entry.key));
            let _ = writeln!(text, "{name},{rank},{model},{metrics},{},{}", one.verdict, cell(why));
        }
    }
    text
}

fn numbers(metrics: &RankMetrics) -> String {
    let RankMetrics { wape, smape, mae, rmse, bias, mase, rmsse, sample_size, .. } = metrics;
    let number = |value: &Option<f64>| value.map_or_else(String::new, exact_figure);
    let numbers = [wape, smape, mae, rmse, bias, mase, rmsse].map(number);
    format!("{},{sample_size}", numbers.join(","))
}
