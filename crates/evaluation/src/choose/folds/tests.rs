use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::is_leakage_free;

const UNSAID: StatedFolds = StatedFolds { n_splits: None, min_train_size: None, gap: None, step: None };
const NONE: Wish = Wish { rows: 0, horizon: 1, season: 1, stated: UNSAID };

#[test]
fn the_table_of_plans() {
    use Training::{NoSeason, OneSeason, TwoSeasons};
    // Rows, horizon, season; training, rows before the first fold, window, folds.
    let cases = [
        ((36, 12, 12), (TwoSeasons, 24, 12, 1)),
        ((84, 12, 12), (TwoSeasons, 24, 12, 5)),
        ((120, 12, 12), (TwoSeasons, 60, 12, 5)),
        ((30, 12, 12), (TwoSeasons, 24, 6, 1)),
        ((29, 12, 12), (OneSeason, 17, 12, 1)),
        ((25, 2, 12), (OneSeason, 15, 2, 5)),
        ((18, 12, 12), (OneSeason, 12, 6, 1)),
        ((17, 12, 12), (NoSeason, 7, 10, 1)),
        ((14, 6, 1), (TwoSeasons, 8, 6, 1)),
        ((22, 6, 1), (TwoSeasons, 10, 6, 2)),
        ((8, 6, 1), (TwoSeasons, 7, 1, 1)),
        ((730, 14, 7), (TwoSeasons, 660, 14, 5)),
        ((110, 13, 52), (OneSeason, 58, 13, 4)),
        ((400, 200, 7), (TwoSeasons, 40, 90, 4)),
    ];
    for ((rows, horizon, season), expected) in cases {
        let plan = plan(&Wish { rows, horizon, season, ..NONE }).unwrap();
        let Plan { split, folds, training, .. } = plan;
        let found = (training, split.min_train_size, split.horizon, folds);
        assert_eq!(found, expected, "{rows} {horizon} {season}: {}", plan.why);
        assert_eq!(split.folds(rows).unwrap().len(), folds, "{rows} {horizon} {season}");
    }
}

#[test]
fn a_plan_says_what_it_gave_up() {
    let why = |rows, horizon, season| plan(&Wish { rows, horizon, season, ..NONE }).unwrap().why;
    assert_eq!(
        why(120, 12, 12),
        "5 folds of 12 rows, the first after 60 rows (at least two seasons of 12 rows)"
    );
    assert_eq!(
        why(30, 12, 12),
        "1 fold of 6 rows, the first after 24 rows (at least two seasons of 12 rows); the 12 steps asked for do not fit \
         into a test"
    );
    assert!(why(17, 12, 12).contains("seasonal models are not judged"));
    assert!(
        why(500, 366, 1).ends_with("the 366 steps asked for do not fit into a test"),
        "{}",
        why(500, 366, 1)
    );
    assert!(matches!(plan(&Wish { rows: 7, ..NONE }), Err(SplitError::TooFewRows { needed: 8, .. })));
}

#[test]
fn a_seasonal_model_is_judged_from_the_first_fold_that_has_seen_a_season() {
    let folds = SplitConfig { min_train_size: 7, horizon: 5, ..SplitConfig::default() }.folds(32).unwrap();
    for (season, expected) in [(1, 0..5), (7, 0..5), (12, 1..5), (13, 2..5), (52, 5..5)] {
        assert_eq!(judged(&folds, season), expected, "{season}");
    }
}

