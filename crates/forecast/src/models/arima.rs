//! Automatic ARIMA as a catalogued model; formulas and search in [`crate::arima`]. Missing values are taken from the
//! straight line between their neighbours.

use wire::model_selection::Family;

use crate::arima::{Fit, search};
use crate::catalog::{Availability, Build, Definition};
use crate::model::{FitError, Fitted, Future, History, Model, filled};
use crate::params::Parameter;
use crate::smoothing::Choice;

struct Arima {
    period: usize,
    choice: Choice,
}

impl Model for Arima {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        match search(&filled(history.values), self.period, self.choice) {
            Some(fit) => Ok(Box::new(fit)),
            None => Err(FitError::NotApplicable {
                model: "arima",
                reason: "the differences of the values are not finite",
            }),
        }
    }
}

impl Fitted for Fit {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        self.points(future.steps())
    }

    fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        Self::deviations(self, steps)
    }
}

/// The definition of `arima`.
pub(crate) fn definition() -> Definition {
    Definition {
        model_type: "arima",
        label: "Automatic ARIMA",
        family: Family::Arima,
        is_feature_aware: false,
        description: "The best seasonal autoregressive moving average of the differenced values by the corrected Akaike criterion.",
        parameters: vec![
            Parameter::integer("season_length", 1, 365, 7, "Rows of a season; 1 for none."),
            Parameter::choice(
                "selection",
                &["weighted", "best"],
                "Whether the orders are averaged by their Akaike weights or the best is taken.",
            ),
        ],
        minimum_history: |_| 8,
        availability: Availability::Present,
        build: Build::Series(|params| {
            let choice = match params.word("selection") {
                "best" => Choice::Best,
                _ => Choice::Weighted,
            };
            Box::new(Arima { period: params.count("season_length"), choice })
        }),
    }
}
