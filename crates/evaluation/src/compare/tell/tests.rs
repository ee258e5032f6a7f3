use kernel::Stream;

use super::*;
use crate::testing::folds;

/// A panel of two candidates: on each series of so many windows the second errs `times` as much, give or take `spread`.
fn panel(
    stream: &mut Stream,
    series: usize,
    windows: usize,
    times: f64,
    spread: f64,
) -> Vec<[Vec<FoldResult>; 2]> {
    (0..series)
        .map(|_| {
            let own = times * stream.normal(0.0, spread).exp();
            let mut candidate = |scale: f64| {
                let window = |_| (0..6).map(|_| scale * stream.normal(0.0, 1.0).abs()).collect();
                folds(&(0..windows).map(window).collect::<Vec<_>>())
            };
            [candidate(1.0), candidate(own)]
        })
        .collect()
}

fn told(panel: &[[Vec<FoldResult>; 2]]) -> Told {
    let rows: Vec<Row<'_>> = panel.iter().map(|row| row.iter().map(Vec::as_slice).collect()).collect();
    tell(&rows, Weight::Alike).0.told[0]
}

fn count(runs: u64, wanted: &[Told], mut draw: impl FnMut(&mut Stream) -> Told) -> usize {
    let mut stream = kernel::Seed(11).stream("tell");
    (0..runs).filter(|_| wanted.contains(&draw(&mut stream))).count()
}

#[test]
fn two_windows_of_fifty_series_tell_a_large_lead() {
    let mut stream = kernel::Seed(1).stream("fifty");
    assert_eq!(told(&panel(&mut stream, 50, 2, 3.0, 0.2)), Told::Worse);
    assert_eq!(told(&panel(&mut stream, 50, 2, 1.0 / 3.0, 0.2)), Told::Better);
}

#[test]
fn two_windows_of_one_series_tell_nothing() {
    let mut stream = kernel::Seed(2).stream("one");
    assert_eq!(told(&panel(&mut stream, 1, 2, 3.0, 0.0)), Told::Unknown);
    assert_eq!(told(&panel(&mut stream, 5, 2, 3.0, 0.0)), Told::Unknown);
}

#[test]
fn equal_candidates_are_told_apart_in_at_most_one_case_of_twenty() {
    for (series, windows) in [(1, 6), (4, 4), (8, 2), (30, 1), (30, 5)] {
        let found = count(200, &[Told::Worse, Told::Better], |stream| {
            // Over many series candidates are equal in the mean; of a few each is.
            told(&panel(stream, series, windows, 1.0, if series < LEAST_SERIES { 0.0 } else { 0.3 }))
        });
        // 10 are expected at most, of whom 18 are the 99th percentile.
        assert!(found <= 18, "{found} of 200 with {series} series and {windows} windows");
    }
}

#[test]
fn a_tie_is_claimed_only_where_a_large_lead_would_have_been_seen() {
    let tied =
        |series, windows| count(60, &[Told::Tied], |stream| told(&panel(stream, series, windows, 1.0, 0.2)));
    assert!(tied(40, 2) >= 50, "{}", tied(40, 2));
    assert_eq!(tied(3, 2), 0);
    let mut stream = kernel::Seed(5).stream("power");
    // Six series that differ by factors of ten say nothing of a half.
    assert_eq!(told(&panel(&mut stream, 6, 2, 1.0, 3.0)), Told::Unknown);
}

#[test]
fn a_lead_of_one_window_is_no_lead_however_many_series_there_are() {
    let own = |window: usize, series: usize| {
        let luck = 0.01 * (series % 5) as f64;
        vec![if window == 0 { 9.0 } else { 0.9 } + luck; 6]
    };
    let panel: Vec<_> = (0..40)
        .map(|series| {
            [folds(&vec![vec![1.0; 6]; 3]), folds(&(0..3).map(|at| own(at, series)).collect::<Vec<_>>())]
        })
        .collect();
    assert_ne!(told(&panel), Told::Worse);
}

#[test]
fn candidates_that_err_alike_are_equal_and_not_tied() {
    let one = folds(&[vec![1.0, 2.0], vec![0.0, 0.0]]);
    assert_eq!(told(&[[one.clone(), one.clone()]]), Told::Equal);
    let rows = [vec![one.as_slice(), one.as_slice()]];
    assert_eq!(tell_one(&rows[0]).told, [Told::Equal]);
}

#[test]
fn a_lead_that_is_there_in_each_of_five_windows_is_steady() {
    let mut stream = kernel::Seed(9).stream("steady");
    let errors = |scale: f64, stream: &mut Stream| {
        let sizes = [4.0, 1.0, 1.0, 1.0, 1.0];
        folds(
            &sizes
                .map(|size| (0..12).map(|_| scale * size * (1.0 + 0.1 * stream.normal(0.0, 1.0))).collect()),
        )
    };
    assert_eq!(told(&[[errors(1.0, &mut stream), errors(2.0, &mut stream)]]), Told::Worse);
}

/// All series together change sides in one of four windows: the series alone would have told so large a lead, so that it
/// is no tie, and the windows are too few to take it for steady.
#[test]
fn a_large_lead_that_one_window_of_all_series_turns_is_no_tie() {
    let mut stream = kernel::Seed(10).stream("turned");
    let mut candidate = |sizes: [f64; 4]| {
        folds(&sizes.map(|size| (0..6).map(|_| size * (1.0 + 0.01 * stream.normal(0.0, 1.0))).collect()))
    };
    let rows: Vec<[Vec<FoldResult>; 2]> =
        (0..300).map(|_| [candidate([1.0; 4]), candidate([9.0, 6.0, 0.9, 3.0])]).collect();
    let rows: Vec<Row<'_>> = rows.iter().map(|row| row.iter().map(Vec::as_slice).collect()).collect();
    let (telling, rivals) = tell(&rows, Weight::Alike);
    let lead = rivals[1].lead.unwrap();
    assert!(lead > 0.5 && rivals[1].p_paired.unwrap() < 1e-6, "{rivals:?}");
    assert_eq!(telling.told[0], Told::Unknown);
    assert!(telling.told_from[0].unwrap() < lead, "{telling:?}");
}
