//! What is made of what candidates say.

use forecast::least;
use rayon::prelude::*;
use series::Series;
use wire::model_selection::Metrics;

use super::standing::Standings;
use super::{Conclusion, Errors, Fleet, Judgement, Outlook, Question, Said};
use crate::choose::candidates::Role;
use crate::choose::rule::{Decision, Lean, Loss, Record, decide, lean};
use crate::choose::widths::{FoldErrors, Widths};
use crate::combine::combine;
use crate::metrics::{Scale, Sums};
use crate::{Fold, FoldResult};

/// With fewer folds, or without a fleet beside the series, the other folds say too little to choose by: the weights are
/// judged on the folds they were chosen on.
pub const FEW_FOLDS: usize = 3;
/// The intervals of so many parts of a fleet are judged by widths that the other parts give.
const PARTS: usize = 8;

/// Weighs, combines and judges series of which everything is in memory: [`learn`] and [`judge`] with the same series.
/// `said[candidate][series]`, absent where a candidate was refused; the same on any number of threads.
pub fn conclude(question: &Question<'_>, series: &[Series], said: &[Vec<Option<Said>>]) -> Conclusion {
    let series: Vec<&Series> = series.iter().collect();
    let cases = cases(question, &series, said);
    let (fleet, weighed) = learned(question, &cases);
    let judged = judged(question, &fleet, &cases, &weighed);
    let mut standings = Standings::of(said.len());
    for one in &judged {
        standings.add(one);
    }
    let (rule, candidates) = standings.finish();
    Conclusion {
        series: judged.into_iter().map(|one| one.outlook).collect(),
        candidates,
        rule,
        coverage: fleet.coverage,
    }
}

/// What these series say to every series of their fleet.
pub fn learn(question: &Question<'_>, series: &[&Series], said: &[Vec<Option<Said>>]) -> Fleet {
    learned(question, &cases(question, series, said)).0
}

/// The forecasts of series by what each says itself and what their fleet says, in their order. What a series gets does not
/// depend on the others that it comes with.
pub fn judge(
    question: &Question<'_>,
    fleet: &Fleet,
    series: &[&Series],
    said: &[Vec<Option<Said>>],
) -> Vec<Judgement> {
    let cases = cases(question, series, said);
    let weighed = weigh_all(question, &cases, &records(question, &cases), &fleet.lean);
    judged(question, fleet, &cases, &weighed)
}

fn cases<'a>(question: &Question<'_>, series: &[&'a Series], said: &'a [Vec<Option<Said>>]) -> Vec<Case<'a>> {
    let case = |(at, series): (usize, &&'a Series)| {
        Case::of(question, series, said.iter().map(|all| all[at].as_ref()).collect())
    };
    series.par_iter().enumerate().map(case).collect()
}

fn records(question: &Question<'_>, cases: &[Case<'_>]) -> Vec<Record> {
    cases.par_iter().map(|case| case.record(question.loss)).collect()
}

fn learned(question: &Question<'_>, cases: &[Case<'_>]) -> (Fleet, Vec<Weighed>) {
    let records = records(question, cases);
    let lean = lean(&records, &roles(question));
    let weighed = weigh_all(question, cases, &records, &lean);
    let errors: Vec<Vec<FoldErrors>> = weighed.iter().map(|one| one.errors.clone()).collect();
    let widths = Widths::of_fleet(&errors, question.season);
    (Fleet { lean, widths, coverage: coverage(question, cases, &weighed) }, weighed)
}

fn roles(question: &Question<'_>) -> Vec<Role> {
    question.candidates.iter().map(|candidate| candidate.role).collect()
}

fn weigh_all(question: &Question<'_>, cases: &[Case<'_>], records: &[Record], lean: &Lean) -> Vec<Weighed> {
    let roles = roles(question);
    let weigh = |(at, (case, record)): (usize, (&Case<'_>, &Record))| match question.given {
        Some(given) => case.as_given(question, &given[at]),
        None => case.weigh(question, record, &roles, lean),
    };
    cases.par_iter().zip(records).enumerate().map(weigh).collect()
}

fn judged(question: &Question<'_>, fleet: &Fleet, cases: &[Case<'_>], weighed: &[Weighed]) -> Vec<Judgement> {
    let of = |(case, weighed): (&Case<'_>, &Weighed)| Judgement {
        outlook: case.outlook(question, weighed, &fleet.widths),
        candidates: (0..question.candidates.len()).map(|at| case.judge(at).map(|one| one.errors())).collect(),
        rule: weighed.judged.as_ref().map(Judged::errors),
    };
    cases.par_iter().zip(weighed).map(of).collect()
}

/// A series with what was said of it.
struct Case<'a> {
    values: &'a [f64],
    series: &'a Series,
    folds: Vec<Fold>,
    scales: Vec<Scale>,
    said: Vec<Option<&'a Said>>,
}

