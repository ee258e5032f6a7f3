//! Bounds of what users send that ends up in rows and frames.

use evaluation::choose::folds::LEAST_TRAINING;
use kernel::FieldError;
use serde_json::{Map, Value};
use wire::model_selection::StatedFolds;

/// The parameters of a model have a few short names; so many bytes of JSON are more than any needs.
const MAX_PARAMS_BYTES: usize = 10_000;

/// The longest message of a failure, in characters. It may quote what a user sent.
const MAX_MESSAGE: usize = 500;

/// Reports parameters that are longer than any model needs.
pub(crate) fn check_params(params: &Map<String, Value>, field: &str, fields: &mut Vec<FieldError>) {
    let bytes = serde_json::to_string(params).map_or(usize::MAX, |text| text.len());
    if bytes > MAX_PARAMS_BYTES {
        let message = format!("must have at most {MAX_PARAMS_BYTES} bytes as JSON, not {bytes}");
        fields.push(FieldError::new(field, message));
    }
}

/// The longest season, in rows.
const MAX_SEASON: usize = 365;

/// Reports a season that is none, or too long.
pub(crate) fn check_season(season: Option<usize>, fields: &mut Vec<FieldError>) {
    if let Some(season) = season {
        check_between("season_length", season, MAX_SEASON, fields);
    }
}

/// Reports a number that is not between 1 and a most.
pub(crate) fn check_between(field: &str, number: usize, most: usize, fields: &mut Vec<FieldError>) {
    if !(1..=most).contains(&number) {
        fields.push(FieldError::new(field, format!("must be between 1 and {most}, not {number}")));
    }
}

const MAX_FOLDS: usize = 20;
const MAX_GAP: usize = 30;
const MAX_STEP: usize = 365;

/// Reports what is stated of folds and cannot be.
pub(crate) fn check_folds(
    stated: &StatedFolds,
    horizon: usize,
    least_splits: usize,
    fields: &mut Vec<FieldError>,
) {
    let StatedFolds { n_splits, min_train_size, gap, step } = *stated;
    if let Some(n_splits) = n_splits.filter(|n_splits| !(least_splits..=MAX_FOLDS).contains(n_splits)) {
        let message = format!("must be between {least_splits} and {MAX_FOLDS}, not {n_splits}");
        fields.push(FieldError::new("folds.n_splits", message));
    }
    if let Some(rows) = min_train_size.filter(|rows| *rows < LEAST_TRAINING) {
        let message = format!("must be at least {LEAST_TRAINING}, not {rows}");
        fields.push(FieldError::new("folds.min_train_size", message));
    }
    if let Some(gap) = gap.filter(|gap| *gap > MAX_GAP) {
        fields.push(FieldError::new("folds.gap", format!("must be between 0 and {MAX_GAP}, not {gap}")));
    } else if let Some(gap) = gap.filter(|gap| *gap > 0 && *gap >= horizon) {
        let message = format!("must be below the horizon {horizon}, not {gap}");
        fields.push(FieldError::new("folds.gap", message));
    }
    if let Some(step) = step {
        check_between("folds.step", step, MAX_STEP, fields);
    }
}

const MAX_TITLE: usize = 200;
const MAX_PRIORITY: i32 = 100;

/// Reports what a request says of its run and may not.
pub(crate) fn check_run(title: Option<&str>, priority: Option<i32>, fields: &mut Vec<FieldError>) {
    if title.is_some_and(|title| !(1..=MAX_TITLE).contains(&title.chars().count())) {
        fields.push(FieldError::new("title", format!("must be a text of 1 to {MAX_TITLE} characters")));
    }
    if priority.is_some_and(|priority| !(-MAX_PRIORITY..=MAX_PRIORITY).contains(&priority)) {
        let message = format!("must be a whole number from -{MAX_PRIORITY} to {MAX_PRIORITY}");
        fields.push(FieldError::new("priority", message));
    }
}

/// A message as a row, a frame and a terminal can take it: without control characters and not endless.
pub(crate) fn plain(message: &str) -> String {
    let visible = |character: char| if character.is_control() { ' ' } else { character };
    let mut text: String = message.chars().take(MAX_MESSAGE).map(visible).collect();
    if message.chars().nth(MAX_MESSAGE).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_cut_and_has_no_control_characters() {
        assert_eq!(plain("a\0b\r\nc"), "a b  c");
        assert_eq!(plain(&"x".repeat(501)).chars().count(), 501);
        assert_eq!(plain(&"ä".repeat(500)), "ä".repeat(500));
    }
}
