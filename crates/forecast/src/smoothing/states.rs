//! The states of chosen candidates in double precision, sixteen at a time.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::fit::Part;
use super::form::{Candidate, Season, Trend};
use super::kernel::{ADDITIVE, DAMPED, FLAT, MULTIPLICATIVE, NO_SEASON, Responses, State};
use super::rows::{Rows, Shared, Spread};
use super::search::Best;
use super::start::{Rough, Start};
use super::weights::Weights;
use crate::simd::{Lanes, Task};

/// Lanes of a pass.
pub(super) const LANES: usize = 16;

/// A candidate whose state is wanted at an origin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick<'a> {
    /// Of which series of the block.
    pub(super) series: usize,
    /// At which of the origins.
    pub(super) at: usize,
    /// Which of the origin's forms.
    pub(super) place: usize,
    pub(super) origin: usize,
    pub(super) best: Best,
    pub(super) start: &'a Start,
    /// What the series was multiplied by, inverted.
    pub(super) unit: f64,
    /// What the values were counted from.
    pub(super) centre: f64,
    /// Variance of a one-step error, in the unit of the series.
    pub(super) noise: f64,
}

/// The rows that picks are filtered over.
#[derive(Clone, Copy)]
pub(super) enum Wide<'a> {
    /// Every lane reads the one series.
    Shared(&'a [f64]),
    /// Lane `i` reads row `at` of series `i` at `16 · at + i`.
    Packed(&'a [f64]),
}

/// A lane's picks, which differ in their origins alone: one pass of the one candidate gives all of them.
pub(super) type Picks<'a> = [Pick<'a>];

/// At most sixteen candidates, one per lane, all with a multiplicative season or none of them.
pub(super) struct States<'a> {
    pub(super) rows: Wide<'a>,
    pub(super) period: usize,
    /// How many first rows the start is taken from.
    pub(super) region: usize,
    /// By lane; empty where there is none.
    pub(super) picks: &'a [&'a Picks<'a>; LANES],
}

impl<'a> Task for States<'a> {
    /// Each pick with its state.
    type Output = Vec<(Pick<'a>, Part)>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let any = |is: fn(&Best) -> bool| {
            self.picks.iter().filter_map(|picks| picks.first()).any(|pick| is(&pick.best))
        };
        let has_trend = any(|best| best.form.trend != Trend::None);
        let has_season = any(|best| best.form.season == Season::Additive);
        if any(|best| best.form.season == Season::Multiplicative) {
            return self.over::<D, DAMPED, MULTIPLICATIVE>();
        }
        match (has_trend, has_season) {
            (false, false) => self.over::<D, FLAT, NO_SEASON>(),
            (false, true) => self.over::<D, FLAT, ADDITIVE>(),
            (true, false) => self.over::<D, DAMPED, NO_SEASON>(),
            (true, true) => self.over::<D, DAMPED, ADDITIVE>(),
        }
    }
}

impl<'a> States<'a> {
    /// Sixteen lanes are as many registers as the processor needs for them.
    #[inline(always)]
    fn over<D: Lanes<Number = f64>, const TREND: u8, const SEASON: u8>(self) -> Vec<(Pick<'a>, Part)> {
        match (self.rows, <D::Register as Lanes>::WIDTH) {
            (Wide::Shared(rows), 4) => self.filter::<D::Register, 4, TREND, SEASON>(Shared(rows)),
            (Wide::Packed(rows), 4) => self.filter::<D::Register, 4, TREND, SEASON>(Spread(rows)),
            (Wide::Shared(rows), _) => self.filter::<D, 2, TREND, SEASON>(Shared(rows)),
            (Wide::Packed(rows), _) => self.filter::<D, 2, TREND, SEASON>(Spread(rows)),
        }
    }

    #[inline(always)]
    fn filter<S: Lanes<Number = f64>, const K: usize, const TREND: u8, const SEASON: u8>(
        self,
        rows: impl Rows<S>,
    ) -> Vec<(Pick<'a>, Part)> {
        let (weights, mut state) = self.before::<S, K, TREND, SEASON>(rows);
        let lanes = self.picks.iter().enumerate();
        let mut order: Vec<(usize, Pick<'_>)> =
            lanes.flat_map(|(lane, picks)| picks.iter().map(move |&pick| (lane, pick))).collect();
        order.sort_by_key(|(_, pick)| pick.origin);
        let mut parts = Vec::with_capacity(order.len());
        let mut position = 0;
        for (lane, pick) in order {
            state.forward::<TREND, SEASON>(&weights, rows, position..pick.origin);
            position = pick.origin;
            parts.push((pick, part(&state, lane, &pick)));
        }
        parts
    }

    /// The weights and the states before the first row. A lane without a trend or a season has no weight in it and
    /// starts without one; a lane without a pick repeats another.
    #[inline(always)]
    fn before<S: Lanes<Number = f64>, const K: usize, const TREND: u8, const SEASON: u8>(
        &self,
        rows: impl Rows<S>,
    ) -> (Weights<S, K>, State<S, K>) {
        let any = self.picks.iter().find_map(|picks| picks.first()).expect("there is a pick");
        let pick = |lane: usize| self.picks[lane].first().unwrap_or(any);
        let candidates: [Candidate; LANES] = std::array::from_fn(|lane| pick(lane).best.candidate);
        let weights = Weights::<S, K>::by_lane(&candidates);
        let empty = vec![0.0; self.period];
        let start_of = |lane: usize| {
            let Pick { best, start, .. } = pick(lane);
            Rough {
                level: start.level,
                slope: if best.form.trend == Trend::None { 0.0 } else { start.slope },
                season: if start.season.is_empty() { &empty } else { &start.season },
            }
        };
        let mut state = State::rough::<TREND, SEASON>(self.period, start_of);
        state.turn_back::<TREND, SEASON>(&weights, rows, 0..self.region);
        if TREND != FLAT && SEASON != MULTIPLICATIVE {
            let missing = |at: usize| rows.is_missing(at);
            let responses = Responses::of::<TREND, SEASON>(&weights, self.region, self.period, missing);
            let mut room = state.copied();
            state.correct::<TREND, SEASON>(&weights, rows, &responses, &mut room);
        }
        (weights, state)
    }
}

/// One lane's state, in the unit of the series.
#[inline(always)]
fn part<S: Lanes<Number = f64>, const K: usize>(state: &State<S, K>, lane: usize, pick: &Pick<'_>) -> Part {
    let has_season = pick.best.form.season != Season::None;
    let season_unit = if pick.best.form.season == Season::Multiplicative { 1.0 } else { pick.unit };
    let mut season = Vec::with_capacity(if has_season { state.season.len() } else { 0 });
    if has_season {
        for phase in &state.season {
            season.push(read(phase, lane) * season_unit);
        }
    }
    Part {
        form: pick.best.form,
        candidate: pick.best.candidate,
        level: read(&state.level, lane) * pick.unit + pick.centre,
        trend: read(&state.trend, lane) * pick.unit,
        season,
        origin: pick.origin,
        noise: pick.noise,
    }
}

#[inline(always)]
fn read<S: Lanes<Number = f64>, const K: usize>(registers: &[S; K], lane: usize) -> f64 {
    let mut lanes = [0.0; LANES];
    registers[lane / S::WIDTH].store(&mut lanes);
    lanes[lane % S::WIDTH]
}
