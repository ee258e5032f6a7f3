//! Whether one forecast was better than another by more than chance.
//!
//! The Diebold-Mariano test (1995) on the difference of absolute errors `d`, with the correction of Harvey, Leybourne
//! & Newbold (1997) for small samples: `S = d̄ / √(V/n)`, `V = γ₀ + 2 Σ γₖ` over the lags inside one test window
//! (forecasts of one origin share their errors), multiplied by `√((n + 1 − 2h + h(h−1)/n)/n)` and compared with
//! Student's t, here of one degree of freedom less than there are folds.
//!
//! [`contest`] compares all candidates at once, over one series or many, by more than one test; [`tell`] says in words what
//! they come to, and nothing where they have no power.

mod bootstrap;
mod contest;
mod over_series;
mod tell;

use serde::{Deserialize, Serialize};

use crate::distribution::two_sided;
use crate::{Backtest, FoldResult};

pub use contest::{Contest, LEAST_SERIES, contest, is_in_confidence_set};
pub use over_series::p_of_no_mean;
pub use tell::{Telling, Told, tell, tell_at, tell_one};

/// A difference with a larger chance than this of being luck is none.
pub const SIGNIFICANT: f64 = 0.05;

/// One forecast against another on the same days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Paired {
    /// Mean of the first one's absolute errors less those of the second: negative when the first is better.
    pub mean_difference: f64,
    /// The corrected statistic; absent where the errors differ by a constant or not at all.
    pub statistic: Option<f64>,
    /// The standard error of the mean difference, with the correction.
    pub standard_error: f64,
    /// Two-sided: the chance of such a difference if both were equally good. 1 where nothing differs.
    pub p_value: f64,
    /// Days compared.
    pub days: usize,
}

/// Compares two backtests of the same folds; `None` without common days.
pub fn paired(first: &Backtest, second: &Backtest) -> Option<Paired> {
    paired_folds(&first.folds, &second.folds)
}

/// [`paired`] on some of the folds.
pub fn paired_folds(first: &[FoldResult], second: &[FoldResult]) -> Option<Paired> {
    let mut folds: Vec<Vec<f64>> = Vec::new();
    for (one, other) in first.iter().zip(second) {
        if one.dates != other.dates {
            return None;
        }
        folds.push(differences(one, other).collect());
    }
    test(&folds)
}

/// The first one's absolute errors less the second one's, day by day where there is an actual.
fn differences<'a>(one: &'a FoldResult, other: &'a FoldResult) -> impl Iterator<Item = f64> + 'a {
    let days = one.actuals.iter().zip(one.predictions.iter().zip(&other.predictions));
    days.filter_map(|(actual, (p, q))| actual.map(|a| (a - p).abs() - (a - q).abs()))
}

/// The test on differences fold by fold; covariances are taken inside folds, which do not overlap.
fn test(folds: &[Vec<f64>]) -> Option<Paired> {
    let days: usize = folds.iter().map(Vec::len).sum();
    let horizon = folds.iter().map(Vec::len).max()?;
    if days == 0 {
        return None;
    }
    // In units of the largest, so that no square overflows.
    let unit = folds.iter().flatten().fold(0.0_f64, |most, difference| most.max(difference.abs()));
    if unit > 0.0 {
        let scaled: Vec<Vec<f64>> =
            folds.iter().map(|fold| fold.iter().map(|difference| difference / unit).collect()).collect();
        let found = in_units(&scaled, days, horizon);
        let mean_difference = kernel::finite(found.mean_difference * unit)?;
        return Some(Paired { mean_difference, standard_error: found.standard_error * unit, ..found });
    }
    kernel::finite(unit).map(|_| in_units(folds, days, horizon))
}

fn in_units(folds: &[Vec<f64>], days: usize, horizon: usize) -> Paired {
    let n = days as f64;
    let mean = folds.iter().flatten().sum::<f64>() / n;
    // Summing all pairs inside a fold is the sum over all its lags.
    let variance = folds
        .iter()
        .map(|fold| fold.iter().map(|difference| difference - mean).sum::<f64>().powi(2))
        .sum::<f64>()
        / n;
    let plain = folds.iter().flatten().map(|difference| (difference - mean).powi(2)).sum::<f64>() / n;
    // Few folds can cancel by luck: the variance is never below that of independent days.
    let variance = variance.max(plain);
    let h = horizon as f64;
    let correction = ((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n).max(0.0).sqrt();
    let standard_error = (variance / n).sqrt();
    let statistic = kernel::finite(mean / standard_error * correction);
    let freedom = (folds.len().max(2) - 1) as f64;
    let p_value = match statistic {
        Some(statistic) => two_sided(statistic, freedom),
        None if mean == 0.0 => 1.0,
        None => 0.0,
    };
    let standard_error = if correction > 0.0 { standard_error / correction } else { f64::INFINITY };
    Paired { mean_difference: mean, statistic, standard_error, p_value, days }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_of_single_days_equals_the_peers() {
        // dieboldmariano 1.1.0 (Python), dm_test of absolute errors with h = 1 and the Harvey correction.
        let one = [1.2, 0.4, 2.1, 0.9, 1.7, 0.3, 1.1, 2.4, 0.8, 1.5, 0.6, 1.9];
        let other = [1.0, 0.9, 1.4, 1.1, 1.2, 0.5, 1.3, 1.6, 0.7, 1.4, 0.9, 1.3];
        let days: Vec<Vec<f64>> = one.iter().zip(other).map(|(one, other)| vec![one - other]).collect();
        let found = test(&days).unwrap();
        assert!((found.statistic.unwrap() - 1.070_784_667_690_129_4).abs() < 1e-9, "{found:?}");
        assert!((found.p_value - 0.307_198_519_484_306).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn a_steady_lead_is_significant_and_a_changing_one_is_not() {
        let steady =
            vec![vec![-1.0, -1.2, -0.8], vec![-1.1, -0.9, -1.0], vec![-0.9, -1.1, -1.0], vec![-1.0; 3]];
        let test_of = |folds: &[Vec<f64>]| test(folds).unwrap();
        assert!(test_of(&steady).p_value < 0.01);
        let changing = vec![vec![-3.0; 3], vec![2.5; 3], vec![-2.0; 3], vec![3.0; 3]];
        assert!(test_of(&changing).p_value > 0.5);
        let same = test_of(&[vec![0.0; 3], vec![0.0; 3]]);
        assert_eq!((same.statistic, same.p_value.to_bits()), (None, 1.0_f64.to_bits()));
    }
}
