//! What counts come to: leaderboard, distributions, ownership.

use tournament::{Contest, Estimate, Finish, PARTS, Performance, Score, performances, standings};
use wire::lab::{
    Distribution, LabEstimate, LeaderboardRow, Owner, Ownership, Realized, SimulationResult, TeamOwners,
};

use super::play::{Arena, half_width};
use tournament::Tally;

/// The rows of a leaderboard, best first; of equal means the earlier entry.
pub(crate) fn rows(
    arena: &Arena,
    contest: &Contest,
    tally: &Tally,
) -> (Vec<LeaderboardRow>, Vec<Distribution>) {
    let realized = realized(arena, contest);
    let all = performances(contest, tally, &arena.reach);
    let distributions = all.iter().map(|one| distribution(arena, one)).collect();
    let mut rows: Vec<LeaderboardRow> =
        all.iter().map(|one| row(arena, one, realized.as_ref().map(|all| all[one.entry]))).collect();
    rows.sort_by_key(|row| row.rank);
    (rows, distributions)
}

/// Everything a simulation found, but the seal.
pub(super) fn result(
    arena: &Arena,
    contest: &Contest,
    tally: &Tally,
) -> (SimulationResult, Vec<Distribution>) {
    let (leaderboard, distributions) = rows(arena, contest, tally);
    let points = |team: usize| arena.reach.expected_points(team, contest.points());
    let teams = 0..contest.ownership().teams();
    let result = SimulationResult {
        total_simulations: tally.simulations(),
        p_top1_half_width: half_width(contest, tally, &arena.reach),
        seal_root: None,
        first_prize_cents: contest.payouts().first(),
        total_points: teams.clone().fold(0.0, |sum, team| sum + points(team)),
        unowned_points: teams
            .filter(|&team| contest.ownership().bids(team) == 0)
            .fold(0.0, |sum, team| sum + points(team)),
        leaderboard,
    };
    (result, distributions)
}

fn row(arena: &Arena, one: &Performance, realized: Option<Realized>) -> LeaderboardRow {
    let (entry, bids) = (&arena.auction.entries[one.entry], &arena.auction.bids[one.entry]);
    LeaderboardRow {
        rank: small(one.rank),
        entry_id: entry.entry_id,
        candidate_id: entry.candidate_id,
        display_name: entry.display_name.clone(),
        total_bid_points: bids.iter().map(|bid| bid.points).sum(),
        n_teams: small(bids.len()),
        mean_normalized_payout: estimate(one.mean_normalized_payout),
        controlled_normalized_payout: estimate(one.controlled_normalized_payout),
        median_normalized_payout: one.median_normalized_payout,
        p_top1: estimate(one.p_top1),
        p_in_money: estimate(one.p_in_money),
        mean_position: estimate(one.mean_position),
        mean_points: estimate(one.mean_points),
        expected_points: one.expected_points,
        points_gap: one.points_gap,
        realized,
    }
}

fn distribution(arena: &Arena, one: &Performance) -> Distribution {
    let finish = |outcome: &tournament::Outcome| wire::lab::Finish {
        position: small(outcome.position),
        sharing: small(outcome.sharing),
        payout_cents: outcome.payout_cents,
        simulations: outcome.simulations,
    };
    Distribution {
        entry_id: arena.auction.entries[one.entry].entry_id,
        finishes: one.outcomes.iter().map(finish).collect(),
    }
}

/// How every entry ended, if every game is decided.
fn realized(arena: &Arena, contest: &Contest) -> Option<Vec<Realized>> {
    if !arena.results.is_complete() {
        return None;
    }
    let standing = arena.results.standings(&arena.playing.bracket);
    let progress: Vec<usize> = standing.into_iter().map(tournament::Standing::progress).collect();
    let scores = contest.scores(&progress);
    let ended = |(finish, score): (Finish, Score)| Realized {
        finish_position: small(finish.position),
        is_tied: finish.is_tied(),
        in_the_money: finish.is_in_the_money(),
        payout_cents: finish.payout_cents,
        total_points: score as f64 / PARTS as f64,
    };
    Some(standings(&scores, contest.payouts()).into_iter().zip(scores).map(ended).collect())
}

/// Who owns which team.
pub(super) fn ownership(arena: &Arena, contest: &Contest) -> Ownership {
    let team = |at: usize| {
        let owner = |owned: &tournament::Owned| {
            let entry = owned.entry as usize;
            let bid = arena.auction.bids[entry].iter().find(|bid| bid.team == at);
            Owner {
                entry_id: arena.auction.entries[entry].entry_id,
                bid_points: bid.map_or(0, |bid| bid.points),
                ownership: owned.parts as f64 / PARTS as f64,
            }
        };
        TeamOwners {
            team_id: arena.playing.team(at).team_id.clone(),
            total_bid_points: contest.ownership().bids(at),
            expected_points: arena.reach.expected_points(at, contest.points()),
            owners: contest.ownership().of_team(at).iter().map(owner).collect(),
        }
    };
    Ownership { teams: (0..contest.ownership().teams()).map(team).collect() }
}

pub(super) const fn estimate(estimate: Estimate) -> LabEstimate {
    LabEstimate { value: estimate.value, standard_error: estimate.standard_error }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).expect("an auction has few entries")
}
