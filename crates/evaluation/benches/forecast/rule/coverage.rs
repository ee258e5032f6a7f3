//! How often outcomes lie inside the intervals of [`evaluation::choose::widths`].

use evaluation::FoldResult;
use evaluation::choose::candidates::{Candidate, Role};
use evaluation::choose::rule::{Lean, Loss, Record, decide, lean};
use evaluation::choose::widths::{FoldErrors, Widths};
use evaluation::combine::combine;
use forecast::least;

use super::cases::Case;

pub(crate) const LEVELS: [f64; 3] = wire::model_selection::Interval::USUAL_LEVELS;

/// Of some forecasts, the share of outcomes inside at each level, and at 80 % over the scale of MASE the mean width and
/// the mean interval score: the width, and ten times as much as an outcome is outside (Gneiting & Raftery 2007).
pub(crate) struct Coverage {
    pub(crate) inside: [f64; LEVELS.len()],
    pub(crate) width: f64,
    pub(crate) score: f64,
}

/// Whose errors make the intervals of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// Those of all series.
    Fleet,
    /// Its own alone, as where a user has one series.
    Own,
}

/// Coverage of the default rule's forecast. Each fold is forecast with the weights that the other folds give.
pub(crate) fn of_default(
    cases: &[Case],
    candidates: &[Candidate],
    loss: Loss,
    season: usize,
    from: From,
) -> Coverage {
    let roles: Vec<Role> = candidates.iter().map(|candidate| candidate.role).collect();
    let records: Vec<Record> = cases.iter().map(|case| Record::of(&folds(case), loss)).collect();
    let fleet = if from == From::Fleet { lean(&records, &roles) } else { Lean::NONE };
    let points = |(case, record): (&Case, &Record)| {
        let points: Vec<&[f64]> = case.points.iter().map(Vec::as_slice).collect();
        combine(&points, &decide(record, &roles, &fleet).weights)
    };
    let points: Vec<Vec<f64>> = cases.iter().zip(&records).map(points).collect();
    let errors = cases.iter().zip(&records).map(|(case, record)| {
        let weights = |fold: usize| decide(&record.without(&[fold]), &roles, &fleet).weights;
        errors_of(case, season, |fold| blended(case, fold, &weights(fold)))
    });
    coverage(cases, &points, &errors.collect::<Vec<_>>(), season, from)
}

/// Coverage of one candidate's own forecast.
pub(crate) fn of_one(cases: &[Case], model: usize, season: usize) -> Coverage {
    let points: Vec<Vec<f64>> = cases.iter().map(|case| case.points[model].clone()).collect();
    let errors =
        cases.iter().map(|case| errors_of(case, season, |fold| case.folds[model].get(fold).cloned()));
    coverage(cases, &points, &errors.collect::<Vec<_>>(), season, From::Fleet)
}

fn folds(case: &Case) -> Vec<&[FoldResult]> {
    case.folds.iter().map(Vec::as_slice).collect()
}

fn errors_of(case: &Case, season: usize, fold: impl Fn(usize) -> Option<FoldResult>) -> Vec<FoldErrors> {
    let count = case.folds.iter().map(Vec::len).max().unwrap_or(0);
    let errors = |fold: FoldResult| FoldErrors::of(&fold, &case.history[..fold.split.train_size], season);
    (0..count).filter_map(fold).filter_map(errors).collect()
}

/// A fold as the weights forecast it.
fn blended(case: &Case, fold: usize, weights: &[f64]) -> Option<FoldResult> {
    let used: Vec<usize> = (0..weights.len()).filter(|at| weights[*at] > 0.0).collect();
    let judged: Vec<&FoldResult> = used.iter().map(|at| case.folds[*at].get(fold)).collect::<Option<_>>()?;
    let points: Vec<&[f64]> = judged.iter().map(|judged| judged.predictions.as_slice()).collect();
    let weights: Vec<f64> = used.iter().map(|at| weights[*at]).collect();
    let first: FoldResult = (*judged.first()?).clone();
    Some(FoldResult { predictions: combine(&points, &weights), ..first })
}

fn coverage(
    cases: &[Case],
    points: &[Vec<f64>],
    errors: &[Vec<FoldErrors>],
    season: usize,
    from: From,
) -> Coverage {
    let mut widths = Widths::of_fleet(errors, season);
    let (mut inside, mut all, mut width, mut score) = ([0.0; LEVELS.len()], 0.0, 0.0, 0.0);
    for ((case, points), own) in cases.iter().zip(points).zip(errors) {
        if from == From::Own {
            widths = Widths::of_fleet(std::slice::from_ref(own), season);
        }
        let Some(intervals) = widths.intervals(own, &case.history, points, &LEVELS, least(&case.history))
        else {
            continue;
        };
        for (step, actual) in case.actuals.iter().enumerate() {
            for (interval, inside) in intervals.iter().zip(&mut inside) {
                let bounds = interval.lower[step]..=interval.upper[step];
                *inside += f64::from(u8::from(bounds.contains(actual)));
            }
            let (lower, upper) = (intervals[1].lower[step], intervals[1].upper[step]);
            let outside = (lower - actual).max(actual - upper).max(0.0);
            width += (upper - lower) / case.mean_difference();
            score += 10.0_f64.mul_add(outside, upper - lower) / case.mean_difference();
            all += 1.0;
        }
    }
    Coverage { inside: inside.map(|inside| inside / all), width: width / all, score: score / all }
}
