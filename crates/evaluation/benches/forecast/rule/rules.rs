//! What can be made of the folds of some candidates.

use evaluation::FoldResult;
use evaluation::choose::candidates::{Candidate, Role};
use evaluation::choose::rule::{Lean, Loss, Record, decide, lean};
use evaluation::combine::{Rule, combine, guarded, mean_square, median, weights_of};

use super::cases::Case;

/// The rule that is the default.
pub(crate) const DEFAULT: &str = "default rule, with the fleet";
/// What the default is compared with.
pub(crate) const REFERENCE: [&str; 4] =
    ["mean of three", "median of three", "mean with ARIMA", "median with ARIMA"];
/// How often the greedy choice takes another model.
const GREEDY_STEPS: usize = 20;

/// A rule's forecast of every case.
pub(crate) struct Ruled {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<Vec<f64>>,
    pub(crate) note: String,
}

/// Every rule, the default last but the oracle.
pub(crate) fn all(cases: &[Case], candidates: &[Candidate], loss: Loss) -> Vec<Ruled> {
    let bench = Bench { cases, candidates, loss };
    let mut found = bench.champions();
    found.extend(bench.combinations());
    found.extend(bench.defaults());
    found.push(bench.by("oracle", |case| {
        bench.one_hot(least(candidates.len(), |at| case.error(&case.points[at], loss)))
    }));
    found
}

struct Bench<'a> {
    cases: &'a [Case],
    candidates: &'a [Candidate],
    loss: Loss,
}

