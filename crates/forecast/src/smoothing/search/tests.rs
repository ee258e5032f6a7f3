use super::*;
use crate::simd;
use crate::smoothing::form::Season;
use crate::smoothing::scaled::narrow;
use crate::smoothing::start::Start;
use crate::smoothing::{alone, block};

const ALL: [Form; 6] = [
    Form::LEVEL,
    Form::HOLT,
    Form::DAMPED,
    Form::LEVEL.with(Season::Additive),
    Form::DAMPED.with(Season::Additive),
    Form::LEVEL.with(Season::Multiplicative),
];

fn fit(values: &[f64], period: usize, origins: &[usize], forms: &[Form]) -> Vec<Option<Fit>> {
    Search { series: &[values], period, origins, forms, choice: Choice::Best }.run().remove(0)
}

/// A season of seven on a slow wave, with a hole.
fn wavy(rows: usize) -> Vec<f64> {
    let value =
        |t: usize| 50.0 + 10.0 * (t as f64 / 40.0).sin() + [5.0, -3.0, 0.0, 8.0, -6.0, 1.0, -5.0][t % 7];
    let mut values: Vec<f64> = (0..rows).map(value).collect();
    values[20] = f64::NAN;
    values
}

#[test]
fn a_constant_is_continued_exactly_by_the_simplest_form() {
    let fits = fit(&[0.1; 60], 7, &[60], &ALL);
    let fit = fits[0].as_ref().unwrap();
    assert_eq!(fit.parts[0].1.form, Form::LEVEL);
    for point in fit.points(10) {
        assert!((point - 0.1).abs() < 1e-15, "{point}");
    }
}

#[test]
fn a_line_is_continued() {
    let values: Vec<f64> = (0..60).map(|t| 3.0 + 2.0 * f64::from(t)).collect();
    let fit = fit(&values, 1, &[60], &[Form::HOLT])[0].clone().unwrap();
    for (step, point) in fit.points(5).into_iter().enumerate() {
        assert!((point - (123.0 + 2.0 * step as f64)).abs() < 1e-6, "{step}: {point}");
    }
}

#[test]
fn a_season_is_found_and_continued_in_phase() {
    let values = wavy(200);
    let future = wavy(221);
    let fit = fit(&values, 7, &[200], &ALL)[0].clone().unwrap();
    assert_eq!(fit.parts[0].1.form.season, Season::Additive);
    for (step, point) in fit.points(7).into_iter().enumerate() {
        assert!((point - future[200 + step]).abs() < 1.0, "{step}: {point} {}", future[200 + step]);
    }
}

#[test]
fn an_origin_depends_on_nothing_after_it() {
    let values = wavy(540);
    let origins = [14, 30, 47, 48, 100, 256, 257, 399, 512, 513, 540];
    for choice in [Choice::Best, Choice::Weighted] {
        let fit = |values: &[f64], origins: &[usize]| {
            Search { series: &[values], period: 7, origins, forms: &ALL, choice }.run().remove(0)
        };
        for (origin, together) in origins.into_iter().zip(fit(&values, &origins)) {
            assert_eq!(fit(&values[..origin], &[origin])[0], together, "{origin} {choice:?}");
        }
    }
}

/// Complete series of different sizes and shapes.
fn fleet(rows: usize) -> Vec<Vec<f64>> {
    let value = |series: usize, t: usize| {
        let season = [5.0, -3.0, 0.0, 8.0, -6.0, 1.0, -5.0][t % 7];
        let noise = ((t * (2 * series + 3) * 7919) % 31) as f64 / 31.0;
        let (size, slope) =
            ([0.01, 0.1, 1.0, 10.0, 100.0, 1e3, 1e4][series % 7], [0.0, 0.02, -0.05][series % 3]);
        match series % 5 {
            0 => (t * (series + 1) % 11 / 9) as f64,
            1 => 4.5,
            _ => size * (60.0 + slope * t as f64 + season + 6.0 * noise),
        }
    };
    (0..21).map(|series| (0..rows).map(|t| value(series, t)).collect()).collect()
}

#[test]
fn a_block_finds_for_each_series_what_the_series_alone_does() {
    let fleet = fleet(530);
    let mut series: Vec<&[f64]> = fleet.iter().map(Vec::as_slice).collect();
    let broken = wavy(530);
    series.insert(4, &broken);
    let origins = [20, 60, 255, 256, 257, 330, 512, 530];
    for choice in [Choice::Best, Choice::Weighted] {
        let search =
            |series: &[&[f64]]| Search { series, period: 7, origins: &origins, forms: &ALL, choice }.run();
        for (at, together) in search(&series).into_iter().enumerate() {
            assert_eq!(search(&series[at..=at])[0], together, "series {at} {choice:?}");
        }
    }
}

#[test]
fn every_path_finds_the_same_bits() {
    let fleet = fleet(120);
    let fleet = &fleet[..SERIES];
    let rows: Vec<f32> = fleet[3].iter().map(|&value| narrow(value)).collect();
    let packed: Vec<f32> =
        (0..120).flat_map(|at| fleet.iter().map(move |values| narrow(values[at]))).collect();
    for form in ALL {
        let starts: Vec<Start> =
            fleet.iter().map(|values| Start::of(&values[..48], 7, form.season)).collect();
        let starts: Vec<&Start> = starts.iter().collect();
        let (candidates, origins) = (form.grid(60), [60, 120]);
        let responses = block::responses(form, 7, 48, candidates);
        let together = |path| {
            let pass = block::Pass {
                form,
                period: 7,
                rows: &packed,
                responses: responses.as_ref(),
                region: 48,
                starts: &starts,
                candidates,
                origins: &origins,
            };
            simd::run_on(path, pass)
        };
        let alone = |path| {
            let pass = alone::Pass {
                form,
                period: 7,
                rows: &rows,
                region: 48,
                start: starts[3],
                candidates,
                origins: &origins,
            };
            simd::run_on(path, pass)
        };
        for path in simd::Path::all() {
            assert_eq!(together(path), together(simd::Path::Portable), "{path:?} {form:?}");
            assert_eq!(alone(path), alone(simd::Path::Portable), "{path:?} {form:?}");
        }
    }
}

#[test]
fn nothing_to_learn_from_gives_no_fit() {
    assert_eq!(fit(&[1.0, 2.0], 7, &[2], &ALL), [None]);
    assert_eq!(fit(&[f64::NAN; 60], 7, &[60], &ALL), [None]);
}
