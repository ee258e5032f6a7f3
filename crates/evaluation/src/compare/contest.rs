//! All candidates against one, over one series or many: which of them can be told from it?
//!
//! Two tests of the mean absolute error are made beside each other, because each sees what the other does not.
//! *Diebold-Mariano* takes all errors of one test window, over all series, as one observation: a lead must be steady
//! over time, and what hits all series at once counts once. The *block bootstrap* resamples the windows of the series
//! (of a single series: runs of days as long as a window), so that errors of one window of a series stay together: a
//! lead must not come from a few series. A candidate is told apart when both agree.
//!
//! The *model confidence set* (Hansen, Lunde & Nason 2011, `T_max`) needs no champion, so it is not deceived by choosing
//! one on the same folds: with 95 % it holds the best candidate. It uses the resamples of the bootstrap.

use kernel::Seed;
use serde::{Deserialize, Serialize};
use wire::model_selection::Rival;

use super::bootstrap::{Blocks, DRAWS, Losses, Series};
use super::{SIGNIFICANT, differences, test};
use crate::FoldResult;

/// Whether it cannot be told from the reference: a test is missing or calls the difference luck.
pub fn is_tied(rival: &Rival) -> bool {
    let is_luck = |p: Option<f64>| p.is_none_or(|p| p > SIGNIFICANT);
    is_luck(rival.p_diebold_mariano) || is_luck(rival.p_bootstrap)
}

/// Whether the model confidence set at 95 % holds it.
pub fn is_in_confidence_set(rival: &Rival) -> bool {
    rival.p_confidence_set.is_none_or(|p| p > SIGNIFICANT)
}

/// The candidates against one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contest {
    /// In the order given, the reference among them.
    pub rivals: Vec<Rival>,
    /// Series compared.
    pub series: usize,
    /// Blocks of one resample: test windows of series.
    pub blocks: usize,
}

/// Compares candidates with the `reference`-th; `series[s][c]` are the folds of candidate `c` on series `s`. The same
/// folds give the same resamples. `None` without common days, or where the errors are too large to be summed.
pub fn contest(series: &[Vec<&[FoldResult]>], reference: usize) -> Option<Contest> {
    let rows: Vec<&Series<'_>> = series.iter().map(Vec::as_slice).collect();
    let candidates = rows.first()?.len();
    if reference >= candidates || rows.iter().any(|row| row.len() != candidates) {
        return None;
    }
    let blocks = Blocks::of(&rows)?;
    let losses = blocks.losses(Seed(0x5EED));
    let set = losses.as_ref().map(|losses| confidence_set(losses, candidates));
    let rival = |candidate: usize| {
        let resampled = losses.as_ref().map(|losses| losses.against(candidate, reference));
        Rival {
            lead: resampled.as_ref().and_then(|found| found.lead),
            lead_interval: resampled.as_ref().and_then(|found| found.interval),
            p_diebold_mariano: diebold_mariano(&rows, candidate, reference),
            p_bootstrap: resampled.map(|found| found.p_value),
            p_confidence_set: set.as_ref().map(|set| set[candidate]),
        }
    };
    Some(Contest { rivals: (0..candidates).map(rival).collect(), series: series.len(), blocks: blocks.drawn })
}

/// The test with the errors of one window over all series as one observation. `None` with a single window.
fn diebold_mariano(series: &[&Series<'_>], candidate: usize, reference: usize) -> Option<f64> {
    let mut windows: Vec<Vec<f64>> = Vec::new();
    for row in series {
        for (at, (one, other)) in row[candidate].iter().zip(row[reference]).enumerate() {
            if windows.len() <= at {
                windows.push(Vec::new());
            }
            windows[at].extend(differences(one, other));
        }
    }
    if windows.iter().filter(|window| !window.is_empty()).count() < 2 {
        return None;
    }
    test(&windows).map(|found| found.p_value)
}

struct Resampled {
    p_value: f64,
    lead: Option<f64>,
    interval: Option<[f64; 2]>,
}

impl Losses {
    fn against(&self, candidate: usize, reference: usize) -> Resampled {
        let n = self.seen.len();
        let (own, other) = (self.seen[candidate], self.seen[reference]);
        let seen = own - other;
        let pairs = || self.draws.chunks_exact(n).map(|draw| (draw[candidate], draw[reference]));
        // The difference of a resample from what was seen is what luck makes of no difference at all.
        let is_farther = |(one, other): &(f64, f64)| (one - other - seen).abs() >= seen.abs();
        let farther = pairs().filter(is_farther).count();
        let lead = |(own, other): (f64, f64)| kernel::finite((own - other) / own);
        let mut leads: Vec<f64> = pairs().filter_map(lead).collect();
        leads.sort_unstable_by(f64::total_cmp);
        // 2.5 % of 999 draws on either side.
        let tail = DRAWS / 40;
        Resampled {
            p_value: if seen == 0.0 { 1.0 } else { (farther + 1) as f64 / (DRAWS + 1) as f64 },
            lead: lead((own, other)),
            interval: (leads.len() == DRAWS).then(|| [leads[tail], leads[DRAWS - 1 - tail]]),
        }
    }
}

/// The p-value of each candidate: the worst are left out one by one, as long as the losses of those left differ; a
/// candidate's p-value is the largest of the tests up to its own.
fn confidence_set(losses: &Losses, candidates: usize) -> Vec<f64> {
    let mut p_values = vec![1.0; candidates];
    let mut left: Vec<usize> = (0..candidates).collect();
    let mut largest = 0.0_f64;
    while left.len() > 1 {
        let (worst, p_value) = worst(losses, &left);
        largest = largest.max(p_value);
        p_values[left[worst]] = largest;
        left.remove(worst);
    }
    p_values
}

/// The place of the candidate with the largest `t = (L − L̄)/σ`, and how often resamples have one as large.
fn worst(losses: &Losses, left: &[usize]) -> (usize, f64) {
    let n = left.len() as f64;
    let from_mean = |row: &[f64]| {
        let mean = left.iter().map(|&at| row[at]).sum::<f64>() / n;
        left.iter().map(move |&at| row[at] - mean).collect::<Vec<f64>>()
    };
    let seen = from_mean(&losses.seen);
    let draws: Vec<Vec<f64>> = losses.draws.chunks_exact(losses.seen.len()).map(from_mean).collect();
    let spread = |at: usize| {
        let squares: f64 = draws.iter().map(|draw| (draw[at] - seen[at]).powi(2)).sum();
        (squares / DRAWS as f64).sqrt()
    };
    let spreads: Vec<f64> = (0..left.len()).map(spread).collect();
    // Losses that never vary differ surely or not at all.
    let t = |difference: f64, at: usize| {
        if difference == 0.0 { 0.0 } else { difference / spreads[at].max(f64::MIN_POSITIVE) }
    };
    let statistics: Vec<f64> = seen.iter().enumerate().map(|(at, &difference)| t(difference, at)).collect();
    let worst =
        (1..left.len()).fold(0, |worst, at| if statistics[at] > statistics[worst] { at } else { worst });
    let most = |draw: &Vec<f64>| {
        draw.iter()
            .zip(&seen)
            .enumerate()
            .fold(f64::NEG_INFINITY, |most, (at, (draw, seen))| most.max(t(draw - seen, at)))
    };
    let as_large = draws.iter().filter(|draw| most(draw) >= statistics[worst]).count();
    (worst, if statistics[worst] == 0.0 { 1.0 } else { (as_large + 1) as f64 / (DRAWS + 1) as f64 })
}

#[cfg(test)]
#[path = "contest/tests.rs"]
mod tests;
