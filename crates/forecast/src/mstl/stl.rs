//! The inner loop of STL as convolutions.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::loess::{Degree, Loess};
use crate::simd::{Lanes, Task};

/// Rounds of smoothing the season and the trend in turn, as in the authors' program without robustness weights.
const ROUNDS: usize = 2;

/// Smoothers for one length, season and window.
#[derive(Debug, Clone)]
pub(super) struct Stl {
    rows: usize,
    period: usize,
    /// For the phases that come once more than the others, if there are any, and for the others.
    long: Option<Loess>,
    short: Loess,
    low_pass: Loess,
    trend: Loess,
}

/// A series taken apart; the remainder is what both leave.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parts {
    pub(super) season: Vec<f64>,
    pub(super) trend: Vec<f64>,
}

impl Stl {
    /// For more than two cycles. `window` is odd: cycles that the smoothing of a phase looks at. The other windows are
    /// the least odd numbers not below the period, as the authors' (sect. 3.4), and not below
    /// `6 period / (1 − 1.5 / window)`, four times the authors': a trend that is slow leaves the slow changes of the
    /// season to the season, which was better on earlier origins of M3, M5 and the hourly series of M4.
    pub(super) fn new(rows: usize, period: usize, window: usize) -> Self {
        let span = 6.0 * period as f64 / (1.0 - 1.5 / window as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few times a period")]
        let span = span.ceil() as usize;
        let cycles = rows / period;
        let season = |cycles| Loess::new(cycles, window, Degree::Constant);
        Self {
            rows,
            period,
            long: (!rows.is_multiple_of(period)).then(|| season(cycles + 1)),
            short: season(cycles),
            low_pass: Loess::new(rows, period | 1, Degree::Linear),
            trend: Loess::new(rows, span | 1, Degree::Linear),
        }
    }
}

/// One decomposition.
pub(super) struct Decompose<'a> {
    pub(super) stl: &'a Stl,
    pub(super) values: &'a [f64],
}

impl Task for Decompose<'_> {
    type Output = Parts;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Parts {
        let Self { stl: &Stl { rows, period, .. }, values } = self;
        let stl = self.stl;
        let (mut trend, mut season, mut work) = (vec![0.0; rows], vec![0.0; rows], vec![0.0; rows]);
        // A cycle longer at both ends, which the moving averages take away again.
        let mut cycles = vec![0.0; rows + 2 * period];
        let (mut once, mut twice) = (vec![0.0; rows + period + 1], vec![0.0; rows + 2]);
        for _ in 0..ROUNDS {
            for ((work, value), trend) in work.iter_mut().zip(values).zip(&trend) {
                *work = value - trend;
            }
            stl.smooth_phases::<D>(&work, &mut cycles);
            moving_average(&cycles, period, &mut once);
            moving_average(&once, period, &mut twice);
            moving_average(&twice, 3, &mut work);
            smooth::<D>(&stl.low_pass, &work, &mut season);
            for (at, season) in season.iter_mut().enumerate() {
                *season = cycles[period + at] - *season;
                work[at] = values[at] - *season;
            }
            smooth::<D>(&stl.trend, &work, &mut trend);
        }
        Parts { season, trend }
    }
}

impl Stl {
    /// Smooths each phase over its cycles and one cycle beyond at both ends: row `t` goes to `t + period`.
    #[inline(always)]
    fn smooth_phases<D: Lanes<Number = f64>>(&self, from: &[f64], to: &mut [f64]) {
        let Self { rows, period, ref short, .. } = *self;
        // Inside, all phases have the same weights, so that all rows are one run.
        let inside = short.inside();
        if !inside.is_empty() {
            let (start, end) = (inside.start * period, rows - inside.start * period);
            let run = &mut to[start + period..end + period];
            filter::<D>(short.inner(), from, period, run);
        }
        let longer = rows % period;
        if let Some(long) = &self.long {
            self.smooth_ends::<D>(long, 0..longer, from, to);
        }
        self.smooth_ends::<D>(short, longer..period, from, to);
    }

