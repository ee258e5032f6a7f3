//! The table `folds`: what each candidate said of each test window of each series, and what came.
//!
//! | column | holds |
//! |---|---|
//! | `unique_id` | the name of the series |
//! | `ordinal`, `model_type` | the candidate: its place in the request, from 0, and its model type |
//! | `fold` | from 0 |
//! | `train_start`, `train_end`, `train_rows` | the first and the last date it learned from, and the rows up to there |
//! | `ds` | the test dates |
//! | `y` | what happened on each, in the unit of the series; absent where nothing is known |
//! | `y_hat` | what was forecast for each |
//! | `wape`, `smape`, `bias_percent` | over the dates of the fold, percent |
//! | `mae`, `rmse`, `bias` | in the unit of the series |
//! | `mase`, `rmsse` | errors over those of the naive forecast of the training rows |
//! | `points` | test points that had an actual |
//! | `missing` | why a metric is absent, as `metric: reason` |

use evaluation::FoldResult;
use evaluation::rank::{Candidate, Outcome};
use series::columnar::{Cell, Column, ColumnarError, Kind, Layout, Row, TableWriter, WriteError};
use wire::Moment;

use crate::comparison::ranking::Judged;

/// The columns.
pub(in crate::comparison) static FOLDS: Layout = Layout {
    name: "assay.comparison.folds",
    version: "1",
    columns: &[
        Column::of("unique_id", Kind::Text),
        Column::of("ordinal", Kind::Count),
        Column::of("model_type", Kind::Text),
        Column::of("fold", Kind::Count),
        Column::of("train_start", Kind::Date),
        Column::of("train_end", Kind::Date),
        Column::of("train_rows", Kind::Count),
        Column::of("ds", Kind::Dates),
        Column::of("y", Kind::Numbers),
        Column::of("y_hat", Kind::Numbers),
        Column::optional("wape", Kind::Number),
        Column::optional("smape", Kind::Number),
        Column::optional("mae", Kind::Number),
        Column::optional("rmse", Kind::Number),
        Column::optional("bias", Kind::Number),
        Column::optional("bias_percent", Kind::Number),
        Column::optional("mase", Kind::Number),
        Column::optional("rmsse", Kind::Number),
        Column::of("points", Kind::Count),
        Column::of("missing", Kind::Texts),
    ],
};

/// Writes the folds of a series, and says how many they are.
pub(super) fn push(table: &mut TableWriter, judged: &Judged<'_>) -> Result<usize, WriteError> {
    let mut rows = 0;
    for candidate in &judged.candidates {
        let Outcome::Completed { backtest } = &candidate.outcome else { continue };
        for fold in &backtest.folds {
            push_fold(table, judged.series.name(), candidate, fold)?;
        }
        rows += backtest.folds.len();
    }
    Ok(rows)
}

fn push_fold(
    table: &mut TableWriter,
    series: &str,
    candidate: &Candidate,
    fold: &FoldResult,
) -> Result<(), WriteError> {
    let metrics = &fold.metrics;
    let missing: Vec<String> =
        metrics.missing.iter().map(|(metric, reason)| format!("{metric}: {reason}")).collect();
    table.push(vec![
        Cell::Text(series),
        Cell::Count(candidate.ordinal),
        Cell::Text(&candidate.model_type),
        Cell::Count(fold.fold_index),
        Cell::Date(fold.split.train_start),
        Cell::Date(fold.split.train_end),
        Cell::Count(fold.split.train_size),
        Cell::Dates(&fold.dates),
        Cell::Numbers(fold.actuals.to_vec()),
        Cell::Numbers(fold.predictions.iter().copied().map(Some).collect()),
        metrics.wape.into(),
        metrics.smape.into(),
        metrics.mae.into(),
        metrics.rmse.into(),
        metrics.bias.into(),
        metrics.bias_percent.into(),
        metrics.mase.into(),
        metrics.rmsse.into(),
        Cell::Count(metrics.sample_size),
        Cell::Texts(&missing),
    ])
}

/// A fold as charts show it.
pub(in crate::comparison) struct FoldRow {
    pub series: String,
    pub ordinal: usize,
    pub fold: usize,
    pub wape: Option<f64>,
    pub dates: Vec<Moment>,
    pub actuals: Vec<Option<f64>>,
    pub predictions: Vec<f64>,
}

impl FoldRow {
    /// The columns that it is read from.
    pub(in crate::comparison) const COLUMNS: [&str; 7] =
        ["unique_id", "ordinal", "fold", "wape", "ds", "y", "y_hat"];

    /// The fold that a row says.
    pub(in crate::comparison) fn of(row: Row<'_>) -> Result<Self, ColumnarError> {
        Ok(Self {
            series: row.cell("unique_id")?,
            ordinal: row.cell("ordinal")?,
            fold: row.cell("fold")?,
            wape: row.cell("wape")?,
            dates: row.cell("ds")?,
            actuals: row.cell("y")?,
            predictions: row.cell("y_hat")?,
        })
    }
}
