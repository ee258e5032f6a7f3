//! Whether candidates can be told from the first: the one place where p-values become words.
//!
//! With six series or more the series speak: the paired t-test and the bootstrap over them must agree, more series must be
//! on the side of the lead than against it, and the lead must be steady over time. It is steady if it is there in every test
//! window, or if the Diebold-Mariano test says so. That test takes a lead that is there every time and only differs in size
//! for luck, and two windows leave it one degree of freedom, so that it says "luck" of nearly everything, however many
//! series there are.
//!
//! With fewer series the windows speak, from three on: the Diebold-Mariano test (or a lead in each of five windows) and the
//! block bootstrap must agree.
//!
//! *Tied* is a claim too: it is made only where a lead of half of the error would have been told in four of five cases, and
//! none so large was seen. Where the tests have no such power, or a large lead is not steady, nothing is claimed.

use wire::model_selection::{Rival, Weight};

use super::{LEAST_SERIES, SIGNIFICANT, contest, paired_folds};
use crate::FoldResult;

/// Fewer windows than this cannot tell anybody apart over time.
const LEAST_WINDOWS: usize = 3;

/// If both were equally good, one would be ahead in each of so many windows once in 16 times.
const EVERY_WINDOW: usize = 5;

/// Tests that would overlook a lead as large as this can say nothing of a tie.
const LARGE_LEAD: f64 = 0.5;

/// How one candidate stands to the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It errs more, by more than chance.
    Worse,
    /// It errs less, by more than chance: the first is first by another metric.
    Better,
    /// It errs alike on every test point.
    Equal,
    /// The difference may be chance, and a large one would have been seen.
    Tied,
    /// There is too little to test.
    Unknown,
}

/// How the others stand to the first, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// Of each other candidate.
    pub told: Vec<Told>,
    /// Test windows with an outcome.
    pub windows: usize,
    /// Series with an outcome.
    pub series: usize,
    /// The lead that would be told of each in four of five cases, where that can be said.
    pub told_from: Vec<Option<f64>>,
}

impl Telling {
    /// Nothing was tested of so many ranked candidates.
    pub fn nothing(ranked: usize) -> Self {
        let others = ranked.saturating_sub(1);
        Self { told: vec![Told::Unknown; others], windows: 0, series: 0, told_from: vec![None; others] }
    }

    /// Whether one series is one observation of the tests.
    pub const fn is_over_series(&self) -> bool {
        self.series >= LEAST_SERIES
    }

    /// Whether there are fewer windows than a test over time needs.
    pub const fn has_few_windows(&self) -> bool {
        self.windows < LEAST_WINDOWS
    }
}

/// The same folds by every ranked candidate of one series, the first of the ranking first.
type Row<'a> = Vec<&'a [FoldResult]>;

