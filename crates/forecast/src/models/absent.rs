//! Catalogued models this program does not contain.

use wire::model_selection::Family;

use crate::catalog::{Availability, Build, Definition};
use crate::model::{FitError, Fitted, History, Model};
use crate::params::Parameter;

/// Answers for a model that is not there, should it ever be built: its specification cannot be parsed.
struct Absent(&'static str);

impl Model for Absent {
    fn fit(&self, _: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        Err(FitError::NotApplicable { model: self.0, reason: "it is not part of this program" })
    }
}

fn boosted() -> Vec<Parameter> {
    vec![
        Parameter::integer("n_estimators", 10, 1000, 100, "Trees."),
        Parameter::integer("max_depth", 1, 20, 6, "Depth of a tree."),
        Parameter::number("learning_rate", 0.001, 1.0, 0.1, "Share of each tree that is added."),
    ]
}

/// The definition of `lightgbm`.
pub(crate) fn lightgbm() -> Definition {
    Definition {
        model_type: "lightgbm",
        label: "LightGBM",
        family: Family::Tree,
        is_feature_aware: true,
        description: "Gradient-boosted trees of the LightGBM library.",
        parameters: boosted(),
        minimum_history: |_| 30,
        availability: Availability::Absent(
            "the C++ library is not part of this program; use `regression`, which boosts histogram trees as well",
        ),
        build: Build::Series(|_| Box::new(Absent("lightgbm"))),
    }
}

/// The definition of `xgboost`.
pub(crate) fn xgboost() -> Definition {
    Definition {
        model_type: "xgboost",
        label: "XGBoost",
        description: "Gradient-boosted trees of the XGBoost library.",
        build: Build::Series(|_| Box::new(Absent("xgboost"))),
        ..lightgbm()
    }
}
