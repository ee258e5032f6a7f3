//! Intervals around point forecasts, and how often outcomes fell inside them.
//!
//! | kind | bounds | stands on |
//! |---|---|---|
//! | `conformal` | point ± a rank of the absolute errors on the folds | errors to come are like those seen |
//! | `analytic` | normal, with the standard deviations of the model's own formula | the model is true |
//! | `count` | quantiles of a negative binomial or Poisson distribution, whole numbers | independent counts at one rate |
//!
//! *Conformal* (Vovk, Gammerman & Shafer 2005): of `n` past absolute errors of comparable steps, the
//! `⌈(n + 1)·level⌉`-th smallest is the half width. Comparable are the errors of the same step and of the fewest
//! neighbouring steps that make `n` large enough. The other two kinds are a model's own statement, its *law*.
//!
//! Where a model has a law, both are judged on the folds and the one with the smaller interval score is given: the
//! law of each fold as it was before the fold, the conformal one by the errors of the other folds. Guaranteed at any
//! input: lower ≤ point ≤ upper, every bound finite, higher levels enclose lower ones, no bound below zero where
//! nothing below zero was seen. Coverage is *observed*, not guaranteed: folds of one series are not exchangeable.

mod conformal;
mod law;

use forecast::{Law, Predicted};
use wire::model_selection::{
    Interval, IntervalCoverage, IntervalKind as Kind, IntervalReason as Reason, Intervals, Uncertainty,
};

use self::conformal::Errors;
use self::law::intervals as by_law_of;
use crate::metrics::{interval_score, pinball};
use crate::{Backtest, FoldResult};

const LEVELS: [f64; 3] = Interval::USUAL_LEVELS;

/// Adds a step's bounds.
fn push(interval: &mut Interval, point: f64, half_width: f64, floor: f64) {
    // A point below the floor is its own bound.
    interval.lower.push((point - half_width).max(floor.min(point)));
    interval.upper.push(point + half_width);
}

fn is_finite(interval: &Interval) -> bool {
    interval.lower.iter().chain(&interval.upper).all(|bound| bound.is_finite())
}

/// Judges the folds' intervals by each fold's law, if all have one, and by the other folds' errors, and keeps the
/// better. `scales[fold]` is what a pinball loss is divided by. `None` where there is nothing to judge.
pub(crate) fn judge(
    folds: &[FoldResult],
    laws: &[Option<Law>],
    scales: &[Option<f64>],
) -> Option<Uncertainty> {
    let floor = floor(folds);
    let by_law = || {
        let mut score = Score::default();
        for ((fold, law), scale) in folds.iter().zip(laws).zip(scales) {
            let intervals = by_law_of(law.as_ref()?, &fold.predictions, &LEVELS, floor);
            score.add(fold, *scale, |step, level| {
                Some((intervals[level].lower[step], intervals[level].upper[step]))
            });
        }
        let kind = match laws.first() {
            Some(Some(Law::Count { .. })) => Kind::Count,
            _ => Kind::Analytic,
        };
        score.summary(kind)
    };
    let by_errors = || {
        let errors = Errors::of(folds);
        let mut score = Score::default();
        for (index, (fold, scale)) in folds.iter().zip(scales).enumerate() {
            score.add(fold, *scale, |step, level| {
                let (point, width) =
                    (fold.predictions[step], errors.half_width(step, LEVELS[level], Some(index))?);
                Some(((point - width).max(floor.min(point)), point + width))
            });
        }
        score.summary(Kind::Conformal)
    };
    match (by_law(), by_errors()) {
        (Some(law), Some(errors)) => {
            let better = if law.interval_score <= errors.interval_score { law } else { errors };
            Some(Uncertainty { reason: Reason::SmallerScore, ..better })
        }
        (Some(law), None) => Some(Uncertainty { reason: Reason::TooFewFolds, ..law }),
        (None, errors) => errors,
    }
}

/// Sums over judged outcomes.
#[derive(Default)]
struct Score {
    inside: [usize; LEVELS.len()],
    interval: [f64; LEVELS.len()],
    pinball: f64,
    unscaled: usize,
    points: usize,
}

