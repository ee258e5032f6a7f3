//! Eight tournaments of a contest scored side by side, a lane each.
//!
//! Scores are whole numbers of 2⁻³⁶ points. They are summed in `f64` from 2⁵² on: up to 2⁵³ those are just the whole
//! numbers, so nothing is ever rounded, their bits count them, and they sort as they count: by instructions that
//! registers of every width have.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::Contest;
use super::judge::LANES;
use super::tally::{COARSE, Tally};
use crate::auction::Payouts;
use crate::bracket::TEAMS;
use crate::ownership::PARTS;
use crate::simulate::Block;
use crate::standings::{ENTRY_MASK, Finish, Key, Score, TIE, entry_of, share_out};

/// The most teams and entries. A bracket has no more teams; more entries are judged one tournament at a time.
const MOST: usize = *TEAMS.end();

/// A score of nothing: 2⁵².
const NOTHING: f64 = (WHOLE + 1) as f64;

/// The bits of a score that count.
const WHOLE: u64 = (1 << 52) - 1;

/// Two keys that are farther apart than this are no tie, whichever entries they name.
const APART: f64 = (TIE + ENTRY_MASK) as f64;

/// A number for each lane.
type Lanes<T> = [T; LANES];

/// A contest laid out for lanes, with what the last tournaments came to.
pub(super) struct Abreast {
    /// The games that are worth anything to their winners, and how much.
    worth: Vec<(usize, f64)>,
    /// By team: its points before the first game.
    byes: Vec<Lanes<f64>>,
    /// The parts of teams, entry after entry.
    owned: Vec<(usize, f64)>,
    /// By entry: where its parts end.
    ends: Vec<usize>,
    /// Places that are compared and put in order, one pair after the other.
    network: Vec<[u8; 2]>,
    points: Box<[Lanes<f64>; MOST]>,
    /// By entry.
    scores: Vec<Lanes<f64>>,
    /// By place, once sorted.
    keys: Box<[Lanes<f64>; MOST]>,
    /// The least distance of two neighbouring keys.
    closest: Lanes<f64>,
    /// By entry: its scores, without their [`COARSE`] bits, and their squares, not yet added to a tally.
    sums: Vec<[Lanes<u64>; 2]>,
    /// By place and entry: how often it had the place to itself, not yet added to a tally.
    alone: Vec<u32>,
    /// How often the lanes can still be added to these.
    room: u64,
    most_room: u64,
}

impl Abreast {
    /// Nothing where the entries are too many or their scores too large.
    pub(super) fn of(contest: &Contest) -> Option<Self> {
        let (entries, teams) = (contest.ownership.entries(), contest.ownership.teams());
        if entries > MOST || contest.most_points >= 1 << 16 {
            return None;
        }
        let points = |progress: usize| f64::from(contest.points.total(progress));
        let worth = contest.reached.iter().map(|&progress| points(progress)).enumerate();
        let mut by_entry = vec![Vec::new(); entries];
        for team in 0..teams {
            for owned in contest.ownership.of_team(team) {
                by_entry[owned.entry as usize].push((team, owned.parts as f64));
            }
        }
        let end = |end: &mut usize, owned: &Vec<_>| {
            *end += owned.len();
            Some(*end)
        };
        // A square has at most 64 bits, and places are counted in 32.
        let most_score = contest.most_points << PARTS.trailing_zeros() >> COARSE;
        let most_room = (u64::MAX / most_score.pow(2).max(1)).min(1 << 20);
        Some(Self {
            worth: worth.filter(|(_, points)| *points > 0.0).collect(),
            byes: contest.byes.iter().map(|&progress| [points(progress); LANES]).collect(),
            ends: by_entry.iter().scan(0, end).collect(),
            owned: by_entry.concat(),
            network: network(entries),
            points: Box::new([[0.0; LANES]; MOST]),
            scores: vec![[NOTHING; LANES]; entries],
            keys: Box::new([[NOTHING; LANES]; MOST]),
            closest: [0.0; LANES],
            sums: vec![[[0; LANES]; 2]; entries],
            alone: vec![0; entries * entries],
            room: most_room,
            most_room,
        })
    }

