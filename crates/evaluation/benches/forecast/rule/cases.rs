//! Series with what each candidate did on their folds and forecasts after them.

use std::error::Error;
use std::path::Path;

use evaluation::choose::candidates::{Candidate, Traits, propose};
use evaluation::choose::folds::{Plan, Wish, plan};
use evaluation::choose::rule::Loss;
use evaluation::choose::seasons;
use evaluation::metrics::{Scale, metrics_of};
use evaluation::{Fold, FoldResult, FoldWindow};
use forecast::{Future, History, ModelSpec};
use wire::model_selection::StatedFolds;

use crate::naive2::naive2;
use crate::{data, dates, m5};

/// Series of one kind, with the rows of the hold-out at their ends.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    /// Rows of a season that errors are scaled by.
    pub(crate) period: usize,
    /// The seasons that are looked for.
    lengths: &'static [usize],
    horizon: usize,
    series: Vec<Vec<f64>>,
}

/// Everything that a rule may know of a series, and what came after.
pub(crate) struct Case {
    pub(crate) history: Vec<f64>,
    pub(crate) actuals: Vec<f64>,
    /// Per candidate; the last value for one that was refused.
    pub(crate) points: Vec<Vec<f64>>,
    /// Per candidate; empty for one that was refused, or where no fold fits.
    pub(crate) folds: Vec<Vec<FoldResult>>,
    pub(crate) naive2: Vec<f64>,
    scale: Scale,
}

/// The cases of each window.
pub(crate) struct Judged {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) windows: Vec<Vec<Case>>,
    /// Seasons and candidates in words.
    pub(crate) said: String,
}

/// The seven groups.
pub(crate) fn samples(data: &Path) -> Result<Vec<Sample>, Box<dyn Error>> {
    let mut samples = Vec::new();
    for group in data::groups(data)? {
        let (lengths, most): (&[usize], _) = match group.name {
            "M3 quarterly" => (&[4], 400),
            "M3 monthly" => (&[12], 400),
            "M4 weekly" => (&[52], 400),
            "M4 hourly" => (&seasons::HOURLY, 200),
            _ => (&[], 400),
        };
        let stride = group.train.len().div_ceil(most);
        let whole = |(train, test): (&Vec<f64>, &Vec<f64>)| [train.as_slice(), test].concat();
        let series = group.train.iter().zip(&group.test).step_by(stride).map(whole).collect();
        let horizon = group.test[0].len();
        samples.push(Sample { name: group.name, period: group.period, lengths, horizon, series });
    }
    let m5 = m5::load(data)?;
    let whole = |at: usize| [m5.train[at].as_slice(), m5.actuals(at)].concat();
    let series = (0..m5.train.len()).step_by(m5.train.len().div_ceil(400)).map(whole).collect();
    samples.push(Sample { name: "M5 articles", period: 7, lengths: &[7], horizon: data::HORIZON, series });
    Ok(samples)
}

impl Sample {
    pub(crate) fn loss(&self) -> Loss {
        if self.name.starts_with("M5") { Loss::Squared } else { Loss::Absolute }
    }

    /// Seasons and candidates are chosen by what was known before the earliest window.
    pub(crate) fn judge(&self, back: &[usize]) -> Judged {
        let most = back.iter().copied().max().unwrap_or(0) + 1;
        let known = |values: &Vec<f64>| values.len().saturating_sub(most * self.horizon);
        let histories: Vec<&[f64]> = self.series.iter().map(|values| &values[..known(values)]).collect();
        let shares = seasons::of_fleet(&histories, self.lengths);
        let traits = Traits::with(&histories, &shares);
        let candidates = propose(&traits);
        let names: Vec<&str> = candidates.iter().map(|one| one.spec.model_type()).collect();
        let found: Vec<String> = shares.iter().map(seasons::Share::words).collect();
        let said = format!("{}; {}", found.join("; "), names.join(", "));
        let mut windows: Vec<Vec<Case>> = back.iter().map(|_| Vec::new()).collect();
        for values in &self.series {
            for (cases, back) in windows.iter_mut().zip(back) {
                cases.extend(self.case(values, *back, traits.season(), &candidates));
            }
        }
        Judged { candidates, windows, said }
    }

