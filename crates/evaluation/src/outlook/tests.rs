use forecast::ModelSpec;
use serde_json::Value;
use series::Series;

use super::*;
use crate::choose::candidates::Role;
use crate::testing::{series, spec};

const LEVELS: [f64; 2] = [0.5, 0.8];
const HORIZON: usize = 7;

fn candidate(name: &str) -> Candidate {
    Candidate { spec: spec(name, Value::Null), role: Role::Member, why: "asked for" }
}

/// A week that repeats, with noise.
fn weeks(rows: usize, level: f64, noise: f64) -> Series {
    let value = |t: usize| {
        level + [0.0, 3.0, -2.0, 5.0, 1.0, -4.0, -3.0][t % 7] + noise * ((t * 31 % 17) as f64 - 8.0) / 8.0
    };
    series(&(0..rows).map(value).collect::<Vec<_>>())
}

fn question(candidates: &[Candidate]) -> Question<'_> {
    let folding = Folding { horizon: HORIZON, season: 7, stated: StatedFolds::default() };
    Question {
        candidates,
        folding,
        season: 7,
        loss: Loss::Absolute,
        is_fleet: true,
        given: None,
        levels: &LEVELS,
    }
}

fn said(spec: &ModelSpec, fleet: &[Series], folding: &Folding) -> Vec<Option<Said>> {
    let all: Vec<&Series> = fleet.iter().collect();
    let said = say(&all, spec, folding, HORIZON, &|| false).unwrap();
    said.into_iter().map(Result::ok).collect()
}

fn concluded(candidates: &[Candidate], fleet: &[Series]) -> Conclusion {
    let question = question(candidates);
    let said: Vec<_> = candidates.iter().map(|one| said(&one.spec, fleet, &question.folding)).collect();
    conclude(&question, fleet, &said)
}

#[test]
fn what_is_said_of_many_is_said_of_each_alone() {
    let mut fleet: Vec<Series> = (0..70).map(|at| weeks(60 + at % 3, 20.0, at as f64 / 20.0)).collect();
    fleet.push(weeks(4, 20.0, 1.0));
    let folding = Folding { horizon: HORIZON, season: 7, stated: StatedFolds::default() };
    for name in ["ets", "seasonal_naive", "croston", "regression"] {
        let model = spec(name, Value::Null);
        let together = said(&model, &fleet, &folding);
        for (one, expected) in fleet.iter().zip(&together) {
            assert_eq!(said(&model, std::slice::from_ref(one), &folding)[0], *expected, "{name}");
        }
    }
    let all: Vec<&Series> = fleet.iter().collect();
    assert_eq!(say(&all, &spec("ets", Value::Null), &folding, HORIZON, &|| true), None);
}

#[test]
fn a_clearly_better_candidate_is_routed_to_and_its_folds_are_the_rules() {
    let candidates = [candidate("naive"), candidate("seasonal_naive")];
    let fleet = [weeks(120, 20.0, 0.0), weeks(100, 50.0, 0.5)];
    let found = concluded(&candidates, &fleet);
    for outlook in found.series.iter().flatten() {
        assert_eq!(outlook.decision.weights, [0.0, 1.0]);
    }
    assert_eq!(found.rule, found.candidates[1]);
    assert!(found.candidates[0].mase.unwrap() > 2.0 * found.rule.mase.unwrap());
    let first = found.series[0].as_ref().unwrap();
    assert_eq!(first.points, fleet[0].values()[113..]);
    assert_eq!(first.metrics.as_ref().unwrap().mae, Some(0.0));
}

#[test]
fn intervals_enclose_the_point_and_each_other_and_nothing_is_below_zero_unseen() {
    let candidates = [candidate("ets"), candidate("seasonal_naive"), candidate("naive")];
    let fleet: Vec<Series> = (0..20).map(|at| weeks(60 + at, 5.0, 6.0)).collect();
    let found = concluded(&candidates, &fleet);
    for (one, outlook) in fleet.iter().zip(found.series.iter().flatten()) {
        let [half, most] = outlook.intervals.as_slice() else { panic!("two levels") };
        let least = if one.values().iter().any(|value| *value < 0.0) { f64::NEG_INFINITY } else { 0.0 };
        for (step, point) in outlook.points.iter().enumerate() {
            let bounds = [most.lower[step], half.lower[step], *point, half.upper[step], most.upper[step]];
            assert!(bounds.is_sorted() && bounds[0] >= least, "{bounds:?}");
        }
    }
    let [half, most] = found.coverage[..] else { panic!("two levels") };
    assert!(half < most && (0.6..=0.95).contains(&most), "{:?}", found.coverage);
}

#[test]
fn who_refuses_weighs_nothing_and_nobody_left_is_no_forecast() {
    // ARIMA and its kin need more rows than a short series has.
    let fleet = [weeks(80, 20.0, 1.0), series(&[3.0, 4.0])];
    let found = concluded(&[candidate("arima"), candidate("naive")], &fleet);
    let short = found.series[1].as_ref().unwrap();
    assert_eq!((short.decision.weights.as_slice(), &short.metrics), (&[0.0, 1.0][..], &None));
    let found = concluded(&[candidate("arima")], &fleet);
    assert!(found.series[0].is_some() && found.series[1].is_none());
}

#[test]
fn the_order_of_series_changes_no_forecast() {
    let candidates = [candidate("ets"), candidate("seasonal_naive"), candidate("naive")];
    let fleet: Vec<Series> = (0..9).map(|at| weeks(50 + 9 * at, 20.0, at as f64)).collect();
    let turned: Vec<Series> = fleet.iter().rev().cloned().collect();
    let (one, other) = (concluded(&candidates, &fleet), concluded(&candidates, &turned));
    for (a, b) in one.series.iter().flatten().zip(other.series.iter().rev().flatten()) {
        for (a, b) in a.points.iter().zip(&b.points) {
            assert!((a - b).abs() <= 1e-9 * a.abs(), "{a} {b}");
        }
    }
}
