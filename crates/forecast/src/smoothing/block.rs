//! Passes over sixteen complete series of one length at once, one series per lane.
#![expect(clippy::needless_range_loop, reason = "the register number indexes several arrays at once")]
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::alone::factor;
use super::form::{Candidate, Form, Season, Trend};
use super::kernel::{ADDITIVE, DAMPED, FLAT, FULL, MULTIPLICATIVE, NO_SEASON, Respond, Responses, State};
use super::rows::{Packed, SERIES};
use super::start::Start;
use super::weights::Weights;
use crate::simd::{self, Lanes, Real, Task};

/// Candidates of one form over the rows of a block up to each ascending origin.
pub(super) struct Pass<'a> {
    pub(super) form: Form,
    pub(super) period: usize,
    /// `rows[16 · at + series]`.
    pub(super) rows: &'a [f32],
    /// How many first rows the start is taken from.
    pub(super) region: usize,
    /// One per series.
    pub(super) starts: &'a [&'a Start],
    pub(super) candidates: &'a [Candidate],
    /// [`responses`] of the candidates.
    pub(super) responses: Option<&'a Narrow>,
    pub(super) origins: &'a [usize],
}

impl Task for Pass<'_> {
    /// For each origin and lane the best candidate and its sum of squares; infinite if there is none.
    type Output = Vec<[(usize, f64); SERIES]>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        match (self.form.trend, self.form.season) {
            (Trend::None, Season::None) => self.filter::<F::Register, 6, FLAT, NO_SEASON>(),
            (Trend::None, Season::Additive) => self.filter::<F::Register, 4, FLAT, ADDITIVE>(),
            (Trend::None, Season::Multiplicative) => self.filter::<F::Register, 4, FLAT, MULTIPLICATIVE>(),
            (Trend::Full, Season::None) => self.filter::<F::Register, 3, FULL, NO_SEASON>(),
            (Trend::Full, Season::Additive) => self.filter::<F::Register, 3, FULL, ADDITIVE>(),
            (Trend::Full, Season::Multiplicative) => self.filter::<F::Register, 3, FULL, MULTIPLICATIVE>(),
            (Trend::Damped, Season::None) => self.filter::<F::Register, 3, DAMPED, NO_SEASON>(),
            (Trend::Damped, Season::Additive) => self.filter::<F::Register, 3, DAMPED, ADDITIVE>(),
            (Trend::Damped, Season::Multiplicative) => {
                self.filter::<F::Register, 3, DAMPED, MULTIPLICATIVE>()
            }
        }
    }
}

/// The best candidate of each lane so far: its place, its sum of squares, and that with its penalty.
#[derive(Clone, Copy)]
struct Lead<S> {
    place: S,
    squares: S,
    penalised: S,
}

impl<S: Lanes<Number = f32>> Lead<S> {
    #[inline(always)]
    fn challenge(&mut self, place: usize, squares: S, penalised: S) {
        let place = S::splat(f32::of(place as f64));
        self.place = penalised.if_less(self.penalised, place, self.place);
        self.squares = penalised.if_less(self.penalised, squares, self.squares);
        self.penalised = penalised.if_less(self.penalised, penalised, self.penalised);
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a short list")]
    fn read(&self, best: &mut [(usize, f64)]) {
        let (places, squares) = (lanes(self.place), lanes(self.squares));
        for lane in 0..S::WIDTH {
            best[lane] = (places[lane] as usize, f64::from(squares[lane]));
        }
    }
}

impl Pass<'_> {
    /// As many candidates at once as fill the registers, over as many series as fit into one.
    #[inline(always)]
    fn filter<S: Lanes<Number = f32>, const K: usize, const TREND: u8, const SEASON: u8>(
        self,
    ) -> Vec<[(usize, f64); SERIES]> {
        let mut best = vec![[(0, f64::INFINITY); SERIES]; self.origins.len()];
        for first in (0..SERIES).step_by(S::WIDTH) {
            if first < self.starts.len() {
                self.part::<S, K, TREND, SEASON>(first, &mut best);
            }
        }
        best
    }

