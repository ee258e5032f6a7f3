//! Racing: whether a costly candidate is worth running on the series that are left.
//!
//! A candidate is dropped on *pooled* evidence only: on a sample of the series it must be worse than the best of the others
//! by what [`crate::compare::tell_at`] says of a ranking, over the series and steadily over time. The best of several is
//! the luckiest of them too, so the chance of luck is divided by their number. A few noisy folds of one series are no
//! evidence: dropping candidates series by series saves little and changes champions.
//!
//! Power: on two windows of twelve series, on which errors vary by a third, a candidate that errs a half more than three
//! others is dropped in about three of four races, one that errs twice as much in nearly all, and one that errs alike in
//! fewer than one of twenty (tests of this module).

use serde::{Deserialize, Serialize};
use wire::model_selection::Weight;

use crate::FoldResult;
use crate::combine::mean_absolute;
use crate::compare::{SIGNIFICANT, Told, tell_at};

/// Series a verdict needs at least.
pub const LEAST_SERIES: usize = 8;

/// Why a candidate was dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dropped {
    /// The place of the candidate it lost to.
    pub lost_to: usize,
    /// Series it was run on.
    pub series: usize,
    /// How much larger its error was, relative to its own.
    pub lead: f64,
    /// The larger of the p-values over series.
    pub p_value: f64,
}

/// Whether the candidate has lost already. `series[s]` are the folds of the finished candidates on a sampled series,
/// in one order, and last those of the candidate. `None`: it goes on.
pub fn verdict(series: &[Vec<&[FoldResult]>], weight: Weight) -> Option<Dropped> {
    let others = series.first()?.len().checked_sub(1)?;
    if series.len() < LEAST_SERIES || others == 0 {
        return None;
    }
    let lost_to = best(series, others, weight)?;
    let pairs: Vec<Vec<&[FoldResult]>> =
        series.iter().map(|folds| vec![folds[lost_to], folds[others]]).collect();
    let (telling, rivals) = tell_at(&pairs, weight, SIGNIFICANT / others as f64);
    let rival = rivals.get(1).filter(|_| telling.told == [Told::Worse])?;
    let p_value = rival.p_paired?.max(rival.p_bootstrap?);
    Some(Dropped { lost_to, series: series.len(), lead: rival.lead?, p_value })
}

/// The finished candidate that errs least: each series in units of the candidate's own error where they count alike.
fn best(series: &[Vec<&[FoldResult]>], others: usize, weight: Weight) -> Option<usize> {
    let error = |at: usize| -> f64 {
        let of = |folds: &Vec<&[FoldResult]>| match weight {
            Weight::Alike => mean_absolute(folds[at]) / mean_absolute(folds[others]),
            Weight::Volume => mean_absolute(folds[at]),
        };
        series.iter().map(of).filter(|error| !error.is_nan()).sum()
    };
    (0..others).min_by(|a, b| error(*a).total_cmp(&error(*b)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{series, spec};
    use crate::{Backtest, SplitConfig, backtest};

    fn backtests(models: &[&str], count: usize) -> Vec<Vec<Backtest>> {
        let values = |nth: usize| -> Vec<f64> {
            (0..140)
                .map(|t| f64::from(u8::try_from(10 * (t % 7 + 1) + (t * (nth + 3)) % 5).unwrap()))
                .collect()
        };
        let one = |nth: usize| {
            let series = series(&values(nth));
            let run = |model: &&str| {
                backtest(&series, &spec(model, json!({})), &SplitConfig::default(), &|| false).unwrap()
            };
            models.iter().map(run).collect()
        };
        (0..count).map(one).collect()
    }

    fn verdict_of(backtests: &[Vec<Backtest>]) -> Option<Dropped> {
        let folds: Vec<Vec<&[FoldResult]>> =
            backtests.iter().map(|all| all.iter().map(|one| one.folds.as_slice()).collect()).collect();
        verdict(&folds, Weight::Alike)
    }

    #[test]
    fn a_candidate_far_behind_the_best_is_dropped_and_the_loser_is_named() {
        let dropped = verdict_of(&backtests(&["moving_average", "seasonal_naive", "naive"], 12)).unwrap();
        assert_eq!((dropped.lost_to, dropped.series), (1, 12));
        assert!(dropped.lead > 0.5 && dropped.p_value < 0.05, "{dropped:?}");
    }

    #[test]
    fn a_candidate_that_leads_or_ties_goes_on() {
        assert_eq!(verdict_of(&backtests(&["naive", "seasonal_naive"], 12)), None);
        assert_eq!(verdict_of(&backtests(&["seasonal_naive", "seasonal_naive"], 12)), None);
    }

    #[test]
    fn a_few_series_are_no_evidence() {
        assert_eq!(verdict_of(&backtests(&["seasonal_naive", "naive"], LEAST_SERIES - 1)), None);
    }

    /// Races of equal candidates, and of one that errs so many times as much as the others.
    fn drops(races: u64, times: f64) -> usize {
        let is_dropped = |race: &u64| {
            let mut stream = kernel::Seed(*race).stream("race");
            let mut candidate = |times: f64, levels: &[f64]| -> Vec<Vec<FoldResult>> {
                let mut errors = |level: &f64| -> Vec<Vec<f64>> {
                    let own = times * level * stream.normal(0.0, 0.3).exp();
                    (0..2).map(|_| (0..7).map(|_| own * stream.normal(0.0, 1.0).abs()).collect()).collect()
                };
                levels.iter().map(|level| crate::testing::folds(&errors(level))).collect()
            };
            // Units differ as much as those of births and degrees.
            let levels: Vec<f64> = (0..12).map(|at| 10_f64.powi(at % 6)).collect();
            let all = [1.0, 1.0, 1.0, times].map(|times| candidate(times, &levels));
            let rows: Vec<Vec<&[FoldResult]>> = (0..levels.len())
                .map(|series| all.iter().map(|folds| folds[series].as_slice()).collect())
                .collect();
            verdict(&rows, Weight::Alike).is_some()
        };
        (0..races).filter(is_dropped).count()
    }

    #[test]
    fn an_equal_candidate_is_dropped_in_fewer_than_one_race_of_twenty() {
        let found = drops(400, 1.0);
        assert!(found <= 20, "{found} of 400");
    }

    #[test]
    fn a_candidate_that_errs_more_is_dropped_as_often_as_is_stated() {
        let (half, twice) = (drops(100, 1.5), drops(100, 2.0));
        assert!((65..=85).contains(&half) && twice >= 95, "{half} and {twice} of 100");
    }
}
