//! A contest judged over some tournaments at a time: side by side where its numbers allow it, else one after the other.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::Contest;
use super::abreast::Abreast;
use super::tally::Tally;
use crate::simulate::Block;
use crate::standings::{Finish, Key, Score, key, share_out};

/// Tournaments that are judged at a time.
pub(super) const LANES: usize = 8;

/// One contest, with room for what the last tournaments came to.
pub(super) struct Judge<'a> {
    contest: &'a Contest,
    way: Way,
}

/// Both ways come to the very same.
enum Way {
    Abreast(Box<Abreast>),
    Single(Single),
}

/// Tournaments one after the other: the way for any contest.
struct Single {
    progress: Vec<usize>,
    /// By lane and entry.
    scores: Vec<Score>,
    /// By lane and place.
    keys: Vec<Key>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(contest: &'a Contest) -> Self {
        let way = Abreast::of(contest)
            .map_or_else(|| Way::Single(Single::of(contest)), |abreast| Way::Abreast(Box::new(abreast)));
        Self { contest, way }
    }

    /// One that plays nothing side by side.
    #[cfg(test)]
    pub(super) fn single(contest: &'a Contest) -> Self {
        Self { contest, way: Way::Single(Single::of(contest)) }
    }

    /// Whether it plays side by side.
    #[cfg(test)]
    pub(super) const fn is_abreast(&self) -> bool {
        matches!(self.way, Way::Abreast(_))
    }

    /// Scores some lanes of a block, at most [`LANES`], which are then asked for by their places among these.
    #[inline(always)]
    pub(super) fn play(&mut self, block: &Block<'_>, lanes: &[usize]) {
        match &mut self.way {
            Way::Abreast(abreast) => abreast.play(block, lanes, false),
            Way::Single(single) => single.play(self.contest, block, lanes),
        }
    }

    /// The score of an entry.
    #[inline(always)]
    pub(super) fn score(&self, entry: usize, lane: usize) -> Score {
        match &self.way {
            Way::Abreast(abreast) => abreast.score(entry, lane),
            Way::Single(single) => single.scores[lane * self.contest.ownership.entries() + entry],
        }
    }

    /// Tells what the entries that are paid anything are paid, in cents.
    #[inline(always)]
    pub(super) fn pay(&self, lane: usize, mut tell: impl FnMut(usize, u32)) {
        let payouts = &self.contest.payouts;
        let tell = |entry: u32, finish: Finish| {
            if finish.is_in_the_money() {
                tell(entry as usize, finish.payout_cents);
            }
        };
        match &self.way {
            Way::Abreast(abreast) => abreast.pay(lane, payouts, tell),
            Way::Single(single) => share_out(self.of_lane(&single.keys, lane), payouts, tell),
        }
    }

    /// Scores some lanes of a block, at most [`LANES`], and counts what they come to.
    #[inline(always)]
    pub(super) fn count(&mut self, block: &Block<'_>, lanes: &[usize], tally: &mut Tally) {
        let payouts = &self.contest.payouts;
        if let Way::Abreast(abreast) = &mut self.way {
            abreast.play(block, lanes, true);
            return abreast.count(lanes.len(), payouts, tally);
        }
        self.play(block, lanes);
        let Way::Single(single) = &self.way else { return };
        for lane in 0..lanes.len() {
            let scores = self.of_lane(&single.scores, lane);
            tally.scores(scores);
            share_out(self.of_lane(&single.keys, lane), payouts, |entry, finish| {
                tally.finish(entry as usize, finish, scores[entry as usize]);
            });
        }
    }

    /// Adds to a tally what was counted and not yet added.
    pub(super) fn finish(&mut self, tally: &mut Tally) {
        if let Way::Abreast(abreast) = &mut self.way {
            abreast.flush(tally);
        }
    }

    fn of_lane<'b, T>(&self, all: &'b [T], lane: usize) -> &'b [T] {
        let entries = self.contest.ownership.entries();
        &all[lane * entries..][..entries]
    }
}

impl Single {
    fn of(contest: &Contest) -> Self {
        let room = LANES * contest.ownership.entries();
        Self { progress: vec![0; contest.ownership.teams()], scores: vec![0; room], keys: vec![0; room] }
    }

    fn play(&mut self, contest: &Contest, block: &Block<'_>, lanes: &[usize]) {
        let entries = contest.ownership.entries().max(1);
        let room = self.scores.chunks_mut(entries).zip(self.keys.chunks_mut(entries));
        for (&lane, (scores, keys)) in lanes.iter().zip(room) {
            contest.score(|game| block.winner(game, lane), &mut self.progress, scores);
            for ((entry, key_of), &score) in (0_u32..).zip(&mut *keys).zip(&*scores) {
                *key_of = key(score, entry);
            }
            keys.sort_unstable();
        }
    }
}