    /// Scores these lanes of a block and puts the entries in order. Lanes that are left over score nothing.
    #[inline(always)]
    pub(super) fn play(&mut self, block: &Block<'_>, lanes: &[usize], is_summed: bool) {
        self.points[..self.byes.len()].copy_from_slice(&self.byes);
        match *lanes {
            [first, .., last] if last - first == LANES - 1 && lanes.len() == LANES => {
                self.reach_all(block, first);
            }
            _ => self.reach(block, lanes),
        }
        self.credit(is_summed);
        self.sort();
        self.compare();
    }

    /// What the teams come to in lanes side by side from `first` on.
    #[inline(always)]
    fn reach_all(&mut self, block: &Block<'_>, first: usize) {
        let points = &mut *self.points;
        for &(game, worth) in &self.worth {
            let winners = &block.winners(game)[first..first + LANES];
            for lane in 0..LANES {
                points[winners[lane] as usize % MOST][lane] = worth;
            }
        }
    }

    fn reach(&mut self, block: &Block<'_>, lanes: &[usize]) {
        for &(game, worth) in &self.worth {
            for (at, &lane) in lanes.iter().enumerate() {
                self.points[block.winner(game, lane)][at] = worth;
            }
        }
        self.points.iter_mut().for_each(|points| points[lanes.len()..].fill(0.0));
    }

    #[inline(always)]
    fn credit(&mut self, is_summed: bool) {
        let (points, scores, keys) = (&*self.points, &mut self.scores[..], &mut *self.keys);
        let mut from = 0;
        for entry in 0..self.ends.len() {
            let to = self.ends[entry];
            let mut score = [NOTHING; LANES];
            for &(team, parts) in &self.owned[from..to] {
                let points = points[team % MOST];
                for lane in 0..LANES {
                    score[lane] += points[lane] * parts;
                }
            }
            from = to;
            scores[entry] = score;
            if is_summed {
                self.sums[entry] = with(self.sums[entry], score);
            }
            let mut key = [0.0; LANES];
            for lane in 0..LANES {
                key[lane] = f64::from_bits(score[lane].to_bits() & !ENTRY_MASK | entry as u64);
            }
            keys[entry] = key;
        }
    }

    #[inline(always)]
    fn sort(&mut self) {
        let keys = &mut *self.keys;
        for &[upper, lower] in &self.network {
            let (one, other) = (keys[usize::from(upper)], keys[usize::from(lower)]);
            let (mut most, mut least) = (one, other);
            for lane in 0..LANES {
                least[lane] = if one[lane] < other[lane] { one[lane] } else { other[lane] };
                // The other one of the two: a maximum would be stored through a mask, and the next load wait for it.
                let both = one[lane].to_bits() ^ other[lane].to_bits();
                most[lane] = f64::from_bits(both ^ least[lane].to_bits());
            }
            keys[usize::from(upper)] = most;
            keys[usize::from(lower)] = least;
        }
    }

    #[inline(always)]
    fn compare(&mut self) {
        let mut closest = [f64::INFINITY; LANES];
        for at in 1..self.scores.len() {
            let (one, other) = (self.keys[at - 1], self.keys[at]);
            for lane in 0..LANES {
                let apart = one[lane] - other[lane];
                closest[lane] = if apart < closest[lane] { apart } else { closest[lane] };
            }
        }
        self.closest = closest;
    }

    /// The score of an entry.
    #[inline(always)]
    pub(super) fn score(&self, entry: usize, lane: usize) -> Score {
        self.scores[entry][lane].to_bits() & WHOLE
    }

