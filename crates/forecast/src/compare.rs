//! Whether one forecast was better than another by more than chance.
//!
//! The Diebold-Mariano test (1995) on the difference of absolute errors `d`, with the correction of Harvey, Leybourne
//! & Newbold (1997) for small samples: `S = d̄ / √(V/n)`, `V = γ₀ + 2 Σ γₖ` over the lags inside one test window
//! (forecasts of one origin share their errors), multiplied by `√((n + 1 − 2h + h(h−1)/n)/n)` and compared with
//! Student's t of `n − 1` degrees of freedom.

use serde::{Deserialize, Serialize};

use crate::Backtest;

/// One forecast against another on the same days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Paired {
    /// Mean of the first one's absolute errors less those of the second: negative when the first is better.
    pub mean_difference: f64,
    /// The corrected statistic; absent where the errors differ by a constant or not at all.
    pub statistic: Option<f64>,
    /// Two-sided: the chance of such a difference if both were equally good. 1 where nothing differs.
    pub p_value: f64,
    /// Days compared.
    pub days: usize,
}

/// Compares two backtests of the same folds; `None` without common days.
pub fn paired(first: &Backtest, second: &Backtest) -> Option<Paired> {
    let mut folds: Vec<Vec<f64>> = Vec::new();
    for (one, other) in first.folds.iter().zip(&second.folds) {
        if one.dates != other.dates {
            return None;
        }
        let days = one.actuals.iter().zip(one.predictions.iter().zip(&other.predictions));
        let difference = days.filter_map(|(actual, (p, q))| actual.map(|a| (a - p).abs() - (a - q).abs()));
        folds.push(difference.collect());
    }
    test(&folds)
}

/// The test on differences fold by fold; covariances are taken inside folds, which do not overlap.
fn test(folds: &[Vec<f64>]) -> Option<Paired> {
    let days: usize = folds.iter().map(Vec::len).sum();
    let horizon = folds.iter().map(Vec::len).max()?;
    if days == 0 {
        return None;
    }
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
    let statistic = kernel::finite(mean / (variance / n).sqrt() * correction);
    let freedom = (folds.len().max(2) - 1) as f64;
    let p_value = match statistic {
        Some(statistic) => two_sided(statistic, freedom),
        None if mean == 0.0 => 1.0,
        None => 0.0,
    };
    kernel::finite(mean).map(|mean_difference| Paired { mean_difference, statistic, p_value, days })
}

/// The chance of a Student's t at least this far from zero: `I(ν/(ν + t²); ν/2, 1/2)`.
fn two_sided(t: f64, freedom: f64) -> f64 {
    incomplete_beta(freedom / t.mul_add(t, freedom), 0.5 * freedom, 0.5).clamp(0.0, 1.0)
}

/// The regularised incomplete beta function by Lentz's continued fraction (DLMF 8.17.22).
#[expect(clippy::many_single_char_names, reason = "the names of the formula's source")]
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp() / a;
    let (mut c, mut d) = (1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..200 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / even.mul_add(d, 1.0);
        c = 1.0 + even / c;
        fraction *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / odd.mul_add(d, 1.0);
        c = 1.0 + odd / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() < 1e-14 {
            break;
        }
    }
    front * fraction
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// Stirling's series after moving the argument above ten.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < 10.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / x;
    shift + (x - 0.5).mul_add(x.ln(), -x) + 0.5 * std::f64::consts::TAU.ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_probabilities_of_students_t_match_the_tables() {
        for (t, freedom, expected) in [
            (2.776, 4.0, 0.05),
            (12.706, 1.0, 0.05),
            (1.812, 10.0, 0.1),
            (0.0, 5.0, 1.0),
            (2.626, 100.0, 0.01),
        ] {
            let found = two_sided(t, freedom);
            assert!((found - expected).abs() < 2e-4, "{t} {freedom}: {found}");
        }
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
