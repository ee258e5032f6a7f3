//! Entries and candidates of one simulation in one hand, over its tournaments played again from the seed.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{RunId, Tenant};
use tournament::{Contest, Ownership, portfolio};
use wire::lab::{Entry, Portfolio, PortfolioMember, PortfolioPair, PortfolioRequest};

use super::condition::MOST_CONSIDERED;
use super::outcome::estimate;
use super::play::Arena;
use super::submit::{Spec, tournaments_seed};
use crate::auction::bids;
use crate::check::Wrong;
use crate::error::LabError;
use crate::parts::counted;
use crate::reader::Reader;

/// Members of a portfolio.
const MOST_MEMBERS: usize = 10;

impl Reader {
    /// How entries and candidates do together, all of them in the auction of a simulation.
    pub async fn portfolio(
        &self,
        tenant: Tenant,
        id: RunId,
        request: &PortfolioRequest,
    ) -> Result<Portfolio, LabError> {
        let (run, _, spec, result) = self.simulated(tenant, id).await?;
        let mut arena = self.arena(&spec).await?;
        let members = self.members(tenant, request, &spec, &mut arena).await?;
        let contests = Arc::new(contests(&arena, &members));
        let considered = result.total_simulations.min(MOST_CONSIDERED / members.len() as u64);
        let simulator = Arc::new(arena.simulator(tournaments_seed(run.seed)));
        let count = move |part| portfolio(&simulator, &contests, part);
        let found = counted(considered, count, tournament::Portfolio::add).await;
        let entry = |member: usize| &arena.auction.entries[members[member]];
        let member = |(at, one): (usize, tournament::Member)| PortfolioMember {
            entry_id: entry(at).entry_id,
            candidate_id: entry(at).candidate_id,
            display_name: entry(at).display_name.clone(),
            mean_payout_cents: estimate(one.payout_cents),
            mean_points: estimate(one.points),
            in_money_simulations: one.paid,
            p_in_money: estimate(one.p_paid),
            adds_cents: estimate(one.adds_cents),
        };
        let pair = |one: tournament::PairOf| PortfolioPair {
            first_entry_id: entry(one.members[0]).entry_id,
            second_entry_id: entry(one.members[1]).entry_id,
            payout_correlation: one.payout_correlation,
            points_correlation: one.points_correlation,
            both_in_money_simulations: one.both_paid,
            p_both_in_money: estimate(one.p_both_paid),
        };
        Ok(Portfolio {
            simulation_run_id: id,
            total_simulations: result.total_simulations,
            considered,
            first_prize_cents: result.first_prize_cents,
            members: found.members().into_iter().enumerate().map(member).collect(),
            pairs: found.pairs().into_iter().map(pair).collect(),
            any_in_money_simulations: found.any_paid(),
            p_any_in_money: estimate(tournament::estimate_of_count(found.any_paid(), considered)),
            total_payout_cents: estimate(found.total_cents()),
        })
    }

    /// The places of the members among the entries of the auction, which candidates join.
    async fn members(
        &self,
        tenant: Tenant,
        request: &PortfolioRequest,
        spec: &Spec,
        arena: &mut Arena,
    ) -> Result<Vec<usize>, LabError> {
        let named = request.entry_ids.len() + request.candidate_ids.len();
        if !(1..=MOST_MEMBERS).contains(&named) {
            let message = format!("and candidate_ids must name 1 to {MOST_MEMBERS} in all, not {named}");
            return Err(LabError::field("entry_ids", message));
        }
        let (mut wrong, mut members, mut seen) = (Wrong::default(), Vec::new(), BTreeSet::new());
        for id in &request.entry_ids {
            let at = arena.auction.entries.iter().position(|entry| entry.entry_id == *id);
            match at {
                Some(at) if seen.insert(at) => members.push(at),
                Some(_) => wrong.say(format!("entry_ids[{id}]"), "is given twice"),
                None => wrong.say(format!("entry_ids[{id}]"), "is no entry of this simulation"),
            }
        }
        let joining =
            self.joining(tenant, &request.candidate_ids, spec.auction.tournament.id, &mut wrong).await?;
        for entry in joining {
            // Its bids would be there twice, and each hold half of what one of them does.
            let of_it = |other: &&Entry| other.candidate_id == entry.candidate_id;
            if let (Some(id), Some(other)) = (entry.candidate_id, arena.auction.entries.iter().find(of_it)) {
                let message = format!("is in this auction already, as entry {}; name that", other.entry_id);
                wrong.say(format!("candidate_ids[{id}]"), message);
                continue;
            }
            if let Some(bids) = bids(&arena.auction.rules, &entry, &arena.playing, "candidates.", &mut wrong)
            {
                members.push(arena.auction.entries.len());
                arena.auction.entries.push(entry);
                arena.auction.bids.push(bids);
            }
        }
        wrong.into_result()?;
        Ok(members)
    }

    /// Candidates as entries. A candidate and an entry never meet in one auction under one id: both are drawn at random.
    pub(crate) async fn joining(
        &self,
        tenant: Tenant,
        ids: &[wire::lab::CandidateId],
        tournament: wire::lab::TournamentId,
        wrong: &mut Wrong,
    ) -> Result<Vec<Entry>, LabError> {
        let (mut seen, mut joining) = (BTreeSet::new(), Vec::new());
        for id in ids {
            let candidate = self.candidate(tenant, *id).await?;
            if !seen.insert(*id) {
                wrong.say(format!("candidate_ids[{id}]"), "is given twice");
            }
            if candidate.tournament_id != tournament {
                wrong.say(format!("candidate_ids[{id}]"), "bids on the teams of another tournament");
                continue;
            }
            joining.push(Entry {
                entry_id: wire::lab::EntryId(id.0),
                display_name: candidate.display_name,
                candidate_id: Some(*id),
                bids: candidate.bids,
            });
        }
        Ok(joining)
    }
}

/// The contest of each member: all entries but the members behind it, in the order they came, so that an odd cent falls as
/// it does in the simulation; with the places of the members there.
fn contests(arena: &Arena, members: &[usize]) -> Vec<(Contest, Vec<usize>)> {
    let of = |last: usize| {
        let is_in =
            |entry: usize| members.iter().position(|&member| member == entry).is_none_or(|at| at <= last);
        let here: Vec<usize> = (0..arena.auction.entries.len()).filter(|&entry| is_in(entry)).collect();
        let bids: Vec<_> = here.iter().map(|&entry| &arena.auction.bids[entry]).collect();
        let ownership = Ownership::of(&bids, arena.playing.field.teams.len());
        let contest = Contest::new(
            &arena.playing.bracket,
            ownership,
            arena.auction.points.clone(),
            arena.auction.payouts.clone(),
        );
        let place = |member: &usize| here.partition_point(|entry| entry < member);
        (contest, members[..=last].iter().map(place).collect())
    };
    (0..members.len()).map(of).collect()
}
