//! Figures over auctions: those of one auction are averaged first, so that an auction that was judged often counts once.

use std::collections::BTreeMap;

use wire::lab::{CalcuttaId, Combination, LabEstimate, LeaderboardRow, ModelStanding, Verdict};

use super::Observed;

/// What one row says of a candidate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observation {
    mean: LabEstimate,
    p_top1: LabEstimate,
    p_in_money: LabEstimate,
    percentile: LabEstimate,
}

impl Observation {
    /// A row among so many entries, itself included.
    pub(super) fn of(row: &LeaderboardRow, entries: usize) -> Self {
        let others = entries.saturating_sub(1).max(1) as f64;
        let better = f64::from(row.rank.saturating_sub(1));
        Self {
            mean: row.mean_normalized_payout,
            p_top1: row.p_top1,
            p_in_money: row.p_in_money,
            percentile: LabEstimate { value: 1.0 - better / others, standard_error: 0.0 },
        }
    }
}

type Figure = fn(&Observation) -> LabEstimate;

/// The mean of some estimates. Of several the standard error is that over them; of one it is its own.
fn mean(of: &[LabEstimate]) -> Option<LabEstimate> {
    let n = of.len() as f64;
    let value = of.iter().fold(0.0, |sum, one| sum + one.value) / n;
    match of {
        [] => None,
        [one] => Some(*one),
        _ => {
            let squares = of.iter().fold(0.0, |sum, one| sum + (one.value - value).powi(2));
            Some(LabEstimate { value, standard_error: (squares / (n - 1.0) / n).sqrt() })
        }
    }
}

/// A figure of one auction: rows of it are of the same bids or of bids by the same models, and their errors may depend on
/// each other, so that the mean of them is no surer than they are.
fn of_auction(rows: &[Observation], figure: Figure) -> LabEstimate {
    let n = rows.len().max(1) as f64;
    let sum = |part: fn(LabEstimate) -> f64| rows.iter().fold(0.0, |sum, row| sum + part(figure(row))) / n;
    LabEstimate { value: sum(|one| one.value), standard_error: sum(|one| one.standard_error) }
}

fn over(of: &BTreeMap<CalcuttaId, Vec<Observation>>, figure: Figure) -> LabEstimate {
    let all: Vec<LabEstimate> = of.values().map(|rows| of_auction(rows, figure)).collect();
    mean(&all).unwrap_or(LabEstimate { value: 0.0, standard_error: 0.0 })
}

/// Every combination against the one that differs from it by the model of markets alone, the best mean first.
pub(super) fn standings(observed: &Observed, baseline: &str, similar_within: f64) -> Vec<ModelStanding> {
    let standing = |(models, of): (&Combination, &BTreeMap<CalcuttaId, Vec<Observation>>)| {
        let base = Combination { market_share_model: baseline.to_owned(), ..models.clone() };
        let differences = observed.get(&base).map(|base| differences(of, base)).unwrap_or_default();
        let difference = mean(&differences);
        let verdict = match difference {
            _ if models.market_share_model == baseline => Verdict::Baseline,
            None => Verdict::Unknown,
            Some(difference) => verdict(difference, similar_within),
        };
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        ModelStanding {
            models: models.clone(),
            calcuttas: count(of.len()),
            observations: count(of.values().map(Vec::len).sum()),
            mean_normalized_payout: over(of, |row| row.mean),
            p_top1: over(of, |row| row.p_top1),
            p_in_money: over(of, |row| row.p_in_money),
            percentile: over(of, |row| row.percentile),
            compared: count(differences.len()),
            difference_to_baseline: difference.filter(|_| verdict != Verdict::Baseline),
            verdict,
        }
    };
    let mut all: Vec<ModelStanding> = observed.iter().map(standing).collect();
    all.sort_by(|a, b| b.mean_normalized_payout.value.total_cmp(&a.mean_normalized_payout.value));
    all
}

/// How much more one is paid than the other, on each auction that both were judged on.
fn differences(
    of: &BTreeMap<CalcuttaId, Vec<Observation>>,
    base: &BTreeMap<CalcuttaId, Vec<Observation>>,
) -> Vec<LabEstimate> {
    let difference = |(calcutta, rows): (&CalcuttaId, &Vec<Observation>)| {
        let (own, other) =
            (of_auction(rows, |row| row.mean), of_auction(base.get(calcutta)?, |row| row.mean));
        let standard_error = own.standard_error.hypot(other.standard_error);
        Some(LabEstimate { value: own.value - other.value, standard_error })
    };
    of.iter().filter_map(difference).collect()
}

fn verdict(difference: LabEstimate, similar_within: f64) -> Verdict {
    let LabEstimate { value, standard_error } = difference;
    match value.abs() {
        apart if apart <= similar_within => Verdict::Similar,
        apart if apart <= 2.0 * standard_error => Verdict::Unknown,
        _ if value > 0.0 => Verdict::Better,
        _ => Verdict::Worse,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn rows(means: &[f64]) -> BTreeMap<CalcuttaId, Vec<Observation>> {
        let figure = |value| LabEstimate { value, standard_error: 0.01 };
        let row = |(at, value): (usize, &f64)| {
            let mean = figure(*value);
            let observation = Observation { mean, p_top1: mean, p_in_money: mean, percentile: mean };
            (CalcuttaId(Uuid::from_u128(at as u128)), vec![observation])
        };
        means.iter().enumerate().map(row).collect()
    }

    fn models(market: &str) -> Combination {
        Combination {
            game_outcome_model: "logistic".to_owned(),
            market_share_model: market.to_owned(),
            optimizer_key: "minlp_v1".to_owned(),
        }
    }

    #[test]
    fn a_model_is_compared_auction_by_auction_with_what_differs_by_its_market_alone() {
        let observed = Observed::from([
            (models("naive"), rows(&[0.1, 0.2, 0.3])),
            (models("ridge"), rows(&[0.3, 0.42, 0.52, 0.9])),
            (models("close"), rows(&[0.14, 0.24])),
        ]);
        let found = standings(&observed, "naive", 0.05);
        let by = |market: &str| found.iter().find(|one| one.models.market_share_model == market).unwrap();
        let ridge = by("ridge");
        assert_eq!((ridge.calcuttas, ridge.compared, ridge.verdict), (4, 3, Verdict::Better));
        let difference = ridge.difference_to_baseline.unwrap();
        // Differences 0.20, 0.22 and 0.22: their sample deviation over the root of three.
        assert!((difference.value - 0.64 / 3.0).abs() < 1e-12);
        assert!((difference.standard_error - (0.02 / 3.0)).abs() < 1e-12, "{difference:?}");
        assert_eq!((by("close").verdict, by("naive").verdict), (Verdict::Similar, Verdict::Baseline));
        assert_eq!(by("naive").difference_to_baseline, None);
        assert_eq!(found[0].models.market_share_model, "ridge");
    }

    #[test]
    fn what_may_be_chance_is_not_called_better() {
        let wide = LabEstimate { value: 0.2, standard_error: 0.15 };
        assert_eq!(verdict(wide, 0.05), Verdict::Unknown);
        assert_eq!(verdict(LabEstimate { value: -0.2, ..wide }, 0.05), Verdict::Unknown);
        assert_eq!(verdict(LabEstimate { value: -0.2, standard_error: 0.05 }, 0.05), Verdict::Worse);
    }
}
