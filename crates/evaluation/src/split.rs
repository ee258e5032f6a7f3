//! Rolling-origin splits: which rows a fold trains on and which it is tested on.
//!
//! Positions are half-open and count rows of the series. Where no step is stated, the distance between folds is derived so
//! that test windows never overlap and the folds are spread over the whole history; fold 0 then trains on exactly
//! `min_train_size` rows, and up to `n_splits − 2` of the newest rows may go unused. With a step the folds are the newest
//! that fit: the last test ends with the history, fold 0 trains on `min_train_size` rows or more, and windows overlap where
//! the step is below the horizon.

use std::ops::Range;

use kernel::{Class, Fault, FieldError, counted};
use serde::{Deserialize, Serialize};
use wire::Moment;
use wire::model_selection::Strategy;

/// The folds asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SplitConfig {
    /// How the training window moves.
    pub strategy: Strategy,
    /// Folds, 2 to 20; fewer are made when the history is short.
    pub n_splits: usize,
    /// Rows fold 0 trains on, at least 7.
    pub min_train_size: usize,
    /// Rows between training and test, 0 to 30 and below the horizon.
    pub gap: usize,
    /// Rows of a test window, 1 to 90.
    pub horizon: usize,
    /// Rows from one fold to the next, 1 to 365; derived when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
}

impl Default for SplitConfig {
    fn default() -> Self {
        wire::model_selection::SplitConfig::default().into()
    }
}

impl From<wire::model_selection::SplitConfig> for SplitConfig {
    fn from(split: wire::model_selection::SplitConfig) -> Self {
        let wire::model_selection::SplitConfig { strategy, n_splits, min_train_size, gap, horizon, step } =
            split;
        Self { strategy, n_splits, min_train_size, gap, horizon, step }
    }
}

impl From<SplitConfig> for wire::model_selection::SplitConfig {
    fn from(split: SplitConfig) -> Self {
        let SplitConfig { strategy, n_splits, min_train_size, gap, horizon, step } = split;
        Self { strategy, n_splits, min_train_size, gap, horizon, step }
    }
}

/// One fold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// From 0.
    pub index: usize,
    /// Rows to learn from.
    pub train: Range<usize>,
    /// Rows to be judged on.
    pub test: Range<usize>,
}

/// Folds that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// Fields outside their bounds.
    #[error("the split is not valid: {}", kernel::field_list(fields))]
    Invalid {
        /// Each wrong field and what it may be.
        fields: Vec<FieldError>,
    },
    /// Not even one fold fits, or not as many as were stated.
    #[error(
        "{} too few: {} {needed} (min_train_size {min_train_size} + gap {gap} + horizon {horizon}{})",
        counted(*rows, "row is", "rows are"),
        if *folds == 1 { "one fold needs".to_owned() } else { format!("{folds} folds need") },
        further(needed.saturating_sub(*min_train_size).saturating_sub(gap + horizon))
    )]
    TooFewRows {
        /// Rows there are.
        rows: usize,
        /// How many folds do not fit.
        folds: usize,
        /// Rows they need.
        needed: usize,
        /// Of these, for training.
        min_train_size: usize,
        /// Of these, between training and test.
        gap: usize,
        /// Of these, for the test.
        horizon: usize,
    },
}

/// What folds after the first add to the rows of one.
fn further(rows: usize) -> String {
    if rows == 0 { String::new() } else { format!(" + {rows} for the further folds") }
}

impl Fault for SplitError {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::TooFewRows { .. } => Class::Unprocessable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "SPLIT_INVALID",
            Self::TooFewRows { .. } => "TOO_FEW_ROWS",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } => fields.clone(),
            Self::TooFewRows { .. } => vec![FieldError::new("min_train_size", self.to_string())],
        }
    }
}

