//! The table `ranks`: every candidate's place on every series.
//!
//! | column | holds |
//! |---|---|
//! | `unique_id` | the name of the series |
//! | `ordinal` | the candidate: its place in the request, from 0 |
//! | `key`, `model_type`, `params` | its key in charts, its model type, and its parameters as JSON |
//! | `rank` | from 1; absent if it was excluded |
//! | `exclusion_reason` | why it was |
//! | `rel_mae` | the mean absolute error over that of Seasonal Naive on the same test points |
//! | `wape`, `smape`, `bias_percent` | percent |
//! | `mae`, `rmse`, `bias` | in the unit of the series; bias is the mean of actual minus forecast |
//! | `mase`, `rmsse` | errors over the changes of the training rows from one season to the next |
//! | `scale_rows` | how many rows that season has, in all folds |
//! | `points` | test points that had an actual |
//! | `interval_kind`, `interval_reason` | where its intervals come from, and why |
//! | `coverage_50`, `coverage_80`, `coverage_95` | the share of outcomes inside the interval of that level, 0 to 1 |
//! | `interval_score_50`, `interval_score_80`, `interval_score_95` | their mean interval scores, in the unit of the series |
//! | `interval_score`, `scaled_pinball` | the mean of those, and the scaled pinball loss |
//! | `interval_points` | outcomes that were judged |
//!
//! Metrics are absent where they do not exist, and where a candidate was excluded; what is said of intervals also where it
//! has none.

use kernel::RunId;
use series::columnar::{Cell, Column, ColumnarError, Kind, Layout, Row, TableWriter, WriteError};
use wire::model_selection::{Interval, IntervalCoverage, RankEntry, RankMetrics, SeriesRanking, Uncertainty};

use crate::candidate_id;

/// The columns.
pub(in crate::comparison) static RANKS: Layout = Layout {
    name: "assay.comparison.ranks",
    version: "2",
    columns: &[
        Column::of("unique_id", Kind::Text),
        Column::of("ordinal", Kind::Count),
        Column::of("key", Kind::Text),
        Column::of("model_type", Kind::Text),
        Column::of("params", Kind::Text),
        Column::optional("rank", Kind::Count),
        Column::optional("exclusion_reason", Kind::Text),
        Column::optional("rel_mae", Kind::Number),
        Column::optional("wape", Kind::Number),
        Column::optional("smape", Kind::Number),
        Column::optional("mae", Kind::Number),
        Column::optional("rmse", Kind::Number),
        Column::optional("bias", Kind::Number),
        Column::optional("bias_percent", Kind::Number),
        Column::optional("mase", Kind::Number),
        Column::optional("rmsse", Kind::Number),
        Column::optional("scale_rows", Kind::Count),
        Column::optional("points", Kind::Count),
        Column::optional("interval_kind", Kind::Text),
        Column::optional("interval_reason", Kind::Text),
        Column::optional("coverage_50", Kind::Number),
        Column::optional("interval_score_50", Kind::Number),
        Column::optional("coverage_80", Kind::Number),
        Column::optional("interval_score_80", Kind::Number),
        Column::optional("coverage_95", Kind::Number),
        Column::optional("interval_score_95", Kind::Number),
        Column::optional("interval_score", Kind::Number),
        Column::optional("scaled_pinball", Kind::Number),
        Column::optional("interval_points", Kind::Count),
    ],
};

/// The columns of the usual levels.
const LEVELS: [(f64, &str, &str); Interval::USUAL_LEVELS.len()] = [
    (Interval::USUAL_LEVELS[0], "coverage_50", "interval_score_50"),
    (Interval::USUAL_LEVELS[1], "coverage_80", "interval_score_80"),
    (Interval::USUAL_LEVELS[2], "coverage_95", "interval_score_95"),
];