    /// Counts the first so many lanes.
    #[inline(always)]
    pub(super) fn count(&mut self, lanes: usize, payouts: &Payouts, tally: &mut Tally) {
        tally.passed(lanes as u64);
        for lane in 0..lanes {
            if self.closest[lane] <= APART {
                share_out(&self.keys_of(lane), payouts, |entry, finish| {
                    tally.finish(entry as usize, finish, self.score(entry as usize, lane));
                });
            } else {
                self.place(lane);
                for (at, keys) in self.sorted().iter().take(payouts.places()).enumerate() {
                    let bits = keys[lane].to_bits();
                    tally.paid((bits & ENTRY_MASK) as usize, bits & WHOLE, payouts.of_place(at + 1));
                }
            }
        }
        self.room -= 1;
        if self.room == 0 {
            self.flush(tally);
        }
    }

    /// Counts the places in a lane without ties.
    #[inline(always)]
    fn place(&mut self, lane: usize) {
        let (alone, entries, mut from) = (self.alone.as_mut_slice(), self.scores.len(), 0);
        for keys in &self.keys[..entries] {
            alone[from + (keys[lane].to_bits() & ENTRY_MASK) as usize] += 1;
            from += entries;
        }
    }

    /// Adds to a tally what was counted.
    pub(super) fn flush(&mut self, tally: &mut Tally) {
        let whole = |lanes: &mut Lanes<u64>| std::mem::take(lanes).into_iter().map(u128::from).sum();
        for (entry, [sum, squares]) in self.sums.iter_mut().enumerate() {
            tally.sums(entry, whole(sum), whole(squares));
        }
        for (at, count) in self.alone.iter_mut().enumerate() {
            tally.alone(at % self.scores.len(), at / self.scores.len(), std::mem::take(count).into());
        }
        self.room = self.most_room;
    }

    fn sorted(&self) -> &[Lanes<f64>] {
        &self.keys[..self.scores.len()]
    }

    /// The sorted keys of a lane.
    fn keys_of(&self, lane: usize) -> Vec<Key> {
        self.sorted().iter().map(|keys| !(keys[lane].to_bits() & WHOLE)).collect()
    }

    /// Tells the finishes in a lane that are paid, and perhaps others.
    #[inline(always)]
    pub(super) fn pay(&self, lane: usize, payouts: &Payouts, mut tell: impl FnMut(u32, Finish)) {
        if self.closest[lane] <= APART {
            return share_out(&self.keys_of(lane), payouts, tell);
        }
        for (at, keys) in self.sorted().iter().take(payouts.places()).enumerate() {
            let finish = Finish { position: at + 1, sharing: 1, payout_cents: payouts.of_place(at + 1) };
            tell(entry_of(!keys[lane].to_bits()), finish);
        }
    }
}

/// Sums of scores and of their squares, and one score more of each lane.
#[inline(always)]
fn with([mut sum, mut squares]: [Lanes<u64>; 2], score: Lanes<f64>) -> [Lanes<u64>; 2] {
    for lane in 0..LANES {
        let score = (score[lane].to_bits() & WHOLE) >> COARSE;
        sum[lane] += score;
        squares[lane] += score * score;
    }
    [sum, squares]
}

/// Comparisons that sort so many, by merge exchange (Knuth, *The Art of Computer Programming*, volume 3, 5.2.2, M).
#[expect(clippy::cast_possible_truncation, reason = "places are few")]
fn network(count: usize) -> Vec<[u8; 2]> {
    let mut pairs = Vec::new();
    let half = count.next_power_of_two() / 2;
    let mut step = half;
    while step > 0 {
        let (mut reach, mut rest, mut apart) = (half, 0, step);
        loop {
            pairs.extend(
                (0..count - apart).filter(|at| at & step == rest).map(|at| [at as u8, (at + apart) as u8]),
            );
            if reach == step {
                break;
            }
            (apart, reach, rest) = (reach - step, reach / 2, step);
        }
        step /= 2;
    }
    pairs
}

#[cfg(test)]
mod tests;
