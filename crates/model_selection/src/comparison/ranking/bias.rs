//! Whether forecasts run high or low, judged against how much their errors vary.

use evaluation::FoldResult;
use evaluation::compare::{LEAST_SERIES, SIGNIFICANT, p_of_no_mean};
use kernel::{counted, measured};
use wire::model_selection::RankEntry;

use super::{Judged, backtest_of_ordinal};

/// Fewer observations than this say nothing of a mean.
const LEAST: usize = 3;

/// One sentence of the first-ranked; `None` without its numbers.
pub(super) fn sentence(judged: &[Judged<'_>], first: &RankEntry) -> Option<String> {
    let metrics = first.metrics?;
    let (bias, key) = (metrics.bias?, &first.key);
    let folds: Vec<&[FoldResult]> = judged
        .iter()
        .filter_map(|series| Some(backtest_of_ordinal(series, first.ordinal)?.folds.as_slice()))
        .collect();
    let (parts, what) = observations(&folds);
    let size = match metrics.bias_percent {
        Some(percent) if judged.len() > 1 => format!("{} % of the actual values", measured(percent.abs())),
        Some(percent) => {
            format!("{} on average, {} % of the actual values", measured(bias.abs()), measured(percent.abs()))
        }
        None => format!("{} on average", measured(bias.abs())),
    };
    let over = counted(parts.len(), what.0, what.1);
    let p_value = p_of_no_mean(&parts).filter(|_| parts.len() >= LEAST);
    let mean = parts.iter().sum::<f64>();
    Some(match p_value {
        None => format!("Whether the forecasts of {key} are too high or too low cannot be told from {over}."),
        Some(p) if p > SIGNIFICANT || mean == 0.0 => {
            format!(
                "The forecasts of {key} are neither too high nor too low by more than chance over {over}."
            )
        }
        // Where one large series is on the other side, its size is not that of the rest.
        Some(_) if mean * bias < 0.0 => {
            format!(
                "The forecasts of {key} are too {} on most series, by more than chance.",
                if mean > 0.0 { "low" } else { "high" }
            )
        }
        Some(_) => {
            let low_or_high = if bias > 0.0 { "low" } else { "high" };
            format!("The forecasts of {key} are too {low_or_high} by {size}: more than chance over {over}.")
        }
    })
}

/// The signed errors of each series, or of each window where there are few series, as a share of their sizes: no unit
/// decides.
fn observations(series: &[&[FoldResult]]) -> (Vec<f64>, (&'static str, &'static str)) {
    if series.len() >= LEAST_SERIES {
        return (series.iter().filter_map(|folds| share(folds)).collect(), ("series", "series"));
    }
    let windows = series.iter().flat_map(|folds| folds.iter());
    (windows.filter_map(|fold| share(std::slice::from_ref(fold))).collect(), ("test window", "test windows"))
}

/// The sum of actual minus forecast over the sum of its sizes, from −1 to 1; `None` without an outcome.
fn share(folds: &[FoldResult]) -> Option<f64> {
    let errors = || {
        folds.iter().flat_map(|fold| {
            let points = fold.actuals.iter().zip(&fold.predictions);
            points.filter_map(|(actual, point)| actual.map(|actual| actual - point))
        })
    };
    errors().next()?;
    let size: f64 = errors().map(f64::abs).sum();
    if size == 0.0 { Some(0.0) } else { kernel::finite(errors().sum::<f64>() / size) }
}
