//! What the first-ranked model is worth beside what needs no choice, in the numbers of its own run and by its own
//! measure: the plain mean of the candidates and, over several series, each series' own best model.

use wire::model_selection::{Combination, RankEntry, RankingMetric};

use super::measure::Measured;
use super::{Judged, backtest_of};

/// The combination over all series; `None` if no series has two ranked candidates. `first` is the first-ranked entry.
pub(super) fn combination(
    judged: &[Judged<'_>],
    first: &RankEntry,
    measure: RankingMetric,
) -> Option<Combination> {
    let (mut mean, mut own) = (Measured::by(measure), Measured::by(measure));
    let (mut fewest, mut most) = (usize::MAX, 0);
    for series in judged {
        let members = members(series);
        (fewest, most) = (fewest.min(members.len()), most.max(members.len()));
        let Some(best) = members.first() else { continue };
        for (fold, shown) in best.1.folds.iter().enumerate() {
            mean.add(shown, &combined(&members, fold));
            own.add(shown, &shown.predictions);
        }
        mean.end_series();
        own.end_series();
    }
    (most > 1).then(|| Combination {
        method: "mean".to_owned(),
        members: fewest,
        measure,
        error: mean.error(judged.len()),
        first_error: first.by(measure),
        best_per_series_error: own.error(judged.len()).filter(|_| judged.len() > 1),
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