#[test]
fn each_series_of_a_fleet_has_the_newest_folds_that_fit_it() {
    let wish = Wish { horizon: 12, season: 12, ..NONE };
    let why = |rows: &[usize]| plan_fleet(rows, &wish).unwrap().why;
    assert_eq!(
        why(&[120]),
        "5 folds of 12 rows at the end, the first after 60 rows (at least two seasons of 12 rows)"
    );
    let mixed = plan_fleet(&[36, 60, 120], &wish).unwrap();
    assert_eq!((mixed.split.n_splits, mixed.split.min_train_size, mixed.split.step), (5, 24, Some(12)));
    assert!(
        mixed.why.starts_with(
            "1 to 5 folds of 12 rows at the end of each series, the first after at least 24 rows"
        ),
        "{}",
        mixed.why
    );
    let mut rows = vec![120; 99];
    rows.push(20);
    assert!(why(&rows).ends_with("; 1 of 100 series is too short for it"), "{}", why(&rows));
    // Half a test would fit after two seasons, a whole one after one.
    assert!(
        why(&[30]).starts_with(
            "1 fold of 12 rows at the end, the first after 18 rows (fewer than two seasons of 12 rows)"
        ),
        "{}",
        why(&[30])
    );
    assert!(plan_fleet(&[], &wish).is_err());
}

#[test]
fn many_short_series_do_not_spoil_the_folds_of_the_others() {
    let wish = Wish { horizon: 12, season: 12, ..NONE };
    let of = |short: usize| {
        let rows: Vec<usize> = (0..100).map(|at| if at < short { 9 } else { 120 }).collect();
        plan_fleet(&rows, &wish).unwrap()
    };
    assert_eq!(
        (of(20).folds, of(20).split.horizon, of(40).split.horizon, of(70).split.horizon),
        (5, 12, 12, 12)
    );
    assert!(of(40).why.ends_with("; 40 of 100 series are too short for it"), "{}", of(40).why);
    // Where most are short, they are what is judged.
    assert!(of(80).split.rows_needed() <= 9, "{}", of(80).why);
    let one_in_a_hundred: Vec<usize> = (0..100).map(|at| if at < 99 { 2 } else { 120 }).collect();
    assert_eq!(plan_fleet(&one_in_a_hundred, &wish).unwrap().folds, 5);
}

#[test]
fn a_number_of_folds_that_is_asked_for_shortens_no_test_of_a_fleet() {
    let stated = StatedFolds { n_splits: Some(20), ..UNSAID };
    let plan = plan_fleet(&[72], &Wish { horizon: 12, season: 12, stated, ..NONE }).unwrap();
    assert_eq!((plan.split.n_splits, plan.split.horizon, plan.folds), (20, 12, 4));
    assert!(plan.why.ends_with("; more do not fit"), "{}", plan.why);
}

#[test]
fn what_is_stated_is_kept_and_the_rest_is_planned() {
    let (n, train, gap, step) = (Some, Some, Some, Some);
    // Rows, horizon, season, stated; rows before the first fold, window, folds.
    let cases = [
        ((120, 12, 12, StatedFolds { n_splits: n(2), ..UNSAID }), (96, 12, 2)),
        ((120, 12, 12, StatedFolds { n_splits: n(8), ..UNSAID }), (24, 12, 8)),
        // Eight windows after two seasons, though shorter ones.
        ((100, 12, 12, StatedFolds { n_splits: n(8), ..UNSAID }), (28, 9, 8)),
        ((120, 12, 12, StatedFolds { min_train_size: train(90), ..UNSAID }), (96, 12, 2)),
        ((120, 12, 12, StatedFolds { min_train_size: train(110), ..UNSAID }), (110, 10, 1)),
        ((120, 12, 12, StatedFolds { step: step(3), ..UNSAID }), (96, 12, 5)),
        ((120, 12, 12, StatedFolds { step: step(24), ..UNSAID }), (36, 12, 4)),
        ((120, 12, 12, StatedFolds { gap: gap(2), n_splits: n(3), ..UNSAID }), (82, 12, 3)),
        (
            (
                60,
                12,
                1,
                StatedFolds { n_splits: n(3), min_train_size: train(24), gap: gap(0), step: step(12) },
            ),
            (24, 12, 3),
        ),
    ];
    for ((rows, horizon, season, stated), expected) in cases {
        let Plan { split, folds, why, .. } = plan(&Wish { rows, horizon, season, stated }).unwrap();
        assert_eq!((split.min_train_size, split.horizon, folds), expected, "{rows} {stated:?}: {why}");
        let made = split.folds(rows).unwrap();
        assert_eq!((made.len(), made.last().unwrap().test.end), (folds, rows), "{stated:?}");
    }
}