/// All candidates against the first over all series, with the numbers. Without common days nobody can be told.
pub fn tell(rows: &[Row<'_>], weight: Weight) -> (Telling, Vec<Rival>) {
    tell_at(rows, weight, SIGNIFICANT)
}

/// [`tell`] by another chance of luck than one in twenty.
pub fn tell_at(rows: &[Row<'_>], weight: Weight, significance: f64) -> (Telling, Vec<Rival>) {
    let others = rows.first().map_or(0, Vec::len).saturating_sub(1);
    let rivals = contest(rows, 0, weight).map(|found| found.rivals).unwrap_or_default();
    let (windows, series) = (windows(rows), rows.iter().filter(|row| has_outcome(row)).count());
    let level = Level { windows, series, significance };
    let told = |at: usize| match rivals.get(at) {
        _ if rows.iter().all(|row| errs_alike(row[0], row[at])) => Told::Equal,
        Some(rival) => level.told(rival, rows, at),
        None => Told::Unknown,
    };
    let told = (1..=others).map(told).collect();
    let told_from = (1..=others).map(|at| rivals.get(at).and_then(|rival| rival.told_from)).collect();
    (Telling { told, windows, series, told_from }, rivals)
}

/// All candidates against the first on one series of many, by the test over time alone.
pub fn tell_one(row: &Row<'_>) -> Telling {
    let windows = windows(std::slice::from_ref(row));
    let told = |other: &&[FoldResult]| match paired_folds(row[0], other) {
        _ if errs_alike(row[0], other) => Told::Equal,
        Some(test) if windows >= LEAST_WINDOWS => match test.mean_difference {
            _ if test.p_value > SIGNIFICANT => Told::Tied,
            difference if difference < 0.0 => Told::Worse,
            _ => Told::Better,
        },
        _ => Told::Unknown,
    };
    let told: Vec<Told> = row.iter().skip(1).map(told).collect();
    Telling { told_from: vec![None; told.len()], told, windows, series: 1 }
}

/// What the tests rest on, and what they call luck.
struct Level {
    windows: usize,
    series: usize,
    significance: f64,
}

impl Level {
    fn told(&self, rival: &Rival, rows: &[Row<'_>], at: usize) -> Told {
        let Some(lead) = rival.lead else { return Told::Unknown };
        let sign = if lead > 0.0 { 1.0 } else { -1.0 };
        let is_every = is_in_every_window(rows, at, sign);
        let is_told = if rival.p_paired.is_some() {
            self.is_sure(rival.p_paired)
                && self.is_sure(rival.p_bootstrap)
                && (is_every || self.is_sure(rival.p_diebold_mariano))
                && is_of_most_series(rows, at, sign)
        } else {
            self.windows >= LEAST_WINDOWS
                && (self.is_sure(rival.p_diebold_mariano) || (is_every && self.windows >= EVERY_WINDOW))
                && self.is_sure(rival.p_bootstrap)
        };
        let is_tested = self.series >= LEAST_SERIES || self.windows >= LEAST_WINDOWS;
        match is_told {
            true if lead > 0.0 => Told::Worse,
            true => Told::Better,
            false
                if is_tested
                    && rival.told_from.is_some_and(|least| least <= LARGE_LEAD && lead.abs() <= least) =>
            {
                Told::Tied
            }
            false => Told::Unknown,
        }
    }

    fn is_sure(&self, p: Option<f64>) -> bool {
        p.is_some_and(|p| p <= self.significance)
    }
}

fn has_outcome(row: &Row<'_>) -> bool {
    row.first().is_some_and(|folds| folds.iter().any(is_observed))
}

fn is_observed(fold: &FoldResult) -> bool {
    fold.actuals.iter().any(Option::is_some)
}

fn windows(rows: &[Row<'_>]) -> usize {
    let of =
        |row: &Row<'_>| row.first().map_or(0, |folds| folds.iter().filter(|fold| is_observed(fold)).count());
    rows.iter().map(of).max().unwrap_or(0)
}

/// Whether two candidates are as far from each outcome.
fn errs_alike(one: &[FoldResult], other: &[FoldResult]) -> bool {
    let is_alike = |(one, other): (&FoldResult, &FoldResult)| {
        let points = one.actuals.iter().zip(one.predictions.iter().zip(&other.predictions));
        points.filter_map(|(actual, points)| Some((actual.as_ref()?, points))).all(|(actual, (p, q))| {
            // The same bits: what differs by rounding has an order, however little it says.
            (actual - p).abs().to_bits() == (actual - q).abs().to_bits()
        })
    };
    one.len() == other.len() && one.iter().zip(other).all(is_alike)
}

/// The sum of a fold's absolute errors in this unit.
fn error(fold: &FoldResult, unit: f64) -> f64 {
    let points = fold.actuals.iter().zip(&fold.predictions);
    points.filter_map(|(actual, point)| actual.map(|actual| (actual - point).abs() / unit)).sum()
}

/// Whether a candidate's errors differ from the first's in this direction in each window, over all series together.
fn is_in_every_window(rows: &[Row<'_>], other: usize, sign: f64) -> bool {
    let windows = rows.iter().map(|row| row[0].len()).max().unwrap_or(0);
    let difference = |window: usize| -> f64 {
        let of = |row: &Row<'_>| {
            let (own, first) = (row[other].get(window)?, row[0].get(window)?);
            let unit = row[0].iter().chain(row[other]).map(|fold| error(fold, 1.0)).fold(0.0, f64::max);
            (unit > 0.0).then(|| error(own, unit) - error(first, unit))
        };
        rows.iter().filter_map(of).sum()
    };
    let is_seen = |window: &usize| rows.iter().any(|row| row[0].get(*window).is_some_and(is_observed));
    (0..windows).filter(is_seen).all(|window| sign * difference(window) > 0.0)
}

/// Whether more series are on the side of the lead than against it.
fn is_of_most_series(rows: &[Row<'_>], other: usize, sign: f64) -> bool {
    let side = |row: &Row<'_>| {
        let mean = crate::combine::mean_absolute;
        let difference = sign * (mean(row[other]) - mean(row[0]));
        i64::from(difference > 0.0) - i64::from(difference < 0.0)
    };
    rows.iter().map(side).sum::<i64>() > 0
}

#[cfg(test)]
#[path = "tell/tests.rs"]
mod tests;