impl SplitConfig {
    /// Checks every field's bounds and reports all that are wrong.
    pub fn validate(&self) -> Result<(), SplitError> {
        let mut fields = Vec::new();
        let mut bound = |field: &str, value: usize, allowed: std::ops::RangeInclusive<usize>| {
            if !allowed.contains(&value) {
                let (low, high) = (allowed.start(), allowed.end());
                let message = match *high {
                    usize::MAX => format!("must be at least {low}, not {value}"),
                    _ => format!("must be between {low} and {high}, not {value}"),
                };
                fields.push(FieldError::new(field, message));
            }
        };
        bound("n_splits", self.n_splits, 2..=20);
        bound("min_train_size", self.min_train_size, 7..=usize::MAX);
        bound("gap", self.gap, 0..=30);
        bound("horizon", self.horizon, 1..=90);
        if let Some(step) = self.step {
            bound("step", step, 1..=365);
        }
        if self.horizon <= self.gap {
            let message = format!("must be below the horizon {}, not {}", self.horizon, self.gap);
            fields.push(FieldError::new("gap", message));
        }
        if fields.is_empty() { Ok(()) } else { Err(SplitError::Invalid { fields }) }
    }

    /// Rows one fold needs.
    pub const fn rows_needed(&self) -> usize {
        self.min_train_size.saturating_add(self.gap).saturating_add(self.horizon)
    }

    /// Rows all folds need.
    pub const fn rows_of_all(&self) -> usize {
        let step = match self.step {
            Some(step) => step,
            None => self.horizon,
        };
        self.rows_needed().saturating_add(self.n_splits.saturating_sub(1).saturating_mul(step))
    }

    /// The folds of a series of `rows` rows: at least one, or an error with the numbers.
    pub fn folds(&self, rows: usize) -> Result<Vec<Fold>, SplitError> {
        self.validate()?;
        let Self { strategy, n_splits, min_train_size, gap, horizon, .. } = *self;
        let needed = self.rows_needed();
        let Some(spare) = rows.checked_sub(needed) else {
            return Err(SplitError::TooFewRows { rows, folds: 1, needed, min_train_size, gap, horizon });
        };
        let count = n_splits.min(1 + spare / self.step.unwrap_or(horizon));
        let (first, step) = match self.step {
            Some(step) => (min_train_size + spare - (count - 1) * step, step),
            None if count > 1 => (min_train_size, (spare / (count - 1)).max(1)),
            None => (min_train_size, horizon),
        };
        let fold = |index: usize| {
            let train_end = first + index * step;
            let train_start = match strategy {
                Strategy::Expanding => 0,
                Strategy::Sliding => train_end - min_train_size,
            };
            let test_start = train_end + gap;
            Fold { index, train: train_start..train_end, test: test_start..test_start + horizon }
        };
        Ok((0..count).map(fold).take_while(|fold| fold.test.end <= rows).collect())
    }
}