    #[inline(always)]
    fn part<S: Lanes<Number = f32>, const K: usize, const TREND: u8, const SEASON: u8>(
        &self,
        first: usize,
        best: &mut [[(usize, f64); SERIES]],
    ) {
        let rows = Packed { rows: self.rows, first };
        let (none, zero) = (S::splat(f32::INFINITY), S::splat(0.0));
        let mut leads = vec![Lead { place: zero, squares: none, penalised: none }; self.origins.len()];
        let start_of = |lane: usize| self.starts[(first + lane).min(self.starts.len() - 1)].rough();
        let rough = State::<S, 1>::rough::<TREND, SEASON>(self.period, start_of).repeated::<K>();
        let (mut state, mut room) = (rough.copied(), rough.copied());
        for chunk in (0..self.candidates.len()).step_by(K) {
            // Registers beyond the last candidate repeat it, which cannot win a second time.
            let mut places = [self.candidates.len() - 1; K];
            let mut candidates = [self.candidates[self.candidates.len() - 1]; K];
            for k in 0..K.min(self.candidates.len() - chunk) {
                (places[k], candidates[k]) = (chunk + k, self.candidates[chunk + k]);
            }
            let weights = Weights::<S, K>::by_register(&candidates);
            state.copy_from(&rough);
            state.turn_back::<TREND, SEASON>(&weights, rows, 0..self.region);
            if let Some(all) = self.responses.filter(|_| TREND != FLAT && SEASON != MULTIPLICATIVE) {
                let responses = OfChunk { all, places };
                state.correct::<TREND, SEASON>(&weights, rows, &responses, &mut room);
            }
            let mut position = 0;
            for at in 0..self.origins.len() {
                state.forward::<TREND, SEASON>(&weights, rows, position..self.origins[at]);
                position = self.origins[at];
                for k in 0..K {
                    let penalised = state.squares[k].times(S::splat(factor(&candidates[k], position)));
                    leads[at].challenge(places[k], state.squares[k], penalised);
                }
            }
        }
        for at in 0..leads.len() {
            leads[at].read(&mut best[at][first..]);
        }
    }
}

/// The responses of candidates, which do not depend on the series; `None` for forms whose start is not corrected.
pub(super) fn responses(
    form: Form,
    period: usize,
    region: usize,
    candidates: &[Candidate],
) -> Option<Narrow> {
    (form.trend != Trend::None && form.season != Season::Multiplicative)
        .then(|| simd::run(OfCandidates { form, period, region, candidates }))
}

struct OfCandidates<'a> {
    form: Form,
    period: usize,
    region: usize,
    candidates: &'a [Candidate],
}

impl Task for OfCandidates<'_> {
    type Output = Narrow;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Narrow {
        match self.form.season {
            Season::None => self.narrow::<F, NO_SEASON>(),
            _ => self.narrow::<F, ADDITIVE>(),
        }
    }
}

impl OfCandidates<'_> {
    /// One candidate per lane. A trend that does not fade is a damped one with `φ = 1`.
    #[inline(always)]
    fn narrow<S: Lanes<Number = f32>, const SEASON: u8>(&self) -> Narrow {
        let mut narrow = Narrow { count: self.candidates.len(), rows: Vec::new(), sums: Vec::new() };
        narrow.rows.resize(self.region * narrow.count, (0.0, 0.0));
        for (chunk, candidates) in self.candidates.chunks(S::WIDTH).enumerate() {
            let weights = Weights::<S, 1>::by_lane(candidates);
            let found = Responses::of::<DAMPED, SEASON>(&weights, self.region, self.period, |_| false);
            for (row, registers) in found.rows.iter().enumerate() {
                let (u, v) = registers[0];
                let (u, v) = (lanes(u), lanes(v));
                for lane in 0..candidates.len() {
                    narrow.rows[row * narrow.count + chunk * S::WIDTH + lane] = (u[lane], v[lane]);
                }
            }
            let [uu, uv, vv] = found.sums;
            let (uu, uv, vv) = (lanes(uu[0]), lanes(uv[0]), lanes(vv[0]));
            for lane in 0..candidates.len() {
                narrow.sums.push([uu[lane], uv[lane], vv[lane]]);
            }
        }
        narrow
    }
}

/// The responses of many candidates as plain numbers.
pub(super) struct Narrow {
    count: usize,
    /// `rows[row · count + candidate]`.
    rows: Vec<(f32, f32)>,
    sums: Vec<[f32; 3]>,
}

/// The responses of the candidates at some places, each in a register of its own.
struct OfChunk<'a, const K: usize> {
    all: &'a Narrow,
    places: [usize; K],
}

impl<S: Lanes<Number = f32>, const K: usize> Respond<S> for OfChunk<'_, K> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.all.rows.len() / self.all.count
    }

    #[inline(always)]
    fn at(&self, row: usize, k: usize) -> (S, S) {
        let (u, v) = self.all.rows[row * self.all.count + self.places[k]];
        (S::splat(u), S::splat(v))
    }

    #[inline(always)]
    fn sums(&self, k: usize) -> (S, S, S) {
        let [uu, uv, vv] = self.all.sums[self.places[k]];
        (S::splat(uu), S::splat(uv), S::splat(vv))
    }
}

#[inline(always)]
fn lanes<S: Lanes<Number = f32>>(register: S) -> [f32; SERIES] {
    let mut lanes = [0.0; SERIES];
    register.store(&mut lanes);
    lanes
}
