//! The default rule: route when sure, combine when not.
//!
//! Of each candidate the folds of a series give an error, as a logarithm `l` relative to the best candidate's. A handful
//! of folds says little, so `l` is drawn to what the fleet says of the candidate, `L`, as if the fleet were k more
//! folds: `(n·l + k·L)/(n + k)`. How much of what single folds say comes again on others tells k ([`lean`]); before
//! that is known, and for a series alone, it is two. A candidate weighs the inverse fourth power of that error. What
//! weighs less than a quarter of the heaviest is dropped; at the fourth power that is an error √2 times the best one's.
//! Where only one is left, it is the *route*; otherwise the rest are *combined*. A baseline starts with a quarter, so it
//! is heard only where it is better than every member. Without folds the fleet decides, and without a fleet the members
//! weigh the same, as in the simple combination of Petropoulos & Svetunkov (2020).
//!
//! Inverse errors as weights are those of Bates & Granger (1969), there of squares; the fourth power chooses more
//! sharply. Drawing to the fleet is the shrinkage of James & Stein (1961), k the credibility of Bühlmann (1967). The two
//! folds, the fourth power and the quarter were chosen on the last three windows before the hold-outs of M3, M4 and M5,
//! where the result is flat around them: powers of three to six differ by less than half a per cent in the mean over
//! all groups. Weights that minimise the fleet's error on the folds (stacking by gradient) follow the years before;
//! weights nearer to equal ones with fewer origins, medians and means of the middle half by weight gain nothing there.

mod fleet;
mod reason;
mod record;

use kernel::{counted, percents};
use serde::{Deserialize, Serialize};

pub use self::fleet::{Lean, lean};
pub use self::reason::taken_because;
pub use self::record::{Loss, Record};
use super::candidates::Role;

/// What the fleet counts for beside the folds of a series, in folds, before anything is known of how series differ.
const FLEET_FOLDS: f64 = 2.0;
/// Series that say nothing, put beside those of a fleet, so that a few series do not speak for many.
const QUIET_SERIES: f64 = 10.0;
/// How sharply errors become weights.
const POWER: f64 = 4.0;
/// What a baseline weighs before any error, and what the heaviest leaves standing.
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

/// The weights for one series. `roles` has one per candidate; `fleet` is what [`lean`] gave, or [`Lean::NONE`] for a
/// series that stands alone. A candidate that was refused on folds where others were judged weighs nothing.
pub fn decide(record: &Record, roles: &[Role], fleet: &Lean) -> Decision {
    let relative = record.relative();
    let folds = relative.as_ref().map_or(0, |relative| relative.folds);
    let n = folds as f64;
    let raw = |(at, role): (usize, &Role)| {
        let of_fleet = fleet.logs.get(at).copied().unwrap_or(0.0);
        let own = match &relative {
            None => 0.0,
            Some(relative) => relative.logs.get(at).copied().flatten()?,
        };
        let drawn = (n * own + fleet.folds * of_fleet) / (n + fleet.folds);
        let start = if *role == Role::Baseline { QUARTER } else { 1.0 };
        kernel::finite(start * (-POWER * drawn).exp())
    };
    let raw: Vec<f64> = roles.iter().enumerate().map(|one| raw(one).unwrap_or(0.0)).collect();
    let weights = shares(&raw);
    Decision::of(weights, folds)
}

/// The weights for a whole fleet together, where one champion is asked for.
pub fn decide_together(records: &[Record], roles: &[Role]) -> Decision {
    let folds = records.iter().filter_map(Record::relative).map(|relative| relative.folds).max().unwrap_or(0);
    let Decision { weights, .. } = decide(&Record::unjudged(roles.len()), roles, &lean(records, roles));
    Decision::of(weights, folds)
}

/// What is left after the light ones are dropped, summing to one. One that weighs exactly a quarter goes as well: a
/// baseline as good as the best member adds nothing to it.
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
