//! All candidates against one, over one series or many: which of them can be told from it?
//!
//! Several tests are made beside each other, because each sees what the others do not. *Diebold-Mariano* takes all errors of
//! one test window, over all series, as one observation: a lead must be steady over time, and what hits all series at once
//! counts once. The *paired t-test* and the *sign test* take one series as one observation, and the *bootstrap* resamples
//! series (of few series their windows, of a single one runs of days as long as a window): a lead must not come from a few
//! series. What is compared is what is ranked by: where series count alike, the logarithm of a series' mean absolute error,
//! so that the mean is that of ratios; else the absolute errors themselves.
//!
//! The *model confidence set* (Hansen, Lunde & Nason 2011, `T_max`) needs no first candidate, so it is not deceived by choosing
//! one on the same folds: with 95 % it holds the best candidate. It uses the resamples of the bootstrap.

use kernel::Seed;
use serde::{Deserialize, Serialize};
use wire::model_selection::{Rival, Weight};

use super::bootstrap::{Blocks, DRAWS, Losses, Series, Units};
use super::over_series::{paired_t, signs, told_from};
use super::{Paired, SIGNIFICANT, differences, test};
use crate::FoldResult;

/// With fewer series than this no count of them is lopsided enough for the sign test.
pub const LEAST_SERIES: usize = 6;

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
    /// Blocks of one resample: series, or test windows.
    pub blocks: usize,
}

/// Compares candidates with the `reference`-th; `series[s][c]` are the folds of candidate `c` on series `s`. The same
/// folds give the same resamples. `None` without common days, or where the errors are too large to be summed.
pub fn contest(series: &[Vec<&[FoldResult]>], reference: usize, weight: Weight) -> Option<Contest> {
    let rows: Vec<&Series<'_>> = series.iter().map(Vec::as_slice).collect();
    let candidates = rows.first()?.len();
    if reference >= candidates || rows.iter().any(|row| row.len() != candidates) {
        return None;
    }
    let units = Units::of(&rows, weight)?;
    let blocks = Blocks::of(&rows, &units, weight)?;
    let losses = blocks.losses(Seed(0x5EED));
    let set = losses.as_ref().map(|losses| confidence_set(losses, candidates));
    let is_many = blocks.drawn >= LEAST_SERIES && rows.len() >= LEAST_SERIES;
    let rival = |candidate: usize| {
        let resampled = losses.as_ref().map(|losses| losses.against(candidate, reference));
        let over_series = is_many.then(|| blocks.differences(candidate, reference));
        let paired = over_series.as_deref().and_then(paired_t);
        let over_time = diebold_mariano(&rows, &units, candidate, reference);
        let own = losses.as_ref().map(|losses| losses.seen[candidate]);
        let told = match (paired, &over_time) {
            (Some(paired), _) => blocks.lead_told_from(paired.told_from, own),
            (None, Some(steady)) => steady.lead_told_from(own),
            (None, None) => None,
        };
        Rival {
            lead: resampled.as_ref().and_then(|found| found.lead),
            lead_interval: resampled.as_ref().and_then(|found| found.interval),
            p_diebold_mariano: over_time.map(|steady| steady.test.p_value),
            p_paired: paired.map(|found| found.p_value),
            p_signs: over_series.as_deref().map(signs),
            p_bootstrap: resampled.map(|found| found.p_value),
            p_confidence_set: set.as_ref().map(|set| set[candidate]),
            told_from: told,
        }
    };
    Some(Contest { rivals: (0..candidates).map(rival).collect(), series: series.len(), blocks: blocks.drawn })
}

impl Blocks {
    /// The relative lead that a mean difference is. `own` is the candidate's mean loss.
    fn lead_told_from(&self, difference: f64, own: Option<f64>) -> Option<f64> {
        if self.is_log() {
            return kernel::finite(-(-difference).exp_m1());
        }
        // Differences are sums over a series, losses means over days.
        kernel::finite(difference / self.mean_days() / own?).map(|lead| lead.min(1.0))
    }
}

/// The test over time, with as many degrees of freedom as it has.
struct Steady {
    test: Paired,
    freedom: f64,
}

impl Steady {
    fn lead_told_from(&self, own: Option<f64>) -> Option<f64> {
        kernel::finite(told_from(self.test.standard_error, self.freedom) / own?).map(|lead| lead.min(1.0))
    }
}

/// The test with the errors of one window over all series as one observation. `None` with a single window.
fn diebold_mariano(
    series: &[&Series<'_>],
    units: &Units,
    candidate: usize,
    reference: usize,
) -> Option<Steady> {
    let mut windows: Vec<Vec<f64>> = Vec::new();
    for (of_series, row) in series.iter().enumerate() {
        let unit = units.unit(of_series);
        for (at, (one, other)) in row[candidate].iter().zip(row[reference]).enumerate() {
            if windows.len() <= at {
                windows.push(Vec::new());
            }
            windows[at].extend(differences(one, other).map(|difference| difference / unit));
        }
    }
    windows.retain(|window| !window.is_empty());
    let freedom = windows.len().checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
    test(&windows).map(|test| Steady { test, freedom })
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
        let lead = |(own, other): (f64, f64)| self.lead(own, other);
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
