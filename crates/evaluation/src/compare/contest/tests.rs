use kernel::Stream;
use wire::model_selection::Metrics;

use super::*;
use crate::backtest::FoldWindow;

/// The folds of one candidate whose errors are these.
fn folds(errors: &[Vec<f64>]) -> Vec<FoldResult> {
    let day = "2024-01-01".parse::<wire::Moment>().unwrap();
    let split = FoldWindow {
        train_start: day,
        train_end: day,
        test_start: day,
        test_end: day,
        train_size: 1,
        test_size: 1,
    };
    let fold = |(fold_index, errors): (usize, &Vec<f64>)| FoldResult {
        fold_index,
        split: split.clone(),
        dates: day.date().iter_days().take(errors.len()).map(wire::Moment::from).collect(),
        actuals: vec![Some(0.0); errors.len()],
        predictions: errors.clone(),
        metrics: Metrics::default(),
    };
    errors.iter().enumerate().map(fold).collect()
}

/// Errors of a candidate on `windows` windows of six days, each window with a part of its own.
fn draw(stream: &mut Stream, windows: usize, scale: f64) -> Vec<FoldResult> {
    let window = |stream: &mut Stream| {
        let common = stream.normal(0.0, 0.5);
        (0..6).map(|_| scale * (common + stream.normal(3.0, 1.0)).abs()).collect()
    };
    folds(&(0..windows).map(|_| window(stream)).collect::<Vec<_>>())
}

fn run(panel: &[Vec<Vec<FoldResult>>], reference: usize) -> Contest {
    let rows: Vec<Vec<&[FoldResult]>> =
        panel.iter().map(|series| series.iter().map(Vec::as_slice).collect()).collect();
    contest(&rows, reference).unwrap()
}

fn panel(stream: &mut Stream, series: usize, windows: usize, scales: &[f64]) -> Vec<Vec<Vec<FoldResult>>> {
    (0..series).map(|_| scales.iter().map(|scale| draw(stream, windows, *scale)).collect()).collect()
}

#[test]
fn equal_candidates_differ_by_luck_as_often_as_stated() {
    let mut stream = kernel::Seed(1).stream("null");
    let p_values: Vec<f64> = (0..160)
        .map(|_| run(&panel(&mut stream, 10, 3, &[1.0, 1.0]), 0).rivals[1].p_bootstrap.unwrap())
        .collect();
    let below = |level: f64| p_values.iter().filter(|p| **p < level).count() as f64 / p_values.len() as f64;
    for (level, tolerance) in [(0.05, 0.05), (0.25, 0.09), (0.5, 0.11), (0.75, 0.09)] {
        assert!((below(level) - level).abs() < tolerance, "{level}: {}", below(level));
    }
}

#[test]
fn a_clear_lead_is_told_from_luck_and_measured() {
    let mut stream = kernel::Seed(2).stream("lead");
    let found = run(&panel(&mut stream, 12, 4, &[1.0, 1.25, 1.0]), 0);
    let [reference, worse, equal] = &found.rivals[..] else { panic!() };
    assert!(!is_tied(worse) && !is_in_confidence_set(worse), "{worse:?}");
    let [low, high] = worse.lead_interval.unwrap();
    assert!(low > 0.1 && low < 0.2 && 0.2 < high && high < 0.3, "{worse:?}");
    assert!(is_tied(equal) && is_in_confidence_set(equal), "{equal:?}");
    assert!(is_tied(reference) && reference.lead == Some(0.0) && reference.p_bootstrap == Some(1.0));
    assert_eq!((found.series, found.blocks), (12, 48));
    assert_eq!(found, run(&panel(&mut kernel::Seed(2).stream("lead"), 12, 4, &[1.0, 1.25, 1.0]), 0));
}

#[test]
fn what_hits_all_series_in_one_window_is_no_evidence_of_many() {
    // The second candidate does worse in the first of three windows on every series, and slightly better otherwise.
    let own = |window: usize, series: usize| {
        let luck = 0.01 * (series % 5) as f64;
        if window == 0 { vec![9.0 + luck; 6] } else { vec![0.9 + luck; 6] }
    };
    let panel: Vec<_> = (0..40)
        .map(|series| {
            let other = folds(&(0..3).map(|window| own(window, series)).collect::<Vec<_>>());
            vec![folds(&vec![vec![1.0; 6]; 3]), other]
        })
        .collect();
    let found = run(&panel, 0);
    assert!(found.rivals[1].p_bootstrap.unwrap() < 0.01, "{found:?}");
    assert!(found.rivals[1].p_diebold_mariano.unwrap() > 0.2 && is_tied(&found.rivals[1]), "{found:?}");
}

#[test]
fn a_single_series_is_resampled_in_runs_of_days() {
    let mut stream = kernel::Seed(4).stream("single");
    let found = run(&panel(&mut stream, 1, 10, &[1.0, 1.6]), 0);
    assert_eq!((found.series, found.blocks), (1, 10));
    assert!(!is_tied(&found.rivals[1]), "{found:?}");
    let one_window = run(&panel(&mut stream, 1, 1, &[1.0, 1.6]), 0);
    assert!(is_tied(&one_window.rivals[1]) && one_window.rivals[1].p_bootstrap.is_none());
}

#[test]
fn candidates_of_other_days_are_not_compared() {
    let (one, other) = (folds(&[vec![1.0; 3], vec![1.0; 3]]), folds(&[vec![1.0; 3], vec![1.0; 2]]));
    assert_eq!(contest(&[vec![&one[..], &other[..]]], 0), None);
    assert_eq!(contest(&[vec![&one[..], &one[..1]]], 0), None);
    assert_eq!(contest(&[], 0), None);
    let huge = folds(&[vec![f64::MAX; 3], vec![f64::MAX; 3]]);
    assert_eq!(contest(&[vec![&huge[..], &one[..]]], 0), None);
}
