//! The numbers behind the charts of a comparison.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Candidate, Ranking, result};

/// What the charts show. Keys are those of the ranking's entries; only ranked candidates are in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChartData {
    /// WAPE, percent.
    pub wape_by_model: BTreeMap<String, Option<f64>>,
    /// Bias, in units of demand.
    pub bias_by_model: BTreeMap<String, Option<f64>>,
    /// WAPE per fold; `null` for a fold without demand.
    pub fold_stability: BTreeMap<String, Vec<Option<f64>>>,
    /// The winner's forecasts beside what happened.
    pub winner_actual_vs_predicted: Vec<ChartFold>,
}

/// One fold of the winner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChartFold {
    /// From 0.
    pub fold_index: usize,
    /// Test dates.
    pub dates: Vec<NaiveDate>,
    /// What happened.
    pub actuals: Vec<Option<f64>>,
    /// What was forecast.
    pub predictions: Vec<f64>,
}

/// The chart data of a ranking of these candidates.
pub fn chart_data(ranking: &Ranking, candidates: &[Candidate]) -> ChartData {
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
