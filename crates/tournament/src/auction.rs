//! The sealed auction: rules, entries with their bids, ownership, and the money that places are paid.

use std::collections::BTreeMap;

use kernel::{Class, Fault, FieldError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What every entry may bid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuctionRules {
    /// Play points each entry has; they need not be spent.
    pub budget_points: u32,
    /// Fewest teams an entry bids on.
    pub min_teams: u32,
    /// Most teams an entry bids on.
    pub max_teams: u32,
    /// Least bid on a team.
    pub min_bid_points: u32,
    /// Highest bid on a team.
    pub max_bid_points: u32,
}

impl Default for AuctionRules {
    /// The rules of the earlier system's auctions.
    fn default() -> Self {
        Self { budget_points: 100, min_teams: 3, max_teams: 10, min_bid_points: 1, max_bid_points: 50 }
    }
}

/// A bid on one team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bid {
    /// The team's index.
    pub team: usize,
    /// Points bid.
    pub points: u32,
}

/// Money for places, first place first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payouts(Vec<u32>);

/// What is wrong with rules, bids or payouts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AuctionError {
    /// The rules contradict themselves.
    #[error("{field} {what}")]
    Rules {
        /// The rule.
        field: &'static str,
        /// What is wrong.
        what: String,
    },
    /// An entry bids on too few or too many teams.
    #[error("`{entry}` bids on {teams} teams; {} to {} are allowed", rules.min_teams, rules.max_teams)]
    TeamCount {
        /// The entry.
        entry: String,
        /// Its teams.
        teams: usize,
        /// The rules.
        rules: AuctionRules,
    },
    /// One bid is outside the bounds.
    #[error("`{entry}` bids {points} on team `{team}`; {} to {} are allowed", rules.min_bid_points, rules.max_bid_points)]
    Bid {
        /// The entry.
        entry: String,
        /// The team.
        team: String,
        /// The bid.
        points: u32,
        /// The rules.
        rules: AuctionRules,
    },
    /// Two bids on one team.
    #[error("`{entry}` bids twice on team `{team}`; one bid a team")]
    Twice {
        /// The entry.
        entry: String,
        /// The team.
        team: String,
    },
    /// A bid on a team outside the field.
    #[error("`{entry}` bids on team `{team}`, which is not in the field")]
    UnknownTeam {
        /// The entry.
        entry: String,
        /// The team.
        team: String,
    },
    /// More than the budget.
    #[error("`{entry}` bids {points} points in all; the budget is {budget_points}")]
    Budget {
        /// The entry.
        entry: String,
        /// The sum of its bids.
        points: u64,
        /// What it has.
        budget_points: u32,
    },
    /// The first place is not paid, or a place more than the one above it.
    #[error("{what}")]
    Payouts {
        /// What is wrong.
        what: String,
    },
}

impl Fault for AuctionError {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Rules { .. } => "AUCTION_RULES",
            Self::TeamCount { .. } => "AUCTION_TEAM_COUNT",
            Self::Bid { .. } => "AUCTION_BID",
            Self::Twice { .. } => "AUCTION_BID_TWICE",
            Self::UnknownTeam { .. } => "AUCTION_UNKNOWN_TEAM",
            Self::Budget { .. } => "AUCTION_BUDGET",
            Self::Payouts { .. } => "AUCTION_PAYOUTS",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::Rules { field, .. } => (*field).to_owned(),
            Self::TeamCount { entry, .. } | Self::Budget { entry, .. } => format!("entries[{entry}]"),
            Self::Bid { entry, team, .. }
            | Self::Twice { entry, team }
            | Self::UnknownTeam { entry, team } => {
                format!("entries[{entry}].bids[{team}]")
            }
            Self::Payouts { .. } => "payouts".to_owned(),
        };
        vec![FieldError::new(field, self.to_string())]
    }
}

impl AuctionRules {
    /// Points that a budget can have, so that sums of bids stay whole numbers everywhere.
    pub const MOST_POINTS: u32 = 1_000_000;

