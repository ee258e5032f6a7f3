//! How numbers over all series were made, in words; and what each series weighs where volume does.

use kernel::counted;
use wire::model_selection::RankEntry;

use super::{Judged, backtest_of_ordinal};
use crate::panel::step_of;

/// Rows whose demand is the weight of a series, as in M5.
const WEIGHED_ROWS: usize = 28;

/// How the numbers of judged series were made, with the yardstick of the scaled ones.
pub(super) fn method(judged: &[Judged<'_>], first: Option<&RankEntry>) -> String {
    let how = how(judged, first);
    let Some(first) = first else { return how };
    let by = match first.metrics.and_then(|metrics| metrics.scale_rows) {
        Some(1) => "changes over 1 row".to_owned(),
        Some(rows) => format!("changes over a season of {rows} rows"),
        None => "changes over the season of each series".to_owned(),
    };
    let method = format!(
        "{how}; bias is actual less forecast, so that a forecast is too low where it is above zero; MASE and RMSSE are measured \
         by {by}, in all folds alike"
    );
    match step_of(judged.iter().map(|one| one.series)) {
        Some(frequency) => frequency.say(&method),
        None => method,
    }
}

fn how(judged: &[Judged<'_>], first: Option<&RankEntry>) -> String {
    if judged.len() == 1 {
        return "the ranking of the one series".to_owned();
    }
    let weighed = first.map(|first| weighed_rows(judged, first.ordinal)).unwrap_or_default();
    let scaled = first.map_or(judged.len(), |first| scaled(judged, first.ordinal));
    let over = if scaled < judged.len() {
        format!("the {} that have one", counted(scaled, "series", "series"))
    } else {
        "series".to_owned()
    };
    format!(
        "pooled WAPE, sMAPE, MAE, RMSE and bias over the points of all series together, relative MAE as the geometric mean \
         over series, MASE and RMSSE as the mean over {over}, WRMSSE weighted by the volume of the last {weighed} before the \
         first test, ties by mean rank; only candidates ranked on every series"
    )
}

/// How many series have a scaled error of a candidate.
fn scaled(judged: &[Judged<'_>], ordinal: usize) -> usize {
    let has_one = |series: &&Judged<'_>| {
        let entries = &series.ranking.standings.entries;
        let entry = entries.iter().find(|entry| entry.ordinal == ordinal);
        entry.and_then(|entry| entry.metrics?.mase).is_some()
    };
    judged.iter().filter(has_one).count()
}

/// The rows that series are weighed by: those before the first test, where there are fewer.
fn weighed_rows(judged: &[Judged<'_>], ordinal: usize) -> String {
    let rows = || judged.iter().map(|series| rows_before(series, ordinal).min(WEIGHED_ROWS));
    match (rows().min(), rows().max()) {
        (Some(fewest), Some(most)) if fewest < most => {
            format!("{fewest} to {}", counted(most, "row", "rows"))
        }
        (_, most) => counted(most.unwrap_or(WEIGHED_ROWS), "row", "rows"),
    }
}

fn rows_before(series: &Judged<'_>, ordinal: usize) -> usize {
    let first = backtest_of_ordinal(series, ordinal).and_then(|backtest| backtest.folds.first());
    first.map_or(0, |fold| fold.split.train_size)
}

/// What was sold in the last rows before the first test window: known before any forecast that is judged.
pub(super) fn volume(series: &Judged<'_>, ordinal: usize) -> f64 {
    let rows = rows_before(series, ordinal);
    let last = &series.series.values()[rows.saturating_sub(WEIGHED_ROWS)..rows];
    last.iter().filter(|value| !value.is_nan()).map(|value| value.abs()).sum()
}
