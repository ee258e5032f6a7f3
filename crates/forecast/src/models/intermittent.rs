//! The models of intermittent demand; formulas in [`crate::intermittent`].

use wire::model_selection::Family;

use crate::catalog::{Availability, Build, Definition};
use crate::intermittent::{Bias, adida, croston, imapa, tsb};
use crate::model::{FitError, Fitted, Flat, History, Learned, Model};

/// A model whose forecast at each origin is one number of the rows before it, all found in one pass.
struct Rate(fn(&[f64], &[usize]) -> Vec<f64>);

impl Model for Rate {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        self.fit_prefixes(history, &[history.values.len()]).remove(0)
    }

    fn fit_prefixes(&self, history: &History<'_>, origins: &[usize]) -> Vec<Learned> {
        let fitted = |rate| Ok(Box::new(Flat(rate)) as Box<dyn Fitted>);
        (self.0)(history.values, origins).into_iter().map(fitted).collect()
    }

    fn is_one_pass(&self) -> bool {
        true
    }
}

/// The definitions of `croston`, `sba`, `tsb`, `adida` and `imapa`.
pub(crate) fn definitions() -> Vec<Definition> {
    let base = Definition {
        model_type: "croston",
        label: "Croston",
        family: Family::Intermittent,
        is_feature_aware: false,
        description: "Smoothed demand size over smoothed interval between demands.",
        parameters: Vec::new(),
        minimum_history: |_| 1,
        availability: Availability::Present,
        build: Build::Series(|_| Box::new(Rate(|values, origins| croston(values, origins, Bias::Kept)))),
    };
    vec![
        Definition {
            model_type: "sba",
            label: "Syntetos-Boylan",
            description: "Croston's method without its upward bias.",
            build: Build::Series(|_| {
                Box::new(Rate(|values, origins| croston(values, origins, Bias::Corrected)))
            }),
            parameters: Vec::new(),
            ..base
        },
        Definition {
            model_type: "tsb",
            label: "Teunter-Syntetos-Babai",
            description: "Smoothed demand size times smoothed probability of demand, which falls while nothing sells.",
            build: Build::Series(|_| Box::new(Rate(tsb))),
            parameters: Vec::new(),
            ..base
        },
        Definition {
            model_type: "adida",
            label: "ADIDA",
            description: "Simple smoothing of sums over the mean interval between demands.",
            build: Build::Series(|_| Box::new(Rate(adida))),
            parameters: Vec::new(),
            ..base
        },
        Definition {
            model_type: "imapa",
            label: "IMAPA",
            description: "The mean of simple smoothing over several bucket lengths.",
            build: Build::Series(|_| Box::new(Rate(imapa))),
            parameters: Vec::new(),
            ..base
        },
        base,
    ]
}
