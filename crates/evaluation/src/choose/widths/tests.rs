use proptest::prelude::*;

use super::*;

/// Numbers from −1 to 1 whose sizes are spread evenly.
fn noise(at: usize) -> f64 {
    let mixed = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ (mixed >> 32)) % 2001) as f64 / 1000.0 - 1.0
}

fn fold_of(steps: Vec<Option<f64>>) -> FoldErrors {
    FoldErrors { steps, is_seldom: false }
}

/// How far the interval of a level reaches below and above zero at each of six steps.
fn reaches(widths: &Widths, own: &[FoldErrors], level: f64) -> Vec<(f64, f64)> {
    let found = widths.intervals(own, &HISTORY, &[0.0; 6], &[level], f64::NEG_INFINITY).unwrap();
    found[0].lower.iter().zip(&found[0].upper).map(|(lower, upper)| (-lower, *upper)).collect()
}

/// Folds of a series whose errors grow with the root of the step.
fn folds(nth: usize, count: usize, size: f64) -> Vec<FoldErrors> {
    let error = |fold: usize, step: usize| {
        Some(size * noise(7919 * nth + 31 * fold + step).abs() * ((step + 1) as f64).sqrt())
    };
    (0..count).map(|fold| fold_of((0..6).map(|step| error(fold, step)).collect())).collect()
}

/// A history whose mean difference is 1.
const HISTORY: [f64; 9] = [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0];

#[test]
fn a_fleet_covers_what_it_says() {
    let series: Vec<Vec<FoldErrors>> = (0..400).map(|nth| folds(nth, 1 + nth % 5, 2.0)).collect();
    let widths = Widths::of_fleet(&series, 1);
    for share in [0.5, 0.8, 0.95] {
        let (mut inside, mut all) = (0.0, 0.0);
        for (nth, own) in series.iter().enumerate() {
            for (step, (_, half)) in reaches(&widths, own, share).iter().enumerate() {
                let size = 2.0 * noise(7_000_003 + 97 * nth + step).abs() * ((step + 1) as f64).sqrt();
                (inside, all) = (inside + f64::from(u8::from(size <= *half)), all + 1.0);
            }
        }
        let covered: f64 = inside / all;
        assert!((covered - share).abs() < 0.03, "{share}: {covered}");
    }
}

#[test]
fn a_series_of_its_own_level_is_met_halfway() {
    let mut series: Vec<Vec<FoldErrors>> = (0..200).map(|nth| folds(nth, 5, 1.0)).collect();
    series.push(folds(900, 5, 4.0));
    let widths = Widths::of_fleet(&series, 1);
    let half = |own: &[FoldErrors]| reaches(&widths, own, 0.8)[0].0;
    let (new, usual, wild) = (half(&[]), half(&series[0]), half(&series[200]));
    assert!(wild > 2.0 * usual && wild < 4.0 * new, "{new} {usual} {wild}");
}

#[test]
fn few_folds_are_wide_and_none_are_those_of_a_random_walk() {
    let few = Widths::of_fleet(&[folds(1, 1, 2.0)], 1);
    let many = Widths { folds: 1000, ..few.clone() };
    let width = |widths: &Widths| reaches(widths, &[], 0.8)[3].0 + reaches(widths, &[], 0.8)[3].1;
    assert!(width(&few) > 2.2 * width(&many));
    let none = Widths::of_fleet(&[], 4);
    let history = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0];
    let upper = none.quantile(&none.around(&[], &history).unwrap(), &[0.0; 9], 0.9, 0.0).unwrap();
    let unit = 1.281_55 / MEAN_SIZE;
    for (step, seasons) in [(0, 1.0), (3, 1.0), (4, 2.0_f64), (8, 3.0)] {
        assert!((upper[step] - unit * seasons.sqrt()).abs() < 1e-3, "{step} {upper:?}");
    }
}

#[test]
fn what_never_changed_is_its_own_interval_and_one_value_has_none() {
    let widths = Widths::of_fleet(&[folds(1, 5, 2.0)], 4);
    for history in [vec![5.0; 9], [1.0, 2.0, 3.0, 4.0].repeat(3)] {
        let found = widths.intervals(&[], &history, &[5.0, 6.0], &[0.8, 0.95], 0.0).unwrap();
        for Interval { lower, upper, .. } in found {
            assert_eq!((lower, upper), (vec![5.0, 6.0], vec![5.0, 6.0]), "{history:?}");
        }
    }
    for history in [vec![5.0], vec![f64::NAN, 5.0, f64::NAN, 3.0], vec![]] {
        assert_eq!(widths.intervals(&[], &history, &[5.0], &[0.8], 0.0), None, "{history:?}");
    }
}

#[test]
fn seldom_demand_has_the_quantiles_of_what_was_sold_lately() {
    // Of the last 56 days one in four sold: one in eight 3 and one in eight 1. What was before is forgotten.
    let value = |t: usize| match (t < 100, t % 8) {
        (true, 0) => 90.0,
        (false, 0) => 3.0,
        (false, 4) => 1.0,
        _ => 0.0,
    };
    let history: Vec<f64> = (0..200).map(value).collect();
    let widths = Widths::of_fleet(&[folds(1, 5, 2.0)], 1);
    let around = widths.around(&[], &history).unwrap();
    let at = |share, point| widths.quantile(&around, &[point], share, 0.0).unwrap()[0];
    for (share, expected) in [(0.1, 0.0), (0.5, 0.0), (0.7, 0.0), (0.8, 1.0), (0.95, 3.0)] {
        assert!((at(share, 0.5) - expected).abs() < 1e-12, "{share}");
    }
    // A forecast of four times as much doubles them.
    assert!((at(0.95, 2.0) - 6.0).abs() < 1e-12);
    // Its errors are no part of the others' widths.
    let seldom = |fold: FoldErrors| FoldErrors { is_seldom: true, ..fold };
    let wild: Vec<FoldErrors> = folds(2, 5, 50.0).into_iter().map(seldom).collect();
    assert_eq!(Widths::of_fleet(&[folds(1, 5, 2.0), wild], 1), widths);
}

#[test]
fn normal_sizes_are_those_of_the_tables() {
    for (share, expected) in [(0.0, 0.0), (0.5, 0.6745), (0.8, 1.2816), (0.95, 1.96), (0.999, 3.2905)] {
        assert!((normal_size(share) - expected).abs() < 1e-3, "{share} {}", normal_size(share));
    }
}

proptest! {
    #[test]
    fn intervals_are_finite_around_the_point_and_inside_each_other(
        errors in prop::collection::vec(
            prop::collection::vec(prop::collection::vec(prop::option::of(-1e6_f64..1e6), 0..5), 0..4), 0..5),
        points in prop::collection::vec(-1e6_f64..1e6, 1..12),
    ) {
        let series: Vec<Vec<FoldErrors>> =
            errors.into_iter().map(|folds| folds.into_iter().map(fold_of).collect()).collect();
        let own = series.first().cloned().unwrap_or_default();
        let widths = Widths::of_fleet(&series, 1);
        let found = widths.intervals(&own, &HISTORY, &points, &[0.5, 0.8, 0.95], 0.0).unwrap();
        for interval in &found {
            for ((lower, upper), point) in interval.lower.iter().zip(&interval.upper).zip(&points) {
                prop_assert!(lower.is_finite() && upper.is_finite() && lower <= point && point <= upper);
                prop_assert!(*lower >= 0.0_f64.min(*point));
            }
        }
        for pair in found.windows(2) {
            prop_assert!(pair[0].upper.iter().zip(&pair[1].upper).all(|(inner, outer)| inner <= outer));
        }
    }
}
