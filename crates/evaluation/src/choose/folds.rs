//! How a history is divided into folds when nobody has said how.
//!
//! | training before the first fold | what the folds judge |
//! |---|---|
//! | two seasons, at least [`LEAST_TRAINING`] rows | every model |
//! | one season | every model, seasonal ones by a season they have seen once |
//! | [`LEAST_TRAINING`] rows | models without seasons: a seasonal model is not compared on such folds |
//!
//! In each row of this table up to [`MAX_FOLDS`] test windows lie side by side at the end of the history, because
//! what is asked is who forecasts best from *now*: the newest folds have the longest training and the present
//! pattern. Where not even one window fits, the window shrinks to half of the horizon before the next row of the
//! table is tried; the last row shrinks it to a single step. The plan says in words what it gave up. More rows
//! never give a worse plan.
//!
//! What is stated of the folds is kept: a stated training stands for the whole table, and a stated number of folds that does
//! not fit after a training shrinks their windows as above.

mod fleet;

use std::ops::Range;

use kernel::counted;
use serde::Serialize;
use wire::model_selection::{StatedFolds, Strategy};

pub use self::fleet::plan_fleet;
use crate::{Fold, SplitConfig, SplitError};

/// Folds that are made where the history has room.
pub const MAX_FOLDS: usize = 5;
/// The least rows a fold may train on.
pub const LEAST_TRAINING: usize = 7;
/// The longest test window of a [`SplitConfig`].
const LONGEST_WINDOW: usize = 90;
/// Tested rows below which a plan is no evidence while another row of the table offers more.
const LEAST_TESTED: usize = 6;

/// What is to be planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Rows of the history.
    pub rows: usize,
    /// Steps to forecast.
    pub horizon: usize,
    /// Rows of the longest season that a candidate has; 1 for none.
    pub season: usize,
    /// What is not to be planned.
    pub stated: StatedFolds,
}

/// How much of a season the first fold trains on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Training {
    /// Less than one season: only season-free models are judged.
    NoSeason,
    /// One season.
    OneSeason,
    /// Two seasons, or no model is seasonal.
    TwoSeasons,
}

/// Folds and why they are so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// What makes the folds.
    pub split: SplitConfig,
    /// Folds there are.
    pub folds: usize,
    /// What the first fold has seen of the season.
    pub training: Training,
    /// One sentence for whoever reads the result.
    pub why: String,
}

impl Plan {
    /// Whether candidates of a season may be compared with the others on these folds.
    pub const fn judges(&self, season: usize) -> bool {
        season <= 1 || self.split.min_train_size >= season
    }
}

/// Of some folds the ones on which a model of this season may be judged: those that train on one whole season. The
/// others are judged on all of them, and compared with it on these.
pub fn judged(folds: &[Fold], season: usize) -> Range<usize> {
    let is_early = |fold: &&Fold| season > 1 && fold.train.len() < season;
    folds.iter().take_while(is_early).count()..folds.len()
}

/// The folds for a history, or the numbers that show that none fits.
pub fn plan(wish: &Wish) -> Result<Plan, SplitError> {
    let asked = wish.horizon;
    let wish = Wish { horizon: asked.clamp(wish.gap() + 1, LONGEST_WINDOW), ..*wish };
    wish.best().map(|shape| shape.plan(&wish, asked)).ok_or_else(|| wish.too_few())
}

/// A training length with the windows that fit after it.
#[derive(Debug, Clone, Copy)]
struct Shape {
    training: Training,
    window: usize,
    folds: usize,
}

impl Wish {
    fn gap(&self) -> usize {
        self.stated.gap.unwrap_or(0)
    }

    /// Rows that a training of so many seasons has at least.
    fn rows_of(&self, training: Training) -> usize {
        let seasons = match training {
            Training::TwoSeasons if self.season > 1 => 2 * self.season,
            Training::OneSeason => self.season,
            Training::TwoSeasons | Training::NoSeason => 0,
        };
        seasons.max(LEAST_TRAINING)
    }

    /// The first row of the table that offers evidence; where every row offers little, the last offers the most.
    fn best(&self) -> Option<Shape> {
        let seasons = |count: usize| self.season.saturating_mul(count).max(LEAST_TRAINING);
        let half = self.horizon.div_ceil(2);
        let tiers: &[_] = if let Some(stated) = self.stated.min_train_size {
            &[(self.training(stated), stated, 1)]
        } else if self.season > 1 {
            &[
                (Training::TwoSeasons, seasons(2), half),
                (Training::OneSeason, seasons(1), half),
                (Training::NoSeason, LEAST_TRAINING, 1),
            ]
        } else {
            &[(Training::TwoSeasons, LEAST_TRAINING, 1)]
        };
        let fits: Vec<Shape> =
            tiers.iter().filter_map(|&(training, rows, least)| self.shape(training, rows, least)).collect();
        fits.iter().find(|shape| shape.is_evidence(self)).or_else(|| fits.last()).copied()
    }

