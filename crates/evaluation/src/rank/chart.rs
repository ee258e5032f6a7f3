//! The numbers behind the charts of a comparison.

use wire::model_selection::{ChartData, ChartFold, Standings};

use super::{Candidate, result};

/// The chart data of a ranking of these candidates.
pub fn chart_data(ranking: &Standings, candidates: &[Candidate]) -> ChartData {
    let mut chart = ChartData::default();
    for entry in &ranking.entries {
        let Some(metrics) = entry.metrics else { continue };
        chart.wape_by_model.insert(entry.key.clone(), metrics.wape);
        chart.bias_by_model.insert(entry.key.clone(), metrics.bias);
        if let Some(backtest) = result(&entry.key, candidates) {
            let wapes = backtest.folds.iter().map(|fold| fold.metrics.wape).collect();
            chart.fold_stability.insert(entry.key.clone(), wapes);
        }
    }
    if let Some(backtest) = ranking.winner.as_ref().and_then(|winner| result(&winner.key, candidates)) {
        chart.winner_actual_vs_predicted = backtest
            .folds
            .iter()
            .map(|fold| ChartFold {
                fold_index: fold.fold_index,
                dates: fold.dates.clone(),
                actuals: fold.actuals.clone(),
                predictions: fold.predictions.clone(),
            })
            .collect();
    }
    chart
}