/// A series after its candidates were weighed.
struct Weighed {
    decision: Decision,
    /// The folds as the weights of the others forecast them.
    folds: Vec<FoldResult>,
    errors: Vec<FoldErrors>,
    judged: Option<Judged>,
}

/// Sums over the folds of a series.
#[derive(Debug, Clone)]
struct Judged {
    metrics: Metrics,
    absolute: f64,
    demand: f64,
}

impl<'a> Case<'a> {
    fn of(question: &Question<'_>, series: &'a Series, said: Vec<Option<&'a Said>>) -> Self {
        let folds = question.folding.folds(series.len());
        let ends: Vec<usize> = folds.iter().map(|fold| fold.train.end).collect();
        let scales = Scale::of_prefixes(series.values(), &ends, question.season);
        Self { values: series.values(), series, folds, scales, said }
    }

    fn said(&self, candidate: usize, fold: usize) -> Option<&'a [f64]> {
        self.said[candidate]?.folds.get(fold)?.as_deref()
    }

    fn record(&self, loss: Loss) -> Record {
        let error = |candidate: usize, (at, fold): (usize, &Fold)| {
            let pairs = self.values[fold.test.clone()].iter().zip(self.said(candidate, at)?);
            loss.of(pairs.filter(|(actual, _)| !actual.is_nan()).map(|(actual, point)| actual - point))
        };
        let of_one = |candidate| self.folds.iter().enumerate().map(|fold| error(candidate, fold)).collect();
        Record::new((0..self.said.len()).map(of_one).collect())
    }

    fn weigh(&self, question: &Question<'_>, record: &Record, roles: &[Role], fleet: &Lean) -> Weighed {
        let decision = self.usable(decide(record, roles, fleet));
        let weights = |at: usize, decision: &Decision| match self.folds.len() {
            FEW_FOLDS.. if question.is_fleet => {
                decide(&record.without(&self.beside(at)), roles, fleet).weights
            }
            _ => decision.weights.clone(),
        };
        self.weighed(question, decision, weights)
    }

    /// Weights that were there before: all folds are judged with them.
    fn as_given(&self, question: &Question<'_>, weights: &[f64]) -> Weighed {
        let decision = self.usable(Decision::given(weights.to_vec()));
        self.weighed(question, decision, |_, decision| decision.weights.clone())
    }

    fn weighed(
        &self,
        question: &Question<'_>,
        decision: Decision,
        weights: impl Fn(usize, &Decision) -> Vec<f64>,
    ) -> Weighed {
        let folds: Vec<FoldResult> =
            (0..self.folds.len()).filter_map(|at| self.blend(at, &weights(at, &decision))).collect();
        let train = |fold: &FoldResult| &self.values[..fold.split.train_size];
        let errors =
            folds.iter().filter_map(|fold| FoldErrors::of(fold, train(fold), question.season)).collect();
        let points = folds.iter().map(|fold| (fold.fold_index, fold.predictions.as_slice()));
        let judged = self.judged(points);
        Weighed { decision, folds, errors, judged }
    }

    /// The folds that share outcomes with this one, itself among them.
    fn beside(&self, at: usize) -> Vec<usize> {
        let test = &self.folds[at].test;
        let shares = |other: &usize| {
            let other = &self.folds[*other].test;
            other.start < test.end && test.start < other.end
        };
        (0..self.folds.len()).filter(shares).collect()
    }

    /// A candidate that says nothing of the steps ahead weighs nothing.
    fn usable(&self, mut decision: Decision) -> Decision {
        for (weight, said) in decision.weights.iter_mut().zip(&self.said) {
            if said.is_none() {
                *weight = 0.0;
            }
        }
        let total: f64 = decision.weights.iter().sum();
        if total > 0.0 {
            decision.weights.iter_mut().for_each(|weight| *weight /= total);
        } else {
            let any = self.said.iter().flatten().count().max(1) as f64;
            decision.weights =
                self.said.iter().map(|said| if said.is_some() { 1.0 / any } else { 0.0 }).collect();
        }
        decision
    }

    /// A fold as weights forecast it; those of candidates that say nothing of it go to the others.
    fn blend(&self, at: usize, weights: &[f64]) -> Option<FoldResult> {
        let used: Vec<usize> =
            (0..weights.len()).filter(|&one| weights[one] > 0.0 && self.said(one, at).is_some()).collect();
        let total: f64 = used.iter().map(|&one| weights[one]).sum();
        let shares: Vec<f64> = used.iter().map(|&one| weights[one] / total).collect();
        let points: Vec<&[f64]> = used.iter().filter_map(|&one| self.said(one, at)).collect();
        if points.is_empty() {
            return None;
        }
        Some(FoldResult::of(self.series, &self.folds[at], combine(&points, &shares), self.scales[at]))
    }

    /// A candidate on the folds.
    fn judge(&self, candidate: usize) -> Option<Judged> {
        self.judged((0..self.folds.len()).filter_map(|at| Some((at, self.said(candidate, at)?))))
    }

    fn judged<'p>(&self, points: impl Iterator<Item = (usize, &'p [f64])>) -> Option<Judged> {
        let (mut sums, mut absolute, mut demand) = (Sums::default(), 0.0, 0.0);
        for (at, points) in points {
            let actuals = &self.values[self.folds[at].test.clone()];
            sums.add_all(actuals, points, self.scales[at]);
            for (actual, point) in actuals.iter().zip(points).filter(|(actual, _)| !actual.is_nan()) {
                absolute += (actual - point).abs();
                demand += actual.abs();
            }
        }
        let metrics = sums.metrics();
        (metrics.sample_size > 0).then_some(Judged { metrics, absolute, demand })
    }

    fn outlook(&self, question: &Question<'_>, weighed: &Weighed, widths: &Widths) -> Option<Outlook> {
        let used: Vec<usize> = (0..self.said.len()).filter(|&at| self.said[at].is_some()).collect();
        let points: Vec<&[f64]> =
            used.iter().filter_map(|&at| Some(self.said[at]?.points.as_slice())).collect();
        if points.is_empty() {
            return None;
        }
        let shares: Vec<f64> = used.iter().map(|&at| weighed.decision.weights[at]).collect();
        let floor = least(self.values);
        let points: Vec<f64> = combine(&points, &shares).iter().map(|point| point.max(floor)).collect();
        let intervals = widths.intervals(&weighed.errors, self.values, &points, question.levels, floor);
        Some(Outlook {
            decision: weighed.decision.clone(),
            intervals: intervals.unwrap_or_default(),
            metrics: weighed.judged.as_ref().map(|judged| judged.metrics.clone()),
            points,
        })
    }
}

