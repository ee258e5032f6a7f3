//! Seasonal-trend decomposition as a catalogued model; formulas in [`crate::mstl`].

use wire::model_selection::Family;

use crate::catalog::{Availability, Build, Definition};
use crate::model::{FitError, Fitted, Future, History, Model, filled};
use crate::mstl::{MstlFit, Search};
use crate::params::Parameter;

struct Mstl {
    periods: Vec<usize>,
}

impl Model for Mstl {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let values = filled(history.values);
        match (Search { values: &values, periods: &self.periods }).run() {
            Some(fit) => Ok(Box::new(fit)),
            None => Err(FitError::NotApplicable {
                model: "mstl",
                reason: "the history is too short, or its values are too far apart",
            }),
        }
    }
}

impl Fitted for MstlFit {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        self.points(future.steps())
    }
}

/// The definition of `mstl`.
pub(crate) fn definition() -> Definition {
    Definition {
        model_type: "mstl",
        label: "MSTL",
        family: Family::Decomposition,
        is_feature_aware: false,
        description: "Seasons taken out by local regression and repeated, and exponential smoothing of what remains.",
        parameters: vec![
            Parameter::integer("season_length", 1, 365, 7, "Rows of a season; 1 for none."),
            Parameter::optional_integer(
                "second_season_length",
                2,
                8784,
                None,
                "Rows of a season on top of the first, such as 168 on top of 24; null for none.",
            ),
        ],
        minimum_history: |_| 5,
        availability: Availability::Present,
        build: Build::Series(|params| {
            let second = params.optional_count("second_season_length");
            let periods = std::iter::once(params.count("season_length")).chain(second).collect();
            Box::new(Mstl { periods })
        }),
    }
}
