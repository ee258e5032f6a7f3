//! What the first-ranked model is worth beside what needs no choice, in the numbers of its own run and by its own
//! measure: the plain mean of the candidates and, over several series, each series' own best model.

use wire::model_selection::{Combination, RankEntry};

use super::{Judged, backtest_of};

/// Absolute errors and demand, from which WAPE follows.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Weighed {
    pub error: f64,
    demand: f64,
}

impl Weighed {
    pub(super) fn add(&mut self, actuals: &[Option<f64>], predictions: &[f64]) {
        for (actual, prediction) in actuals.iter().zip(predictions) {
            if let Some(actual) = actual {
                self.error += (actual - prediction).abs();
                self.demand += actual.abs();
            }
        }
    }

    pub(super) fn wape(self) -> Option<f64> {
        kernel::finite(100.0 * self.error / self.demand)
    }
}

/// WAPE as the ranking measures it: of one series the mean over folds (pooled where a fold has no demand), of several
/// pooled over all points. Two measures beside each other would be two values of one thing.
#[derive(Default)]
struct Measure {
    all: Weighed,
    folds: Vec<Option<f64>>,
}

impl Measure {
    fn add(&mut self, actuals: &[Option<f64>], predictions: &[f64]) {
        self.all.add(actuals, predictions);
        let mut fold = Weighed::default();
        fold.add(actuals, predictions);
        self.folds.push(fold.wape());
    }

    fn wape(&self, series: usize) -> Option<f64> {
        let folds: Option<Vec<f64>> = self.folds.iter().copied().collect();
        match folds {
            Some(folds) if series == 1 => kernel::finite(folds.iter().sum::<f64>() / folds.len() as f64),
            _ => self.all.wape(),
        }
    }
}

/// The combination over all series; `None` if no series has two ranked candidates. `first` is the first-ranked entry.
pub(super) fn combination(judged: &[Judged<'_>], first: &RankEntry) -> Option<Combination> {
    let (mut mean, mut own) = (Measure::default(), Measure::default());
    let (mut fewest, mut most) = (usize::MAX, 0);
    for series in judged {
        let members = members(series);
        (fewest, most) = (fewest.min(members.len()), most.max(members.len()));
        let Some(best) = members.first() else { continue };
        for (fold, shown) in best.1.folds.iter().enumerate() {
            mean.add(&shown.actuals, &combined(&members, fold));
            own.add(&shown.actuals, &shown.predictions);
        }
    }
    (most > 1).then(|| Combination {
        method: "mean".to_owned(),
        members: fewest,
        wape: mean.wape(judged.len()),
        champion_wape: first.metrics.and_then(|metrics| metrics.wape),
        best_per_series_wape: own.wape(judged.len()).filter(|_| judged.len() > 1),
    })
}

pub(super) type Member<'a> = (&'a RankEntry, &'a evaluation::Backtest);

/// The ranked candidates of a series, best first.
pub(super) fn members<'a>(judged: &'a Judged<'_>) -> Vec<Member<'a>> {
    let entries = judged.ranking.standings.entries.iter();
    entries.filter_map(|entry| Some((entry, backtest_of(judged, entry)?))).collect()
}

fn combined(members: &[Member<'_>], fold: usize) -> Vec<f64> {
    let steps = members[0].1.folds[fold].predictions.len();
    let mean_at = |step: usize| {
        let total: f64 = members.iter().map(|(_, backtest)| backtest.folds[fold].predictions[step]).sum();
        total / members.len() as f64
    };
    (0..steps).map(mean_at).collect()
}