    /// The rules, if they do not contradict themselves.
    pub fn checked(self) -> Result<Self, AuctionError> {
        let wrong = |field, what: String| Err(AuctionError::Rules { field, what });
        if !(1..=Self::MOST_POINTS).contains(&self.budget_points) {
            return wrong("budget_points", format!("must be from 1 to {}", Self::MOST_POINTS));
        }
        if self.min_teams == 0 || self.max_teams < self.min_teams {
            return wrong(
                "max_teams",
                format!(
                    "({}) must not be below min_teams ({}), which is at least 1",
                    self.max_teams, self.min_teams
                ),
            );
        }
        if self.min_bid_points == 0 || self.max_bid_points < self.min_bid_points {
            return wrong(
                "max_bid_points",
                format!(
                    "({}) must not be below min_bid_points ({}), which is at least 1",
                    self.max_bid_points, self.min_bid_points
                ),
            );
        }
        let least = u64::from(self.min_teams) * u64::from(self.min_bid_points);
        if least > u64::from(self.budget_points) {
            return wrong(
                "budget_points",
                format!("({}) is below {least}, the least bid on the fewest teams", self.budget_points),
            );
        }
        Ok(self)
    }

    /// Checks the bids of one entry, which is named in the error. `teams` names the field.
    pub fn check_bids(&self, entry: &str, bids: &[Bid], teams: &[String]) -> Result<(), AuctionError> {
        let entry_name = || entry.to_owned();
        let mut seen = BTreeMap::new();
        for bid in bids {
            let Some(team) = teams.get(bid.team) else {
                return Err(AuctionError::UnknownTeam { entry: entry_name(), team: bid.team.to_string() });
            };
            if seen.insert(bid.team, bid.points).is_some() {
                return Err(AuctionError::Twice { entry: entry_name(), team: team.clone() });
            }
            if !(self.min_bid_points..=self.max_bid_points).contains(&bid.points) {
                let (team, points) = (team.clone(), bid.points);
                return Err(AuctionError::Bid { entry: entry_name(), team, points, rules: *self });
            }
        }
        if !(self.min_teams as usize..=self.max_teams as usize).contains(&bids.len()) {
            return Err(AuctionError::TeamCount { entry: entry_name(), teams: bids.len(), rules: *self });
        }
        let points = bids.iter().map(|bid| u64::from(bid.points)).sum();
        if points > u64::from(self.budget_points) {
            return Err(AuctionError::Budget {
                entry: entry_name(),
                points,
                budget_points: self.budget_points,
            });
        }
        Ok(())
    }
}

impl Payouts {
    /// Cents for the places from the first, which must be paid; no place more than the one above it.
    pub fn new(cents: Vec<u32>) -> Result<Self, AuctionError> {
        if cents.first().is_none_or(|&first| first == 0) {
            return Err(AuctionError::Payouts { what: "the first place must be paid something".to_owned() });
        }
        if let Some(at) = cents.windows(2).position(|pair| pair[1] > pair[0]) {
            let what = format!("place {} is paid more than place {}", at + 2, at + 1);
            return Err(AuctionError::Payouts { what });
        }
        Ok(Self(cents))
    }

    /// Cents of a place, from 1.
    pub fn of_place(&self, place: usize) -> u32 {
        self.0.get(place - 1).copied().unwrap_or(0)
    }

    /// Cents of the first place.
    pub fn first(&self) -> u32 {
        self.0[0]
    }

    /// How many places are listed.
    pub fn places(&self) -> usize {
        self.0.len()
    }

    /// Cents that a field of so many entries is paid in all.
    pub fn total(&self, entries: usize) -> u64 {
        self.0.iter().take(entries).map(|&cents| u64::from(cents)).sum()
    }

    /// Cents of `count` places from `place` on, together: what a tie for them shares.
    pub fn pooled(&self, place: usize, count: usize) -> u64 {
        self.0.iter().skip(place - 1).take(count).map(|&cents| u64::from(cents)).sum()
    }
}
