use super::*;

const ALL: [Form; 6] = [
    Form::LEVEL,
    Form::HOLT,
    Form::DAMPED,
    Form::LEVEL.with(Season::Additive),
    Form::DAMPED.with(Season::Additive),
    Form::LEVEL.with(Season::Multiplicative),
];

fn fit(values: &[f64], period: usize, origins: &[usize], forms: &[Form]) -> Vec<Option<Fit>> {
    Search { values, period, origins, forms, choice: Choice::Best }.run()
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
    let values = wavy(400);
    let origins = [14, 30, 47, 48, 100, 256, 257, 399];
    for choice in [Choice::Best, Choice::Weighted] {
        let fit = |values: &[f64], origins: &[usize]| {
            Search { values, period: 7, origins, forms: &ALL, choice }.run()
        };
        for (origin, together) in origins.into_iter().zip(fit(&values, &origins)) {
            assert_eq!(fit(&values[..origin], &[origin])[0], together, "{origin} {choice:?}");
        }
    }
}

#[test]
fn every_path_finds_the_same_bits() {
    let values = wavy(120);
    #[expect(clippy::cast_possible_truncation, reason = "the search runs in single precision")]
    let narrow: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    let facts = facts(&values, &[60, 120]);
    let series = Scaled { wide: &values, narrow: &narrow, period: 7, origins: &[60, 120], facts: &facts };
    for form in ALL {
        let start = Start::of(&values[..48], 7, form.season);
        let pass = |path| {
            let task =
                Pass { series: &series, form, start: &start, candidates: form.grid(), origins: &[60, 120] };
            simd::run_on(path, task)
        };
        for path in simd::Path::all() {
            assert_eq!(pass(path), pass(simd::Path::Portable), "{path:?} {form:?}");
        }
    }
}

#[test]
fn nothing_to_learn_from_gives_no_fit() {
    assert_eq!(fit(&[1.0, 2.0], 7, &[2], &ALL), [None]);
    assert_eq!(fit(&[f64::NAN; 60], 7, &[60], &ALL), [None]);
}

/// The innovations form run from the fitted state with normal errors: what the formula must agree with.
fn simulated(part: &Part, steps: usize, stream: &mut ::kernel::Stream) -> Vec<f64> {
    let Candidate { alpha, beta, gamma, phi } = part.candidate;
    let (mut level, mut trend, mut season) = (part.level, part.trend, part.season.clone());
    let step = |step: usize| {
        let error = stream.normal(0.0, part.noise.sqrt());
        let slope = phi * trend;
        let mut value = level + slope + error;
        level += slope + alpha * error;
        trend = slope + beta * error;
        if !season.is_empty() {
            let phase = (part.origin + step) % season.len();
            value += season[phase];
            season[phase] += gamma * error;
        }
        value
    };
    (0..steps).map(step).collect()
}

#[test]
fn stated_deviations_are_those_of_the_simulated_model() {
    const RUNS: usize = 6000;
    let candidate = Candidate { alpha: 0.4, beta: 0.1, gamma: 0.3, phi: 1.0 };
    let cases = [
        (Form::LEVEL, Candidate { beta: 0.0, gamma: 0.0, phi: 0.0, ..candidate }),
        (Form::HOLT, Candidate { gamma: 0.0, ..candidate }),
        (Form::DAMPED, Candidate { gamma: 0.0, phi: 0.85, ..candidate }),
        (Form::LEVEL.with(Season::Additive), Candidate { beta: 0.0, phi: 0.0, ..candidate }),
        (Form::DAMPED.with(Season::Additive), Candidate { phi: 0.9, ..candidate }),
    ];
    let mut stream = ::kernel::Seed(8).stream("state space");
    for (form, candidate) in cases {
        let season = if form.season == Season::None { vec![] } else { vec![3.0, -1.0, -2.0] };
        let trend = if form.trend == Trend::None { 0.0 } else { 0.5 };
        let part = Part { form, candidate, level: 20.0, trend, season, origin: 31, noise: 4.0 };
        let (points, variances) = (part.points(10), part.variances(10).unwrap());
        let runs: Vec<Vec<f64>> = (0..RUNS).map(|_| simulated(&part, 10, &mut stream)).collect();
        for (step, (point, variance)) in points.iter().zip(variances).enumerate() {
            let seen = runs.iter().map(|run| (run[step] - point).powi(2)).sum::<f64>() / RUNS as f64;
            // The standard error of a variance of normal numbers is √(2/6000), 1.8 %.
            assert!((seen / variance - 1.0).abs() < 0.08, "{form:?} {step}: {seen} {variance}");
        }
    }
}

#[test]
fn a_mixture_is_as_uncertain_as_its_forms_and_their_disagreement() {
    let part = |level: f64| {
        let candidate = Candidate { alpha: 0.2, beta: 0.0, gamma: 0.0, phi: 0.0 };
        Part { form: Form::LEVEL, candidate, level, trend: 0.0, season: vec![], origin: 9, noise: 4.0 }
    };
    let fit = Fit { parts: vec![(0.5, part(10.0)), (0.5, part(16.0))] };
    let deviations = fit.deviations(2).unwrap();
    // Variances of 4 and 4(1 + 0.2²), and a distance of 3 on either side of the mean.
    for (found, expected) in deviations.iter().zip([13.0_f64.sqrt(), 13.16_f64.sqrt()]) {
        assert!((found - expected).abs() < 1e-12, "{found}");
    }
}