    /// What a training length is of a season.
    const fn training(&self, rows: usize) -> Training {
        match rows / if self.season > 1 { self.season } else { 1 } {
            0 => Training::NoSeason,
            1 => Training::OneSeason,
            _ => Training::TwoSeasons,
        }
    }

    /// `None` where not even a window of `least` rows fits.
    fn shape(&self, training: Training, rows: usize, least: usize) -> Option<Shape> {
        let room = self.rows.checked_sub(rows.saturating_add(self.gap()))?;
        let StatedFolds { n_splits, step, .. } = self.stated;
        let longest = match (n_splits, step) {
            (None, _) => room,
            (Some(folds), None) => room / folds,
            (Some(folds), Some(step)) => room.checked_sub((folds - 1) * step)?,
        };
        let window = self.horizon.min(longest);
        // A window is longer than the gap before it.
        if window < least.max(self.gap() + 1) {
            return None;
        }
        let fitting = 1 + (room - window) / step.unwrap_or(window);
        Some(Shape { training, window, folds: n_splits.unwrap_or(fitting.min(MAX_FOLDS)) })
    }

    /// Rows from the first row of the first test to the last of the last.
    fn span(&self, folds: usize, window: usize) -> usize {
        window + (folds - 1) * self.stated.step.unwrap_or(window)
    }

    /// Rows that are in a test.
    fn tested(&self, folds: usize, window: usize) -> usize {
        window + (folds - 1) * self.stated.step.unwrap_or(window).min(window)
    }

    fn too_few(&self) -> SplitError {
        let (gap, horizon) = (self.gap(), self.gap() + 1);
        let (folds, min_train_size) =
            (self.stated.n_splits.unwrap_or(1), self.stated.min_train_size.unwrap_or(LEAST_TRAINING));
        let needed = min_train_size.saturating_add(gap + self.span(folds, horizon));
        SplitError::TooFewRows { rows: self.rows, folds, needed, min_train_size, gap, horizon }
    }
}

impl Shape {
    fn is_evidence(&self, wish: &Wish) -> bool {
        let most = wish.tested(wish.stated.n_splits.unwrap_or(MAX_FOLDS), wish.horizon);
        wish.tested(self.folds, self.window) >= LEAST_TESTED.min(most)
    }

    fn plan(&self, wish: &Wish, asked: usize) -> Plan {
        let Self { window, folds, .. } = *self;
        let min_train_size = wish.rows - wish.gap() - wish.span(folds, window);
        // A split has room for two folds at least; the history decides how many there are.
        let n_splits = folds.max(2);
        let split = SplitConfig {
            strategy: Strategy::Expanding,
            n_splits,
            min_train_size,
            gap: wish.gap(),
            horizon: window,
            step: wish.stated.step,
        };
        // Rows that are left over may give the first fold more than its row of the table asks for.
        let training = wish.training(min_train_size).max(self.training);
        Plan { split, folds, training, why: Self { training, ..*self }.words(wish, asked, min_train_size) }
    }

    fn words(&self, wish: &Wish, asked: usize, trained: usize) -> String {
        let Self { training, window, folds } = *self;
        let mut words = format!("{} of {}", counted(folds, "fold", "folds"), counted(window, "row", "rows"));
        if let Some(step) = wish.stated.step.filter(|_| folds > 1) {
            words.push_str(&format!(", {} apart", counted(step, "row", "rows")));
        }
        words.push_str(&format!(", the first after {}", counted(trained, "row", "rows")));
        if wish.gap() > 0 {
            words.push_str(&format!(" and a gap of {}", wish.gap()));
        }
        match training {
            Training::TwoSeasons if wish.season > 1 => {
                words.push_str(&format!(" (at least two seasons of {} rows)", wish.season));
            }
            Training::TwoSeasons => {}
            Training::OneSeason if wish.stated.min_train_size.is_some() => {
                words.push_str(&format!(" (fewer than two seasons of {} rows)", wish.season));
            }
            Training::OneSeason => words.push_str(&format!(
                ": {} no room for two seasons of {} rows before a test",
                counted(wish.rows, "row has", "rows have"),
                wish.season
            )),
            Training::NoSeason => words.push_str(&format!(
                ": less than a season of {} rows, so seasonal models are not judged",
                wish.season
            )),
        }
        if window < asked {
            words.push_str(&format!(
                "; the {} not fit into a test",
                counted(asked, "step asked for does", "steps asked for do")
            ));
        } else if folds < MAX_FOLDS && wish.stated.n_splits.is_none() {
            words.push_str("; more do not fit");
        }
        words
    }
}

#[cfg(test)]
#[path = "folds/tests.rs"]
mod tests;
