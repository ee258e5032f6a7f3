//! One split for many histories.

use kernel::counted;
use wire::model_selection::StatedFolds;

use super::{MAX_FOLDS, Plan, Training, Wish, plan};
use crate::{Fold, SplitConfig, SplitError};

/// The folds for many histories, because one split serves them all. How much of a season the first fold trains on and how long
/// a test is are planned for the length that all but one series in twenty have; where that has no room for a whole test
/// after a season, for the one that three in four have, or half of them, or a quarter: many new series do not spoil the
/// judgement of the old ones. Each series has the newest folds that fit it, and a shorter one is left out.
pub fn plan_fleet(rows: &[usize], wish: &Wish) -> Result<Plan, SplitError> {
    let mut sorted = rows.to_vec();
    sorted.sort_unstable();
    let count = sorted.len();
    // How many folds there are is for each series to say, and shortens no test.
    let stated = StatedFolds { n_splits: None, ..wish.stated };
    let is_whole = |plan: &Plan| plan.split.horizon == wish.horizon && plan.training > Training::NoSeason;
    let of_length = |at: usize| {
        let wish = Wish { rows: sorted.get(at).copied().unwrap_or(0), stated, ..*wish };
        let usual = plan(&wish);
        // A whole test after one season says more than half of one after two.
        let one = StatedFolds {
            min_train_size: stated.min_train_size.or(Some(wish.rows_of(Training::OneSeason))),
            ..stated
        };
        match plan(&Wish { stated: one, ..wish }) {
            Ok(one) if is_whole(&one) && !usual.as_ref().is_ok_and(is_whole) => Ok(one),
            _ => usual,
        }
    };
    let plans = [count / 20, count / 4, count / 2, 3 * count / 4].map(of_length);
    let whole = plans.iter().flatten().find(|plan| is_whole(plan)).cloned();
    let [_, _, half, _] = plans;
    let typical = whole.map_or_else(|| half.or_else(|_| of_length(count.saturating_sub(1))), Ok)?;
    let split = SplitConfig {
        n_splits: wish.stated.n_splits.unwrap_or(MAX_FOLDS).max(2),
        min_train_size: wish.stated.min_train_size.unwrap_or_else(|| wish.rows_of(typical.training)),
        step: wish.stated.step.or(Some(typical.split.horizon)),
        ..typical.split
    };
    let judged: Vec<Vec<Fold>> = sorted.iter().filter_map(|&rows| split.folds(rows).ok()).collect();
    let folds = judged.iter().map(Vec::len).max().unwrap_or(0);
    let why = fleet_in_words(&split, typical.training, wish, &judged, count);
    Ok(Plan { split, folds, training: typical.training, why })
}

fn fleet_in_words(
    split: &SplitConfig,
    training: Training,
    wish: &Wish,
    judged: &[Vec<Fold>],
    count: usize,
) -> String {
    let range = |of: fn(&[Fold]) -> usize| {
        let all = || judged.iter().map(|folds| of(folds));
        (all().min().unwrap_or(0), all().max().unwrap_or(0))
    };
    let (fewest, most) = range(<[Fold]>::len);
    let (first, last) = range(|folds| folds[0].train.end);
    let folds =
        if fewest == most { counted(most, "fold", "folds") } else { format!("{fewest} to {most} folds") };
    let mut words = format!("{folds} of {}", counted(split.horizon, "row", "rows"));
    if let Some(step) = wish.stated.step.filter(|_| most > 1) {
        words.push_str(&format!(", {} apart", counted(step, "row", "rows")));
    }
    let place = if count == 1 { "at the end" } else { "at the end of each series" };
    let at_least = if first == last { "" } else { "at least " };
    words.push_str(&format!(" {place}, the first after {at_least}{}", counted(first, "row", "rows")));
    if split.gap > 0 {
        words.push_str(&format!(" and a gap of {}", split.gap));
    }
    match training {
        _ if wish.season <= 1 => {}
        Training::TwoSeasons => words.push_str(&format!(" (at least two seasons of {} rows)", wish.season)),
        Training::OneSeason => words.push_str(&format!(" (fewer than two seasons of {} rows)", wish.season)),
        Training::NoSeason => words.push_str(&format!(" (less than a season of {} rows)", wish.season)),
    }
    if split.horizon < wish.horizon {
        let steps = counted(wish.horizon, "step asked for does", "steps asked for do");
        words.push_str(&format!("; the {steps} not fit into a test"));
    }
    if wish.stated.n_splits.is_some_and(|asked| most < asked) {
        words.push_str("; more do not fit");
    }
    match count - judged.len() {
        0 => {}
        1 => words.push_str(&format!("; 1 of {count} series is too short for it")),
        some => words.push_str(&format!("; {some} of {count} series are too short for it")),
    }
    words
}
