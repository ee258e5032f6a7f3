//! The default rule: route when sure, combine when not.
//!
//! Of each candidate the folds of a series give an error, as a logarithm `l` relative to the best candidate's. The mean
//! of these over the fleet, `L`, is of many folds and counts in full: a candidate weighs the inverse eighth power of
//! that error. What a series says of its own, `l − L`, is of a handful of folds and counts with the fourth power, drawn
//! to the fleet as if that were two more folds: in all `exp(−8·L − 4·n/(n + 2)·(l − L))` for `n` folds. What weighs
//! less than a quarter of the heaviest is dropped. Where only one is left, it is the *route*; otherwise the rest are
//! *combined*. A baseline starts with half, so it is heard where it is better than the members. Without folds the
//! fleet decides, and without a fleet the members weigh the same, as in the simple combination of Petropoulos &
//! Svetunkov (2020).
//!
//! Inverse errors as weights are those of Bates & Granger (1969), there of squares; higher powers choose more sharply.
//! Drawing to the fleet is the shrinkage of James & Stein (1961). The powers, the two folds and the half were chosen
//! on the last three windows before the hold-outs of M3, M4 and M5 and on the one before those of M1 and the tourism
//! competition, where the result is flat around them: one to four folds, own powers of three to six and fleet powers of
//! six to twelve differ by half a per cent in the mean over all groups. The fourth power for both, as before, is as good
//! where the candidates are much alike and loses up to three per cent on yearly series, whose few folds say little alone
//! and much together.
//! Weights that minimise the fleet's error on the folds (stacking, greedy or by gradient) were tried and are worse on
//! most groups: they follow the years before.

mod record;

use kernel::{counted, percents};
use serde::{Deserialize, Serialize};

pub use self::record::{Loss, Record};
use super::candidates::Role;

/// What the fleet counts for beside the folds of a series, in folds.
const FLEET_FOLDS: f64 = 2.0;
/// Series that say nothing, put beside those of a fleet, so that a few series do not speak for many.
const QUIET_SERIES: f64 = 10.0;
/// How sharply the fleet's errors become weights.
const FLEET_POWER: f64 = 8.0;
/// How sharply those of the series itself do.
const OWN_POWER: f64 = 4.0;
/// What a baseline weighs before any error.
const HALF: f64 = 0.5;
/// What the heaviest leaves standing.
const QUARTER: f64 = 0.25;

/// How a decision was come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One candidate alone.
    Route,
    /// Several, by their errors.
    Combination,
    /// The series has no folds: the fleet's weights, or equal ones.
    Unjudged,
    /// Somebody gave the weights.
    Given,
}

/// The weights of the candidates for one series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// One per candidate, from zero; they sum to one if there is a candidate to choose.
    pub weights: Vec<f64>,
    /// How they came about.
    pub kind: Kind,
    /// Folds they stand on.
    pub folds: usize,
}

/// What the fleet says of each candidate: the mean logarithm of its relative error, drawn to zero by ten
/// quiet series. Zero for a candidate that no series has judged.
pub fn lean(records: &[Record]) -> Vec<f64> {
    let candidates = records.iter().map(Record::candidates).max().unwrap_or(0);
    let mut sums = vec![(0.0, QUIET_SERIES); candidates];
    for relative in records.iter().filter_map(Record::relative) {
        for (log, (sum, count)) in relative.logs.iter().zip(&mut sums) {
            if let Some(log) = log {
                (*sum, *count) = (*sum + log, *count + 1.0);
            }
        }
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

/// The weights for one series. `roles` has one per candidate; `fleet` is what [`lean`] gave, or is empty for a
/// series that stands alone. A candidate that was refused on folds where others were judged weighs nothing.
pub fn decide(record: &Record, roles: &[Role], fleet: &[f64]) -> Decision {
    let relative = record.relative();
    let folds = relative.as_ref().map_or(0, |relative| relative.folds);
    let n = folds as f64;
    let raw = |(at, role): (usize, &Role)| {
        let of_fleet = fleet.get(at).copied().unwrap_or(0.0);
        let beside = match &relative {
            None => 0.0,
            Some(relative) => relative.logs.get(at).copied().flatten()? - of_fleet,
        };
        let own = n / (n + FLEET_FOLDS) * beside;
        let start = if *role == Role::Baseline { HALF } else { 1.0 };
        kernel::finite(start * FLEET_POWER.mul_add(-of_fleet, -OWN_POWER * own).exp())
    };
    let raw: Vec<f64> = roles.iter().enumerate().map(|one| raw(one).unwrap_or(0.0)).collect();
    let weights = shares(&raw);
    Decision::of(weights, folds)
}

/// The weights for a whole fleet together, where one champion is asked for.
pub fn decide_together(records: &[Record], roles: &[Role]) -> Decision {
    let folds = records.iter().filter_map(Record::relative).map(|relative| relative.folds).max().unwrap_or(0);
    let Decision { weights, .. } = decide(&Record::unjudged(roles.len()), roles, &lean(records));
    Decision::of(weights, folds)
}

/// What is left after the light ones are dropped, summing to one.
fn shares(raw: &[f64]) -> Vec<f64> {
    let most = raw.iter().copied().fold(0.0, f64::max);
    let kept: Vec<f64> =
        raw.iter().map(|&weight| if weight > QUARTER * most { weight } else { 0.0 }).collect();
    let total = kept.iter().fold(0.0, |sum, weight| sum + weight);
    if total > 0.0 { kept.iter().map(|weight| weight / total).collect() } else { kept }
}

impl Decision {
    /// Weights that somebody gave.
    pub const fn given(weights: Vec<f64>) -> Self {
        Self { weights, kind: Kind::Given, folds: 0 }
    }

    fn of(weights: Vec<f64>, folds: usize) -> Self {
        let left = weights.iter().filter(|weight| **weight > 0.0).count();
        let kind = match (folds, left) {
            (0, _) => Kind::Unjudged,
            (_, 1) => Kind::Route,
            _ => Kind::Combination,
        };
        Self { weights, kind, folds }
    }

    /// The decision as a sentence, the heaviest first. `names` has one per candidate.
    pub fn words(&self, names: &[&str]) -> String {
        let mut order: Vec<usize> = (0..self.weights.len()).filter(|at| self.weights[*at] > 0.0).collect();
        order.sort_by(|a, b| self.weights[*b].total_cmp(&self.weights[*a]).then(a.cmp(b)));
        let name = |at: usize| names.get(at).copied().unwrap_or("a model without a name");
        let percents = percents(&order.iter().map(|&at| self.weights[at]).collect::<Vec<_>>());
        let shares: Vec<String> =
            order.iter().zip(percents).map(|(&at, share)| format!("{} {share} %", name(at))).collect();
        let folds = counted(self.folds, "fold", "folds");
        match (self.kind, order.first()) {
            (_, None) => "no candidate can be used".to_owned(),
            (Kind::Route, Some(&best)) => {
                format!("{} alone: clearly the best on {folds}", name(best))
            }
            (Kind::Combination, _) => {
                format!(
                    "combined by their errors on {folds}, because none is clearly the best: {}",
                    shares.join(", ")
                )
            }
            (Kind::Unjudged, _) => format!("combined without folds of its own: {}", shares.join(", ")),
            (Kind::Given, _) => format!("as decided before: {}", shares.join(", ")),
        }
    }
}

#[cfg(test)]
#[path = "rule/tests.rs"]
mod tests;
