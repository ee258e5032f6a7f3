//! An auction while it goes on: prices of the teams that are not sold yet, and the best bids on them, exactly. Nothing of
//! it is kept.

use std::collections::BTreeMap;

use kernel::{Tenant, finite};
use tournament::{AuctionRules, Prospect, best};
use wire::lab::{LiveAuction, LiveRequest, LiveTeam, ReturnsQuery, SoldTeam, Spending, StrategyResult};

use crate::check::Wrong;
use crate::error::LabError;
use crate::field::Playing;
use crate::market_share::expected_points;
use crate::reader::Reader;
use crate::strategy::{check_size, sheet};

/// Entries that an auction may have beside one's own.
const MOST_OTHERS: u32 = 500;

impl Reader {
    /// What an auction comes to from where it stands.
    pub async fn live(&self, tenant: Tenant, request: LiveRequest) -> Result<LiveAuction, LabError> {
        let query = ReturnsQuery {
            snapshot_id: request.snapshot_id,
            game_outcome_run_id: request.game_outcome_run_id,
            market_share_run_id: request.market_share_run_id,
        };
        let (playing, auction, outcome, market) = self.priced(tenant, &query).await?;
        check_size(&auction.rules, playing.field.teams.len())?;
        let others = request.other_entry_count.unwrap_or(market.entry_count);
        let floor = Floor {
            worth: expected_points(&outcome, &auction),
            shares: market.teams.iter().map(|team| team.predicted_share).collect(),
            rules: auction.rules,
            others,
            sold: sold(&request, &playing, &auction.rules, others)?,
        };
        Ok(kernel::off_the_runtime(move || floor.stands(&playing, request.spending)).await)
    }
}

/// What is sold by team; what contradicts the rules or itself is said of the team.
fn sold(
    request: &LiveRequest,
    playing: &Playing,
    rules: &AuctionRules,
    others: u32,
) -> Result<BTreeMap<usize, SoldTeam>, LabError> {
    let mut wrong = Wrong::default();
    if !(1..=MOST_OTHERS).contains(&others) {
        wrong.say("other_entry_count", format!("must be from 1 to {MOST_OTHERS}, not {others}"));
    }
    let mut sold = BTreeMap::new();
    let (mut spent, mut bid, mut teams) = (0_u64, 0_u64, 0_u32);
    let pool = u64::from(others) * u64::from(rules.budget_points);
    for team in &request.sold {
        let SoldTeam { team_id, others_points, own_points } = team;
        let mut say = |what: String| wrong.say(format!("sold[{team_id}]"), what);
        let Some(at) = playing.bracket.team(team_id) else {
            say(format!("`{team_id}` is no team of this field"));
            continue;
        };
        if sold.insert(at, team.clone()).is_some() {
            say("is sold twice".to_owned());
            continue;
        }
        let (least, most) = (rules.min_bid_points, rules.max_bid_points);
        if *own_points > 0 && !(least..=most).contains(own_points) {
            say(format!("you bid {own_points} on it; {least} to {most} are allowed, or 0"));
        }
        if u64::from(*others_points) > u64::from(others) * u64::from(most) {
            say(format!("{others} others bid {others_points} on it; each may bid {most} at most"));
        }
        (spent, bid) = (spent + u64::from(*own_points), bid + u64::from(*others_points));
        teams += u32::from(*own_points > 0);
        if *own_points > 0 && spent > u64::from(rules.budget_points) {
            say(format!("brings your bids to {spent} points; the budget is {}", rules.budget_points));
        }
        if *own_points > 0 && teams > rules.max_teams {
            say(format!("is your team number {teams}; {} are allowed", rules.max_teams));
        }
        if bid > pool {
            say(format!("brings the bids of others to {bid} points; {others} of them have {pool}"));
        }
    }
    wrong.into_result()?;
    Ok(sold)
}

/// An auction as it stands.
struct Floor {
    /// By team: points it is expected to earn.
    worth: Vec<f64>,
    /// By team: its part of all bids, as predicted.
    shares: Vec<f64>,
    rules: AuctionRules,
    others: u32,
    sold: BTreeMap<usize, SoldTeam>,
}

impl Floor {
    fn pool(&self) -> u64 {
        u64::from(self.others) * u64::from(self.rules.budget_points)
    }

    fn sum(&self, of: impl Fn(usize) -> f64, is_sold: bool) -> f64 {
        let teams = (0..self.worth.len()).filter(|team| self.sold.contains_key(team) == is_sold);
        teams.fold(0.0, |sum, team| sum + of(team))
    }

    /// Before the auction.
    fn predicted(&self, team: usize) -> f64 {
        self.shares[team] * self.pool() as f64
    }

