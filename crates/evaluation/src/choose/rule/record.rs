//! What the folds of a series say of its candidates.

use serde::{Deserialize, Serialize};

use crate::FoldResult;
use crate::choose::candidates::Role;

/// How errors of single rows make the error of a fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Their mean size, which asks for the median.
    Absolute,
    /// The root of their mean square, which asks for the mean: where demand is often zero, the median is zero and
    /// says nothing of what will be sold (Kolassa 2016).
    Squared,
}

impl Loss {
    /// The error of a fold from those of its rows; `None` of none.
    pub(crate) fn of(self, errors: impl Iterator<Item = f64>) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0_u32);
        for error in errors {
            sum += if self == Self::Squared { error * error } else { error.abs() };
            count += 1;
        }
        let mean = if count > 0 { sum / f64::from(count) } else { return None };
        Some(if self == Self::Squared { mean.sqrt() } else { mean })
    }
}

/// The errors of each candidate on each fold of a series, in any unit that they share.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Record {
    /// `[candidate][fold]`; absent where the candidate was not judged on the fold.
    errors: Vec<Vec<Option<f64>>>,
}

/// Errors relative to each other on the folds that all judged candidates share.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Relative {
    pub(super) folds: usize,
    /// Per candidate the logarithm of its error over the best candidate's, less the mean of these; absent where it was
    /// not judged.
    pub(super) logs: Vec<Option<f64>>,
}

/// Errors below this share of the largest are not told apart: a perfect fold is luck.
const SMALLEST: f64 = 1e-3;
/// A logarithm of an error over the best one's beyond this is no clearer evidence, and moves the mean no further: how bad the
/// bad ones are says nothing of the good ones.
const CLEAREST: f64 = 3.0;

impl Record {
    /// A record of errors `[candidate][fold]`. One that is no number counts as absent.
    pub fn new(errors: Vec<Vec<Option<f64>>>) -> Self {
        let sound = |error: Option<f64>| error.filter(|error| error.is_finite() && *error >= 0.0);
        Self { errors: errors.into_iter().map(|folds| folds.into_iter().map(sound).collect()).collect() }
    }

    /// The record of a series without folds.
    pub fn unjudged(candidates: usize) -> Self {
        Self { errors: vec![Vec::new(); candidates] }
    }

    /// The record of each candidate's folds; no folds for one that was refused. Folds are told apart by their
    /// index.
    pub fn of(candidates: &[&[FoldResult]], loss: Loss) -> Self {
        let last = candidates.iter().flat_map(|folds| folds.iter()).map(|fold| fold.fold_index + 1).max();
        let of_one = |folds: &&[FoldResult]| {
            let at = |index: usize| folds.iter().find(|fold| fold.fold_index == index);
            (0..last.unwrap_or(0)).map(|index| at(index).and_then(|fold| error(fold, loss))).collect()
        };
        Self::new(candidates.iter().map(of_one).collect())
    }

    /// The same without some folds, to judge on them what the others decide.
    #[must_use]
    pub fn without(&self, left_out: &[usize]) -> Self {
        let rest = |folds: &Vec<Option<f64>>| {
            let kept = folds.iter().enumerate().filter(|(at, _)| !left_out.contains(at));
            kept.map(|(_, error)| *error).collect()
        };
        Self { errors: self.errors.iter().map(rest).collect() }
    }

    /// How many candidates there are.
    pub const fn candidates(&self) -> usize {
        self.errors.len()
    }

    /// `None` where no fold judges anything.
    pub(super) fn relative(&self) -> Option<Relative> {
        let (judged, shared) = self.shared()?;
        let mean = |one: &usize| {
            shared.iter().fold(0.0, |sum, fold| sum + self.at(*one, *fold).unwrap_or(0.0))
                / shared.len() as f64
        };
        let errors: Vec<f64> = judged.iter().map(mean).collect();
        Some(Relative { folds: shared.len(), logs: logs(&errors, &judged, self.errors.len()) })
    }

    /// The logarithms of each shared fold for itself, of the members alone. `roles` has one per candidate.
    pub(super) fn apart(&self, roles: &[Role]) -> Vec<Vec<Option<f64>>> {
        let Some((judged, shared)) = self.shared() else { return Vec::new() };
        let is_member = |one: &usize| roles.get(*one) == Some(&Role::Member);
        let members: Vec<usize> = judged.into_iter().filter(is_member).collect();
        let of_fold = |fold: &usize| {
            let errors: Vec<f64> = members.iter().map(|one| self.at(*one, *fold).unwrap_or(0.0)).collect();
            logs(&errors, &members, self.errors.len())
        };
        shared.iter().map(of_fold).collect()
    }

    fn at(&self, candidate: usize, fold: usize) -> Option<f64> {
        self.errors[candidate].get(fold).copied().flatten()
    }

    /// The candidates that are compared, and the folds they share. Where no fold is shared by all, those judged on the newest
    /// fold are kept: they are what a forecast from now on can be made of.
    fn shared(&self) -> Option<(Vec<usize>, Vec<usize>)> {
        let folds = self.errors.iter().map(Vec::len).max()?;
        let mut judged: Vec<usize> = (0..self.errors.len())
            .filter(|one| (0..folds).any(|fold| self.at(*one, fold).is_some()))
            .collect();
        let shared = |judged: &[usize]| -> Vec<usize> {
            (0..folds).filter(|fold| judged.iter().all(|one| self.at(*one, *fold).is_some())).collect()
        };
        let newest = (0..folds).rev().find(|fold| judged.iter().any(|one| self.at(*one, *fold).is_some()))?;
        if shared(&judged).is_empty() {
            judged.retain(|one| self.at(*one, newest).is_some());
        }
        let folds = shared(&judged);
        Some((judged, folds))
    }
}

/// The logarithms of the judged candidates' errors less their mean, put in the places of all.
fn logs(errors: &[f64], judged: &[usize], candidates: usize) -> Vec<Option<f64>> {
    let largest = errors.iter().copied().fold(0.0, f64::max);
    let log = |error: &f64| if largest > 0.0 { (error / largest).max(SMALLEST).ln() } else { 0.0 };
    let logs: Vec<f64> = errors.iter().map(log).collect();
    let best = logs.iter().copied().fold(f64::INFINITY, f64::min);
    let logs: Vec<f64> = logs.iter().map(|log| (log - best).min(CLEAREST)).collect();
    let mean = logs.iter().fold(0.0, |sum, log| sum + log) / logs.len().max(1) as f64;
    let mut all = vec![None; candidates];
    for (&place, log) in judged.iter().zip(logs) {
        all[place] = Some(log - mean);
    }
    all
}

/// The error of a fold; `None` without an outcome to judge by.
fn error(fold: &FoldResult, loss: Loss) -> Option<f64> {
    let pairs = fold.actuals.iter().zip(&fold.predictions);
    loss.of(pairs.filter_map(|(actual, prediction)| Some((*actual)? - prediction)))
}
