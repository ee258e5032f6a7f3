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
    rows: u32,
    demands: usize,
    /// Of the rows, those up to the last demand.
    until_last: u32,
}

impl Demands {
    /// The demands, and how many of them the first `origin` values hold, for each of the ascending origins.
    fn of(values: &[f64], origins: &[usize]) -> Self {
        let (mut sizes, mut intervals) = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
        let origins = origins_of(values, origins, |rows, bits, before| {
            let (mut left, mut last) = (bits.demands, before.until_last);
            while left != 0 {
                let row = left.trailing_zeros();
                let position = before.rows + bits.position(row);
                sizes.push(rows[row as usize]);
                intervals.push(position - last);
                last = position;
                left &= left - 1;
            }
        });
        Self { sizes, intervals, origins }
    }
}

/// What was seen before each of the ascending origins. `visit` is given up to 64 rows at a time, their bits, and what was
/// seen before them.
fn origins_of(
    values: &[f64],
    origins: &[usize],
    mut visit: impl FnMut(&[f64], &Bits, Origin),
) -> Vec<Origin> {
    let (mut seen, mut from) = (Origin { rows: 0, demands: 0, until_last: 0 }, 0);
    let mut until = |&origin: &usize| {
        for rows in values[from..origin].chunks(64) {
            let bits = Bits::of(rows);
            visit(rows, &bits, seen);
            seen.go_on(rows, &bits);
        }
        from = origin;
        seen
    };
    origins.iter().map(&mut until).collect()
}

/// Of up to 64 rows, which hold a demand and which are missing. Whether a day sells is what a branch cannot foresee, so
/// all rows become bits first, and only those that are set are visited.
struct Bits {
    demands: u64,
    missing: u64,
}

impl Bits {
    fn of(rows: &[f64]) -> Self {
        let (mut demands, mut missing) = (0_u64, 0_u64);
        for (row, value) in rows.iter().enumerate() {
            demands |= u64::from(*value != 0.0) << row;
            missing |= u64::from(value.is_nan()) << row;
        }
        Self { demands: demands & !missing, missing }
    }

    /// How many rows up to this one are not missing.
    const fn position(&self, row: u32) -> u32 {
        let lost = if self.missing == 0 { 0 } else { (self.missing << (63 - row)).count_ones() };
        row + 1 - lost
    }
}

impl Origin {
    fn go_on(&mut self, rows: &[f64], bits: &Bits) {
        if let Some(last) = bits.demands.checked_ilog2() {
            self.until_last = self.rows + bits.position(last);
        }
        self.demands += bits.demands.count_ones() as usize;
        self.rows += count(rows) - bits.missing.count_ones();
    }

    /// Rows after the last demand.
    const fn tail(&self) -> u32 {
        self.rows - self.until_last
    }

    /// Rows per demand, as a whole number of at least one.
    const fn mean_interval(&self) -> usize {
        if self.demands == 0 {
            return 1;
        }
        // Rounded, halves up.
        (2 * self.until_last as usize + self.demands) / (2 * self.demands)
    }
}

/// How many there are of at most 64.
fn count(rows: &[f64]) -> u32 {
    u32::try_from(rows.len()).expect("a chunk has at most 64 rows")
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
