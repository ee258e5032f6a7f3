//! A random forest.

use kernel::Seed;
use wire::model_selection::Family;

use super::grow::{Least, Limits, Problem};
use super::{Ensemble, Sample, make_sums_exact};
use crate::catalog::{Availability, Build, Definition};
use crate::features::FeatureSet;
use crate::model::{FitError, Fitted, History, Model};
use crate::params::Parameter;

/// The mean of trees that are each grown fully on a bootstrap sample of the rows (Breiman 2001), with all features
/// at every split. The sample of tree `i` is the `i`-th sub-stream of a fixed seed, so the same history gives the
/// same forest. The trees are grown on the deviations from the mean of all rows.
struct Forest {
    set: FeatureSet,
    trees: usize,
    depth: Option<usize>,
    rows_per_leaf: u32,
}

const SEED: Seed = Seed(42);

impl Model for Forest {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let sample = Sample::of(&self.set, history);
        let n = sample.bins.rows();
        let mut targets = sample.targets;
        make_sums_exact(&mut targets);
        let limits = Limits {
            leaves: usize::MAX,
            depth: self.depth.unwrap_or(usize::MAX),
            least: Least::Rows(self.rows_per_leaf),
            ridge: 0.0,
        };
        let features: Vec<usize> = (0..sample.bins.features()).collect();
        let mut unused = vec![0.0; n];
        let mut trees = Vec::with_capacity(self.trees);
        for tree in 0..self.trees {
            let mut stream = SEED.indexed("random_forest", tree as u64);
            let mut weights = vec![0.0; n];
            (0..n).for_each(|_| weights[stream.index(n)] += 1.0);
            let gradients: Vec<f64> = weights.iter().zip(&targets).map(|(w, y)| -w * y).collect();
            let rows: Vec<usize> = (0..n).filter(|&row| weights[row] > 0.0).collect();
            let rate = 1.0 / self.trees as f64;
            let problem =
                Problem { bins: &sample.bins, gradients: &gradients, weights: &weights, limits, rate };
            trees.push(problem.grow(&rows, &features, &mut unused));
        }
        Ok(Box::new(Ensemble { base: sample.base, trees, tail: sample.tail }))
    }
}

/// The definition of `random_forest`.
pub(crate) fn random_forest() -> Definition {
    Definition {
        model_type: "random_forest",
        label: "Random forest",
        family: Family::Tree,
        is_feature_aware: true,
        description: "The mean of many trees, each grown on a random sample of the days.",
        parameters: [
            Parameter::integer("n_estimators", 10, 500, 100, "Trees."),
            Parameter::optional_integer("max_depth", 2, 64, Some(10), "Depth of a tree; null for no limit."),
            Parameter::integer("min_samples_leaf", 1, 50, 2, "Days a leaf must hold."),
        ]
        .into_iter()
        .chain(FeatureSet::parameters())
        .collect(),
        minimum_history: |_| 30,
        availability: Availability::Present,
        build: Build::Series(|params| {
            Box::new(Forest {
                set: FeatureSet::of(params),
                trees: params.count("n_estimators"),
                depth: params.optional_count("max_depth"),
                rows_per_leaf: u32::try_from(params.count("min_samples_leaf")).expect("it is at most 50"),
            })
        }),
    }
}
