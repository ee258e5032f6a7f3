//! The rules every other model must beat: the last value, the last season, and averages.
//!
//! Notation: `y` are the `n` observed values in order, `h = 1..H` the step. Everything is in the unit of the series,
//! costs `O(n)` time, and uses observed values only (a missing value is skipped, so "the last `w`" means the last
//! `w` observed). Too few observed values are an error before any of these is called.
//!
//! Formulas: Hyndman & Athanasopoulos, *Forecasting: Principles and Practice* (3rd ed., 2021), ch. 5.2; the weighted
//! and seasonal averages as stated at each model.

mod average;
mod seasonal;

use wire::model_selection::Family;

use crate::catalog::{Availability, Build, Definition};
use crate::model::Model;
use crate::params::{Parameter, Params};

/// A model of this group: its name, its parameters, how to make it.
struct Rule {
    model_type: &'static str,
    label: &'static str,
    description: &'static str,
    parameters: Vec<Parameter>,
    minimum_history: fn(&Params) -> usize,
    build: fn(&Params) -> Box<dyn Model>,
}

pub(crate) fn definitions() -> Vec<Definition> {
    let mut rules = vec![average::naive(), seasonal::seasonal_naive()];
    rules.extend(average::averages());
    rules.push(seasonal::seasonal_average());
    rules.into_iter().map(definition).collect()
}

fn definition(rule: Rule) -> Definition {
    Definition {
        model_type: rule.model_type,
        label: rule.label,
        family: Family::Baseline,
        is_feature_aware: false,
        description: rule.description,
        parameters: rule.parameters,
        minimum_history: rule.minimum_history,
        availability: Availability::Present,
        build: Build::Series(rule.build),
    }
}

/// The observed values among the last rows, oldest first: at most `count` of them.
fn last_observed(values: &[f64], count: usize) -> Vec<f64> {
    let mut last: Vec<f64> =
        values.iter().rev().filter(|value| !value.is_nan()).take(count).copied().collect();
    last.reverse();
    last
}
