use kernel::Stream;

use super::*;
use crate::testing::folds;

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
    contest(&rows, reference, Weight::Alike).unwrap()
}

/// Whether both the test over time and the bootstrap see a difference.
fn is_told(rival: &Rival) -> bool {
    [rival.p_diebold_mariano, rival.p_bootstrap].into_iter().all(|p| p.is_some_and(|p| p <= SIGNIFICANT))
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
    assert!(is_told(worse) && !is_in_confidence_set(worse), "{worse:?}");
    let [low, high] = worse.lead_interval.unwrap();
    assert!(low > 0.1 && low < 0.2 && 0.2 < high && high < 0.3, "{worse:?}");
    assert!(!is_told(equal) && is_in_confidence_set(equal), "{equal:?}");
    assert!(!is_told(reference) && reference.lead == Some(0.0) && reference.p_bootstrap == Some(1.0));
    assert_eq!((found.series, found.blocks), (12, 12));
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
    assert!(found.rivals[1].p_diebold_mariano.unwrap() > 0.2 && !is_told(&found.rivals[1]), "{found:?}");
}

#[test]
fn a_single_series_is_resampled_in_runs_of_days() {
    let mut stream = kernel::Seed(4).stream("single");
    let found = run(&panel(&mut stream, 1, 10, &[1.0, 1.6]), 0);
    assert_eq!((found.series, found.blocks), (1, 10));
    assert!(is_told(&found.rivals[1]), "{found:?}");
    let one_window = run(&panel(&mut stream, 1, 1, &[1.0, 1.6]), 0);
    assert!(!is_told(&one_window.rivals[1]) && one_window.rivals[1].p_bootstrap.is_none());
}

#[test]
fn candidates_of_other_days_are_not_compared() {
    let (one, other) = (folds(&[vec![1.0; 3], vec![1.0; 3]]), folds(&[vec![1.0; 3], vec![1.0; 2]]));
    assert_eq!(contest(&[vec![&one[..], &other[..]]], 0, Weight::Alike), None);
    assert_eq!(contest(&[vec![&one[..], &one[..1]]], 0, Weight::Alike), None);
    assert_eq!(contest(&[], 0, Weight::Alike), None);
    let huge = folds(&[vec![f64::MAX; 3], vec![f64::MAX; 3]]);
    assert_eq!(contest(&[vec![&huge[..], &one[..]]], 0, Weight::Alike), None);
}

#[test]
fn no_series_decides_by_its_unit_where_series_count_alike() {
    let mut stream = kernel::Seed(6).stream("units");
    let mut of_units = |units: [f64; 2]| -> Vec<Vec<Vec<FoldResult>>> {
        // The second is better by a fifth on each of eleven, and worse by a fifth on the twelfth.
        (0..12)
            .map(|at| {
                let (unit, times) = if at == 0 { (units[0], 1.2) } else { (units[1], 0.8) };
                vec![draw(&mut stream, 2, unit), draw(&mut stream, 2, unit * times)]
            })
            .collect()
    };
    let panel = of_units([1e6, 1.0]);
    let rows: Vec<Vec<&[FoldResult]>> =
        panel.iter().map(|series| series.iter().map(Vec::as_slice).collect()).collect();
    let lead = |weight| contest(&rows, 0, weight).unwrap().rivals[1].lead.unwrap();
    assert!(lead(Weight::Alike) < -0.05, "{}", lead(Weight::Alike));
    assert!(lead(Weight::Volume) > 0.0, "{}", lead(Weight::Volume));
}

#[test]
fn the_tests_know_no_scale() {
    let mut stream = kernel::Seed(7).stream("scale");
    let panel = panel(&mut stream, 1, 6, &[1.0, 1.3]);
    let times = |factor: f64| {
        let scaled: Vec<Vec<FoldResult>> = panel[0]
            .iter()
            .map(|folds| {
                let of = |fold: &FoldResult| FoldResult {
                    predictions: fold.predictions.iter().map(|point| point * factor).collect(),
                    ..fold.clone()
                };
                folds.iter().map(of).collect()
            })
            .collect();
        run(&[scaled], 0).rivals.remove(1)
    };
    let (usual, huge, tiny) = (times(1.0), times(2.0_f64.powi(1000)), times(2.0_f64.powi(-1000)));
    assert_eq!((&usual, &usual), (&huge, &tiny));
    assert!(usual.p_diebold_mariano.unwrap() < 1.0 && usual.told_from.is_some(), "{usual:?}");
}
