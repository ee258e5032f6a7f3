//! Racing: whether a costly candidate is worth running on the series that are left.
//!
//! A candidate is dropped on *pooled* evidence only: on a sample of the series it must be worse than the best of the
//! others by both tests of [`crate::compare::contest`]. A few noisy folds of one series are no evidence: dropping
//! candidates series by series saves little and changes champions.

use serde::{Deserialize, Serialize};

use crate::FoldResult;
use crate::combine::mean_absolute;
use crate::compare::contest;

/// Series a verdict needs at least.
pub const LEAST_SERIES: usize = 8;

/// Why a candidate was dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dropped {
    /// The place of the candidate it lost to.
    pub lost_to: usize,
    /// Series it was run on.
    pub series: usize,
    /// How much larger its mean absolute error was, relative to its own.
    pub lead: f64,
    /// The larger of the two tests' p-values.
    pub p_value: f64,
}

/// Whether the candidate has lost already. `series[s]` are the folds of the finished candidates on a sampled series,
/// in one order, and last those of the candidate. `None`: it goes on.
pub fn verdict(series: &[Vec<&[FoldResult]>]) -> Option<Dropped> {
    let others = series.first()?.len().checked_sub(1)?;
    if series.len() < LEAST_SERIES || others == 0 {
        return None;
    }
    let error = |at: usize| series.iter().map(|folds| mean_absolute(folds[at])).sum::<f64>();
    let lost_to = (0..others).min_by(|a, b| error(*a).total_cmp(&error(*b)))?;
    let pairs: Vec<Vec<&[FoldResult]>> =
        series.iter().map(|folds| vec![folds[lost_to], folds[others]]).collect();
    let found = contest(&pairs, 0)?;
    let rival = &found.rivals[1];
    let lead = rival.lead.filter(|lead| *lead > 0.0 && !crate::compare::is_tied(rival))?;
    let p_value = rival.p_diebold_mariano?.max(rival.p_bootstrap?);
    Some(Dropped { lost_to, series: series.len(), lead, p_value })
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
        verdict(&folds)
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
}
