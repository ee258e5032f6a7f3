//! An auction as it is written down and as it is computed with.

use tournament::{AuctionRules, Bid, Contest, MOST_ENTRIES, Ownership, Payouts, Points};
use wire::lab::{Entry, EntryId, Payout, Rules, ScoringRule, SnapshotContent};

use crate::check::Wrong;
use crate::error::LabError;
use crate::field::Playing;

/// Entries of one auction.
pub(crate) const MAX_ENTRIES: usize = 500;
const _: () = assert!(MAX_ENTRIES < MOST_ENTRIES, "a simulated contest holds them and a candidate");

/// An auction that was checked.
#[derive(Debug, Clone)]
pub(crate) struct Auction {
    pub(crate) rules: AuctionRules,
    pub(crate) points: Points,
    pub(crate) payouts: Payouts,
    /// By entry, in the order they came.
    pub(crate) bids: Vec<Vec<Bid>>,
    pub(crate) entries: Vec<Entry>,
}

impl Auction {
    /// A snapshot's content; what is wrong is said of it, each entry by its name.
    pub(crate) fn check(
        content: &SnapshotContent,
        playing: &Playing,
        below: &str,
        wrong: &mut Wrong,
    ) -> Option<Self> {
        let rules = match rules(&content.rules).checked() {
            Ok(rules) => Some(rules),
            Err(error) => {
                wrong.fault(&format!("{below}rules."), &error);
                None
            }
        };
        let scoring: Vec<_> = content.scoring.iter().copied().map(rule).collect();
        let points = Points::of_rules(&scoring, playing.bracket.levels());
        let points = points.map_err(|error| wrong.fault(below, &error)).ok();
        let payouts = payouts(&content.payouts, below, wrong);
        if content.entries.len() > MAX_ENTRIES {
            let message = format!("may be {MAX_ENTRIES} at most, not {}", content.entries.len());
            wrong.say(format!("{below}entries"), message);
        }
        let rules = rules?;
        let check = |entry: &Entry| bids(&rules, entry, playing, below, wrong);
        let bids: Vec<Option<Vec<Bid>>> = content.entries.iter().map(check).collect();
        let entries = content.entries.clone();
        Some(Self {
            rules,
            points: points?,
            payouts: payouts?,
            bids: bids.into_iter().collect::<Option<_>>()?,
            entries,
        })
    }

    /// An auction as it is kept. Only what was never checked fails.
    pub(crate) fn read(content: &SnapshotContent, playing: &Playing) -> Result<Self, LabError> {
        let mut wrong = Wrong::default();
        let read = Self::check(content, playing, "", &mut wrong);
        wrong.into_result().map_err(|error| LabError::unreadable("snapshot", error))?;
        read.ok_or_else(|| LabError::unreadable("snapshot", "it is not whole"))
    }

    /// The auction without an entry.
    pub(crate) fn without(mut self, excluded: Option<EntryId>) -> Self {
        let Some(at) = self.entries.iter().position(|entry| Some(entry.entry_id) == excluded) else {
            return self;
        };
        self.entries.remove(at);
        self.bids.remove(at);
        self
    }

    /// The contest over it.
    pub(crate) fn contest(&self, playing: &Playing) -> Contest {
        let ownership = Ownership::of(&self.bids, playing.field.teams.len());
        Contest::new(&playing.bracket, ownership, self.points.clone(), self.payouts.clone())
    }
}

/// Bids of an entry by team, in the order of the field.
pub(crate) fn bids(
    rules: &AuctionRules,
    entry: &Entry,
    playing: &Playing,
    below: &str,
    wrong: &mut Wrong,
) -> Option<Vec<Bid>> {
    let mut bids = Vec::with_capacity(entry.bids.len());
    for bid in &entry.bids {
        let Some(team) = playing.bracket.team(&bid.team_id) else {
            let at = format!("{below}entries[{}].bids[{}]", entry.display_name, bid.team_id);
            wrong.say(at, format!("`{}` bids on a team that is not in the field", entry.display_name));
            return None;
        };
        bids.push(Bid { team, points: bid.bid_points });
    }
    bids.sort_unstable();
    match rules.check_bids(&entry.display_name, &bids, playing.bracket.teams()) {
        Ok(()) => Some(bids),
        Err(error) => {
            wrong.fault(below, &error);
            None
        }
    }
}

/// Bids as they are written down.
pub(crate) fn written(bids: &[Bid], playing: &Playing) -> Vec<wire::lab::Bid> {
    let written = |bid: &Bid| wire::lab::Bid {
        team_id: playing.team(bid.team).team_id.clone(),
        bid_points: bid.points,
    };
    bids.iter().map(written).collect()
}

pub(crate) fn rules(rules: &Rules) -> AuctionRules {
    AuctionRules {
        budget_points: rules.budget_points,
        min_teams: rules.min_teams,
        max_teams: rules.max_teams,
        min_bid_points: rules.min_bid,
        max_bid_points: rules.max_bid,
    }
}

const fn rule(rule: ScoringRule) -> tournament::ScoringRule {
    tournament::ScoringRule { win_index: rule.win_index, points_awarded: rule.points_awarded }
}

/// Payouts of the places from the first on, none left out.
fn payouts(told: &[Payout], below: &str, wrong: &mut Wrong) -> Option<Payouts> {
    let mut sorted = told.to_vec();
    sorted.sort_by_key(|payout| payout.position);
    for (at, payout) in sorted.iter().enumerate() {
        if payout.position as usize != at + 1 {
            let message = format!("place {} is missing or given twice; give each place once, from 1", at + 1);
            wrong.say(format!("{below}payouts"), message);
            return None;
        }
    }
    let payouts = Payouts::new(sorted.iter().map(|payout| payout.amount_cents).collect());
    payouts.map_err(|error| wrong.fault(below, &error)).ok()
}
