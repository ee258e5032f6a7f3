use super::*;

fn points(values: &[f64], periods: &[usize], steps: usize) -> Option<Vec<f64>> {
    Search { values, periods }.run().map(|fit| fit.points(steps))
}

fn noisy(rows: usize) -> Vec<f64> {
    let value = |t: usize| {
        40.0 + 0.05 * t as f64 + [4.0, -2.0, 0.0, 7.0, -5.0, 1.0, -4.0][t % 7] + (t * 31 % 17) as f64 * 0.3
    };
    (0..rows).map(value).collect()
}

#[test]
fn a_season_on_a_constant_is_continued_exactly_and_two_nearly() {
    let one = |t: usize| 20.0 + [3.0, -1.0, -4.0, 2.0][t % 4];
    let two = |t: usize| one(t) + [6.0, 1.0, -7.0][t / 4 % 3];
    let check = |periods: &[usize], value: &dyn Fn(usize) -> f64, most: f64| {
        let values: Vec<f64> = (0..61).map(value).collect();
        for (step, point) in points(&values, periods, 24).unwrap().into_iter().enumerate() {
            let expected = value(61 + step);
            assert!((point - expected).abs() < most, "{periods:?} {step}: {point} {expected}");
        }
    };
    check(&[4], &one, 1e-6);
    // Two rounds leave a little of each season in the other.
    check(&[12, 4], &two, 0.05);
}

#[test]
fn scale_and_shift_pass_through() {
    let values = noisy(120);
    let plain = points(&values, &[7, 28], 14).unwrap();
    let moved: Vec<f64> = values.iter().map(|value| 8.0 * value + 3.0).collect();
    let scaled: Vec<f64> = values.iter().map(|value| 8.0 * value).collect();
    for ((plain, moved), scaled) in
        plain.iter().zip(points(&moved, &[7, 28], 14).unwrap()).zip(points(&scaled, &[7, 28], 14).unwrap())
    {
        assert!((8.0 * plain - scaled).abs() < 1e-9, "{plain} {scaled}");
        // The search of exponential smoothing runs in single precision, which a shift disturbs a little.
        assert!((8.0 * plain + 3.0 - moved).abs() < 0.05, "{plain} {moved}");
    }
}

#[test]
fn a_season_without_more_than_two_cycles_is_left_out() {
    let values = noisy(56);
    assert_eq!(points(&values, &[7, 28], 9), points(&values, &[7], 9));
    assert_ne!(points(&noisy(57), &[7, 28], 9), points(&noisy(57), &[7], 9));
    assert_eq!(points(&values, &[1, 60], 9), points(&values, &[], 9));
}

#[test]
fn the_order_of_the_seasons_and_their_repetition_do_not_matter() {
    let values = noisy(100);
    assert_eq!(points(&values, &[28, 7, 7], 9), points(&values, &[7, 28], 9));
}

#[test]
fn a_constant_is_continued_and_too_little_is_refused() {
    for point in points(&[7.25; 40], &[7], 5).unwrap() {
        assert!((point - 7.25).abs() < 1e-9, "{point}");
    }
    assert_eq!(points(&[1.0, 2.0], &[7], 5), None);
}
