//! The numbers a candidate is ranked by, and what its intervals were worth.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RankingMetric;

/// The numbers a candidate is ranked by; `null` where a number does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Metrics)]
pub struct RankMetrics {
    /// MAE over that of Seasonal Naive on the same test points, 1 where they err alike; over several series the geometric
    /// mean, of each not less than 0.01 and not more than 100.
    #[serde(default)]
    pub rel_mae: Option<f64>,
    /// Percent: of one series the mean of its folds, over several series the pooled WAPE, all errors over all demand. `null` if no
    /// fold has any demand.
    pub wape: Option<f64>,
    /// Percent, 0 to 200.
    pub smape: Option<f64>,
    /// Units of demand.
    pub mae: Option<f64>,
    /// Units of demand.
    pub rmse: Option<f64>,
    /// Units of demand; positive means too little was forecast.
    pub bias: Option<f64>,
    /// Bias over the mean size of demand, percent.
    #[serde(default)]
    pub bias_percent: Option<f64>,
    /// Mean absolute scaled error: over the mean change of the training rows from one season to the next.
    pub mase: Option<f64>,
    /// Root mean squared scaled error, by the same changes.
    pub rmsse: Option<f64>,
    /// Rows between the values whose changes MASE and RMSSE are measured by, in all folds: a season, or 1 where the first
    /// fold holds none. `null` where the series differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_rows: Option<usize>,
    /// Over several series: the mean of `rmsse` weighted by volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrmsse: Option<f64>,
    /// Test points.
    pub sample_size: usize,
}

impl RankMetrics {
    /// What it is ranked by, if it is one of these: of the bias its size. What intervals are worth stands elsewhere.
    pub fn by(&self, metric: RankingMetric) -> Option<f64> {
        match metric {
            RankingMetric::RelMae => self.rel_mae,
            RankingMetric::Wape => self.wape,
            RankingMetric::Smape => self.smape,
            RankingMetric::Mae => self.mae,
            RankingMetric::Rmse => self.rmse,
            RankingMetric::Bias => self.bias.map(f64::abs),
            RankingMetric::Mase => self.mase,
            RankingMetric::Rmsse => self.rmsse,
            // Of one series there is nothing to weigh.
            RankingMetric::Wrmsse => self.wrmsse.or(self.rmsse),
            RankingMetric::Pinball => None,
        }
    }
}

kernel::words! {
    /// Where intervals come from.
    #[derive(ToSchema)]
    #[schema(as = model_selection::IntervalKind)]
    pub enum IntervalKind {
        /// The errors on the folds.
        Conformal = "conformal",
        /// The model's formula.
        Analytic = "analytic",
        /// A distribution of counts.
        Count = "count",
    }
}

kernel::words! {
    /// Why intervals are of their kind.
    #[derive(ToSchema)]
    #[schema(as = model_selection::IntervalReason)]
    pub enum IntervalReason {
        /// The model states no distribution of its errors on this history.
        NoLaw = "no_law",
        /// They had the smaller interval score on the folds.
        SmallerScore = "smaller_score",
        /// There are too few folds to learn from their errors, or to judge the model's own statement by them.
        TooFewFolds = "too_few_folds",
    }
}

/// How often past outcomes fell inside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::IntervalCoverage)]
pub struct IntervalCoverage {
    /// The share that should.
    pub level: f64,
    /// The share that did.
    pub observed: f64,
    /// Mean interval score (width, and `2/(1 − level)` for each unit outside): smaller is better.
    pub interval_score: f64,
}

/// How a model's intervals did on its folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Uncertainty)]
pub struct Uncertainty {
    /// Where they come from.
    pub kind: IntervalKind,
    /// Why.
    pub reason: IntervalReason,
    /// At each level.
    pub coverage: Vec<IntervalCoverage>,
    /// The mean of the levels' interval scores, in the unit of the series.
    pub interval_score: f64,
    /// The mean pinball loss of the bounds and of the point as median, over the mean absolute first difference of the
    /// training rows (SPL of M5, Makridakis et al. 2022, at the quantiles of the levels). `null` where these never
    /// change.
    pub scaled_pinball: Option<f64>,
    /// Outcomes judged.
    pub points: usize,
}

/// One candidate's errors against the first-ranked one's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Rival)]
pub struct Rival {
    /// Its mean absolute error less the reference's, over its own: the relative lead of the reference, negative where
    /// the candidate is better. `null` where the candidate does not err.
    pub lead: Option<f64>,
    /// 95 % of the resamples have a lead between these.
    pub lead_interval: Option<[f64; 2]>,
    /// Two-sided p-value of the Diebold-Mariano test, with one test window as one observation.
    pub p_diebold_mariano: Option<f64>,
    /// Two-sided p-value of the paired t-test, with one series as one observation; `null` with fewer than six series.
    #[serde(default)]
    pub p_paired: Option<f64>,
    /// Two-sided p-value of the sign test over series.
    #[serde(default)]
    pub p_signs: Option<f64>,
    /// Two-sided p-value of the block bootstrap.
    pub p_bootstrap: Option<f64>,
    /// The largest significance at which the model confidence set still holds the candidate.
    pub p_confidence_set: Option<f64>,
    /// The power of the tests: a lead as large as this would be told in four of five cases. `null` where nothing can be.
    #[serde(default)]
    pub told_from: Option<f64>,
}

/// On how many series a ranking rests: fewer than all if the comparison was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Coverage)]
pub struct Coverage {
    /// Series every candidate that counts was run on; the ranking is of these.
    pub series: usize,
    /// Series the comparison is about.
    pub series_total: usize,
}
