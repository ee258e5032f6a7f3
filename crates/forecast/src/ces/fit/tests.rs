use super::*;

const ALL: [Form; 4] = [Form::None, Form::Simple, Form::Partial, Form::Full];

fn points(values: &[f64], period: usize, forms: &[Form], steps: usize) -> Option<Vec<f64>> {
    Search { values, period, forms, choice: Choice::Weighted }.run().map(|fit| fit.points(steps))
}

#[test]
fn an_exact_season_is_continued_exactly_by_every_seasonal_form() {
    let value = |t: usize| 20.0 + [3.0, -1.0, -4.0, 2.0][t % 4];
    let values: Vec<f64> = (0..42).map(value).collect();
    for forms in [&[Form::Simple][..], &[Form::Partial], &[Form::Full], &ALL] {
        for (step, point) in points(&values, 4, forms, 9).unwrap().into_iter().enumerate() {
            assert!((point - value(42 + step)).abs() < 1e-3, "{forms:?} {step}: {point}");
        }
    }
}

#[test]
fn a_constant_is_continued() {
    for point in points(&[0.1; 60], 7, &ALL, 10).unwrap() {
        assert!((point - 0.1).abs() < 1e-9, "{point}");
    }
}

#[test]
fn growth_is_continued_as_growth() {
    let values: Vec<f64> = (0..60).map(|t| 100.0 * 1.02_f64.powi(t)).collect();
    let found = points(&values, 1, &[Form::None], 5).unwrap();
    for (step, point) in found.into_iter().enumerate() {
        let expected = 100.0 * 1.02_f64.powi(60 + i32::try_from(step).unwrap());
        assert!((point / expected - 1.0).abs() < 0.01, "{step}: {point} {expected}");
    }
}

#[test]
fn scale_passes_through() {
    let values: Vec<f64> = (0..90).map(|t| 30.0 + [4.0, 0.0, -4.0][t % 3] + (t * 31 % 17) as f64).collect();
    let plain = points(&values, 3, &ALL, 6).unwrap();
    for factor in [8.0, 1e150, 1e-150, -0.3] {
        let scaled: Vec<f64> = values.iter().map(|value| factor * value).collect();
        for (plain, scaled) in plain.iter().zip(points(&scaled, 3, &ALL, 6).unwrap()) {
            assert!((scaled / (factor * plain) - 1.0).abs() < 1e-9, "{factor} {plain} {scaled}");
        }
    }
}

#[test]
fn the_full_form_fits_no_worse_than_the_partial_one() {
    let rows: Vec<f64> =
        (0..90).map(|t| 1.0 + 0.2 * [1.0, 0.5, -1.5][t % 3] + 0.01 * (t * 31 % 17) as f64).collect();
    let series = Series { rows: &rows, period: 3 };
    let partial = series.search(Form::Partial, None);
    let full = series.search(Form::Full, Some(&partial));
    assert!(full.penalised <= partial.penalised * (1.0 + 1e-9), "{full:?} {partial:?}");
}

#[test]
fn too_little_is_refused_and_a_short_history_has_no_season() {
    assert_eq!(points(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 7, &ALL, 3), None);
    assert_eq!(points(&[1.0, 2.0, 1.0, 3.0, 2.0, 2.0, 1.0], 7, &[Form::Full], 3), None);
    let values = [5.0, 6.0, 4.0, 5.0, 7.0, 5.0, 6.0, 5.0, 4.0];
    assert_eq!(points(&values, 7, &ALL, 3), points(&values, 7, &[Form::None], 3));
}

/// Numbers from −1 to 1 without a pattern.
fn noise(t: usize) -> f64 {
    ((t * 7919 + 31) * 104_729 % 2001) as f64 / 1000.0 - 1.0
}

#[test]
fn growth_of_some_per_cent_a_step_is_believed_of_twenty_noisy_rows_without_a_season() {
    let values: Vec<f64> =
        (0..20).map(|t| 100.0 * 1.06_f64.powf(t as f64) * (1.0 + 0.02 * noise(t))).collect();
    let found = points(&values, 1, &ALL, 6).unwrap();
    let expected = 100.0 * 1.06_f64.powi(25);
    assert!((found[5] / expected - 1.0).abs() < 0.08, "{found:?} {expected}");
}

#[test]
fn a_season_of_many_first_states_is_found_in_a_few_cycles() {
    let season = |t: usize| 3.0 * (t as f64 * std::f64::consts::TAU / 24.0).sin();
    let values: Vec<f64> = (0..84).map(|t| 50.0 + season(t) + 1.5 * noise(t)).collect();
    let found = points(&values, 24, &ALL, 24).unwrap();
    let mean = values.iter().sum::<f64>() / 84.0;
    let (mut of_found, mut of_mean) = (0.0, 0.0);
    for (step, point) in found.into_iter().enumerate() {
        let expected = 50.0 + season(84 + step);
        (of_found, of_mean) = (of_found + (point - expected).abs(), of_mean + (mean - expected).abs());
    }
    assert!(of_found < 0.6 * of_mean, "{of_found} {of_mean}");
}