    /// `None` for a series that is too short to forecast, or does not change.
    fn case(&self, values: &[f64], back: usize, season: usize, candidates: &[Candidate]) -> Option<Case> {
        let least = 7.max(self.period + 1);
        let end = values.len().checked_sub((back + 1) * self.horizon).filter(|end| *end >= least)?;
        let (history, actuals) = (&values[..end], &values[end..end + self.horizon]);
        // RMSSE as M5 has it.
        let scale = Scale { squared: Scale::of(history, 1).squared, ..Scale::of(history, self.period) };
        scale.absolute.and(scale.squared)?;
        let plan =
            plan(&Wish { rows: end, horizon: self.horizon, season, stated: StatedFolds::default() }).ok();
        let folds: Vec<Fold> = plan.and_then(|Plan { split, .. }| split.folds(end).ok()).unwrap_or_default();
        let mut case = Case {
            history: history.to_vec(),
            actuals: actuals.to_vec(),
            points: Vec::new(),
            folds: Vec::new(),
            naive2: naive2(history, self.period, self.horizon),
            scale,
        };
        for candidate in candidates {
            let (results, points) = run(&candidate.spec, history, &folds, self.horizon, scale);
            case.folds.push(results);
            case.points.push(points.unwrap_or_else(|| vec![history[end - 1]; self.horizon]));
        }
        Some(case)
    }
}

/// One model on all folds, none if it was refused on one, and on the whole.
fn run(
    spec: &ModelSpec,
    history: &[f64],
    folds: &[Fold],
    horizon: usize,
    scale: Scale,
) -> (Vec<FoldResult>, Option<Vec<f64>>) {
    let rows = history.len();
    let dates = dates(rows + horizon);
    let mut origins: Vec<usize> = folds.iter().map(|fold| fold.train.end).collect();
    origins.push(rows);
    let mut futures: Vec<Future<'_>> =
        folds.iter().map(|fold| Future { dates: &dates[fold.test.clone()], known: None }).collect();
    futures.push(Future { dates: &dates[rows..], known: None });
    let past = History { values: history, dates: &dates[..rows], known: None };
    let mut all = spec.forecast_prefixes(&past, &origins, &futures);
    let points = all.pop().and_then(Result::ok);
    let judge = |(fold, predictions): (&Fold, Vec<f64>)| {
        let actuals = &history[fold.test.clone()];
        FoldResult {
            fold_index: fold.index,
            split: FoldWindow {
                train_start: dates[fold.train.start],
                train_end: dates[fold.train.end - 1],
                test_start: dates[fold.test.start],
                test_end: dates[fold.test.end - 1],
                train_size: fold.train.len(),
                test_size: fold.test.len(),
            },
            dates: dates[fold.test.clone()].into(),
            actuals: actuals.iter().copied().map(Some).collect(),
            metrics: metrics_of(actuals, &predictions, scale),
            naive_error: None,
            predictions,
        }
    };
    let complete: Option<Vec<Vec<f64>>> = all.into_iter().map(Result::ok).collect();
    (folds.iter().zip(complete.unwrap_or_default()).map(judge).collect(), points)
}

impl Case {
    /// The scaled error of the forecast after the history.
    pub(crate) fn error(&self, points: &[f64], loss: Loss) -> f64 {
        self.scaled(&self.actuals, points, loss)
    }

    /// What MASE divides by.
    pub(crate) fn mean_difference(&self) -> f64 {
        self.scale.absolute.unwrap_or(f64::INFINITY)
    }

    /// A scaled error of some rows.
    pub(crate) fn scaled(&self, actuals: &[f64], points: &[f64], loss: Loss) -> f64 {
        let metrics = metrics_of(actuals, points, self.scale);
        let error = if loss == Loss::Squared { metrics.rmsse } else { metrics.mase };
        error.unwrap_or(f64::INFINITY)
    }
}
