//! Regression trees: gradient boosting and a random forest of one series on a feature set, and the histogram tree and
//! boosting that the global model shares.
//!
//! The split search follows histogram gradient boosting (Ke et al. 2017; Chen & Guestrin 2016): features are cut into
//! at most 255 bins once, a node's gain is `G_L²/H_L + G_R²/H_R − G²/H` over sums of gradients and hessians, and a
//! missing cell goes to the side that gains more, or to the larger side where training saw none missing. Everything
//! is single-threaded and in a fixed order.

mod binning;
mod boost;
mod forest;
mod grow;
mod histogram;
mod regression;
mod rows;

pub(crate) use binning::{Binned, Cuts};
pub(crate) use boost::{Boosting, Loss, Sampling};
pub(crate) use forest::random_forest;
pub(crate) use grow::{Least, Limits, Tree};
pub(crate) use regression::regression;

use crate::features::{FeatureSet, Tail};
use crate::model::{Fitted, Future, History};

/// The training rows that have a value.
struct Sample {
    bins: Binned,
    /// The mean of the values.
    base: f64,
    /// The values' deviations from it.
    targets: Vec<f64>,
    tail: Tail,
}

impl Sample {
    fn of(set: &FeatureSet, history: &History<'_>) -> Self {
        let (matrix, tail) = set.learn(history);
        let seen = matrix.rows().zip(history.values).filter(|(_, value)| !value.is_nan());
        let (rows, mut targets): (Vec<&[f64]>, Vec<f64>) = seen.unzip();
        // Counted from the first value, so that far from zero as well the deviations keep their digits.
        let (first, n) = (targets.first().copied().unwrap_or(0.0), targets.len() as f64);
        let mean = targets.iter().map(|target| (target - first) / n).sum::<f64>();
        for target in &mut targets {
            *target = *target - first - mean;
        }
        Self { bins: Binned::of(&rows), base: first + mean, targets, tail }
    }
}

/// Rounds numbers so that every sum of some of them is exact, whatever its order: to multiples of a power of two that is
/// smaller than any number matters.
///
/// Features often part the rows in the same way. Their gains are equal, and the first of them is to be taken, as it is
/// on paper; if each had its own rounding of the sums, the unit of measure would choose among them.
fn make_sums_exact(numbers: &mut [f64]) {
    /// A sum has at most 51 bits of the 53 that a number has.
    const SHARE: f64 = 1.0 / (1_u64 << 50) as f64;
    const EXPONENT: u64 = 0x7ff << 52;
    let total = numbers.iter().map(|number| number.abs()).sum::<f64>();
    let quantum = f64::from_bits(total.to_bits() & EXPONENT) * SHARE;
    if quantum.is_normal() {
        // Added to this, a number loses what is below the quantum.
        let large = 1.5 * 2.0_f64.powi(52) * quantum;
        for number in numbers {
            *number = (*number + large) - large;
        }
    }
}

/// `base + Σ trees`.
struct Ensemble {
    base: f64,
    trees: Vec<Tree>,
    tail: Tail,
}

impl Fitted for Ensemble {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        let matrix = self.tail.future(future);
        let at = |row: &[f64]| self.trees.iter().fold(self.base, |sum, tree| sum + tree.at(row));
        matrix.rows().map(at).collect()
    }
}