#[test]
fn stated_folds_are_in_the_words_and_a_history_that_is_too_short_for_them_has_none() {
    let stated = StatedFolds { n_splits: Some(3), min_train_size: Some(24), gap: Some(2), step: Some(6) };
    let wish = |rows| Wish { rows, horizon: 12, season: 12, stated };
    assert_eq!(
        plan(&wish(60)).unwrap().why,
        "3 folds of 12 rows, 6 rows apart, the first after 34 rows and a gap of 2 (at least two seasons of 12 rows)"
    );
    let wish_of_one_season = Wish { stated: StatedFolds { min_train_size: Some(14), ..UNSAID }, ..wish(36) };
    assert!(
        plan(&wish_of_one_season)
            .unwrap()
            .why
            .ends_with("after 24 rows (at least two seasons of 12 rows); more do not fit")
    );
    let error = plan(&wish(40)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "40 rows are too few: 3 folds need 41 (min_train_size 24 + gap 2 + horizon 3 + 12 for the further folds)"
    );
    assert!(plan(&wish(41)).is_ok());
}

proptest! {
    #[test]
    fn a_stated_plan_is_what_was_stated(
        rows in 0_usize..400, horizon in 1_usize..60, season in 1_usize..60,
        n_splits in proptest::option::of(1_usize..=20), min_train_size in proptest::option::of(7_usize..200),
        step in proptest::option::of(1_usize..=60), gap in proptest::option::of(0_usize..5),
    ) {
        let stated = StatedFolds { n_splits, min_train_size, gap, step };
        let Ok(plan) = plan(&Wish { rows, horizon, season, stated }) else { return Ok(()) };
        let folds = plan.split.folds(rows).unwrap();
        prop_assert_eq!(folds.len(), n_splits.unwrap_or(plan.folds));
        prop_assert_eq!(folds.len(), plan.folds);
        prop_assert_eq!(folds.last().unwrap().test.end, rows);
        prop_assert!(folds[0].train.len() >= min_train_size.unwrap_or(LEAST_TRAINING));
        for pair in folds.windows(2) {
            prop_assert_eq!(pair[1].train.end - pair[0].train.end, step.unwrap_or(plan.split.horizon));
        }
    }

    #[test]
    fn a_plan_fits_and_never_leaks(
        rows in 0_usize..900, horizon in 0_usize..120, gap in 0_usize..=30, season in 0_usize..400,
    ) {
        let Ok(plan) = plan(&Wish { rows, horizon, season, stated: StatedFolds { gap: Some(gap), ..UNSAID } }) else {
            prop_assert!(rows < LEAST_TRAINING + 2 * gap + 1);
            return Ok(());
        };
        let folds = plan.split.folds(rows).unwrap();
        let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let dates: Vec<_> = start.iter_days().take(rows).map(wire::Moment::from).collect();
        prop_assert!(is_leakage_free(&folds, &dates, gap));
        prop_assert_eq!(folds.len(), plan.folds);
        prop_assert_eq!(folds.last().unwrap().test.end, rows);
        prop_assert_eq!(plan.training == Training::NoSeason, !plan.judges(season));
    }

    #[test]
    fn more_rows_never_give_a_worse_plan(
        rows in 8_usize..600, horizon in 1_usize..60, season in 1_usize..120,
    ) {
        // Training is what the row of the table promises; what is left over comes on top of it.
        let quality = |rows: usize| {
            let shape = Wish { rows, horizon, season, ..NONE }.best();
            shape.map(|shape| (shape.training, shape.folds * shape.window))
        };
        let (before, after) = (quality(rows).unwrap(), quality(rows + 1).unwrap());
        prop_assert!(after.0 > before.0 || after.0 == before.0 && after.1 >= before.1, "{:?} {:?}", before, after);
    }
}
