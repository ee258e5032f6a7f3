//! The numbers behind the charts of a comparison.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SeriesRanking;
use crate::moment::Moment;

/// What the charts show. Keys are those of the ranking's entries; only ranked candidates are in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::ChartData)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::ChartFold)]
pub struct ChartFold {
    /// From 0.
    pub fold_index: usize,
    /// Test dates.
    pub dates: Vec<Moment>,
    /// What happened.
    pub actuals: Vec<Option<f64>>,
    /// What was forecast.
    pub predictions: Vec<f64>,
}

/// Whose charts to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ChartsQuery {
    /// The name of the series; the first one when absent.
    pub series: Option<String>,
}

/// The charts of one series, and the ranking that they belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::SeriesCharts)]
pub struct SeriesCharts {
    /// Everyone's place on the series.
    #[serde(flatten)]
    pub ranking: SeriesRanking,
    /// Its charts.
    #[serde(flatten)]
    pub charts: ChartData,
}
