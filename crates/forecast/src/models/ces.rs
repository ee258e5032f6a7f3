//! Complex exponential smoothing as a catalogued model; formulas and search in [`crate::ces`].

use wire::model_selection::Family;

use crate::catalog::{Availability, Build, Definition};
use crate::ces::{CesFit, Form, Search};
use crate::model::{FitError, Fitted, Future, History, Model, filled};
use crate::params::Parameter;
use crate::smoothing::Choice;

struct Ces {
    period: usize,
    forms: Vec<Form>,
    choice: Choice,
}

impl Model for Ces {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let values = filled(history.values);
        let search = Search { values: &values, period: self.period, forms: &self.forms, choice: self.choice };
        match search.run() {
            Some(fit) => Ok(Box::new(fit)),
            None => Err(FitError::NotApplicable {
                model: "ces",
                reason: "the history is too short for its season, or its values are too far apart",
            }),
        }
    }
}

impl Fitted for CesFit {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        self.points(future.steps())
    }
}

/// The definition of `ces`.
pub(crate) fn definition() -> Definition {
    Definition {
        model_type: "ces",
        label: "Complex exponential smoothing",
        family: Family::Smoothing,
        is_feature_aware: false,
        description: "A level and the information beside it, which together follow level and growth alike.",
        parameters: vec![
            Parameter::integer("season_length", 1, 365, 7, "Rows of a season; 1 for none."),
            Parameter::choice(
                "season",
                &["auto", "none", "simple", "partial", "full"],
                "How the season enters; auto lets AICc tell.",
            ),
            Parameter::choice(
                "selection",
                &["weighted", "best"],
                "Whether the forms are averaged by their Akaike weights or the best is taken.",
            ),
        ],
        minimum_history: |params| {
            let period = params.count("season_length");
            match params.word("season") {
                "simple" => 2 * period + 5,
                "partial" => (2 * period).max(period + 7),
                "full" => 2 * period + 7,
                _ => 7,
            }
        },
        availability: Availability::Present,
        build: Build::Series(|params| {
            let forms = match params.word("season") {
                "none" => vec![Form::None],
                "simple" => vec![Form::Simple],
                "partial" => vec![Form::Partial],
                "full" => vec![Form::Full],
                _ => vec![Form::None, Form::Simple, Form::Partial, Form::Full],
            };
            let choice = if params.word("selection") == "best" { Choice::Best } else { Choice::Weighted };
            Box::new(Ces { period: params.count("season_length"), forms, choice })
        }),
    }
}
