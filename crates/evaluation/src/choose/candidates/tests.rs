use proptest::prelude::*;

use super::*;

const MONTHS: Traits = Traits {
    series: 1,
    values: 120,
    rows: 120,
    is_daily: false,
    seasons: Vec::new(),
    seldom: 0.0,
    has_known: false,
    has_past: false,
};

fn names(traits: &Traits) -> Vec<&'static str> {
    propose(traits).iter().map(|candidate| candidate.spec.model_type()).collect()
}

fn number(candidate: &Candidate, parameter: &str) -> Value {
    candidate.spec.params().to_json()[parameter].clone()
}

#[test]
fn the_zoo_follows_the_fleet() {
    let seasonal = Traits { seasons: vec![12], ..MONTHS };
    assert_eq!(
        names(&seasonal),
        ["seasonal_naive", "ets", "dynamic_optimized_theta", "ces", "mstl", "arima"]
    );
    let years = Traits { rows: 20, values: 20, ..MONTHS };
    assert_eq!(names(&years), ["naive", "ets", "dynamic_optimized_theta", "ces", "arima"]);
    let articles = Traits {
        series: 30_490,
        values: 12_775_310,
        rows: 419,
        is_daily: true,
        seasons: vec![7],
        seldom: 0.7,
        has_known: false,
        has_past: false,
    };
    let with_counts = [
        "seasonal_naive",
        "ets",
        "dynamic_optimized_theta",
        "ces",
        "mstl",
        "sba",
        "tsb",
        "adida",
        "imapa",
        "pooled_profile",
    ];
    assert_eq!(names(&articles), with_counts);
}

#[test]
fn what_is_known_only_up_to_the_last_value_brings_a_model_that_reads_it() {
    assert!(!names(&MONTHS).contains(&"global_boosting"));
    assert!(names(&Traits { has_past: true, ..MONTHS }).contains(&"global_boosting"));
}

#[test]
fn seasons_become_parameters() {
    let hours = Traits { rows: 700, values: 700, seasons: vec![24, 168], ..MONTHS };
    for candidate in propose(&hours) {
        assert_eq!(number(&candidate, "season_length"), json!(24), "{:?}", candidate.spec);
        assert!(candidate.spec.minimum_history() <= 48);
        if candidate.spec.model_type() == "mstl" {
            assert_eq!(number(&candidate, "second_season_length"), json!(168));
        }
    }
    // Too few rows for the week.
    let few = Traits { rows: 300, ..hours };
    let mstl = propose(&few).into_iter().find(|candidate| candidate.spec.model_type() == "mstl").unwrap();
    assert_eq!(number(&mstl, "second_season_length"), Value::Null);
}

#[test]
fn the_traits_of_a_daily_fleet() {
    let one: Vec<f64> = (0..140).map(|t| f64::from(t % 7 * 3 + t % 4)).collect();
    let other: Vec<f64> = (0..140).map(|t| f64::from(u8::from(t % 7 == 5))).collect();
    let (traits, shares) = Traits::of(Frequency::DAILY, &[&one, &other]);
    assert_eq!((traits.series, traits.values, traits.rows), (2, 280, 140));
    assert_eq!((traits.seasons.as_slice(), traits.season()), (&[7][..], 7));
    assert!((traits.seldom - 0.5).abs() < 1e-12 && traits.is_daily);
    assert_eq!(shares.iter().map(|share| share.length).collect::<Vec<_>>(), [7, 365]);
    let (nothing, _) = Traits::of(Frequency::YEARLY, &[]);
    assert_eq!(names(&nothing).first(), Some(&"naive"));
}

proptest! {
    #[test]
    fn any_traits_give_distinct_candidates_with_one_baseline(
        series in 0_usize..50_000, rows in 0_usize..3000, is_daily: bool,
        seasons in prop::collection::vec(0_usize..20_000, 0..4), seldom in 0.0_f64..=1.0,
    ) {
        let traits = Traits { series, values: series * rows, rows, is_daily, seasons, seldom, ..MONTHS };
        let found = propose(&traits);
        let baselines = found.iter().filter(|candidate| candidate.role == Role::Baseline).count();
        prop_assert_eq!(baselines, 1);
        for (at, one) in found.iter().enumerate() {
            prop_assert!(found[..at].iter().all(|other| other.spec != one.spec));
        }
    }
}