impl Judged {
    const fn errors(&self) -> Errors {
        Errors { mase: self.metrics.mase, absolute: self.absolute, demand: self.demand }
    }
}

/// How often the folds' outcomes lay inside intervals that know neither them nor their series: the widths are those of the
/// other parts of the fleet, the level of a series that of its other folds. Empty for a single series.
fn coverage(question: &Question<'_>, cases: &[Case<'_>], weighed: &[Weighed]) -> Vec<f64> {
    let parts = cases.len().min(PARTS);
    let part = |part: usize| {
        let others = weighed.iter().enumerate().filter(|(at, _)| at % parts != part);
        let widths =
            Widths::of_fleet(&others.map(|(_, one)| one.errors.clone()).collect::<Vec<_>>(), question.season);
        let own = cases.iter().zip(weighed).skip(part).step_by(parts);
        own.fold(Inside::none(question.levels.len()), |inside, (case, weighed)| {
            inside.and(case.inside(question, weighed, &widths))
        })
    };
    if parts < 2 {
        return Vec::new();
    }
    let counted: Vec<Inside> = (0..parts).into_par_iter().map(part).collect();
    let Inside { inside, all } = counted.into_iter().fold(Inside::none(question.levels.len()), Inside::and);
    if all > 0 { inside.iter().map(|&inside| inside as f64 / all as f64).collect() } else { Vec::new() }
}

/// Outcomes inside the intervals of each level, and all of them.
struct Inside {
    inside: Vec<u64>,
    all: u64,
}

impl Inside {
    fn none(levels: usize) -> Self {
        Self { inside: vec![0; levels], all: 0 }
    }

    fn and(mut self, other: Self) -> Self {
        self.inside.iter_mut().zip(other.inside).for_each(|(own, other)| *own += other);
        Self { all: self.all + other.all, ..self }
    }
}

impl Case<'_> {
    fn inside(&self, question: &Question<'_>, weighed: &Weighed, widths: &Widths) -> Inside {
        let mut found = Inside::none(question.levels.len());
        if weighed.errors.len() != weighed.folds.len() {
            return found;
        }
        for fold in &weighed.folds {
            let beside = self.beside(fold.fold_index);
            let others = weighed.errors.iter().zip(&weighed.folds);
            let others: Vec<FoldErrors> = others
                .filter(|(_, other)| !beside.contains(&other.fold_index))
                .map(|(errors, _)| errors.clone())
                .collect();
            let train = &self.values[..fold.split.train_size];
            let points = &fold.predictions;
            let Some(intervals) = widths.intervals(&others, train, points, question.levels, least(train))
            else {
                continue;
            };
            for (step, actual) in fold.actuals.iter().enumerate() {
                let Some(actual) = actual else { continue };
                found.all += 1;
                for (interval, inside) in intervals.iter().zip(&mut found.inside) {
                    *inside += u64::from((interval.lower[step]..=interval.upper[step]).contains(actual));
                }
            }
        }
        found
    }
}
