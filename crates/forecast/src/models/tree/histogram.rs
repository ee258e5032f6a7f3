//! Sums per bin, and the best split they show.

use super::binning::Binned;
use super::grow::{Least, Limits, Side, Sums};

/// Where each feature's bins lie in a histogram.
pub(super) struct Layout {
    /// Of each column: its feature, where its bins begin, how many there are without "missing".
    features: Vec<usize>,
    offsets: Vec<usize>,
    bins: Vec<usize>,
    has_missing: Vec<bool>,
    length: usize,
    counts_rows: bool,
}

/// Sums per bin of every feature; the bin after a feature's last is that of its missing values.
#[derive(Debug)]
pub(super) struct Histogram {
    /// Gradient and weight.
    pub(super) slopes: Vec<[f64; 2]>,
    /// Rows, where they are counted.
    pub(super) counts: Vec<u32>,
}

/// Gains this share of a node's score apart are equal: the difference is rounding.
const EQUAL: f64 = 1e-10;

/// A split that pays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub(super) gain: f64,
    pub(super) column: usize,
    /// The last bin that goes left.
    pub(super) bin: u8,
    pub(super) missing: Side,
}

impl Histogram {
    pub(super) fn clear(&mut self) {
        self.slopes.fill([0.0; 2]);
        self.counts.fill(0);
    }

    /// Takes a part out.
    pub(super) fn subtract(&mut self, part: &Self) {
        for (sums, part) in self.slopes.iter_mut().zip(&part.slopes) {
            sums[0] -= part[0];
            sums[1] -= part[1];
        }
        for (count, part) in self.counts.iter_mut().zip(&part.counts) {
            *count -= part;
        }
    }

    fn sums(&self, at: usize) -> Sums {
        let [gradient, weight] = self.slopes[at];
        Sums { gradient, weight, rows: self.counts.get(at).copied().unwrap_or(0) }
    }
}

impl Layout {
    pub(super) fn of(bins: &Binned, features: &[usize], least: Least) -> Self {
        let counts: Vec<usize> = features.iter().map(|&feature| bins.cuts().bins(feature)).collect();
        let mut length = 0;
        let mut offset = |count: &usize| {
            let start = length;
            length += count + 1;
            start
        };
        Self {
            features: features.to_vec(),
            offsets: counts.iter().map(&mut offset).collect(),
            has_missing: features.iter().map(|&feature| bins.has_missing(feature)).collect(),
            bins: counts,
            length,
            counts_rows: matches!(least, Least::Rows(_)),
        }
    }

    pub(super) fn empty(&self) -> Histogram {
        let counted = if self.counts_rows { self.length } else { 0 };
        Histogram { slopes: vec![[0.0; 2]; self.length], counts: vec![0; counted] }
    }

    pub(super) fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    pub(super) fn feature(&self, column: usize) -> usize {
        self.features[column]
    }

    /// The number that stands for a missing value of a column.
    pub(super) fn missing_bin(&self, column: usize) -> u8 {
        u8::try_from(self.bins[column]).expect("there are at most 255 bins")
    }

    /// The split that gains most. Of equals it is the last column's, at its first bin: earlier values come by their
    /// distance, and of two that part the rows alike the more distant one is known for more steps ahead.
    pub(super) fn best_split(&self, histogram: &Histogram, total: Sums, limits: &Limits) -> Option<Split> {
        let mut best: Option<Split> = None;
        let equal = EQUAL * limits.score(total);
        for column in 0..self.features.len() {
            self.splits(column, histogram, total, limits, &mut |split| {
                let is_better = |best: Split| {
                    let margin = EQUAL.mul_add(best.gain, equal);
                    split.gain - best.gain > if split.column == best.column { margin } else { -margin }
                };
                if best.is_none_or(is_better) {
                    best = Some(split);
                }
            });
        }
        best
    }

    /// Every allowed split of a column that gains, in a fixed order.
    fn splits(
        &self,
        column: usize,
        histogram: &Histogram,
        total: Sums,
        limits: &Limits,
        found: &mut impl FnMut(Split),
    ) {
        let (offset, bins, has_missing) = (self.offsets[column], self.bins[column], self.has_missing[column]);
        let missing = histogram.sums(offset + bins);
        let base = limits.score(total);
        let mut check = |left: Sums, bin: usize, missing: Side| {
            let right = total.minus(left);
            if !limits.allows(left) || !limits.allows(right) {
                return;
            }
            let gain = limits.score(left) + limits.score(right) - base;
            if gain > EQUAL * base && gain.is_finite() {
                let bin = u8::try_from(bin).expect("there are at most 255 bins");
                found(Split { gain, column, bin, missing });
            }
        };
        let mut seen = Sums::default();
        for bin in 0..bins {
            let sums = histogram.sums(offset + bin);
            // Cutting after a bin that no row is in is cutting before it.
            if sums.weight.abs() < 1e-12 && bin + 1 < bins {
                continue;
            }
            seen = seen.plus(sums);
            let is_last = bin + 1 == bins;
            if is_last && !has_missing {
                break;
            }
            // Where training never misses, a missing cell goes with the majority.
            let with_majority = if 2.0 * seen.weight > total.weight { Side::Left } else { Side::Right };
            check(seen, bin, if has_missing { Side::Right } else { with_majority });
            if has_missing && !is_last {
                check(seen.plus(missing), bin, Side::Left);
            }
        }
    }
}
