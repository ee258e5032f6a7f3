//! Whether the others can be told from the first: the one place where p-values become words.
//!
//! Over at least three test windows a lead must be steady over time and, by the block bootstrap, not come from a few
//! blocks. It is steady if the Diebold-Mariano test says so, or if the candidate errs more in each of five windows: that
//! test takes a lead that is there every time and only differs in size for luck. Two windows leave it one degree of
//! freedom, so it says "luck" of nearly everything, however many series there are: then the series speak, by the
//! bootstrap and by a sign test over them. Where neither has power, nothing is claimed.

use evaluation::FoldResult;
use evaluation::combine::mean_absolute;
use evaluation::compare::{SIGNIFICANT, contest, paired_folds};
use wire::model_selection::Rival;

/// Fewer windows than this cannot tell anybody apart over time.
const LEAST_WINDOWS: usize = 3;

/// If both were equally good, one would be ahead in each of so many windows once in 32 times.
const EVERY_WINDOW: usize = 5;

/// How one candidate stands to the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It errs more, by more than chance.
    Worse,
    /// It errs less, by more than chance: the first is first by another metric.
    Better,
    /// The difference may be chance.
    Tied,
    /// There is too little to test.
    Unknown,
}

/// How the others stand to the first, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Telling {
    pub told: Vec<Told>,
    /// Test windows with an outcome.
    pub windows: usize,
}

impl Telling {
    /// Nothing was tested of so many ranked candidates.
    pub(super) fn nothing(ranked: usize) -> Self {
        Self { told: vec![Told::Unknown; ranked.saturating_sub(1)], windows: 0 }
    }

    /// Whether the windows are too few for a test over time.
    pub(super) const fn has_few_windows(&self) -> bool {
        self.windows < LEAST_WINDOWS
    }
}

/// The same folds by every ranked candidate of one series, the first of the ranking first.
type Row<'a> = Vec<&'a [FoldResult]>;