impl Bench<'_> {
    fn champions(&self) -> Vec<Ruled> {
        let scaled =
            self.best_of_all(|case, fold| case.scaled(&actuals(fold), &fold.predictions, self.loss), |_| 1.0);
        let size = |fold: &FoldResult| actuals(fold).iter().map(|actual| actual.abs()).sum();
        let pooled = self.best_of_all(|_, fold| absolute(fold), size);
        let default = self.place("ets").unwrap_or(0);
        let champion = |case: &Case| {
            if is_unjudged(case) { self.equal(&MEMBERS[..3]) } else { self.one_hot(self.champion(case)) }
        };
        let guarded = |case: &Case| {
            let known: Vec<usize> = (0..case.folds.len()).filter(|at| !case.folds[*at].is_empty()).collect();
            let folds: Vec<&[FoldResult]> = known.iter().map(|at| case.folds[*at].as_slice()).collect();
            match known.iter().position(|at| *at == default) {
                Some(at) => self.one_hot(known[guarded(&folds, at, 0.05)]),
                None => self.one_hot(default),
            }
        };
        vec![
            self.noted("one model for all, by scaled errors", scaled),
            self.noted("one model for all, by pooled WAPE", pooled),
            self.by("champion of each series", champion),
            self.by("guarded champion of each series", guarded),
        ]
    }

    fn combinations(&self) -> Vec<Ruled> {
        let three = &MEMBERS[..3];
        let squares = |case: &Case| case.folds.iter().map(|folds| mean_square(folds)).collect::<Vec<f64>>();
        let ruled = |case: &Case, rule: Rule| {
            if is_unjudged(case) { self.equal(three) } else { weights_of(&squares(case), rule) }
        };
        let greedy = self.greedy();
        vec![
            self.by("mean of three", |_| self.equal(three)),
            self.middle("median of three", three),
            self.by("mean with ARIMA", |_| self.equal(&MEMBERS)),
            self.middle("median with ARIMA", &MEMBERS),
            self.by("mean of all", |_| vec![1.0 / self.candidates.len() as f64; self.candidates.len()]),
            self.by("mean of the best three", |case| ruled(case, Rule::TopK { count: 3 })),
            self.by("inverse squared errors, half trusted", |case| ruled(case, Rule::Shrunk { trust: 0.5 })),
            self.by("greedy weights for all", |_| greedy.clone()),
        ]
    }

    fn defaults(&self) -> Vec<Ruled> {
        let record = |case: &Case| {
            let folds: Vec<&[FoldResult]> = case.folds.iter().map(Vec::as_slice).collect();
            Record::of(&folds, self.loss)
        };
        let records: Vec<Record> = self.cases.iter().map(record).collect();
        let roles: Vec<Role> = self.candidates.iter().map(|candidate| candidate.role).collect();
        let fleet = lean(&records, &roles);
        let mut found = Vec::new();
        for (name, fleet) in [("default rule, each series alone", &Lean::NONE), (DEFAULT, &fleet)] {
            let decisions: Vec<_> = records.iter().map(|record| decide(record, &roles, fleet)).collect();
            let routed = decisions.iter().filter(|one| one.weights.iter().filter(|w| **w > 0.0).count() == 1);
            let used: usize =
                decisions.iter().map(|one| one.weights.iter().filter(|weight| **weight > 0.0).count()).sum();
            let note = format!(
                ", {} routed, {:.1} models a series, the fleet counts {:.1} folds",
                routed.count(),
                used as f64 / decisions.len() as f64,
                fleet.folds()
            );
            let points =
                self.cases.iter().zip(&decisions).map(|(case, one)| blend(case, &one.weights)).collect();
            found.push(Ruled { name, points, note });
        }
        found
    }

    fn by(&self, name: &'static str, weights: impl Fn(&Case) -> Vec<f64>) -> Ruled {
        let points = self.cases.iter().map(|case| blend(case, &weights(case))).collect();
        Ruled { name, points, note: String::new() }
    }

    fn noted(&self, name: &'static str, model: usize) -> Ruled {
        let note = format!(", {}", self.candidates[model].spec.model_type());
        Ruled { note, ..self.by(name, |_| self.one_hot(model)) }
    }

    fn middle(&self, name: &'static str, members: &[&str]) -> Ruled {
        let places: Vec<usize> = members.iter().filter_map(|name| self.place(name)).collect();
        let of =
            |case: &Case| median(&places.iter().map(|at| case.points[*at].as_slice()).collect::<Vec<_>>());
        Ruled { name, points: self.cases.iter().map(of).collect(), note: String::new() }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.spec.model_type() == name)
    }

    fn equal(&self, members: &[&str]) -> Vec<f64> {
        let is_member = |one: &Candidate| members.contains(&one.spec.model_type());
        let count = self.candidates.iter().filter(|one| is_member(one)).count() as f64;
        self.candidates.iter().map(|one| if is_member(one) { 1.0 / count } else { 0.0 }).collect()
    }

    fn one_hot(&self, model: usize) -> Vec<f64> {
        (0..self.candidates.len()).map(|at| if at == model { 1.0 } else { 0.0 }).collect()
    }

    fn champion(&self, case: &Case) -> usize {
        least(self.candidates.len(), |at| mean_scaled(case, &case.folds[at], self.loss))
    }

    /// The model with the least sum of fold errors over the sum of their sizes; one refused anywhere loses.
    fn best_of_all(
        &self,
        error: impl Fn(&Case, &FoldResult) -> f64,
        size: impl Fn(&FoldResult) -> f64,
    ) -> usize {
        least(self.candidates.len(), |at| {
            let (mut errors, mut sizes) = (0.0, 0.0);
            for case in self.cases.iter().filter(|case| !is_unjudged(case)) {
                if case.folds[at].is_empty() {
                    return f64::INFINITY;
                }
                let n = case.folds[at].len() as f64;
                errors += case.folds[at].iter().map(|fold| error(case, fold)).sum::<f64>() / n;
                sizes += case.folds[at].iter().map(&size).sum::<f64>() / n;
            }
            errors / sizes
        })
    }

    /// One set of weights for all: models are added, some of them again, while each lowers the mean scaled error of
    /// all folds the most (Caruana, Niculescu-Mizil, Crew & Ksikes 2004).
    fn greedy(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.candidates.len()];
        for _ in 0..GREEDY_STEPS {
            let best = least(counts.len(), |at| {
                let mut tried = counts.clone();
                tried[at] += 1.0;
                self.cases.iter().map(|case| self.mixed(case, &tried)).sum()
            });
            counts[best] += 1.0;
        }
        counts.iter().map(|count| count / GREEDY_STEPS as f64).collect()
    }

    /// The mean scaled error of a mixture on the folds of a case.
    fn mixed(&self, case: &Case, counts: &[f64]) -> f64 {
        let used: Vec<usize> =
            (0..counts.len()).filter(|at| counts[*at] > 0.0 && !case.folds[*at].is_empty()).collect();
        let total: f64 = used.iter().map(|at| counts[*at]).sum();
        let weights: Vec<f64> = used.iter().map(|at| counts[*at] / total).collect();
        let Some(first) = used.first() else { return 0.0 };
        let folds = case.folds[*first].iter().enumerate();
        let error = |(fold, judged): (usize, &FoldResult)| {
            let points: Vec<&[f64]> =
                used.iter().map(|at| case.folds[*at][fold].predictions.as_slice()).collect();
            case.scaled(&actuals(judged), &combine(&points, &weights), self.loss)
        };
        folds.map(error).sum::<f64>() / case.folds[*first].len() as f64
    }
}

/// The simple combination, its slow member last.
const MEMBERS: [&str; 4] = ["ets", "dynamic_optimized_theta", "ces", "arima"];

fn is_unjudged(case: &Case) -> bool {
    case.folds.iter().all(Vec::is_empty)
}

fn blend(case: &Case, weights: &[f64]) -> Vec<f64> {
    combine(&case.points.iter().map(Vec::as_slice).collect::<Vec<_>>(), weights)
}

fn actuals(fold: &FoldResult) -> Vec<f64> {
    fold.actuals.iter().flatten().copied().collect()
}

fn absolute(fold: &FoldResult) -> f64 {
    actuals(fold).iter().zip(&fold.predictions).map(|(actual, point)| (actual - point).abs()).sum()
}

fn mean_scaled(case: &Case, folds: &[FoldResult], loss: Loss) -> f64 {
    let errors = folds.iter().map(|fold| case.scaled(&actuals(fold), &fold.predictions, loss));
    if folds.is_empty() { f64::INFINITY } else { errors.sum::<f64>() / folds.len() as f64 }
}

/// The first place with the least number.
fn least(count: usize, of: impl Fn(usize) -> f64) -> usize {
    let numbers: Vec<f64> = (0..count).map(of).collect();
    (0..count).min_by(|a, b| numbers[*a].total_cmp(&numbers[*b])).unwrap_or(0)
}