impl Score {
    /// Judges a fold; `bounds` takes a step and the place of a level.
    fn add(
        &mut self,
        fold: &FoldResult,
        scale: Option<f64>,
        bounds: impl Fn(usize, usize) -> Option<(f64, f64)>,
    ) {
        const QUANTILES: f64 = 2.0 * LEVELS.len() as f64 + 1.0;
        for (step, (actual, &point)) in fold.actuals.iter().zip(&fold.predictions).enumerate() {
            let Some(actual) = *actual else { continue };
            let mut loss = pinball(actual, point, 0.5);
            let mut is_judged = false;
            for (at, level) in LEVELS.into_iter().enumerate() {
                let Some((lower, upper)) = bounds(step, at) else { continue };
                is_judged = true;
                self.inside[at] += usize::from((lower..=upper).contains(&actual));
                self.interval[at] += interval_score(actual, lower, upper, level);
                loss += pinball(actual, lower, 0.5 - 0.5 * level) + pinball(actual, upper, 0.5 + 0.5 * level);
            }
            if is_judged {
                self.points += 1;
                match scale {
                    Some(scale) => self.pinball += loss / QUANTILES / scale,
                    None => self.unscaled += 1,
                }
            }
        }
    }

    /// The means; `None` without outcomes or where they are too large.
    fn summary(&self, kind: Kind) -> Option<Uncertainty> {
        let n = self.points as f64;
        let coverage = LEVELS.into_iter().enumerate().map(|(at, level)| {
            let observed = kernel::finite(self.inside[at] as f64 / n)?;
            Some(IntervalCoverage { level, observed, interval_score: kernel::finite(self.interval[at] / n)? })
        });
        let coverage: Vec<IntervalCoverage> = coverage.collect::<Option<_>>()?;
        let scores: f64 = coverage.iter().map(|coverage| coverage.interval_score / LEVELS.len() as f64).sum();
        Some(Uncertainty {
            kind,
            reason: Reason::NoLaw,
            interval_score: kernel::finite(scores)?,
            scaled_pinball: if self.unscaled == 0 { kernel::finite(self.pinball / n) } else { None },
            coverage,
            points: self.points,
        })
    }
}

/// Zero where no outcome was below zero.
fn floor(folds: &[FoldResult]) -> f64 {
    let is_never_negative =
        folds.iter().flat_map(|fold| fold.actuals.iter()).flatten().all(|actual| *actual >= 0.0);
    if is_never_negative { 0.0 } else { f64::NEG_INFINITY }
}

/// The intervals of a forecast at levels strictly between 0 and 1, of the kind that was better on the folds of the
/// same model's backtest. `None` where the model says nothing of its errors and there is no backtest to learn from,
/// or a bound would not be finite.
pub(crate) fn around(
    predicted: &Predicted,
    backtest: Option<&Backtest>,
    levels: &[f64],
) -> Option<Intervals> {
    let mut levels: Vec<f64> = levels.iter().copied().filter(|level| *level > 0.0 && *level < 1.0).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let folds = backtest.map_or(&[][..], |backtest| &backtest.folds);
    let floor = predicted.floor;
    let observed = backtest.and_then(|backtest| backtest.uncertainty.clone());
    let points = &predicted.points;
    let law = predicted
        .law
        .as_ref()
        .filter(|_| observed.as_ref().is_none_or(|observed| observed.kind != Kind::Conformal));
    let (kind, fallback, intervals) = match law {
        Some(law) => {
            let kind = if matches!(law, Law::Normal(_)) { Kind::Analytic } else { Kind::Count };
            (kind, Reason::TooFewFolds, by_law_of(law, points, &levels, floor))
        }
        None => (Kind::Conformal, Reason::NoLaw, Errors::of(folds).intervals(points, &levels, floor)?),
    };
    // What was seen of another kind says nothing of this one.
    let observed = observed.filter(|observed| observed.kind == kind);
    let reason = observed.as_ref().map_or(fallback, |observed| observed.reason);
    let are_finite = !points.is_empty() && intervals.iter().all(is_finite);
    are_finite.then_some(Intervals { kind, reason, intervals, observed })
}

#[cfg(test)]
#[path = "interval/tests.rs"]
mod tests;
