use super::*;

#[test]
fn metrics_follow_their_formulas() {
    let metrics = metrics_of(&[10.0, 0.0, 4.0, f64::NAN], &[8.0, 0.0, 6.0, 1.0], Scale::default());
    assert_eq!(metrics.sample_size, 3);
    assert_eq!(metrics.mae, Some(4.0 / 3.0));
    assert_eq!(metrics.bias, Some(0.0));
    assert_eq!(metrics.wape, Some(400.0 / 14.0));
    let smape = 100.0 * (4.0 / 18.0 + 0.0 + 4.0 / 10.0) / 3.0;
    assert!((metrics.smape.unwrap() - smape).abs() < 1e-12);
    assert!((metrics.rmse.unwrap() - (8.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    assert_eq!(metrics.mase, None);
    assert!(metrics.missing.contains_key(&Metric::Mase));
}

#[test]
fn positive_bias_means_too_little_was_forecast() {
    assert_eq!(metrics_of(&[10.0], &[7.0], Scale::default()).bias, Some(3.0));
}

#[test]
fn a_zero_demand_fold_has_no_wape_but_does_not_break_the_pool() {
    let quiet = metrics_of(&[0.0, 0.0], &[1.0, 1.0], Scale::default());
    assert_eq!(quiet.wape, None);
    assert_eq!(quiet.missing[&Metric::Wape], "the actual values sum to zero");
    let mut sums = Sums::default();
    sums.add_all(&[0.0, 0.0], &[1.0, 1.0], Scale::default());
    sums.add_all(&[10.0, 10.0], &[9.0, 9.0], Scale::default());
    assert_eq!(sums.metrics().wape, Some(20.0));
}

#[test]
fn scales_are_the_in_sample_naive_errors() {
    let train = [0.0, 0.0, 2.0, 4.0, 2.0, 6.0];
    let scale = Scale::of(&train, 2);
    assert_eq!((scale.rows, scale.absolute), (2, Some((2.0 + 4.0 + 0.0 + 2.0) / 4.0)));
    // From the first demand on: 2, 4, 2, 6.
    assert_eq!(scale.squared, Some(2.0));
    assert_eq!(Scale::of(&train, 1).squared, Some((4.0 + 4.0 + 16.0) / 3.0));
    assert_eq!(Scale::of(&[5.0; 9], 7), Scale { rows: 7, absolute: None, squared: None });
}

#[test]
fn all_folds_have_one_yardstick() {
    let values: Vec<f64> = (0..40).map(|t| f64::from(t * t % 7)).collect();
    let rows =
        |ends: &[usize]| Scale::of_prefixes(&values, ends, 7).iter().map(|one| one.rows).collect::<Vec<_>>();
    assert_eq!(rows(&[8, 20, 40]), [7, 7, 7]);
    assert_eq!(rows(&[7, 20, 40]), [1, 1, 1]);
    let sliding = Scale::of_windows(&values, [0..20, 10..30].into_iter(), 7);
    assert_eq!(sliding, [Scale::of(&values[..20], 7), Scale::of(&values[10..30], 7)]);
}

#[test]
fn seasonal_naive_looks_back_whole_seasons_and_past_gaps() {
    let mut values: Vec<f64> = (0..12).map(f64::from).collect();
    // Rows 6 to 11 with a season of 4: 2, 3, 4, 5, and again 2, 3.
    assert_eq!(naive_error(&values, &(0..6), &(6..12), 4), Some((4.0 * 4.0 + 8.0 + 8.0) / 6.0));
    assert_eq!(naive_error(&values, &(0..6), &(6..8), 1), Some(1.5));
    (values[3], values[7]) = (f64::NAN, f64::NAN);
    // Row 11 has nothing a season before the origin, so it is the newest value, 5.
    assert_eq!(naive_error(&values, &(0..6), &(11..12), 4), Some(6.0));
    assert_eq!(naive_error(&values, &(0..6), &(7..8), 4), None);
    assert_eq!(naive_error(&[f64::NAN, 1.0], &(0..1), &(1..2), 1), None);
    for (own, benchmark, expected) in [(0.0, 0.0, 1.0), (1.0, 0.0, 100.0), (0.0, 1.0, 0.01)] {
        assert!((relative_error(own, benchmark) - expected).abs() < 1e-12, "{own} over {benchmark}");
    }
}

#[test]
fn the_scales_of_prefixes_are_those_of_each_alone() {
    let mut values: Vec<f64> = (0..40).map(|t| f64::from(t * t % 7)).collect();
    (values[0], values[1], values[17]) = (0.0, f64::NAN, f64::NAN);
    let ends = [8, 18, 40];
    let alone = ends.map(|end| Scale::of(&values[..end], 7));
    assert_eq!(Scale::of_prefixes(&values, &ends, 7), alone);
    assert!(alone.iter().all(|one| one.rows == 7));
    let ends = [1, 2, 5];
    assert_eq!(Scale::of_prefixes(&values, &ends, 7), ends.map(|end| Scale::of(&values[..end], 1)));
}

#[test]
fn stability_is_the_spread_of_the_folds_over_their_mean() {
    assert_eq!(stability_index(&[10.0, 30.0]), Some(50.0));
    assert_eq!(stability_index(&[10.0]), None);
    assert_eq!(stability_index(&[0.0, 0.0]), None);
}

#[test]
fn buckets_count_from_the_first_test_day() {
    let cases = [(0, Bucket::H1To7), (6, Bucket::H1To7), (7, Bucket::H8To14), (27, Bucket::H15To28)];
    for (offset, bucket) in cases {
        assert_eq!(Bucket::of(offset), bucket);
    }
    assert_eq!(serde_json::to_string(&Bucket::of(28)).unwrap(), "\"h_29_plus\"");
}

#[test]
fn huge_numbers_lose_their_metric_and_say_so() {
    let metrics = metrics_of(&[1e200, -1e200], &[-1e200, 1e200], Scale::default());
    assert_eq!(metrics.rmse, None);
    assert_eq!(metrics.missing[&Metric::Rmse], "the numbers are too large");
}

#[test]
fn bias_in_percent_is_the_signed_error_over_the_demand() {
    let metrics = metrics_of(&[10.0, 30.0], &[8.0, 24.0], Scale::default());
    assert_eq!((metrics.bias, metrics.bias_percent), (Some(4.0), Some(20.0)));
    assert_eq!(metrics_of(&[0.0], &[1.0], Scale::default()).bias_percent, None);
}

#[test]
fn the_pinball_loss_is_least_at_the_quantile() {
    let outcomes: Vec<f64> = (1..=100).map(f64::from).collect();
    let mean_loss = |forecast: f64, probability: f64| {
        outcomes.iter().map(|actual| pinball(*actual, forecast, probability)).sum::<f64>()
    };
    for (probability, quantile) in [(0.1, 10.5), (0.5, 50.5), (0.9, 90.5), (0.975, 98.0)] {
        let least = mean_loss(quantile, probability);
        for other in outcomes.iter().filter(|other| (*other - quantile).abs() > 1.0) {
            assert!(mean_loss(*other, probability) > least, "{probability} {other}");
        }
    }
}

#[test]
fn an_interval_score_is_two_scaled_pinball_losses() {
    // Gneiting & Raftery 2007, section 6.2: S(l, u; x) is the sum of the losses of both bounds times 2/α.
    for (actual, expected) in [(5.0, 5.0), (9.0, 25.0), (1.0, 15.0), (2.0, 5.0)] {
        let found = interval_score(actual, 2.0, 7.0, 0.8);
        let sum = pinball(actual, 2.0, 0.1) + pinball(actual, 7.0, 0.9);
        assert!((found - expected).abs() < 1e-9 && (found - 10.0 * sum).abs() < 1e-9, "{actual}: {found}");
    }
}

#[test]
fn scaled_losses_and_weighted_errors_follow_their_formulas() {
    let loss = scaled_pinball(&[4.0, f64::NAN, 1.0], &[2.0, 9.0, 2.0], 0.9, 2.0);
    // (0.9 · 2 + 0.1 · 1) / 2 points / scale 2.
    assert!((loss.unwrap() - 0.475).abs() < 1e-12, "{loss:?}");
    assert_eq!(scaled_pinball(&[f64::NAN], &[1.0], 0.5, 1.0), None);
    assert_eq!(wrmsse([(Some(1.0), 3.0), (Some(2.0), 1.0), (None, 50.0), (Some(9.0), 0.0)]), Some(1.25));
    assert_eq!(wrmsse([(None, 1.0)]), None);
}
