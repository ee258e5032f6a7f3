//! Exponential smoothing as catalogued models; formulas and search in [`crate::smoothing`].

use wire::model_selection::Family;

use crate::catalog::{Availability, Build, Definition};
use crate::model::{FitError, Fitted, Future, History, Learned, Model};
use crate::params::{Parameter, Params};
use crate::smoothing::{Choice, Fit, Form, Search, Season};

/// The best of some forms by `AICc`.
struct Smoothing {
    model_type: &'static str,
    period: usize,
    forms: Vec<Form>,
    choice: Choice,
}

impl Fitted for Fit {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        self.points(future.steps())
    }

    fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        self.deviations(steps)
    }
}

impl Model for Smoothing {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        self.fit_prefixes(history, &[history.values.len()]).remove(0)
    }

    fn fit_prefixes(&self, history: &History<'_>, origins: &[usize]) -> Vec<Learned> {
        self.fit_block(std::slice::from_ref(history), origins).remove(0)
    }

    fn fit_block(&self, histories: &[History<'_>], origins: &[usize]) -> Vec<Vec<Learned>> {
        let Self { period, ref forms, choice, .. } = *self;
        let series: Vec<&[f64]> = histories.iter().map(|history| history.values).collect();
        let search = Search { series: &series, period, origins, forms, choice };
        let refused = FitError::NotApplicable {
            model: self.model_type,
            reason: "the history is too short for its season, or its values are too far apart",
        };
        let boxed = |fit: Option<Fit>| match fit {
            Some(fit) => Ok(Box::new(fit) as Box<dyn Fitted>),
            None => Err(refused.clone()),
        };
        search.run().into_iter().map(|fits| fits.into_iter().map(boxed).collect()).collect()
    }

    fn is_one_pass(&self) -> bool {
        true
    }
}

fn season_length() -> Parameter {
    Parameter::integer("season_length", 1, 365, 7, "Rows of a season; 1 for none.")
}

fn plain(
    model_type: &'static str,
    label: &'static str,
    description: &'static str,
    minimum_history: fn(&Params) -> usize,
    build: fn(&Params) -> Box<dyn Model>,
) -> Definition {
    Definition {
        model_type,
        label,
        family: Family::Smoothing,
        is_feature_aware: false,
        description,
        parameters: Vec::new(),
        minimum_history,
        availability: Availability::Present,
        build: Build::Series(build),
    }
}

/// The definitions of `ses`, `holt`, `damped_holt`, `ets` and `holt_winters`.
pub(crate) fn definitions() -> Vec<Definition> {
    let ses = plain(
        "ses",
        "Simple exponential smoothing",
        "A level that follows the values.",
        |_| 5,
        |_| {
            Box::new(Smoothing {
                model_type: "ses",
                period: 1,
                forms: vec![Form::LEVEL],
                choice: Choice::Best,
            })
        },
    );
    let holt = plain(
        "holt",
        "Holt",
        "A level and a trend that follow the values.",
        |_| 7,
        |_| {
            Box::new(Smoothing {
                model_type: "holt",
                period: 1,
                forms: vec![Form::HOLT],
                choice: Choice::Best,
            })
        },
    );
    let damped = plain(
        "damped_holt",
        "Damped Holt",
        "A level and a trend that fades out.",
        |_| 8,
        |_| {
            Box::new(Smoothing {
                model_type: "damped_holt",
                period: 1,
                forms: vec![Form::DAMPED],
                choice: Choice::Best,
            })
        },
    );
    vec![ses, holt, damped, holt_winters(), ets()]
}

fn holt_winters() -> Definition {
    Definition {
        parameters: vec![
            season_length(),
            Parameter::choice("season", &["additive", "multiplicative"], "How the season enters."),
        ],
        ..plain(
            "holt_winters",
            "Holt-Winters",
            "A level, a damped trend and a season that follow the values.",
            |params| (2 * params.count("season_length")).max(params.count("season_length") + 8),
            |params| {
                let season = match params.word("season") {
                    "multiplicative" => Season::Multiplicative,
                    _ => Season::Additive,
                };
                let period = params.count("season_length");
                Box::new(Smoothing {
                    model_type: "holt_winters",
                    period,
                    forms: vec![Form::DAMPED.with(season)],
                    choice: Choice::Best,
                })
            },
        )
    }
}

fn ets() -> Definition {
    Definition {
        parameters: vec![
            season_length(),
            Parameter::choice(
                "season",
                &["auto", "always", "never"],
                "Whether the season is chosen by AICc.",
            ),
            Parameter::choice(
                "selection",
                &["weighted", "best"],
                "Whether the forms are averaged by their Akaike weights or the best is taken.",
            ),
        ],
        ..plain(
            "ets",
            "ETS",
            "The best form of level, trend and season by the corrected Akaike criterion.",
            |params| match params.word("season") {
                "always" => 2 * params.count("season_length") + 4,
                _ => 5,
            },
            |params| {
                let period = params.count("season_length");
                let plain = [Form::LEVEL, Form::HOLT, Form::DAMPED];
                let seasonal = [Season::Additive, Season::Multiplicative]
                    .into_iter()
                    .flat_map(|season| plain.map(|form| form.with(season)));
                let forms = match params.word("season") {
                    "never" => plain.to_vec(),
                    "always" => seasonal.collect(),
                    _ => plain.into_iter().chain(seasonal).collect(),
                };
                let choice = match params.word("selection") {
                    "best" => Choice::Best,
                    _ => Choice::Weighted,
                };
                Box::new(Smoothing { model_type: "ets", period, forms, choice })
            },
        )
    }
}
