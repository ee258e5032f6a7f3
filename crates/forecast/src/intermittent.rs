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
//! The weights are chosen from a fixed grid by the sum of squared one-step errors, one weight per lane. The passes
//! visit demands, not rows: what happens through quiet rows has a closed form. The error and forecast at every origin
//! are prefixes of one pass. Sums of squares are taken less the sum of squared values, which no weight changes.
//! Missing rows count as neither demand nor time. A history without demand is forecast as zero.

mod aggregate;
mod croston;
mod tsb;

pub(crate) use aggregate::{adida, imapa};
pub(crate) use croston::{Bias, croston};
pub(crate) use tsb::tsb;

/// Demands that are not zero, each with the rows since the one before (the first: since the start).
struct Demands {
    sizes: Vec<f64>,
    intervals: Vec<u32>,
    origins: Vec<Origin>,
}

/// What was seen before an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Origin {
    /// Rows that are not missing.
    rows: usize,
    demands: usize,
    /// Of the rows, those up to the last demand.
    until_last: usize,
}

impl Demands {
    /// The demands, and how many of them the first `origin` values hold, for each of the ascending origins.
    fn of(values: &[f64], origins: &[usize]) -> Self {
        // What the bits of a number without its sign are at most if it is a number.
        const INFINITE: u64 = f64::INFINITY.to_bits();
        let (mut sizes, mut intervals) = (vec![0.0; values.len() + 1], vec![0; values.len() + 1]);
        let (mut rows, mut until_last) = (0_u32, 0_u32);
        let (mut demands, mut from) = (0, 0);
        let mut seen = Vec::with_capacity(origins.len());
        for &origin in origins {
            // Without a branch: every row is written where the next demand belongs, and only a demand keeps its place.
            for &value in &values[from..origin] {
                let bits = value.abs().to_bits();
                rows += u32::from(bits <= INFINITE);
                sizes[demands] = value;
                intervals[demands] = rows - until_last;
                // Neither zero, which wraps, nor missing.
                let is_demand = bits.wrapping_sub(1) < INFINITE;
                demands += usize::from(is_demand);
                until_last = if is_demand { rows } else { until_last };
            }
            seen.push(Origin { rows: rows as usize, demands, until_last: until_last as usize });
            from = origin;
        }
        sizes.truncate(demands);
        intervals.truncate(demands);
        Self { sizes, intervals, origins: seen }
    }
}

impl Origin {
    /// Rows after the last demand.
    const fn tail(&self) -> usize {
        self.rows - self.until_last
    }

    /// Rows per demand, as a whole number of at least one.
    const fn mean_interval(&self) -> usize {
        if self.demands == 0 {
            return 1;
        }
        // Rounded, halves up.
        (2 * self.until_last + self.demands) / (2 * self.demands)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demands_are_told_from_zeros_and_holes() {
        let values = [0.0, 2.0, f64::NAN, 0.0, 3.0, 1.0, 0.0];
        let Demands { sizes, intervals, origins } = Demands::of(&values, &[1, 4, 7]);
        assert_eq!((sizes, intervals), (vec![2.0, 3.0, 1.0], vec![2, 2, 1]));
        let expected = [(1, 0, 0), (3, 1, 2), (6, 3, 5)];
        assert_eq!(origins, expected.map(|(rows, demands, until_last)| Origin { rows, demands, until_last }));
        assert_eq!(origins.iter().map(Origin::tail).collect::<Vec<_>>(), [1, 1, 1]);
        assert_eq!(origins.iter().map(Origin::mean_interval).collect::<Vec<_>>(), [1, 2, 2]);
    }
}