/// Whether every fold's test lies after its training by at least `gap` rows, in position and in time.
pub fn is_leakage_free(folds: &[Fold], dates: &[Moment], gap: usize) -> bool {
    folds.iter().all(|fold| {
        fold.train.end + gap <= fold.test.start
            && fold.train.end > fold.train.start
            && dates[fold.train.end - 1] < dates[fold.test.start]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn train_ends(config: SplitConfig, rows: usize) -> Vec<usize> {
        config.folds(rows).unwrap().into_iter().map(|fold| fold.train.end).collect()
    }

    #[test]
    fn expanding_folds_are_spread_over_the_history() {
        let cases: [(usize, &[usize]); 7] = [
            (44, &[30]),
            (50, &[30]),
            (60, &[30, 46]),
            (72, &[30, 44, 58]),
            (100, &[30, 44, 58, 72, 86]),
            (120, &[30, 49, 68, 87, 106]),
            (730, &[30, 201, 372, 543, 714]),
        ];
        for (rows, expected) in cases {
            assert_eq!(train_ends(SplitConfig::default(), rows), expected, "{rows}");
        }
        let last = SplitConfig::default().folds(730).unwrap().pop().unwrap();
        assert_eq!(last.test, 714..728);
    }

    #[test]
    fn sliding_folds_keep_their_length() {
        let config = SplitConfig { strategy: Strategy::Sliding, ..SplitConfig::default() };
        let trains: Vec<_> = config.folds(120).unwrap().into_iter().map(|fold| fold.train).collect();
        assert_eq!(trains, [0..30, 19..49, 38..68, 57..87, 76..106]);
    }

    #[test]
    fn a_gap_lies_between_training_and_test() {
        let folds = SplitConfig { gap: 7, ..SplitConfig::default() }.folds(120).unwrap();
        assert_eq!(folds.iter().map(|f| f.train.end).collect::<Vec<_>>(), [30, 47, 64, 81, 98]);
        assert_eq!(folds.iter().map(|f| f.test.start).collect::<Vec<_>>(), [37, 54, 71, 88, 105]);
    }

    #[test]
    fn folds_with_a_step_are_the_newest_that_fit() {
        let ends = |rows, n_splits, step| {
            let config = SplitConfig { n_splits, step: Some(step), ..SplitConfig::default() };
            assert_eq!(config.folds(rows).unwrap().last().unwrap().test.end, rows);
            train_ends(config, rows)
        };
        assert_eq!(ends(120, 3, 14), [78, 92, 106]);
        assert_eq!(ends(120, 3, 1), [104, 105, 106]);
        assert_eq!(ends(120, 3, 30), [46, 76, 106]);
        // Of five that were asked for, two are not before row 30.
        assert_eq!(ends(120, 5, 60), [46, 106]);
        assert_eq!(ends(44, 5, 1), [30]);
        let sliding = SplitConfig {
            strategy: Strategy::Sliding,
            step: Some(20),
            n_splits: 2,
            ..SplitConfig::default()
        };
        let trains: Vec<_> = sliding.folds(120).unwrap().into_iter().map(|fold| fold.train).collect();
        assert_eq!(trains, [56..86, 76..106]);
        let error = SplitConfig { step: Some(0), ..SplitConfig::default() }.folds(120).unwrap_err();
        assert_eq!(error.fields()[0].field, "step");
    }

    #[test]
    fn too_few_rows_name_all_numbers() {
        let error = SplitConfig::default().folds(43).unwrap_err();
        let text = error.to_string();
        for number in ["43", "44", "30", "14"] {
            assert!(text.contains(number), "{text}");
        }
    }

    #[test]
    fn every_field_outside_its_bounds_is_reported() {
        let config =
            SplitConfig { n_splits: 1, min_train_size: 6, gap: 31, horizon: 0, ..SplitConfig::default() };
        let fields = config.validate().unwrap_err().fields();
        let names: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["n_splits", "min_train_size", "gap", "horizon", "gap"]);
    }

    proptest::proptest! {
        #[test]
        fn test_windows_never_leak_and_overlap_only_by_a_step_below_the_horizon(
            rows in 1_usize..2000, n_splits in 2_usize..=20, min_train_size in 7_usize..100,
            gap in 0_usize..=30, extra in 1_usize..=60, sliding: bool, step in proptest::option::of(1_usize..=365),
        ) {
            let strategy = if sliding { Strategy::Sliding } else { Strategy::Expanding };
            let config = SplitConfig { strategy, n_splits, min_train_size, gap, horizon: gap + extra, step };
            let day = Moment::from_epoch_days;
            let dates: Vec<_> = (0..).filter_map(day).take(rows).collect();
            if let Ok(folds) = config.folds(rows) {
                proptest::prop_assert!(!folds.is_empty() && folds.len() <= n_splits);
                proptest::prop_assert!(is_leakage_free(&folds, &dates, gap));
                for pair in folds.windows(2) {
                    let is_apart = step.is_none_or(|step| step >= config.horizon);
                    proptest::prop_assert!(!is_apart || pair[0].test.end <= pair[1].test.start);
                    proptest::prop_assert!(pair[0].test.start < pair[1].test.start);
                }
            }
        }
    }
}
