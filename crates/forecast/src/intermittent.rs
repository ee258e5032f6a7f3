//! Models of demand that is often zero: sizes and intervals are smoothed apart.
//!
//! With demand sizes `z`, intervals between demands `q` and demand probability `p` (Croston 1972; Syntetos & Boylan
//! 2005; Teunter, Syntetos & Babai 2011; Nikolopoulos et al. 2011; Petropoulos & Kourentzes 2015):
//!
//! | model | forecast of every step | updated |
//! |---|---|---|
//! | Croston | `z/q` | `z += α(y − z)`, `q += α(interval − q)` at each demand |
//! | SBA | `(1 − α/2) z/q` | as Croston |
//! | TSB | `p·z` | `z` at each demand, `p += β(1 or 0 − p)` at every row |
//! | ADIDA | level of sums over buckets of the mean interval, per row | by simple exponential smoothing |
//! | IMAPA | mean of that over all bucket lengths up to the mean interval | same |
//!
//! The weights are chosen from a fixed grid by the sum of squared one-step errors, one weight per lane. Missing rows
//! count as neither demand nor time. A history without demand is forecast as zero.

mod aggregate;
mod croston;
mod tsb;

pub(crate) use aggregate::{adida, imapa};
pub(crate) use croston::{Bias, croston};
pub(crate) use tsb::tsb;

/// Demands that are not zero, each with the rows since the one before (the first: since the start).
struct Demands {
    sizes: Vec<f64>,
    intervals: Vec<f64>,
    /// Rows after the last demand.
    tail: f64,
}

impl Demands {
    fn of(values: &[f64]) -> Self {
        let (sizes, intervals) = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
        let mut demands = Self { sizes, intervals, tail: 0.0 };
        for &value in values.iter().filter(|value| !value.is_nan()) {
            demands.tail += 1.0;
            if value != 0.0 {
                demands.sizes.push(value);
                demands.intervals.push(demands.tail);
                demands.tail = 0.0;
            }
        }
        demands
    }

    /// Rows per demand, as a whole number of at least one.
    fn mean_interval(&self) -> usize {
        let mean = self.intervals.iter().sum::<f64>() / self.intervals.len().max(1) as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of rows")]
        let rounded = mean.round().max(1.0) as usize;
        rounded
    }
}

/// The position of the first smallest number that is not `NaN`.
fn least(numbers: &[f64]) -> usize {
    let mut best = (0, f64::INFINITY);
    for (at, &number) in numbers.iter().enumerate() {
        if number < best.1 {
            best = (at, number);
        }
    }
    best.0
}
