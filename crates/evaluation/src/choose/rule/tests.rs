use proptest::prelude::*;

use super::*;

const MEMBERS: [Role; 3] = [Role::Member; 3];

/// A record of the same error on so many folds.
fn steady(errors: &[f64], folds: usize) -> Record {
    Record::new(errors.iter().map(|error| vec![Some(*error); folds]).collect())
}

fn weights(errors: &[f64], folds: usize) -> Vec<f64> {
    decide(&steady(errors, folds), &MEMBERS, &Lean::NONE).weights
}

#[test]
fn one_that_is_clearly_better_is_the_route_and_the_rest_are_combined() {
    // Errors and folds; how many are left, and the heaviest.
    let cases = [
        ([1.0, 1.0, 1.0], 5, 3, 0),
        ([1.0, 0.9, 1.1], 5, 3, 1),
        ([1.0, 0.3, 1.0], 5, 1, 1),
        ([2.0, 1.0, 1.05], 5, 2, 1),
        // One fold is not enough for the same lead.
        ([1.0, 0.6, 1.0], 1, 3, 1),
        ([1.0, 0.6, 1.0], 5, 1, 1),
        ([0.0, 0.0, 0.0], 5, 3, 0),
        ([0.0, 1.0, 1.0], 5, 1, 0),
    ];
    for (errors, folds, left, heaviest) in cases {
        let decision = decide(&steady(&errors, folds), &MEMBERS, &Lean::NONE);
        let weights = &decision.weights;
        assert_eq!(weights.iter().filter(|weight| **weight > 0.0).count(), left, "{errors:?} {weights:?}");
        let most = weights.iter().copied().fold(0.0, f64::max);
        assert_eq!(weights.iter().position(|weight| weight.to_bits() == most.to_bits()), Some(heaviest));
        assert_eq!(decision.kind == Kind::Route, left == 1);
    }
}

#[test]
fn weights_follow_the_formula() {
    // With n folds and no fleet the exponent is 4 n / (n + 2) of the inverse error.
    let found = weights(&[1.0, 1.25, 1.1], 2);
    let raw = [1.0, 1.25_f64.powi(-2), 1.1_f64.powi(-2)];
    let total: f64 = raw.iter().sum();
    for (found, raw) in found.iter().zip(raw) {
        assert!((found - raw / total).abs() < 1e-12, "{found} {raw}");
    }
}

#[test]
fn a_baseline_is_heard_only_where_it_beats_every_member() {
    let roles = [Role::Baseline, Role::Member, Role::Member];
    for (error, is_heard) in [(2.0, false), (1.0, false), (0.99, true), (0.3, true)] {
        let decision = decide(&steady(&[error, 1.0, 1.0], 5), &roles, &Lean::NONE);
        assert_eq!(decision.weights[0] > 0.0, is_heard, "{error}");
    }
    let alone = decide(&Record::unjudged(3), &roles, &Lean::NONE);
    assert_eq!((alone.weights.as_slice(), alone.kind), (&[0.0, 0.5, 0.5][..], Kind::Unjudged));
}

#[test]
fn the_fleet_speaks_where_a_series_has_few_folds() {
    let records = vec![steady(&[1.0, 0.4, 1.0], 4); 200];
    let fleet = lean(&records, &MEMBERS);
    assert!(fleet.logs[1] < -0.5 && fleet.logs[0] > 0.2, "{fleet:?}");
    let unjudged = decide(&Record::unjudged(3), &MEMBERS, &fleet);
    assert!(unjudged.weights[1] > 0.99);
    let against = decide(&steady(&[0.9, 1.0, 1.0], 1), &MEMBERS, &fleet);
    assert!(against.weights[1] > against.weights[0]);
    let few = lean(&records[..1], &MEMBERS);
    assert!(few.logs[1].abs() < 0.1, "{few:?}");
    let together = decide_together(&records, &MEMBERS);
    assert_eq!((together.kind, together.folds), (Kind::Route, 4));
}

#[test]
fn half_the_error_on_the_folds_of_ten_series_is_the_route() {
    let cases: [&[f64]; 3] =
        [&[1.0, 1.1, 0.9, 1.2, 0.45], &[3.0, 3.1, 2.9, 2.0, 3.0, 0.2, 0.1], &[1.0, 40.0, 60.0, 0.5]];
    for errors in cases {
        let records = vec![steady(errors, 3); 10];
        let roles = vec![Role::Member; errors.len()];
        let weights = decide(&records[0], &roles, &lean(&records, &roles)).weights;
        assert!(*weights.last().unwrap() > 0.95, "{errors:?} {weights:?}");
    }
}

#[test]
fn equals_share_however_bad_the_others_are() {
    let errors = [1.0, 1.0, 50.0, 9.0, 1.0];
    let records = vec![steady(&errors, 5); 30];
    let roles = [Role::Member; 5];
    let weights = decide(&records[0], &roles, &lean(&records, &roles)).weights;
    for (at, expected) in [1.0 / 3.0, 1.0 / 3.0, 0.0, 0.0, 1.0 / 3.0].into_iter().enumerate() {
        assert!((weights[at] - expected).abs() < 1e-12, "{weights:?}");
    }
}

