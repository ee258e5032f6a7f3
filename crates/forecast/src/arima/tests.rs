use kernel::Seed;
use proptest::prelude::*;
use serde_json::json;

use super::difference::Differences;
use super::fit::{Estimate, Problem};
use super::forecast::{Fit, Part};
use super::kernel::{Filter, Filtered};
use super::order::Order;
use super::process::Process;
use crate::simd::{Path, run_on};
use crate::testing::{forecast, spec};

/// Lags and coefficients of the autoregression and of the moving average.
type Polynomials<'a> = (&'a [(usize, f64)], &'a [(usize, f64)]);

const NO_DIFFERENCES: Differences = Differences { plain: 0, seasonal: 0, period: 4 };
const MIXED: Order = Order { ar: 1, ma: 1, seasonal_ar: 1, seasonal_ma: 1, has_mean: false };
/// `φ = 0.5`, `Φ = 0.4`, `θ = 0.3`, `Θ = −0.6` as partial autocorrelations.
const PARTIALS: [f64; 4] = [0.5, 0.4, -0.3, 0.6];
const VALUES: [f64; 16] =
    [3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, -6.0, 5.0, 3.0, 5.0, -8.0, 9.0, 7.0, -9.0, 3.0];

fn part(values: &[f64], differences: Differences, estimate: &Estimate) -> Part {
    Part::of(values, &differences.applied(values), 1.0, differences, estimate)
}

fn estimate(order: Order, partials: &[f64], squares: f64) -> Estimate {
    Estimate { order, partials: partials.to_vec(), mean: 0.0, squares, deviance: 0.0 }
}

/// Log-likelihood and forecasts of statsmodels 0.15.0: `SARIMAX(values, order=(1, 0, 1), seasonal_order=(1, 0, 1, 4),
/// concentrate_scale=True)` at the parameters above.
#[test]
fn likelihood_and_forecasts_are_those_of_an_exact_state_space_filter() {
    let filtered = Problem::of(&VALUES, 4, MIXED).filtered(&PARTIALS);
    let (n, squares) = (16.0_f64, filtered.sums[0][0]);
    let deviance = n * (squares / n).ln() + filtered.log_determinant[0];
    let log_likelihood = -0.5 * (n * (std::f64::consts::TAU.ln() + 1.0) + deviance);
    assert!((log_likelihood + 56.601_136_652_942_4).abs() < 1e-8, "{log_likelihood}");

    let fit = Fit { parts: vec![(1.0, part(&VALUES, NO_DIFFERENCES, &estimate(MIXED, &PARTIALS, squares)))] };
    let golden = [
        0.706_783_401_188_245,
        -0.903_812_626_771_643,
        1.605_395_967_363_68,
        1.017_281_530_155_1,
        -1.253_594_807_347_226,
        -1.129_679_134_619_919,
    ];
    for (found, expected) in fit.points(6).into_iter().zip(golden) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }
}

#[test]
fn every_path_gives_the_same_bits() {
    let order = Order { has_mean: true, ..MIXED };
    let lags = Process::lags(order, 4);
    let processes = std::array::from_fn(|lane| {
        Process::of(order, 4, &PARTIALS.map(|partial| partial * (1.0 - 0.1 * lane as f64)))
    });
    let values: Vec<f64> = VALUES.iter().cycle().take(200).copied().collect();
    let pass = |path: Path| {
        let mut into = Filtered::default();
        run_on(
            path,
            Filter { values: &values, lags: &lags, processes: &processes, has_mean: true, into: &mut into },
        );
        (into.errors, into.ones, into.sums, into.log_determinant)
    };
    for path in Path::all() {
        assert_eq!(pass(path), pass(Path::Portable), "{path:?}");
    }
}

/// `w(t) = Σ ar w + e(t) + Σ ma e`.
fn simulated(name: &str, ar: &[(usize, f64)], ma: &[(usize, f64)], count: usize) -> Vec<f64> {
    const WARM_UP: usize = 200;
    let mut stream = Seed(7).stream(name);
    let errors: Vec<f64> = (0..count + WARM_UP).map(|_| stream.normal(0.0, 1.0)).collect();
    let mut values: Vec<f64> = Vec::new();
    for t in 0..errors.len() {
        let part = |terms: &[(usize, f64)], of: &[f64]| -> f64 {
            terms.iter().filter(|(lag, _)| *lag <= t).map(|(lag, weight)| weight * of[t - lag]).sum()
        };
        values.push(errors[t] + part(ar, &values) + part(ma, &errors));
    }
    values.split_off(WARM_UP)
}

