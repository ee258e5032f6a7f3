use proptest::prelude::*;

use super::*;

/// Noise that is the same everywhere, from −1 to 1.
fn noise(at: usize) -> f64 {
    let mixed = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ (mixed >> 32)) % 2001) as f64 / 1000.0 - 1.0
}

fn wave(at: usize, length: usize) -> f64 {
    (std::f64::consts::TAU * at as f64 / length as f64).sin()
}

fn seen(values: &[f64], lengths: &[usize]) -> Vec<usize> {
    evidence(values, lengths).iter().filter(|one| one.is_seen()).map(|one| one.length).collect()
}

#[test]
fn a_season_is_seen_and_its_absence_as_well() {
    type Values = Box<dyn Fn(usize) -> f64>;
    type Case = (&'static str, usize, &'static [usize], Values, &'static [usize]);
    let nan = f64::NAN;
    let cases: [Case; 11] = [
        ("a week of days", 120, &[7, 365], Box::new(|t| (t % 7) as f64 + noise(t)), &[7]),
        ("noise", 120, &[7], Box::new(noise), &[]),
        ("a line", 60, &[12], Box::new(|t| 3.0 * t as f64), &[]),
        ("a constant", 60, &[12], Box::new(|_| 0.1), &[]),
        ("a season on a steep curve", 72, &[12], Box::new(|t| (t * t) as f64 + 60.0 * wave(t, 12)), &[12]),
        ("values opposed after a season", 120, &[6], Box::new(|t| wave(t, 12) + 0.1 * noise(t)), &[]),
        ("a day of hours, not a week", 500, &HOURLY, Box::new(|t| wave(t, 24) + 0.3 * noise(t)), &[24]),
        (
            "a day and a week of hours",
            700,
            &HOURLY,
            Box::new(|t| wave(t, 24) + wave(t, 168) + 0.3 * noise(t)),
            &[24, 168],
        ),
        ("holes", 120, &[7], Box::new(move |t| if t % 5 == 0 { nan } else { (t % 7) as f64 }), &[7]),
        ("nothing but holes", 120, &[7], Box::new(move |_| nan), &[]),
        ("too short", 23, &[12], Box::new(|t| wave(t, 12)), &[]),
    ];
    for (name, rows, lengths, of, expected) in cases {
        let values: Vec<f64> = (0..rows).map(of).collect();
        assert_eq!(seen(&values, lengths), expected, "{name}");
    }
}

#[test]
fn the_strength_is_the_share_that_repeats() {
    let strength = |noisy: f64| {
        let values: Vec<f64> = (0..240).map(|t| wave(t, 12) + noisy * noise(t)).collect();
        evidence(&values, &[12])[0].strength
    };
    let (clear, weak) = (strength(0.1), strength(2.0));
    assert!(clear > 0.98 && weak < 0.6 && weak > 0.05, "{clear} {weak}");
    let pure: Vec<f64> = (0..240).map(noise).collect();
    assert!(evidence(&pure, &[12])[0].strength < 0.15);
}

#[test]
fn a_fleet_has_the_season_that_enough_of_its_series_show() {
    let of = |seasonal: bool, nth: usize| -> Vec<f64> {
        (0..90).map(|t| f64::from(u8::from(seasonal && t % 7 > 4)) * 3.0 + noise(t + 997 * nth)).collect()
    };
    for (count, seasonal, expected) in
        [(1, 1, true), (1, 0, false), (20, 1, false), (20, 12, true), (900, 0, false), (900, 500, true)]
    {
        let all: Vec<Vec<f64>> = (0..count).map(|nth| of(nth * seasonal % count < seasonal, nth)).collect();
        let all: Vec<&[f64]> = all.iter().map(Vec::as_slice).collect();
        let share = of_fleet(&all, &[7])[0];
        assert_eq!(share.is_chosen(), expected, "{count} {seasonal} {}", share.words());
    }
    // Too weak for any one, clear in all together.
    let weak = |nth: usize| -> Vec<f64> {
        (0..90).map(|t| 0.2 * wave(t + nth % 2, 7) + noise(t + 997 * nth)).collect()
    };
    let all: Vec<Vec<f64>> = (0..80).map(weak).collect();
    let all: Vec<&[f64]> = all.iter().map(Vec::as_slice).collect();
    let share = of_fleet(&all, &[7])[0];
    assert!(share.share() < 0.25 && share.is_chosen(), "{share:?}");
    assert!(share.words().ends_with("but all of them together do: a season of the fleet"));
    let nothing = of_fleet(&[], &[7])[0];
    assert!(!nothing.is_chosen() && nothing.words().contains("long enough"));
}

proptest! {
    #[test]
    fn scale_and_level_change_nothing(
        values in prop::collection::vec(-50.0_f64..50.0, 30..90), factor in 0.1_f64..50.0, shift in -100.0_f64..100.0,
    ) {
        let moved: Vec<f64> = values.iter().map(|value| factor.mul_add(*value, shift)).collect();
        for (one, other) in evidence(&values, &[4, 7]).iter().zip(evidence(&moved, &[4, 7])) {
            prop_assert!((one.correlation - other.correlation).abs() < 1e-6);
            prop_assert!((one.strength - other.strength).abs() < 1e-6);
        }
    }

    #[test]
    fn any_values_give_finite_evidence(
        values in prop::collection::vec(
            prop_oneof![Just(f64::NAN), Just(0.0), Just(1e300), Just(-1e300), -5.0_f64..5.0], 0..80),
    ) {
        for one in evidence(&values, &[2, 7, 12, 52]) {
            prop_assert!(one.correlation.is_finite() && one.bound.is_finite());
            prop_assert!((0.0..=1.0).contains(&one.strength));
        }
    }
}
