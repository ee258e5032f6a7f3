//! What a tally says of every entry, each figure with its Monte Carlo error.

use super::{Contest, Tally, tally::Moments};
use crate::reach::Reach;

/// A figure and the standard error of having it from finitely many simulations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// One way an entry can finish, and how often it did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Place, from 1.
    pub position: usize,
    /// Entries sharing it.
    pub sharing: usize,
    /// Money.
    pub payout_cents: u32,
    /// Simulations that ended so.
    pub simulations: u64,
}

/// How an entry does over all simulations.
#[derive(Debug, Clone, PartialEq)]
pub struct Performance {
    /// Its index.
    pub entry: usize,
    /// Place among all by the mean payout, from 1; equal means share it.
    pub rank: usize,
    /// Mean payout over the first prize.
    pub mean_normalized_payout: Estimate,
    /// The same, with the points whose mean is known exactly as a control variate.
    pub controlled_normalized_payout: Estimate,
    /// Median payout over the first prize; of an even number the upper of the two.
    pub median_normalized_payout: f64,
    /// Chance of the first place; `k` entries that tie for it have `1/k` of it each, so the chances sum to one.
    pub p_top1: Estimate,
    /// Chance of any money.
    pub p_in_money: Estimate,
    /// Mean place.
    pub mean_position: Estimate,
    /// Mean points.
    pub mean_points: Estimate,
    /// Points expected exactly, by the recursion over the bracket.
    pub expected_points: f64,
    /// How far the simulated mean of points lies from the exact one, in standard errors.
    pub points_gap: f64,
    /// Every way it finished.
    pub outcomes: Vec<Outcome>,
}

/// The performance of every entry, in the order of the entries.
pub fn performances(contest: &Contest, tally: &Tally, reach: &Reach) -> Vec<Performance> {
    let mut all: Vec<Performance> =
        (0..tally.entries()).map(|entry| performance(contest, tally, reach, entry)).collect();
    let means: Vec<f64> = all.iter().map(|one| one.mean_normalized_payout.value).collect();
    for one in &mut all {
        one.rank = 1 + means.iter().filter(|&&mean| mean > one.mean_normalized_payout.value).count();
    }
    all
}

fn performance(contest: &Contest, tally: &Tally, reach: &Reach, entry: usize) -> Performance {
    let n = tally.simulations() as f64;
    let first = f64::from(contest.payouts().first());
    let finishes = tally.finishes(entry, |place| contest.payouts().of_place(place));
    let outcomes: Vec<Outcome> = finishes
        .iter()
        .map(|&(finish, simulations)| Outcome {
            position: finish.position,
            sharing: finish.sharing,
            payout_cents: finish.payout_cents,
            simulations,
        })
        .collect();
    let over = |value: &dyn Fn(&Outcome) -> f64| estimate(&outcomes, n, value);
    let payout = over(&|outcome| f64::from(outcome.payout_cents) / first);
    let points = points(tally.moments(entry), n);
    let expected_points = expected(contest, reach, entry);
    let gap = points.value - expected_points;
    Performance {
        entry,
        rank: 0,
        mean_normalized_payout: payout,
        controlled_normalized_payout: controlled(payout, points, gap, tally.moments(entry), n, first),
        median_normalized_payout: f64::from(median_cents(&outcomes, tally.simulations())) / first,
        p_top1: over(&|outcome| if outcome.position == 1 { 1.0 / outcome.sharing as f64 } else { 0.0 }),
        p_in_money: over(&|outcome| f64::from(u8::from(outcome.payout_cents > 0))),
        mean_position: over(&|outcome| outcome.position as f64),
        mean_points: points,
        expected_points,
        points_gap: if points.standard_error > 0.0 { gap / points.standard_error } else { 0.0 },
        outcomes,
    }
}

/// Mean of a value over the outcomes, and the standard error of that mean.
fn estimate(outcomes: &[Outcome], n: f64, value: &dyn Fn(&Outcome) -> f64) -> Estimate {
    let mean =
        outcomes.iter().fold(0.0, |sum, outcome| sum + outcome.simulations as f64 * value(outcome)) / n;
    let spread = outcomes
        .iter()
        .fold(0.0, |sum, outcome| sum + outcome.simulations as f64 * (value(outcome) - mean).powi(2));
    Estimate { value: mean, standard_error: standard_error(spread / n, n) }
}

/// The chance of what came so often in `n` simulations.
pub fn estimate_of_count(count: u64, n: u64) -> Estimate {
    let (n, value) = (n as f64, count as f64 / n as f64);
    Estimate { value, standard_error: standard_error(value * (1.0 - value), n) }
}

pub(super) fn standard_error(variance: f64, n: f64) -> f64 {
    if n > 1.0 { (variance.max(0.0) / (n - 1.0)).sqrt() } else { f64::INFINITY }
}

#[expect(clippy::cast_precision_loss, reason = "sums of whole numbers, read as a mean")]
fn points(moments: Moments, n: f64) -> Estimate {
    let mean = moments.score as f64 / n;
    let variance = moments.score_squared as f64 / n - mean * mean;
    Estimate { value: mean * Moments::POINTS, standard_error: standard_error(variance, n) * Moments::POINTS }
}

/// The mean payout less what the points were above their exact mean, `p̄ − β(s̄ − E s)` with the slope that makes its
/// variance least (Glasserman, *Monte Carlo Methods in Financial Engineering*, 2003, 4.1).
#[expect(clippy::cast_precision_loss, reason = "sums of whole numbers, read as a mean")]
fn controlled(
    payout: Estimate,
    points: Estimate,
    gap: f64,
    moments: Moments,
    n: f64,
    first: f64,
) -> Estimate {
    let joint = moments.score_payout as f64 / n * Moments::POINTS / first;
    let covariance = joint - payout.value * points.value;
    let variance = points.standard_error.powi(2) * (n - 1.0);
    if !(variance > 0.0 && variance.is_finite()) {
        return payout;
    }
    let slope = covariance / variance;
    let left = payout.standard_error.powi(2) - slope * covariance / (n - 1.0);
    Estimate { value: payout.value - slope * gap, standard_error: left.max(0.0).sqrt() }
}

fn expected(contest: &Contest, reach: &Reach, entry: usize) -> f64 {
    let ownership = contest.ownership();
    let share = |team: usize| {
        let owned = ownership.of_team(team).iter().find(|owned| owned.entry as usize == entry);
        owned.map_or(0.0, |owned| owned.parts as f64 / crate::ownership::PARTS as f64)
    };
    (0..ownership.teams())
        .fold(0.0, |sum, team| sum + share(team) * reach.expected_points(team, contest.points()))
}

/// The payout in the middle, the upper of two.
fn median_cents(outcomes: &[Outcome], simulations: u64) -> u32 {
    let mut by_cents: Vec<(u32, u64)> =
        outcomes.iter().map(|one| (one.payout_cents, one.simulations)).collect();
    by_cents.sort_unstable();
    let mut passed = 0;
    for (cents, count) in by_cents {
        passed += count;
        if passed > simulations / 2 {
            return cents;
        }
    }
    0
}