pub(super) fn push(table: &mut TableWriter, found: &SeriesRanking) -> Result<(), WriteError> {
    for entry in &found.standings.entries {
        let params = entry.params.to_string();
        let mut row = vec![
            Cell::Text(&found.name),
            Cell::Count(entry.ordinal),
            Cell::Text(&entry.key),
            Cell::Text(&entry.model_type),
            Cell::Text(&params),
            entry.rank.into(),
            entry.exclusion_reason.as_deref().into(),
        ];
        row.extend(metric_cells(entry.metrics.as_ref()));
        row.extend(interval_cells(entry.uncertainty.as_ref()));
        table.push(row)?;
    }
    Ok(())
}

fn metric_cells(metrics: Option<&RankMetrics>) -> [Cell<'static>; 11] {
    let number = |of: fn(&RankMetrics) -> Option<f64>| metrics.and_then(of).into();
    [
        number(|metrics| metrics.rel_mae),
        number(|metrics| metrics.wape),
        number(|metrics| metrics.smape),
        number(|metrics| metrics.mae),
        number(|metrics| metrics.rmse),
        number(|metrics| metrics.bias),
        number(|metrics| metrics.bias_percent),
        number(|metrics| metrics.mase),
        number(|metrics| metrics.rmsse),
        metrics.and_then(|metrics| metrics.scale_rows).into(),
        metrics.map(|metrics| metrics.sample_size).into(),
    ]
}

fn interval_cells(quality: Option<&Uncertainty>) -> Vec<Cell<'static>> {
    let mut cells =
        vec![quality.map(|all| all.kind.as_str()).into(), quality.map(|all| all.reason.as_str()).into()];
    for (at, _) in LEVELS.iter().enumerate() {
        let level = quality.and_then(|all| all.coverage.get(at));
        cells.extend([
            level.map(|level| level.observed).into(),
            level.map(|level| level.interval_score).into(),
        ]);
    }
    cells.extend([
        quality.map(|all| all.interval_score).into(),
        quality.and_then(|all| all.scaled_pinball).into(),
        quality.map(|all| all.points).into(),
    ]);
    cells
}

/// The place that a row says, with the id that its candidate has in a run.
pub(in crate::comparison) fn entry(row: Row<'_>, run: RunId) -> Result<RankEntry, ColumnarError> {
    let (rank, ordinal): (Option<usize>, usize) = (row.cell("rank")?, row.cell("ordinal")?);
    Ok(RankEntry {
        rank,
        candidate_id: candidate_id(run, ordinal).to_string(),
        ordinal,
        key: row.cell("key")?,
        model_type: row.cell("model_type")?,
        params: row.parsed("params")?,
        included: rank.is_some(),
        exclusion_reason: row.cell("exclusion_reason")?,
        metrics: metrics(row)?,
        uncertainty: uncertainty(row)?,
    })
}

fn metrics(row: Row<'_>) -> Result<Option<RankMetrics>, ColumnarError> {
    let Some(sample_size) = row.cell("points")? else { return Ok(None) };
    Ok(Some(RankMetrics {
        rel_mae: row.cell("rel_mae")?,
        wape: row.cell("wape")?,
        smape: row.cell("smape")?,
        mae: row.cell("mae")?,
        rmse: row.cell("rmse")?,
        bias: row.cell("bias")?,
        bias_percent: row.cell("bias_percent")?,
        mase: row.cell("mase")?,
        rmsse: row.cell("rmsse")?,
        scale_rows: row.cell("scale_rows")?,
        // Over several series only.
        wrmsse: None,
        sample_size,
    }))
}

fn uncertainty(row: Row<'_>) -> Result<Option<Uncertainty>, ColumnarError> {
    let Some(points) = row.cell("interval_points")? else { return Ok(None) };
    let at_level = |(level, observed, score): (f64, &str, &str)| {
        Ok(IntervalCoverage { level, observed: row.cell(observed)?, interval_score: row.cell(score)? })
    };
    Ok(Some(Uncertainty {
        kind: row.parsed("interval_kind")?,
        reason: row.parsed("interval_reason")?,
        coverage: LEVELS.into_iter().map(at_level).collect::<Result<_, ColumnarError>>()?,
        interval_score: row.cell("interval_score")?,
        scaled_pinball: row.cell("scaled_pinball")?,
        points,
    }))
}
