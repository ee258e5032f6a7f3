//! Who owns how much of which team: bids over all bids on the team.
//!
//! A share is kept as a whole number of 2⁻³⁶ parts, and points are whole, so a score is a sum of whole numbers: the
//! order of summing, the threads and the width of registers cannot change it. Rounding moves a share by less than
//! 8·10⁻¹², and a score of ten teams by less than 10⁻⁵ points at the highest points there are
//! ([`Points::MOST`](crate::Points::MOST)), a tenth of the distance at which scores count as tied.

use crate::auction::Bid;

/// Whole parts of a team.
pub const PARTS: u64 = 1 << 36;

/// The owners of every team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    entries: usize,
    /// By team: the range of `owned`.
    from: Vec<usize>,
    owned: Vec<Owned>,
    bids: Vec<u64>,
}

/// One entry's part of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// The entry's index.
    pub entry: u32,
    /// Its part, in 2⁻³⁶ of the team; the whole team is 2³⁶.
    pub parts: u64,
}

impl Ownership {
    /// What the bids of all entries come to, for a field of so many teams.
    pub fn of<B: AsRef<[Bid]>>(entries: &[B], teams: usize) -> Self {
        let mut by_team: Vec<Vec<(u32, u64)>> = vec![Vec::new(); teams];
        for (entry, bids) in (0_u32..).zip(entries) {
            for bid in bids.as_ref() {
                by_team[bid.team].push((entry, u64::from(bid.points)));
            }
        }
        let mut this = Self { entries: entries.len(), from: vec![0], owned: Vec::new(), bids: Vec::new() };
        for bidders in by_team {
            let total: u64 = bidders.iter().map(|(_, points)| points).sum();
            let part =
                |(entry, points): (u32, u64)| Owned { entry, parts: (points * PARTS + total / 2) / total };
            this.owned.extend(bidders.into_iter().map(part));
            this.from.push(this.owned.len());
            this.bids.push(total);
        }
        this
    }

    /// The owners of a team, in the order of the entries.
    #[inline]
    pub fn of_team(&self, team: usize) -> &[Owned] {
        &self.owned[self.from[team]..self.from[team + 1]]
    }

    /// Points bid on a team by all.
    pub fn bids(&self, team: usize) -> u64 {
        self.bids[team]
    }

    /// How many entries.
    pub const fn entries(&self) -> usize {
        self.entries
    }

    /// How many teams.
    pub fn teams(&self) -> usize {
        self.bids.len()
    }
}
