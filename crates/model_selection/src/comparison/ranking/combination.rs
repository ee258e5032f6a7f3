//! What the champion is worth, in the numbers of its own run: against the plain mean of all candidates, and judged on
//! a fold it was not chosen on.
//!
//! A champion is the best of several on the very folds that are then shown, so its figures flatter it. The mean of the
//! candidates needs no choice. Both facts belong beside every ranking; the reader decides.

use forecast::rank::{RankEntry, RankMetrics};
use serde::{Deserialize, Serialize};

use super::{Judged, backtest_of};

/// The mean of the ranked candidates' forecasts on the same test points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Combination {
    /// How forecasts are combined: `mean`.
    pub method: String,
    /// The fewest candidates combined on a series.
    pub members: usize,
    /// Its WAPE over the points of all series, percent.
    pub wape: Option<f64>,
    /// The WAPE of each series' own champion over the same points.
    pub champion_wape: Option<f64>,
}

/// The choice put to the test: champions chosen on all folds but the last, judged on the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectionCheck {
    /// Series with at least two folds.
    pub series: usize,
    /// Their champions' WAPE on the last fold, percent.
    pub champion_wape: Option<f64>,
    /// The WAPE of the candidates' mean there.
    pub combination_wape: Option<f64>,
}

/// Absolute errors and demand, from which WAPE follows.
#[derive(Default, Clone, Copy)]
struct Weighed {
    error: f64,
    demand: f64,
}

impl Weighed {
    fn add(&mut self, actuals: &[Option<f64>], predictions: &[f64]) {
        for (actual, prediction) in actuals.iter().zip(predictions) {
            if let Some(actual) = actual {
                self.error += (actual - prediction).abs();
                self.demand += actual.abs();
            }
        }
    }

    fn wape(self) -> Option<f64> {
        kernel::finite(100.0 * self.error / self.demand)
    }
}

/// The combination over all series with at least two ranked candidates.
pub(super) fn combination(judged: &[Judged<'_>]) -> Option<Combination> {
    let (mut mean, mut champion) = (Weighed::default(), Weighed::default());
    let mut fewest = usize::MAX;
    for series in judged {
        let members = members(series);
        let Some(first) = members.first().filter(|_| members.len() > 1) else { continue };
        fewest = fewest.min(members.len());
        for (fold, shown) in first.1.folds.iter().enumerate() {
            mean.add(&shown.actuals, &combined(&members, fold));
            champion.add(&shown.actuals, &shown.predictions);
        }
    }
    let found = Combination {
        method: "mean".to_owned(),
        members: fewest,
        wape: mean.wape(),
        champion_wape: champion.wape(),
    };
    (fewest < usize::MAX).then_some(found)
}

/// Chooses again without the last fold, and judges on it.
pub(super) fn selection_check(judged: &[Judged<'_>]) -> Option<SelectionCheck> {
    let (mut mean, mut champion) = (Weighed::default(), Weighed::default());
    let mut series = 0;
    for one in judged {
        let members = members(one);
        let Some(last) = members.first().and_then(|first| first.1.folds.len().checked_sub(1)) else {
            continue;
        };
        if last == 0 || members.len() < 2 {
            continue;
        }
        let Some(chosen) = chosen_before(&members, last) else { continue };
        series += 1;
        let shown = &chosen.folds[last];
        champion.add(&shown.actuals, &shown.predictions);
        mean.add(&shown.actuals, &combined(&members, last));
    }
    let check = SelectionCheck { series, champion_wape: champion.wape(), combination_wape: mean.wape() };
    (series > 0).then_some(check)
}

type Member<'a> = (&'a RankEntry, &'a forecast::Backtest);

/// The ranked candidates of a series, best first.
fn members<'a>(judged: &'a Judged<'_>) -> Vec<Member<'a>> {
    let entries = judged.ranking.ranking.entries.iter();
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

/// The candidate with the smallest error on the folds before `last`; the better ranked of equals.
fn chosen_before<'a>(members: &[Member<'a>], last: usize) -> Option<&'a forecast::Backtest> {
    let error = |backtest: &forecast::Backtest| {
        let mut weighed = Weighed::default();
        for fold in &backtest.folds[..last] {
            weighed.add(&fold.actuals, &fold.predictions);
        }
        weighed.error
    };
    members.iter().map(|member| member.1).min_by(|a, b| error(a).total_cmp(&error(b)))
}

/// What the numbers say, in sentences.
pub(super) fn notes(
    champion: Option<RankMetrics>,
    combination: Option<&Combination>,
    check: Option<&SelectionCheck>,
) -> Vec<String> {
    let mut notes = Vec::new();
    if champion.is_some() {
        notes.push(
            "The champion was chosen on the same folds its figures come from, so they flatter it.".to_owned(),
        );
    }
    if let Some((mean, champion)) = combination.and_then(|c| Some((c.wape?, c.champion_wape?))) {
        let verdict = if mean < champion { "better than" } else { "no better than" };
        notes.push(format!(
            "The plain mean of the ranked candidates has a WAPE of {mean:.2}% on these folds, {verdict} the \
             champion's {champion:.2}%."
        ));
    }
    if let Some((champion, mean)) = check.and_then(|c| Some((c.champion_wape?, c.combination_wape?))) {
        let verdict = if mean < champion { "the mean was the safer choice" } else { "the choice paid" };
        notes.push(format!(
            "Chosen without the last fold and judged on it, the champion has a WAPE of {champion:.2}% and the mean \
             of the candidates {mean:.2}%: {verdict}."
        ));
    }
    notes
}
