//! The one interface of all models: learn from a history, then state one number per future step.

use std::borrow::Cow;

use kernel::{Class, Fault};

use series::{KnownRows, PastRows};
use wire::Moment;

/// What a model may learn from. All slices have one element per row; `NaN` is a missing value.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The values up to the origin.
    pub values: &'a [f64],
    /// Their dates.
    pub dates: &'a [Moment],
    /// What else was known of those dates, and what became of them.
    pub known: Option<PastRows<'a>>,
}

/// The steps to forecast: the first follows the last row of the history.
#[derive(Debug, Clone, Copy)]
pub struct Future<'a> {
    /// One date per step.
    pub dates: &'a [Moment],
    /// What is known of those dates beforehand: a plan, never an outcome.
    pub known: Option<KnownRows<'a>>,
}

impl<'a> History<'a> {
    /// What was known of the rows beforehand.
    pub fn plan(&self) -> Option<KnownRows<'a>> {
        self.known.map(|past| past.known)
    }

    /// The first `rows` rows.
    #[must_use]
    pub fn until(&self, rows: usize) -> Self {
        Self {
            values: &self.values[..rows],
            dates: &self.dates[..rows],
            known: self.known.map(|known| known.until(rows)),
        }
    }
}

impl Future<'_> {
    /// Steps to forecast.
    pub const fn steps(&self) -> usize {
        self.dates.len()
    }
}

/// A fitted model, or why there is none.
pub type Learned = Result<Box<dyn Fitted>, FitError>;

/// A model with its parameters, not yet fitted.
pub trait Model: Send + Sync {
    /// Learns from a history.
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError>;

    /// Learns from the first `origin` rows, for each of the ascending origins. The same as [`Model::fit`] on each
    /// prefix; a model that filters its history does it in one pass.
    fn fit_prefixes(
        &self,
        history: &History<'_>,
        origins: &[usize],
    ) -> Vec<Result<Box<dyn Fitted>, FitError>> {
        origins.iter().map(|&origin| self.fit(&history.until(origin))).collect()
    }

    /// Learns several histories of one length at the same ascending origins: for each history what
    /// [`Model::fit_prefixes`] gives, bit for bit. A model whose arithmetic runs over many series at once does so here.
    fn fit_block(&self, histories: &[History<'_>], origins: &[usize]) -> Vec<Vec<Learned>> {
        histories.iter().map(|history| self.fit_prefixes(history, origins)).collect()
    }

    /// Whether [`Model::fit_prefixes`] shares work between origins.
    fn is_one_pass(&self) -> bool {
        false
    }
}

/// A fitted model.
pub trait Fitted: Send + Sync {
    /// One point forecast per step of the future, in order.
    fn forecast(&self, future: &Future<'_>) -> Vec<f64>;

    /// Standard deviation of each step's error where the model states one exactly.
    fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        let _ = steps;
        None
    }
}

/// The same number for every step.
pub(crate) struct Flat(pub(crate) f64);

impl Fitted for Flat {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        vec![self.0; future.steps()]
    }
}

/// A history a model cannot learn from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Fewer rows, or fewer observed values, than the model needs.
    #[error("{model} needs {needed} observed values, and there are {found}")]
    TooShort {
        /// The model.
        model: &'static str,
        /// Values it needs.
        needed: usize,
        /// Values there are.
        found: usize,
    },
    /// The arithmetic overflowed.
    #[error("{model} gives no finite forecast for step {step}: the values are too large for it")]
    NotFinite {
        /// The model.
        model: &'static str,
        /// The first step, from 1, without a number.
        step: usize,
    },
    /// The model's kind of pattern is not in this history.
    #[error("{model} does not apply: {reason}")]
    NotApplicable {
        /// The model.
        model: &'static str,
        /// Why not.
        reason: &'static str,
    },
}

impl Fault for FitError {
    fn class(&self) -> Class {
        Class::Unprocessable
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "TOO_FEW_OBSERVATIONS",
            Self::NotFinite { .. } => "FORECAST_NOT_FINITE",
            Self::NotApplicable { .. } => "MODEL_NOT_APPLICABLE",
        }
    }
}

/// How many values are observed.
pub(crate) fn observed(values: &[f64]) -> usize {
    values.iter().map(|value| usize::from(!value.is_nan())).sum()
}

/// The least that may be forecast after these values: zero where none of them is below it.
///
/// A forecast is of what was seen: units, revenue and visitors are not negative, and a line through falling ones does
/// not know it. That a series may yet go below zero, as a margin or a balance may, its values cannot tell.
pub fn least(values: &[f64]) -> f64 {
    if values.iter().any(|value| *value < 0.0) { f64::NEG_INFINITY } else { 0.0 }
}

/// Whether none is missing.
pub(crate) fn is_complete(values: &[f64]) -> bool {
    // Every row is looked at, because a test that may stop at any of them takes them one by one.
    !values.iter().fold(false, |any, value| any | value.is_nan())
}

/// The values with the missing ones on the straight line between their neighbours, and the ends continued flat. At
/// least one value is observed.
pub(crate) fn filled(values: &[f64]) -> Cow<'_, [f64]> {
    if is_complete(values) {
        return Cow::Borrowed(values);
    }
    let mut filled = values.to_vec();
    let mut last: Option<usize> = None;
    for at in 0..filled.len() {
        if filled[at].is_nan() {
            continue;
        }
        let end = filled[at];
        match last {
            None => filled[..at].fill(end),
            Some(before) => {
                let start = filled[before];
                let steps = (at - before) as f64;
                for (step, slot) in filled[before + 1..at].iter_mut().enumerate() {
                    *slot = ((end - start) / steps).mul_add(step as f64 + 1.0, start);
                }
            }
        }
        last = Some(at);
    }
    if let Some(last) = last {
        let end = filled[last];
        filled[last + 1..].fill(end);
    }
    Cow::Owned(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_with_straight_lines() {
        let nan = f64::NAN;
        let values = [nan, 1.0, nan, nan, 4.0, nan];
        let whole = filled(&values);
        for (found, expected) in whole.iter().zip([1.0, 1.0, 2.0, 3.0, 4.0, 4.0]) {
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
    }
}
