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
        let mut values = filled(history.values).into_owned();
        let centre = values[0];
        for value in &mut values {
            *value -= centre;
        }
        match search(&values, self.period, self.choice) {
            Some(fit) => Ok(Box::new(Raised { fit, centre })),
            None => Err(FitError::NotApplicable {
                model: "arima",
                reason: "the differences of the values are not finite",
            }),
        }
    }
}

/// A fit of values counted from their first one. A process has its own mean or none, so a constant that all values have
/// in common changes nothing; but the sums of squares of large values would lose what the values differ by.
struct Raised {
    fit: Fit,
    centre: f64,
}

impl Fitted for Raised {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        self.fit.points(future.steps()).into_iter().map(|point| point + self.centre).collect()
    }

    fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        self.fit.deviations(steps)
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
