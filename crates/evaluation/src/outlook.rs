//! From a fleet to its forecast: what each candidate says of each series, and what is made of it.
//!
//! [`say`] and [`say_together`] run a candidate on the folds of series and after their last rows, in shared passes and
//! block by block; [`learn`] finds what series say to their whole fleet; [`judge`] weighs what was said of a series by
//! [`crate::choose::rule`], combines it, puts intervals around it by [`crate::choose::widths`], and judges the result on the same folds as the candidates: each fold of a series with the
//! weights that its other folds give (those whose tests it does not overlap), or, where these say too little, with the
//! weights of the forecast.

mod conclude;
mod say;
mod standing;

use serde::{Deserialize, Serialize};
use wire::model_selection::{Interval, Metrics, StatedFolds};

pub use self::conclude::{FEW_FOLDS, conclude, judge, learn};
pub use self::say::{say, say_together};
pub use self::standing::Standings;
use crate::choose::candidates::Candidate;
use crate::choose::folds::{Plan, Wish, plan};
use crate::choose::rule::{Decision, Lean, Loss};
use crate::choose::widths::Widths;
use crate::{Fold, SplitConfig, SplitError};

/// What a candidate says of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Its forecast of each fold's test rows; absent where it could not learn from the fold.
    pub folds: Vec<Option<Vec<f64>>>,
    /// Its forecast of the steps after the last row.
    pub points: Vec<f64>,
}

/// Which folds a series has: those that fit its length, by [`crate::choose::folds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folding {
    /// Steps to forecast.
    pub horizon: usize,
    /// Rows of the longest season of a candidate.
    pub season: usize,
    /// What is not planned.
    #[serde(default)]
    pub stated: StatedFolds,
}

impl Folding {
    /// The folds of a series of so many rows, and why they are so.
    pub fn plan(&self, rows: usize) -> Result<Plan, SplitError> {
        let Self { horizon, season, stated } = *self;
        plan(&Wish { rows, horizon, season, stated })
    }

    /// What makes the folds of a series of so many rows; `None` where not even one fits.
    pub fn split(&self, rows: usize) -> Option<SplitConfig> {
        self.plan(rows).ok().map(|plan| plan.split)
    }

    /// The folds of a series of so many rows, in order of time.
    pub fn folds(&self, rows: usize) -> Vec<Fold> {
        self.split(rows).and_then(|split| split.folds(rows).ok()).unwrap_or_default()
    }
}

/// How what was said is judged and weighed.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The candidates.
    pub candidates: &'a [Candidate],
    /// The folds.
    pub folding: Folding,
    /// Rows of a season, for scaled errors.
    pub season: usize,
    /// How errors of rows make the error of a fold.
    pub loss: Loss,
    /// Whether there are other series to learn from.
    pub is_fleet: bool,
    /// What each candidate weighs for each series, where that is not to be decided.
    pub given: Option<&'a [Vec<f64>]>,
    /// Shares of outcomes that intervals should enclose, ascending.
    pub levels: &'a [f64],
}

/// The forecast of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// What each candidate weighs.
    pub decision: Decision,
    /// One number per step.
    pub points: Vec<f64>,
    /// One per level; of a series that never changes, its point.
    pub intervals: Vec<Interval>,
    /// What the weights would have forecast of the folds; `None` without folds.
    pub metrics: Option<Metrics>,
}

/// What a fleet says to each of its series: how well its candidates do, and how wide its errors are. A fleet that is too large
/// to be in memory at once is learned from some of its series.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    lean: Lean,
    widths: Widths,
    /// Of the folds' outcomes, the share inside intervals at each level that were made from other series; empty without
    /// folds and for a single series.
    pub coverage: Vec<f64>,
}

/// The forecast of a series, and how it and each candidate did on its folds.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// `None` where no candidate could forecast it.
    pub outlook: Option<Outlook>,
    /// One per candidate; absent where it was not judged.
    pub candidates: Vec<Option<Errors>>,
    /// Those of the weighted forecasts.
    pub rule: Option<Errors>,
}

/// Errors on the folds of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Errors {
    /// Scaled.
    pub mase: Option<f64>,
    /// The sum of their sizes.
    pub absolute: f64,
    /// The sum of the demand they are of.
    pub demand: f64,
}

/// How a candidate, or the rule, did on the folds of the fleet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// Series it was judged on.
    pub judged: usize,
    /// Those of them that have a MASE: one that never changes, or repeats its seasons exactly, has none.
    pub series: usize,
    /// The mean of their MASE.
    pub mase: Option<f64>,
    /// The standard error of that mean.
    pub mase_error: Option<f64>,
    /// All errors over all demand, percent.
    pub wape: Option<f64>,
}

/// The forecast of a fleet.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// One per series; `None` where no candidate could forecast it.
    pub series: Vec<Option<Outlook>>,
    /// One per candidate.
    pub candidates: Vec<Standing>,
    /// That of the weighted forecasts.
    pub rule: Standing,
    /// Of the folds' outcomes, the share inside intervals at each level that were made from other series; empty without
    /// folds and for a single series.
    pub coverage: Vec<f64>,
}

#[cfg(test)]
#[path = "outlook/tests.rs"]
mod tests;
