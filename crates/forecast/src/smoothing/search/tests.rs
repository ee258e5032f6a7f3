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