#[test]
fn candidates_are_compared_on_the_folds_they_share() {
    let (no, yes) = (None, Some);
    // The second was not judged on the first fold, where the third was lucky.
    let record = Record::new(vec![vec![yes(1.0), yes(1.0)], vec![no, yes(1.0)], vec![yes(0.0), yes(1.0)]]);
    let decision = decide(&record, &MEMBERS, &Lean::NONE);
    assert_eq!(decision.folds, 1);
    assert!(decision.weights.iter().all(|weight| (weight - 1.0 / 3.0).abs() < 1e-12), "{decision:?}");
    // No fold is shared: the newest decides who is left.
    let apart = Record::new(vec![vec![yes(1.0), no], vec![no, yes(1.0)], vec![yes(f64::NAN), yes(2.0)]]);
    let decision = decide(&apart, &MEMBERS, &Lean::NONE);
    assert!(decision.weights[0] == 0.0 && decision.weights[1] > decision.weights[2]);
    let refused = decide(&Record::new(vec![vec![yes(1.0)], vec![], vec![yes(1.0)]]), &MEMBERS, &Lean::NONE);
    assert_eq!(refused.weights, [0.5, 0.0, 0.5]);
    assert_eq!(record.without(&[0]), Record::new(vec![vec![yes(1.0)]; 3]));
}

#[test]
fn a_decision_says_why() {
    let names = ["ETS", "Theta", "CES"];
    let words = |errors: &[f64], folds| decide(&steady(errors, folds), &MEMBERS, &Lean::NONE).words(&names);
    assert_eq!(words(&[1.0, 0.3, 1.0], 5), "Theta alone: clearly the best on 5 folds");
    assert_eq!(
        words(&[1.0, 1.0, 1.0], 1),
        "combined by their errors on 1 fold, because none is clearly the best: ETS 34 %, Theta 33 %, CES 33 %"
    );
    let unjudged = decide(&Record::unjudged(3), &MEMBERS, &Lean::NONE);
    assert!(unjudged.words(&names).starts_with("combined without folds of its own: ETS 34 %"));
    let nothing = decide(&Record::default(), &[], &Lean::NONE);
    assert_eq!(nothing.words(&names), "no candidate can be used");
}

#[test]
fn many_folds_are_believed_whatever_the_fleet_says() {
    let fleet = Lean { logs: vec![0.5, -0.5, 0.0], folds: 15.0 };
    let errors = [1.0, 1.25, 1.1];
    let one = decide(&steady(&errors, 1), &MEMBERS, &fleet).weights;
    let many = decide(&steady(&errors, 20_000), &MEMBERS, &fleet).weights;
    assert!(one[1] > 0.9, "{one:?}");
    let raw = errors.map(|error: f64| error.powi(-4));
    for (found, raw) in many.iter().zip(raw) {
        assert!((found - raw / raw_sum(&errors)).abs() < 0.01, "{many:?}");
    }
}

fn raw_sum(errors: &[f64]) -> f64 {
    errors.iter().map(|error| error.powi(-4)).sum()
}

/// The errors of three candidates on some folds of some series.
fn fleets() -> impl Strategy<Value = Vec<Vec<Vec<Option<f64>>>>> {
    let folds = prop::collection::vec(prop::option::weighted(0.9, 0.0_f64..10.0), 0..5);
    prop::collection::vec(prop::collection::vec(folds, 3), 0..12)
}

proptest! {
    #[test]
    fn weights_are_shares_that_no_unit_changes(
        errors in prop::collection::vec(prop::collection::vec(prop::option::of(0.0_f64..10.0), 0..5), 1..6),
        factor in 0.01_f64..100.0, logs in prop::collection::vec(-1.0_f64..1.0, 0..6), folds in 0.01_f64..100.0,
    ) {
        let fleet = Lean { logs, folds };
        let roles = vec![Role::Member; errors.len()];
        let scaled = |errors: &Vec<Option<f64>>| errors.iter().map(|one| one.map(|one| one * factor)).collect();
        let other = Record::new(errors.iter().map(scaled).collect());
        let one = decide(&Record::new(errors), &roles, &fleet);
        let other = decide(&other, &roles, &fleet);
        prop_assert!((one.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        for (one, other) in one.weights.iter().zip(&other.weights) {
            prop_assert!(*one >= 0.0 && (one - other).abs() < 1e-6);
        }
    }

    #[test]
    fn a_fleet_knows_no_unit_and_no_order(fleet in fleets(), factor in 0.01_f64..100.0) {
        let of = |fleet: &[Vec<Vec<Option<f64>>>]| {
            lean(&fleet.iter().cloned().map(Record::new).collect::<Vec<_>>(), &MEMBERS)
        };
        let one = of(&fleet);
        prop_assert!(one.folds > 0.0 && one.folds.is_finite() && one.logs.iter().all(|log| log.is_finite()));
        let mut other = fleet;
        for error in other.iter_mut().flatten().flatten().flatten() {
            *error *= factor;
        }
        other.reverse();
        for series in &mut other {
            series.reverse();
        }
        let mut other = of(&other);
        other.logs.reverse();
        prop_assert!((one.folds / other.folds - 1.0).abs() < 1e-6, "{} {}", one.folds, other.folds);
        for (one, other) in one.logs.iter().zip(&other.logs) {
            prop_assert!((one - other).abs() < 1e-9);
        }
    }
}