/// All candidates against the first over all series, with the numbers. Without common days nobody can be told.
pub(super) fn over_all(rows: &[Row<'_>]) -> (Telling, Vec<Rival>) {
    let (windows, others) = (windows(rows), rows.first().map_or(0, Vec::len).saturating_sub(1));
    let rivals = contest(rows, 0).map(|found| found.rivals).unwrap_or_default();
    let told = |at: usize| match rivals.get(at) {
        Some(rival) => told(rival, windows, is_worse_in_every_window(rows, at), &|| signs(rows, at)),
        None => Told::Unknown,
    };
    (Telling { told: (1..=others).map(told).collect(), windows }, rivals)
}

/// All candidates against the first on one series of many, by the test over time alone.
pub(super) fn on_one(row: &Row<'_>) -> Telling {
    let windows = windows(std::slice::from_ref(row));
    let told = |other: &&[FoldResult]| match paired_folds(row[0], other) {
        Some(test) if windows >= LEAST_WINDOWS => match test.mean_difference {
            _ if test.p_value > SIGNIFICANT => Told::Tied,
            difference if difference < 0.0 => Told::Worse,
            _ => Told::Better,
        },
        _ => Told::Unknown,
    };
    Telling { told: row.iter().skip(1).map(told).collect(), windows }
}

fn told(rival: &Rival, windows: usize, is_every: bool, signs: &dyn Fn() -> Option<f64>) -> Told {
    let is_luck = |p: Option<f64>| p.is_none_or(|p| p > SIGNIFICANT);
    let is_tied = if windows >= LEAST_WINDOWS {
        let is_steady = !is_luck(rival.p_diebold_mariano) || (is_every && windows >= EVERY_WINDOW);
        !is_steady || is_luck(rival.p_bootstrap)
    } else {
        match signs() {
            None => return Told::Unknown,
            signs => is_luck(signs) || is_luck(rival.p_bootstrap),
        }
    };
    match rival.lead {
        _ if is_tied => Told::Tied,
        Some(lead) if lead > 0.0 => Told::Worse,
        _ => Told::Better,
    }
}

fn windows(rows: &[Row<'_>]) -> usize {
    let has_outcome = |fold: &&FoldResult| fold.actuals.iter().any(Option::is_some);
    let of = |row: &Row<'_>| row.first().map_or(0, |folds| folds.iter().filter(has_outcome).count());
    rows.iter().map(of).max().unwrap_or(0)
}

/// Whether a candidate errs more than the first in each window, over all series together.
fn is_worse_in_every_window(rows: &[Row<'_>], other: usize) -> bool {
    let error = |fold: &FoldResult| -> f64 {
        let points = fold.actuals.iter().zip(&fold.predictions);
        points.filter_map(|(actual, point)| actual.map(|actual| (actual - point).abs())).sum()
    };
    let windows = rows.iter().map(|row| row[0].len()).max().unwrap_or(0);
    let difference = |window: usize| -> f64 {
        let of = |row: &Row<'_>| Some(error(row[other].get(window)?) - error(row[0].get(window)?));
        rows.iter().filter_map(of).sum()
    };
    let has_outcome = |window: &usize| {
        let has = |fold: &FoldResult| fold.actuals.iter().any(Option::is_some);
        rows.iter().any(|row| row[0].get(*window).is_some_and(has))
    };
    (0..windows).filter(has_outcome).all(|window| difference(window) > 0.0)
}

/// The two-sided sign test over series: how likely so lopsided a count is if either erred more on half of them. `None`
/// where no count could be lopsided enough.
fn signs(rows: &[Row<'_>], other: usize) -> Option<f64> {
    let differences = rows.iter().map(|row| mean_absolute(row[other]) - mean_absolute(row[0]));
    let (mut more, mut less) = (0_u32, 0_u32);
    for difference in differences {
        more += u32::from(difference > 0.0);
        less += u32::from(difference < 0.0);
    }
    let n = more + less;
    (binomial(n, 0) <= SIGNIFICANT).then(|| binomial(n, more.min(less)))
}

/// Twice the chance of at most `k` heads in `n` throws of a fair coin. In logarithms, because `2⁻ⁿ` has no other form.
fn binomial(n: u32, k: u32) -> f64 {
    let (mut term, mut sum) = (-f64::from(n) * std::f64::consts::LN_2, 0.0);
    for heads in 0..=k {
        sum += term.exp();
        term += (f64::from(n - heads) / f64::from(heads + 1)).ln();
    }
    (2.0 * sum).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_is_the_binomial_one() {
        // scipy 1.14: binomtest(k, n).pvalue.
        for (n, k, expected) in
            [(6, 0, 0.03125), (50, 0, 1.776_356_839_400_250_5e-15), (20, 5, 0.041_389_465_332_031_25)]
        {
            assert!((binomial(n, k) / expected - 1.0).abs() < 1e-9, "{n} {k}");
        }
        assert!(binomial(5, 0) > SIGNIFICANT && (binomial(4, 2) - 1.0).abs() < 1e-12);
        assert!(binomial(5000, 2000) < 1e-40);
    }

    #[test]
    fn with_two_windows_the_series_speak_and_without_enough_of_them_nobody_does() {
        let rival = |dm: f64, bootstrap: f64| Rival {
            lead: Some(0.5),
            lead_interval: None,
            p_diebold_mariano: Some(dm),
            p_bootstrap: Some(bootstrap),
            p_confidence_set: None,
        };
        let doubtful = rival(0.06, 0.001);
        assert_eq!(told(&doubtful, 2, true, &|| Some(1e-9)), Told::Worse);
        assert_eq!(told(&doubtful, 2, true, &|| Some(0.2)), Told::Tied);
        assert_eq!(told(&doubtful, 2, true, &|| None), Told::Unknown);
        assert_eq!(told(&doubtful, 5, false, &|| Some(1e-9)), Told::Tied);
        assert_eq!(told(&doubtful, 4, true, &|| None), Told::Tied);
        assert_eq!(told(&doubtful, 5, true, &|| None), Told::Worse);
        assert_eq!(told(&rival(0.06, 0.2), 5, true, &|| None), Told::Tied);
        assert_eq!(told(&rival(0.01, 0.001), 5, false, &|| None), Told::Worse);
        let better = Rival { lead: Some(-0.5), ..rival(0.01, 0.001) };
        assert_eq!(told(&better, 5, false, &|| None), Told::Better);
    }
}