    /// The places of some phases that are not inside of all phases.
    #[inline(always)]
    fn smooth_ends<D: Lanes<Number = f64>>(
        &self,
        loess: &Loess,
        phases: std::ops::Range<usize>,
        from: &[f64],
        to: &mut [f64],
    ) {
        let inside = if self.short.inside().is_empty() { 0..0 } else { loess.inside() };
        let rows = loess.rows();
        let ends =
            (0..rows).filter(|place| !inside.contains(place)).map(|place| (place + 1, loess.at(place)));
        for (cycle, (first, weights)) in
            [(0, loess.before()), (rows + 1, loess.after())].into_iter().chain(ends)
        {
            let run = &mut to[cycle * self.period + phases.start..cycle * self.period + phases.end];
            filter::<D>(weights, &from[first * self.period + phases.start..], self.period, run);
        }
    }
}

/// A whole smoothing; rows between evaluated places lie on the straight line between them.
#[inline(always)]
fn smooth<D: Lanes<Number = f64>>(loess: &Loess, from: &[f64], to: &mut [f64]) {
    let at = |place: usize| {
        let (first, weights) = loess.at(place);
        product::<D>(weights, &from[first..])
    };
    if loess.is_exact() {
        let inside = loess.inside();
        for place in (0..loess.rows()).filter(|place| !inside.contains(place)) {
            to[place] = at(place);
        }
        filter::<D>(loess.inner(), from, 1, &mut to[inside]);
        return;
    }
    let mut before = 0;
    for place in loess.places() {
        to[place] = at(place);
        let (start, slope) = (to[before], (to[place] - to[before]) / (place - before).max(1) as f64);
        for (steps, to) in to[before..place].iter_mut().enumerate().skip(1) {
            *to = slope.mul_add(steps as f64, start);
        }
        before = place;
    }
}

/// `to[i] = Σ weights[k] · from[i + k · stride]`, each sum in index order.
#[inline(always)]
fn filter<D: Lanes<Number = f64>>(weights: &[f64], from: &[f64], stride: usize, to: &mut [f64]) {
    const STEP: usize = 16;
    let whole = to.len() - to.len() % STEP;
    for at in (0..whole).step_by(STEP) {
        let (mut low, mut high) = (D::splat(0.0), D::splat(0.0));
        for (k, &weight) in weights.iter().enumerate() {
            let from = &from[at + k * stride..][..STEP];
            let weight = D::splat(weight);
            low = weight.times_plus(D::load(from), low);
            high = weight.times_plus(D::load(&from[8..]), high);
        }
        low.store(&mut to[at..]);
        high.store(&mut to[at + 8..]);
    }
    for (at, to) in to.iter_mut().enumerate().skip(whole) {
        *to = weights
            .iter()
            .enumerate()
            .fold(0.0, |sum, (k, weight)| weight.mul_add(from[at + k * stride], sum));
    }
}

/// `Σ weights[k] · from[k]`, in eight partial sums.
#[inline(always)]
fn product<D: Lanes<Number = f64>>(weights: &[f64], from: &[f64]) -> f64 {
    let from = &from[..weights.len()];
    let mut sums = D::splat(0.0);
    let (eights, rest) = weights.as_chunks::<8>();
    for (weights, from) in eights.iter().zip(from.chunks_exact(8)) {
        sums = D::load(weights).times_plus(D::load(from), sums);
    }
    let mut lanes = [0.0; 8];
    sums.store(&mut lanes);
    let tail = &from[weights.len() - rest.len()..];
    rest.iter().zip(tail).fold(lanes.iter().sum(), |sum: f64, (weight, value)| weight.mul_add(*value, sum))
}

/// The means of `width` rows each; `to` is shorter by `width − 1`.
#[inline(always)]
fn moving_average(from: &[f64], width: usize, to: &mut [f64]) {
    let scale = 1.0 / width as f64;
    let mut sum: f64 = from[..width].iter().sum();
    to[0] = sum * scale;
    for ((to, new), old) in to[1..].iter_mut().zip(&from[width..]).zip(from) {
        sum += new - old;
        *to = sum * scale;
    }
}

#[cfg(test)]
#[path = "stl/tests.rs"]
mod tests;
