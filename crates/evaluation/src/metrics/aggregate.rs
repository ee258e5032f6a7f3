//! Metrics over folds: plain fold means, pooled over all points, and how steady they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wire::model_selection::{Metric, Metrics};

use super::set;

/// The metrics of a whole backtest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aggregate {
    /// The plain mean of the folds' values; folds without a value are left out.
    pub fold_mean: Metrics,
    /// Computed once over the points of all folds: what a zero-demand fold cannot break.
    pub pooled: Metrics,
    /// The stability index of each metric, percent; absent with fewer than two folds or a mean of zero.
    pub stability: BTreeMap<Metric, Option<f64>>,
}

impl Aggregate {
    pub(crate) fn of(folds: &[Metrics], pooled: Metrics) -> Self {
        let mut fold_mean =
            Metrics { sample_size: folds.iter().map(|fold| fold.sample_size).sum(), ..Metrics::default() };
        let mut stability = BTreeMap::new();
        for &metric in Metric::ALL {
            let values: Vec<f64> = folds.iter().filter_map(|fold| fold.get(metric)).collect();
            let mean = match values.len() {
                0 => Err("no fold has a value".to_owned()),
                n => Ok(values.iter().sum::<f64>() / n as f64),
            };
            set(&mut fold_mean, metric, mean);
            stability.insert(metric, stability_index(&values));
        }
        let biases: Vec<f64> = folds.iter().filter_map(|fold| fold.bias_percent).collect();
        fold_mean.bias_percent = kernel::finite(biases.iter().sum::<f64>() / biases.len() as f64);
        Self { fold_mean, pooled, stability }
    }
}

/// `100 · population standard deviation / |mean|`, percent: below 50 the folds agree. `None` with fewer than two
/// values or where the mean is zero.
pub fn stability_index(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    kernel::finite(100.0 * variance.sqrt() / mean.abs())
}

/// Days of a test window, counted from its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Bucket {
    /// Days 1 to 7.
    #[serde(rename = "h_1_7")]
    H1To7,
    /// Days 8 to 14.
    #[serde(rename = "h_8_14")]
    H8To14,
    /// Days 15 to 28.
    #[serde(rename = "h_15_28")]
    H15To28,
    /// Day 29 and later.
    #[serde(rename = "h_29_plus")]
    H29Plus,
}

impl Bucket {
    /// The bucket of the day `offset` days after the first test day.
    pub const fn of(offset: i64) -> Self {
        match offset {
            ..7 => Self::H1To7,
            7..14 => Self::H8To14,
            14..28 => Self::H15To28,
            _ => Self::H29Plus,
        }
    }
}
