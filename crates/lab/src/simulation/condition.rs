//! A simulation under a condition: those of its tournaments in which these teams win these games, found among them again
//! from the seed; and the chances that are known exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{RunId, Tenant};
use tournament::{
    Agreeing, Condition, Outcome, Performance, Reach, Slot, agreeing, estimate_of_count, performances,
};
use wire::lab::{
    ConditionRequest, Conditioned, ConditionedEntry, ConditionedGame, ConditionedWinner, GameResult,
    LeaderboardRow, WithoutCondition,
};

use super::outcome::estimate;
use super::play::Arena;
use super::submit::tournaments_seed;
use crate::check::Wrong;
use crate::error::LabError;
use crate::parts::counted;
use crate::reader::Reader;

/// Simulations that one request looks at: those of a second.
pub(super) const MOST_CONSIDERED: u64 = 1_000_000;

/// Below so many the figures of entries are loose.
const FEW: u64 = 30;

impl Reader {
    /// What a simulation comes to if these teams win these games.
    pub async fn condition(
        &self,
        tenant: Tenant,
        id: RunId,
        request: &ConditionRequest,
    ) -> Result<Conditioned, LabError> {
        let (run, _, spec, result) = self.simulated(tenant, id).await?;
        let arena = self.arena(&spec).await?;
        let condition = supposed(&arena, &request.games)?;
        let given = condition.reach(&arena.playing.bracket, &arena.pairs, &arena.results);
        let (p_condition, reach) =
            given.ok_or_else(|| LabError::field("games", "cannot all be won so: the chance of it is 0"))?;
        let considered = result.total_simulations.min(MOST_CONSIDERED);
        let contest = Arc::new(arena.auction.contest(&arena.playing));
        let found = {
            let (simulator, contest) =
                (Arc::new(arena.simulator(tournaments_seed(run.seed))), Arc::clone(&contest));
            let condition = condition.clone();
            let count = move |part| agreeing(&simulator, &contest, &condition, part);
            counted(considered, count, Agreeing::add).await
        };
        let agree = found.tally().simulations();
        let entries = performances(&contest, found.tally(), &reach);
        let before: BTreeMap<_, _> = result.leaderboard.iter().map(|row| (row.entry_id, row)).collect();
        Ok(Conditioned {
            simulation_run_id: id,
            total_simulations: result.total_simulations,
            considered,
            agreeing: agree,
            is_few: agree < FEW,
            p_condition,
            games: games(&arena, &condition, &reach, &found),
            entries: entries
                .iter()
                .map(|one| entry(&arena, one, agree, &before))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Winners that a request supposes; what is wrong is said of each game.
fn supposed(arena: &Arena, games: &[GameResult]) -> Result<Condition, LabError> {
    let bracket = &arena.playing.bracket;
    let (mut condition, mut wrong) = (Condition::none(bracket), Wrong::default());
    let mut seen = BTreeSet::new();
    for told in games {
        let at = || format!("games[{}]", told.game_id);
        let Some(game) = bracket.game(&told.game_id) else {
            wrong.say(at(), "is no game of this bracket");
            continue;
        };
        let Some(team) = bracket.team(&told.winner_team_id) else {
            wrong.say(at(), format!("`{}` is no team of this field", told.winner_team_id));
            continue;
        };
        if !seen.insert((game, team)) {
            wrong.say(at(), "is given twice");
        } else if let Err(error) = condition.suppose(bracket, &arena.results, game, team) {
            wrong.fault("", &error);
        }
    }
    wrong.into_result()?;
    Ok(condition)
}

fn games(arena: &Arena, condition: &Condition, reach: &Reach, found: &Agreeing) -> Vec<ConditionedGame> {
    let bracket = &arena.playing.bracket;
    let agree = found.tally().simulations();
    let mut games: Vec<Vec<ConditionedWinner>> = vec![Vec::new(); bracket.games().len()];
    for (at, &slot) in bracket.slots().iter().enumerate() {
        let Slot::Winner(game) = slot else { continue };
        let winner = |&(team, p_exact): &(usize, f64)| {
            let simulations = found.wins(game, team);
            let p = (agree > 1).then(|| estimate(estimate_of_count(simulations, agree)));
            let team_id = bracket.teams()[team].clone();
            (p_exact > 0.0 || simulations > 0).then_some(ConditionedWinner {
                team_id,
                simulations,
                p,
                p_exact,
            })
        };
        games[game] = reach.standing(at).iter().filter_map(winner).collect();
        games[game].sort_by(|a, b| b.p_exact.total_cmp(&a.p_exact));
    }
    let game = |(at, winners): (usize, Vec<ConditionedWinner>)| ConditionedGame {
        game_id: bracket.games()[at].id.clone(),
        round: bracket.games()[at].round,
        is_decided: arena.results.winners()[at].is_some(),
        is_fixed: condition.fixed()[at].is_some(),
        winners,
    };
    games.into_iter().enumerate().map(game).collect()
}

fn entry(
    arena: &Arena,
    one: &Performance,
    agree: u64,
    before: &BTreeMap<wire::lab::EntryId, &LeaderboardRow>,
) -> Result<ConditionedEntry, LabError> {
    let entry = &arena.auction.entries[one.entry];
    let row = before.get(&entry.entry_id);
    let row = row.ok_or_else(|| LabError::unreadable("leaderboard", "an entry is missing"))?;
    let count = |is_meant: fn(&Outcome) -> bool| {
        one.outcomes.iter().filter(|outcome| is_meant(outcome)).map(|outcome| outcome.simulations).sum()
    };
    let known = |found| (agree > 1).then(|| estimate(found));
    Ok(ConditionedEntry {
        entry_id: entry.entry_id,
        display_name: entry.display_name.clone(),
        first_simulations: count(|outcome| outcome.position == 1),
        in_money_simulations: count(|outcome| outcome.payout_cents > 0),
        p_top1: known(one.p_top1),
        p_in_money: known(one.p_in_money),
        mean_normalized_payout: known(one.mean_normalized_payout),
        expected_points: one.expected_points,
        before: WithoutCondition {
            p_top1: row.p_top1.value,
            p_in_money: row.p_in_money.value,
            mean_normalized_payout: row.mean_normalized_payout.value,
        },
    })
}