    /// What others bid on each team, projected where it is not sold: they share what they still spend as predicted.
    fn prices(&self, spending: Spending) -> Vec<f64> {
        let left = self.pool() as f64 - self.sold_points() as f64;
        let open = self.sum(|team| self.predicted(team), false);
        let spend = match spending {
            Spending::Budgets => left,
            Spending::Pace => self.pace().map_or(left, |pace| left.min(pace * open)),
        };
        let alike = spend / (self.worth.len() - self.sold.len()).max(1) as f64;
        let price = |team: usize| match self.sold.get(&team) {
            Some(sold) => f64::from(sold.others_points),
            None if open > 0.0 => spend * self.predicted(team) / open,
            None => alike,
        };
        (0..self.worth.len()).map(price).collect()
    }

    fn sold_points(&self) -> u64 {
        self.sold.values().map(|team| u64::from(team.others_points)).sum()
    }

    fn pace(&self) -> Option<f64> {
        finite(self.sold_points() as f64 / self.sum(|team| self.predicted(team), true))
    }

    /// The rules that are left for the teams that are left.
    fn rest(&self) -> AuctionRules {
        let own = self.sold.values().filter(|team| team.own_points > 0);
        let teams = u32::try_from(own.count()).expect("a field is small");
        AuctionRules {
            budget_points: self.rules.budget_points - self.spent(),
            min_teams: self.rules.min_teams.saturating_sub(teams),
            max_teams: self.rules.max_teams - teams,
            ..self.rules
        }
    }

    fn spent(&self) -> u32 {
        self.sold.values().map(|team| team.own_points).sum()
    }

    fn own(&self, team: usize) -> u32 {
        self.sold.get(&team).map_or(0, |sold| sold.own_points)
    }

    fn stands(&self, playing: &Playing, spending: Spending) -> LiveAuction {
        let prices = self.prices(spending);
        let prospect =
            |team: usize| Prospect { expected_points: self.worth[team], market_points: prices[team] };
        let all: Vec<Prospect> = (0..prices.len()).map(prospect).collect();
        let open = (0..prices.len()).filter(|team| !self.sold.contains_key(team));
        let open: Vec<_> = open.map(|team| (playing.team(team).team_id.clone(), all[team])).collect();
        let (rest, own) = (self.rest(), self.sum(|team| all[team].value(self.own(team)), true));
        let plan = sheet(&open, &rest);
        let known = best(&all, &self.rules).map_or(0.0, |plan| plan.value);
        LiveAuction {
            other_entry_count: self.others,
            pool_points: self.pool(),
            sold_points: self.sold_points(),
            projected_pot_points: prices.iter().fold(0.0, |sum, price| sum + price),
            pace: self.pace(),
            own_budget_points: self.rules.budget_points,
            own_spent_points: self.spent(),
            own_left_points: rest.budget_points,
            own_expected_points: own,
            unsold_expected_points: self.sum(|team| self.worth[team], false),
            no_plan_reason: plan.is_none().then(|| no_plan(&rest, open.len())),
            left_on_the_table_points: plan.as_ref().map(|plan| (known - own - plan.expected_points).max(0.0)),
            teams: self.teams(playing, &prices, plan.as_ref()),
            plan,
        }
    }

    fn teams(&self, playing: &Playing, prices: &[f64], plan: Option<&StrategyResult>) -> Vec<LiveTeam> {
        let bids = plan.map_or(&[][..], |plan| &plan.bids);
        let best: BTreeMap<_, _> = bids.iter().map(|bid| (&bid.team_id, bid.bid_points)).collect();
        let of = |(team, &others_points): (usize, &f64)| {
            let told = playing.team(team);
            LiveTeam {
                team_id: told.team_id.clone(),
                name: told.name.clone(),
                region: told.region.clone(),
                seed: told.seed,
                expected_points: self.worth[team],
                predicted_points: self.predicted(team),
                is_sold: self.sold.contains_key(&team),
                others_points,
                change_percent: finite((others_points / self.predicted(team) - 1.0) * 100.0),
                own_points: self.own(team),
                best_bid_points: best.get(&told.team_id).copied().unwrap_or(0),
            }
        };
        prices.iter().enumerate().map(of).collect()
    }
}

fn no_plan(rest: &AuctionRules, open: usize) -> String {
    format!(
        "{} more must be bid on, with {} points each at least; there are {} points and {} left",
        kernel::counted(rest.min_teams as usize, "team", "teams"),
        rest.min_bid_points,
        rest.budget_points,
        kernel::counted(open, "team", "teams")
    )
}
