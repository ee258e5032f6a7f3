//! The table `series`: what the ranking of each series comes to.
//!
//! | column | holds |
//! |---|---|
//! | `unique_id` | the name of the series |
//! | `frequency` | how far apart its dates are |
//! | `rows` | its rows |
//! | `sufficiency` | whether they are enough: `ready`, `limited`, `unusable` |
//! | `verdict`, `statement` | what its ranking comes to, as a word and as a sentence |
//! | `confidence`, `reasons` | how sure the first place is, and why |
//! | `tied` | the keys of the candidates that cannot be told from the first at 5 %, the first one's first |
//! | `warnings` | what a reader must know of the numbers |
//! | `folds_at`, `fold_rows` | where its rows begin in the table `folds`, counted from 0, and how many they are |

use series::columnar::{Cell, Column, ColumnarError, Kind, Layout, Row, TableWriter, WriteError};
use wire::model_selection::{RankEntry, RankingMetric, SeriesRanking, Standings};

/// The columns.
pub(in crate::comparison) static SERIES: Layout = Layout {
    name: "assay.comparison.series",
    version: "1",
    columns: &[
        Column::of("unique_id", Kind::Text),
        Column::of("frequency", Kind::Text),
        Column::of("rows", Kind::Count),
        Column::of("sufficiency", Kind::Text),
        Column::of("verdict", Kind::Text),
        Column::of("statement", Kind::Text),
        Column::of("confidence", Kind::Text),
        Column::of("reasons", Kind::Texts),
        Column::of("tied", Kind::Texts),
        Column::of("warnings", Kind::Texts),
        Column::of("folds_at", Kind::Count),
        Column::of("fold_rows", Kind::Count),
    ],
};

pub(super) fn push(
    table: &mut TableWriter,
    found: &SeriesRanking,
    (folds_at, fold_rows): (usize, usize),
) -> Result<(), WriteError> {
    let frequency = found.frequency.to_string();
    table.push(vec![
        Cell::Text(&found.name),
        Cell::Text(&frequency),
        Cell::Count(found.rows),
        Cell::Text(found.sufficiency.as_str()),
        Cell::Text(found.verdict.as_str()),
        Cell::Text(&found.statement),
        Cell::Text(found.standings.confidence.as_str()),
        Cell::Texts(&found.standings.reasons),
        Cell::Texts(&found.standings.tied),
        Cell::Texts(&found.standings.warnings),
        Cell::Count(folds_at),
        Cell::Count(fold_rows),
    ])
}

/// The ranking that a row and the entries of its series say, by a metric.
pub(in crate::comparison) fn ranking(
    row: Row<'_>,
    metric: RankingMetric,
    entries: Vec<RankEntry>,
) -> Result<SeriesRanking, ColumnarError> {
    Ok(SeriesRanking {
        name: row.cell("unique_id")?,
        frequency: row.parsed("frequency")?,
        rows: row.cell("rows")?,
        sufficiency: row.parsed("sufficiency")?,
        verdict: row.parsed("verdict")?,
        statement: row.cell("statement")?,
        standings: Standings {
            metric,
            winner: entries.first().filter(|first| first.included).cloned(),
            entries,
            confidence: row.parsed("confidence")?,
            reasons: row.cell("reasons")?,
            tied: row.cell("tied")?,
            warnings: row.cell("warnings")?,
        },
    })
}
