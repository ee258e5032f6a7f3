//! Gradient boosting of one series.

use wire::model_selection::Family;

use super::boost::{Boosting, Loss};
use super::grow::{Least, Limits};
use super::{Ensemble, Sample};
use crate::catalog::{Availability, Build, Definition};
use crate::features::FeatureSet;
use crate::model::{FitError, Fitted, History, Model};
use crate::params::Parameter;

/// Squared-error boosting from the mean: each tree is grown on the residuals of the sum so far, at most 31 leaves of
/// at least 20 rows each (so a history below 40 rows is forecast by its mean), no row or column sampling.
struct Regression {
    set: FeatureSet,
    boosting: Boosting,
}

/// Half the squared error.
struct Squared<'a> {
    targets: &'a [f64],
}

impl Loss for Squared<'_> {
    fn slopes(&self, row: usize, fitted: f64) -> [f64; 2] {
        [fitted - self.targets[row], 1.0]
    }
}

impl Model for Regression {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let sample = Sample::of(&self.set, history);
        let n = sample.bins.rows();
        let loss = Squared { targets: &sample.targets };
        let trees = self.boosting.fit(&sample.bins, &loss, &mut vec![0.0; n], &|| true);
        let trees = trees.expect("nothing stops it");
        Ok(Box::new(Ensemble { base: sample.base, trees, tail: sample.tail }))
    }
}

/// The definition of `regression`.
pub(crate) fn regression() -> Definition {
    Definition {
        model_type: "regression",
        label: "Gradient boosting regression",
        family: Family::Tree,
        is_feature_aware: true,
        description: "Boosted histogram trees on lags, calendar, price and promotion.",
        parameters: [
            Parameter::integer("max_iter", 10, 1000, 200, "Trees."),
            Parameter::number("learning_rate", 0.001, 1.0, 0.05, "Share of each tree that is added."),
            Parameter::integer("max_depth", 1, 20, 6, "Depth of a tree."),
        ]
        .into_iter()
        .chain(FeatureSet::parameters())
        .collect(),
        minimum_history: |_| 30,
        availability: Availability::Present,
        build: Build::Series(|params| {
            let limits = Limits {
                leaves: 31,
                depth: params.count("max_depth"),
                least: Least::Weight(20.0),
                ridge: 0.0,
            };
            let (rounds, rate) = (params.count("max_iter"), params.number("learning_rate"));
            let boosting = Boosting { rounds, rate, limits, sampling: None };
            Box::new(Regression { set: FeatureSet::of(params), boosting })
        }),
    }
}
