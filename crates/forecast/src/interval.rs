//! Intervals around point forecasts from the errors a model made on its folds.
//!
//! Conformal prediction (Vovk, Gammerman & Shafer 2005): of `n` past absolute errors of comparable steps, the
//! `⌈(n + 1)·level⌉`-th smallest is the half width. Comparable are the errors of the same step and of the fewest
//! neighbouring steps that make `n` large enough for the level. Nothing is assumed of the errors but that those to
//! come are like those seen; the observed coverage says how far that held, each fold judged by the others' errors.

use serde::{Deserialize, Serialize};

use crate::Backtest;

/// The levels given when none are asked for.
pub const LEVELS: [f64; 3] = [0.5, 0.8, 0.95];

/// Bounds at one level, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The share of outcomes that should fall inside, between 0 and 1.
    pub level: f64,
    /// Lower bounds.
    pub lower: Vec<f64>,
    /// Upper bounds.
    pub upper: Vec<f64>,
}

/// How often past outcomes fell inside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// The share that should.
    pub level: f64,
    /// The share that did; absent with a single fold.
    pub observed: Option<f64>,
    /// Mean interval score (width, and `2/(1 − level)` for each unit outside): smaller is better.
    pub interval_score: Option<f64>,
    /// Outcomes judged.
    pub points: usize,
}

/// Intervals for forecasts of the same model whose first step follows the training data. `None` where the backtest
/// has no errors to learn from.
pub fn intervals(backtest: &Backtest, points: &[f64], levels: &[f64]) -> Option<Vec<Interval>> {
    let errors = Errors::of(backtest, None);
    let floor = if errors.is_never_negative { 0.0 } else { f64::NEG_INFINITY };
    levels
        .iter()
        .map(|&level| {
            let widths: Option<Vec<f64>> =
                (0..points.len()).map(|step| errors.half_width(step, level)).collect();
            let widths = widths?;
            let bound = |sign: f64| {
                let at = move |(point, width): (&f64, &f64)| sign.mul_add(*width, *point).max(floor);
                points.iter().zip(&widths).map(at).collect::<Vec<f64>>()
            };
            let (lower, upper) = (bound(-1.0), bound(1.0));
            let is_finite = lower.iter().chain(&upper).all(|bound| bound.is_finite());
            is_finite.then_some(Interval { level, lower, upper })
        })
        .collect()
}

/// The coverage of each fold's outcomes by intervals from the errors of the other folds.
pub fn coverage(backtest: &Backtest, levels: &[f64]) -> Vec<Coverage> {
    levels.iter().map(|&level| coverage_at(backtest, level)).collect()
}

fn coverage_at(backtest: &Backtest, level: f64) -> Coverage {
    let (mut inside, mut score, mut points) = (0_usize, 0.0, 0_usize);
    for fold in 0..backtest.folds.len() {
        let others = Errors::of(backtest, Some(fold));
        let fold = &backtest.folds[fold];
        for (step, (actual, prediction)) in fold.actuals.iter().zip(&fold.predictions).enumerate() {
            let (Some(actual), Some(width)) = (actual, others.half_width(step, level)) else { continue };
            let outside = ((actual - prediction).abs() - width).max(0.0);
            inside += usize::from(outside == 0.0);
            score += 2.0 * width + 2.0 / (1.0 - level) * outside;
            points += 1;
        }
    }
    let n = points as f64;
    let of = |sum: f64| if points == 0 { None } else { kernel::finite(sum / n) };
    Coverage { level, observed: of(inside as f64), interval_score: of(score), points }
}

/// Absolute errors by step, from 0.
struct Errors {
    by_step: Vec<Vec<f64>>,
    is_never_negative: bool,
}

impl Errors {
    fn of(backtest: &Backtest, without: Option<usize>) -> Self {
        let steps = backtest.folds.iter().map(|fold| fold.predictions.len()).max().unwrap_or(0);
        let mut errors = Self { by_step: vec![Vec::new(); steps], is_never_negative: true };
        for (index, fold) in backtest.folds.iter().enumerate() {
            let outcomes = fold.actuals.iter().zip(&fold.predictions).enumerate();
            for (step, (actual, prediction)) in outcomes {
                let Some(actual) = actual else { continue };
                errors.is_never_negative &= *actual >= 0.0;
                if without != Some(index) {
                    errors.by_step[step].push((actual - prediction).abs());
                }
            }
        }
        errors
    }

    fn half_width(&self, step: usize, level: f64) -> Option<f64> {
        let last = self.by_step.len().checked_sub(1)?;
        let step = step.min(last);
        let needed = (1.0 / (1.0 - level)).ceil();
        let mut reach = 0;
        let mut errors = loop {
            let (low, high) = (step.saturating_sub(reach), (step + reach).min(last));
            let near: Vec<f64> = self.by_step[low..=high].iter().flatten().copied().collect();
            if near.len() as f64 >= needed || (low == 0 && high == last) {
                break near;
            }
            reach += 1;
        };
        errors.sort_by(f64::total_cmp);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank from 1 to n + 1")]
        let rank = ((errors.len() as f64 + 1.0) * level).ceil() as usize;
        errors.get(rank.saturating_sub(1).min(errors.len().checked_sub(1)?)).copied()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{series, spec};
    use crate::{SplitConfig, backtest};

    fn noisy(rows: usize) -> Vec<f64> {
        let mut stream = kernel::Seed(7).stream("interval");
        (0..rows).map(|_| stream.normal(100.0, 10.0)).collect()
    }

    #[test]
    fn intervals_of_noise_are_as_wide_as_the_noise_and_cover_it() {
        let split = SplitConfig { n_splits: 20, min_train_size: 60, ..SplitConfig::default() };
        let spec = spec("moving_average", json!({"window_size": 60}));
        let result = backtest(&series(&noisy(600)), &spec, &split, &|| false).unwrap();
        for coverage in coverage(&result, &LEVELS) {
            let observed = coverage.observed.unwrap();
            assert!((observed - coverage.level).abs() < 0.08, "{coverage:?}");
        }
        let wide = &intervals(&result, &[100.0; 20], &[0.95]).unwrap()[0];
        let width =
            wide.upper.iter().zip(&wide.lower).map(|(upper, lower)| upper - lower).sum::<f64>() / 20.0;
        // Normal noise of ten has 95 % within 19.6 on either side.
        assert!((width - 39.2).abs() < 8.0, "{width}");
    }

    #[test]
    fn demand_that_is_never_negative_has_no_negative_bound() {
        let values: Vec<f64> = (0..120).map(|t| if t % 4 == 0 { 8.0 } else { 0.0 }).collect();
        let result =
            backtest(&series(&values), &spec("naive", json!({})), &SplitConfig::default(), &|| false)
                .unwrap();
        let bounds = intervals(&result, &[1.0; 14], &LEVELS).unwrap();
        assert!(bounds.iter().flat_map(|interval| &interval.lower).all(|lower| *lower >= 0.0));
    }
}