#[test]
fn the_parameters_of_known_processes_are_recovered() {
    let check = |name: &str, order: Order, process: Polynomials<'_>| {
        let values = simulated(name, process.0, process.1, 2000);
        let problem = Problem::of(&values, 7, order);
        let start = vec![0.0; order.coefficients()];
        let found = problem.solve(&start, &mut Filtered::default()).expect("the values are finite");
        let fitted = Process::of(order, 7, &found.partials);
        for (polynomial, terms) in [(fitted.ar, process.0), (fitted.ma, process.1)] {
            for &(lag, weight) in terms {
                assert!(
                    (polynomial[lag] - weight).abs() < 0.07,
                    "{name} {lag}: {} {weight}",
                    polynomial[lag]
                );
            }
        }
        assert!((found.squares / 2000.0 - 1.0).abs() < 0.1, "{name}: {}", found.squares);
    };
    let none = Order { ar: 0, ma: 0, seasonal_ar: 0, seasonal_ma: 0, has_mean: false };
    check("ar", Order { ar: 2, ..none }, (&[(1, 1.2), (2, -0.5)], &[]));
    check("ma", Order { ma: 1, has_mean: true, ..none }, (&[], &[(1, -0.6)]));
    let seasonal: Polynomials<'_> = (&[(1, 0.7)], &[(7, -0.5)]);
    check("seasonal", Order { ar: 1, seasonal_ma: 1, ..none }, seasonal);
}

/// By hand: the errors of a random walk add up; those of an AR(1) with `φ = 0.5` have `Σ ψ² = 1, 1.25, 1.3125`.
#[test]
fn deviations_follow_the_weights_of_past_errors() {
    let order = |ar| Order { ar, ma: 0, seasonal_ar: 0, seasonal_ma: 0, has_mean: false };
    let check = |differences, estimate: &Estimate, expected: [f64; 3]| {
        let fit = Fit { parts: vec![(1.0, part(&VALUES, differences, estimate))] };
        for (found, expected) in fit.deviations(3).expect("they are finite").into_iter().zip(expected) {
            assert!((found * found - expected).abs() < 1e-12, "{found} {expected}");
        }
    };
    let walk = Differences { plain: 1, seasonal: 0, period: 1 };
    check(walk, &estimate(order(0), &[], 15.0), [1.0, 2.0, 3.0]);
    check(NO_DIFFERENCES, &estimate(order(1), &[0.5], 15.0), [1.0, 1.25, 1.3125]);
}

#[test]
fn simple_series_are_continued() {
    let check = |name: &str, value: fn(f64) -> f64, rows: usize| {
        let values: Vec<f64> = (0..rows).map(|t| value(t as f64)).collect();
        for (step, point) in forecast(&spec("arima", json!({})), &values, 9).unwrap().into_iter().enumerate()
        {
            let expected = value((rows + step) as f64);
            assert!(
                (point - expected).abs() < 1e-6 * (1.0 + expected.abs()),
                "{name} {rows}: {point} {expected}"
            );
        }
    };
    for rows in [8, 30, 100] {
        check("zero", |_| 0.0, rows);
        check("constant", |_| 3.25, rows);
        check("line", |t| 5.0 + 0.5 * t, rows);
    }
    check("season", |t| (t % 7.0) * (t % 7.0), 70);
}

#[test]
fn differences_are_taken_where_they_are_needed() {
    let check = |name: &str, values: &[f64], expected: (usize, usize)| {
        let found = Differences::of(values, 7);
        assert_eq!((found.plain, found.seasonal), expected, "{name}");
    };
    let noise = simulated("noise", &[], &[], 300);
    let walk: Vec<f64> = noise
        .iter()
        .scan(0.0, |sum, value| {
            *sum += value;
            Some(*sum)
        })
        .collect();
    let season: Vec<f64> = noise.iter().enumerate().map(|(t, value)| value + 3.0 * (t % 7) as f64).collect();
    check("noise", &noise, (0, 0));
    check("walk", &walk, (1, 0));
    check("season", &season, (0, 1));
}

#[test]
fn a_season_longer_than_half_the_history_is_none() {
    let values = simulated("short", &[(1, 0.5)], &[], 20);
    let long = forecast(&spec("arima", json!({"season_length": 11})), &values, 5).unwrap();
    let none = forecast(&spec("arima", json!({"season_length": 1})), &values, 5).unwrap();
    assert_eq!(long, none);
}

#[test]
fn adding_a_constant_adds_it_to_the_forecast() {
    let values = simulated("shift", &[(1, 0.6)], &[(7, 0.4)], 120);
    let moved: Vec<f64> = values.iter().map(|value| value + 1000.0).collect();
    let spec = spec("arima", json!({}));
    let (plain, moved) = (forecast(&spec, &values, 9).unwrap(), forecast(&spec, &moved, 9).unwrap());
    for (plain, moved) in plain.into_iter().zip(moved) {
        assert!((plain + 1000.0 - moved).abs() < 1e-5, "{plain} {moved}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_power_of_two_scales_the_forecast_exactly(
        values in prop::collection::vec(-50_i32..50, 8..60),
        exponent in -20_i32..20,
    ) {
        let factor = f64::from(exponent).exp2();
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let scaled: Vec<f64> = values.iter().map(|value| value * factor).collect();
        let spec = spec("arima", json!({"season_length": 4}));
        let expected: Vec<f64> =
            forecast(&spec, &values, 6).unwrap().into_iter().map(|point| point * factor).collect();
        prop_assert_eq!(forecast(&spec, &scaled, 6).unwrap(), expected);
    }
}
