use proptest::prelude::*;

use super::*;

/// Numbers from −1 to 1 whose sizes are spread evenly.
fn noise(at: usize) -> f64 {
    let mixed = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ (mixed >> 32)) % 2001) as f64 / 1000.0 - 1.0
}

/// Folds of a series whose errors grow with the root of the step.
fn folds(nth: usize, count: usize, size: f64) -> Vec<FoldErrors> {
    let error = |fold: usize, step: usize| {
        Some(size * noise(7919 * nth + 31 * fold + step).abs() * ((step + 1) as f64).sqrt())
    };
    (0..count).map(|fold| FoldErrors((0..6).map(|step| error(fold, step)).collect())).collect()
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
            let half = widths.half_widths(own, &HISTORY, 6, share).unwrap();
            for (step, half) in half.iter().enumerate() {
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
    let half = |own: &[FoldErrors]| widths.half_widths(own, &HISTORY, 6, 0.8).unwrap()[0];
    let (new, usual, wild) = (half(&[]), half(&series[0]), half(&series[200]));
    assert!(wild > 2.0 * usual && wild < 4.0 * new, "{new} {usual} {wild}");
}

#[test]
fn few_folds_are_wide_and_none_are_those_of_a_random_walk() {
    let few = Widths::of_fleet(&[folds(1, 1, 2.0)], 1);
    let many = Widths { folds: 1000, ..few.clone() };
    let half = |widths: &Widths| widths.half_widths(&[], &HISTORY, 6, 0.8).unwrap()[3];
    assert!(half(&few) > 2.2 * half(&many));
    let none = Widths::of_fleet(&[], 4);
    let half = none.half_widths(&[], &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0], 9, 0.8).unwrap();
    let unit = 1.281_55 / MEAN_SIZE;
    for (step, seasons) in [(0, 1.0), (3, 1.0), (4, 2.0_f64), (8, 3.0)] {
        assert!((half[step] - unit * seasons.sqrt()).abs() < 1e-3, "{step} {half:?}");
    }
    assert_eq!(none.half_widths(&[], &[5.0; 9], 3, 0.8), None);
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
            prop::collection::vec(prop::collection::vec(prop::option::of(0.0_f64..1e6), 0..5), 0..4), 0..5),
        points in prop::collection::vec(-1e6_f64..1e6, 1..12),
    ) {
        let series: Vec<Vec<FoldErrors>> =
            errors.into_iter().map(|folds| folds.into_iter().map(FoldErrors).collect()).collect();
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
