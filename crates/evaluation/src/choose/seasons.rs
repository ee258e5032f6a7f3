//! Which seasons a series has, and which of them a fleet is forecast with.
//!
//! A candidate length `m` is *seen* in a series where the autocorrelation of the detrended values passes
//! `r(m) > 1.645 √((1 + 2 Σ r(i)²) / n)`, `i < m`: the 90 % test by which Naive2 of the M4 competition takes a
//! season out (Makridakis, Spiliotis & Assimakopoulos 2020), with two differences. The trend goes first (a straight
//! line, and of what is left the centred average of one season, which is what a classical decomposition calls the
//! trend), because a wandering level raises all the `r(i)` and hides the season. And only a positive correlation
//! counts: values that are the opposite of a season ago repeat after two. Short lengths are judged first and their
//! pattern is taken out, so that a longer length is not believed for being a multiple.
//!
//! The strength beside it is `1 − Var(R)/Var(S + R)` (Wang, Smith & Hyndman 2006) with the means of the phases as
//! `S`, both variances by their degrees of freedom, so that noise has none.
//!
//! Missing values are left out of every sum. Two whole seasons are needed; a shorter series says nothing.

mod fleet;
mod trend;

use serde::{Deserialize, Serialize};

pub use self::fleet::{Share, of_fleet};

/// Seasons that hourly values may have: a day and a week.
pub const HOURLY: [usize; 2] = [24, 168];
/// Whole seasons a series must have.
const LEAST_SEASONS: usize = 2;
/// Of the normal distribution, as in M3 and M4.
const NINETY_PERCENT: f64 = 1.645;

/// Of noise, two seasons of twelve rows repeat in so large a share once in a thousand times (F of 11 and 12).
const CLEAR_STRENGTH: f64 = 0.75;

/// What a series says of one season length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Rows of a season.
    pub length: usize,
    /// The autocorrelation of the detrended values at that distance.
    pub correlation: f64,
    /// What chance alone stays below nine times in ten.
    pub bound: f64,
    /// Of the detrended values' variance, the share that repeats: 0 to 1.
    pub strength: f64,
}

impl Evidence {
    /// Whether the season is there by more than chance. The bound grows with the correlations at shorter distances, which
    /// a strong season makes itself, so that two or three seasons of a history never pass it; there the share of the
    /// variance that repeats, with its degrees of freedom taken off, speaks.
    pub fn is_seen(&self) -> bool {
        self.correlation > self.bound || self.strength > CLEAR_STRENGTH
    }
}

/// What a series says of each of the ascending lengths; lengths it is too short for, and all lengths of a series
/// that does not change, are absent.
pub fn evidence(values: &[f64], lengths: &[usize]) -> Vec<Evidence> {
    let mut left = values.to_vec();
    let mut found = Vec::new();
    for &length in lengths {
        let Some((evidence, pattern)) = judge(&left, length) else { continue };
        if evidence.is_seen() {
            left.iter_mut().zip(pattern.iter().cycle()).for_each(|(value, effect)| *value -= effect);
        }
        found.push(evidence);
    }
    found
}

/// One length, and the mean of each phase.
fn judge(values: &[f64], length: usize) -> Option<(Evidence, Vec<f64>)> {
    if length < 2 || values.len() < LEAST_SEASONS.saturating_mul(length) {
        return None;
    }
    let left = trend::without(values, length)?;
    let correlations = correlations(&left, length)?;
    let (&correlation, shorter) = correlations.split_last()?;
    let squares = shorter.iter().fold(0.0, |sum, r| r * r + sum);
    let observed = left.iter().filter(|value| !value.is_nan()).count() as f64;
    let bound = NINETY_PERCENT * (2.0_f64.mul_add(squares, 1.0) / observed).sqrt();
    let pattern = pattern(&left, length);
    let strength = strength(&left, &pattern);
    let is_finite = [correlation, bound, strength].iter().all(|number| number.is_finite());
    is_finite.then_some((Evidence { length, correlation, bound, strength }, pattern))
}

/// The autocorrelations at the distances from 1 to `length`. Where values are missing, sums become means of the
/// pairs that are there, weighed as a complete series would be. `None` where nothing varies.
fn correlations(left: &[f64], length: usize) -> Option<Vec<f64>> {
    let seen = || left.iter().copied().filter(|value| !value.is_nan());
    let observed = seen().count();
    let mean = seen().sum::<f64>() / observed as f64;
    let centred: Vec<f64> =
        left.iter().map(|value| if value.is_nan() { 0.0 } else { value - mean }).collect();
    let there: Vec<f64> = left.iter().map(|value| f64::from(u8::from(!value.is_nan()))).collect();
    let variance = product(&centred, &centred) / observed as f64;
    let at = |lag: usize| {
        let pairs =
            if observed == left.len() { (left.len() - lag) as f64 } else { product(&there, &there[lag..]) };
        let covariance = if pairs > 0.0 { product(&centred, &centred[lag..]) / pairs } else { 0.0 };
        covariance / variance * (left.len() - lag) as f64 / left.len() as f64
    };
    (variance > 0.0 && variance.is_finite()).then(|| (1..=length).map(at).collect())
}

/// The sum of products in four interleaved sums, which do not wait for each other, added in a fixed order.
fn product(one: &[f64], other: &[f64]) -> f64 {
    let rows = one.len().min(other.len());
    let (one, other) = (&one[..rows], &other[..rows]);
    let mut sums = [0.0; 4];
    for (ones, others) in one.chunks_exact(4).zip(other.chunks_exact(4)) {
        for lane in 0..4 {
            sums[lane] = ones[lane].mul_add(others[lane], sums[lane]);
        }
    }
    let rest = rows - rows % 4;
    let tail = one[rest..].iter().zip(&other[rest..]).fold(0.0, |sum, (a, b)| a.mul_add(*b, sum));
    sums[0] + sums[1] + (sums[2] + sums[3]) + tail
}

/// The mean of each phase less the mean of all phases; a phase without values has no effect.
fn pattern(left: &[f64], length: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0_u32); length];
    for (at, value) in left.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        let (sum, count) = sums[at % length];
        sums[at % length] = (sum + value, count + 1);
    }
    let means: Vec<f64> =
        sums.into_iter().map(|(sum, count)| if count > 0 { sum / f64::from(count) } else { 0.0 }).collect();
    let mean = means.iter().sum::<f64>() / length as f64;
    means.into_iter().map(|effect| effect - mean).collect()
}

/// `1 − (Σ (x − s)² / (n − m)) / (Σ (x − x̄)² / (n − 1))`, at least zero.
fn strength(left: &[f64], pattern: &[f64]) -> f64 {
    let seen = || left.iter().zip(pattern.iter().cycle()).filter(|(value, _)| !value.is_nan());
    let n = seen().count() as f64;
    let mean = seen().map(|(value, _)| value).sum::<f64>() / n;
    let freedom = (n - pattern.len() as f64).max(1.0);
    let around = |rest: f64, sum: f64| rest.mul_add(rest, sum);
    let unexplained = seen().fold(0.0, |sum, (value, effect)| around(value - mean - effect, sum)) / freedom;
    let all = seen().fold(0.0, |sum, (value, _)| around(value - mean, sum)) / (n - 1.0).max(1.0);
    if all > 0.0 { (1.0 - unexplained / all).clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
#[path = "seasons/tests.rs"]
mod tests;
