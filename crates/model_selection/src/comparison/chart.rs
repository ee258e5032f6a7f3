//! The numbers behind the charts of a series, out of its ranking and its folds.

use wire::model_selection::{ChartData, ChartFold, SeriesRanking};

use super::tables::FoldRow;

/// The charts of a series: of ranked candidates, and the folds of the first.
pub(super) fn chart(ranking: &SeriesRanking, folds: Vec<FoldRow>) -> ChartData {
    let mut chart = ChartData::default();
    for entry in &ranking.standings.entries {
        let Some(metrics) = entry.metrics else { continue };
        chart.wape_by_model.insert(entry.key.clone(), metrics.wape);
        chart.bias_by_model.insert(entry.key.clone(), metrics.bias);
        let own = folds.iter().filter(|fold| fold.ordinal == entry.ordinal);
        chart.fold_stability.insert(entry.key.clone(), own.map(|fold| fold.wape).collect());
    }
    if let Some(winner) = &ranking.standings.winner {
        let own = folds.into_iter().filter(|fold| fold.ordinal == winner.ordinal);
        chart.winner_actual_vs_predicted = own.map(shown).collect();
    }
    chart
}

fn shown(fold: FoldRow) -> ChartFold {
    ChartFold {
        fold_index: fold.fold,
        dates: fold.dates,
        actuals: fold.actuals,
        predictions: fold.predictions,
    }
}
