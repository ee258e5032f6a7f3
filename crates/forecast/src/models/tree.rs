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
    targets: Vec<f64>,
    tail: Tail,
}

impl Sample {
    fn of(set: &FeatureSet, history: &History<'_>) -> Self {
        let (matrix, tail) = set.learn(history);
        let seen = matrix.rows().zip(history.values).filter(|(_, value)| !value.is_nan());
        let (rows, targets): (Vec<&[f64]>, Vec<f64>) = seen.unzip();
        Self { bins: Binned::of(&rows), targets, tail }
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
