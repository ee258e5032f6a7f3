//! The search for the best form and parameters at every origin of a series.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::form::{Candidate, Candidates, Form, Season, Trend, WIDTH};
use super::kernel::{ADDITIVE, FORWARD, MULTIPLICATIVE, NO_SEASON, State, Weights};
use super::start::{Start, region};
use crate::simd::{self, Lanes, Task};

/// Fitted forms at an origin with their weights, which sum to one; the best form first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fit {
    pub(crate) parts: Vec<(f64, Part)>,
}

impl Fit {
    /// The weighted mean of the forms' forecasts.
    pub(crate) fn points(&self, steps: usize) -> Vec<f64> {
        let mut points = vec![0.0_f64; steps];
        for (weight, part) in &self.parts {
            for (point, more) in points.iter_mut().zip(part.points(steps)) {
                *point = weight.mul_add(more, *point);
            }
        }
        points
    }

    /// The standard deviation of each step's error: that of the mixture of the forms, `Σ w (v + (ŷ − Σ w ŷ)²)`.
    /// `None` if a form of the mixture has no formula.
    pub(crate) fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        let mean = self.points(steps);
        let mut variance = vec![0.0_f64; steps];
        for (weight, part) in &self.parts {
            let (points, own) = (part.points(steps), part.variances(steps)?);
            for (step, sum) in variance.iter_mut().enumerate() {
                let apart = points[step] - mean[step];
                *sum = weight.mul_add(apart.mul_add(apart, own[step]), *sum);
            }
        }
        Some(variance.into_iter().map(f64::sqrt).collect())
    }
}

/// A fitted form at an origin.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) form: Form,
    pub(crate) candidate: Candidate,
    level: f64,
    trend: f64,
    /// By phase; empty without a season.
    season: Vec<f64>,
    origin: usize,
    /// Variance of a one-step error: the squares over the rows less the estimated parameters.
    noise: f64,
}

impl Part {
    /// `σ² (1 + Σ cⱼ²)`, `j = 1..h−1`, with `cⱼ = α + β(1 + φ + … + φʲ⁻¹)φ + γ[j mod m = 0]` what is left of an error
    /// after `j` steps (Hyndman et al. 2008, table 6.1, class 1; our trend is damped before it is added). A
    /// multiplicative season has no such formula.
    fn variances(&self, steps: usize) -> Option<Vec<f64>> {
        if self.form.season == Season::Multiplicative {
            return None;
        }
        let Candidate { alpha, beta, gamma, phi } = self.candidate;
        let (mut sum, mut slope, mut damping) = (1.0_f64, 0.0, 1.0);
        let step = |step: usize| {
            if step > 0 {
                damping *= phi;
                slope += damping;
                let is_same_phase = !self.season.is_empty() && step.is_multiple_of(self.season.len());
                let left = beta.mul_add(slope, alpha) + if is_same_phase { gamma } else { 0.0 };
                sum = left.mul_add(left, sum);
            }
            self.noise * sum
        };
        Some((0..steps).map(step).collect())
    }

    /// `ŷ(h) = (l + (φ + … + φʰ) b) ∘ s[(n + h − 1) mod m]`.
    fn points(&self, steps: usize) -> Vec<f64> {
        let mut base = self.level;
        let mut slope = self.trend;
        let step = |step: usize| {
            if self.form.trend != Trend::None {
                slope *= self.candidate.phi;
                base += slope;
            }
            let season = |neutral| match self.season.len() {
                0 => neutral,
                period => self.season[(self.origin + step) % period],
            };
            match self.form.season {
                Season::Multiplicative => base * season(1.0),
                _ => base + season(0.0),
            }
        };
        (0..steps).map(step).collect()
    }
}

/// One series, its origins, and the forms to choose among.
pub(crate) struct Search<'a> {
    /// The whole series; `NaN` is missing.
    pub(crate) values: &'a [f64],
    /// Rows of a season.
    pub(crate) period: usize,
    /// Rows known at each origin, ascending and above 0.
    pub(crate) origins: &'a [usize],
    /// What to choose among.
    pub(crate) forms: &'a [Form],
    /// How to choose.
    pub(crate) choice: Choice,
}

/// What becomes of several forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The form with the least criterion.
    Best,
    /// All, weighted by `exp(−Δ/2)` of the criterion (Kolassa 2011).
    Weighted,
}

/// Histories up to this length are refined around the best of the grid.
const REFINED_UP_TO: usize = 256;

/// The best candidate of a form at an origin.
#[derive(Debug, Clone, Copy)]
struct Best {
    form: Form,
    candidate: Candidate,
    squares: f64,
}

impl Search<'_> {
    /// The best form and parameters at every origin. What an origin gives does not depend on the rows after it, nor
    /// on the other origins. `None` where no form applies.
    pub(crate) fn run(&self) -> Vec<Option<Fit>> {
        let mut fits = Vec::with_capacity(self.origins.len());
        // Origins inside the region of the start would be judged from different first states: they go alone.
        let full = region(usize::MAX, self.period);
        let alone = self.origins.partition_point(|&origin| origin < full);
        for origin in &self.origins[..alone] {
            fits.extend(self.group(std::slice::from_ref(origin)));
        }
        if alone < self.origins.len() {
            fits.extend(self.group(&self.origins[alone..]));
        }
        fits
    }

    fn group(&self, origins: &[usize]) -> Vec<Option<Fit>> {
        let last = origins[origins.len() - 1];
        let unit = unit(&self.values[..region(origins[0], self.period)]);
        let scaled: Vec<f64> = self.values[..last].iter().map(|value| value * unit).collect();
        #[expect(clippy::cast_possible_truncation, reason = "the search runs in single precision")]
        let narrow: Vec<f32> = scaled.iter().map(|&value| value as f32).collect();
        let facts = facts(&scaled, origins);
        let series = Scaled { wide: &scaled, narrow: &narrow, period: self.period, origins, facts: &facts };
        let mut scored: Vec<Vec<(f64, Best)>> = vec![Vec::new(); origins.len()];
        for &form in self.forms {
            if !(0..origins.len()).any(|at| series.admits(form, at)) {
                continue;
            }
            for (at, (scores, found)) in scored.iter_mut().zip(series.search(form)).enumerate() {
                scores.extend(series.score(&found, at).map(|score| (score, found)));
            }
        }
        let chosen: Vec<_> = scored.iter_mut().map(|scores| weigh(scores, self.choice)).collect();
        series.states(&chosen, 1.0 / unit)
    }
}

/// The forms that count, best first, with weights that sum to one.
fn weigh(scores: &mut [(f64, Best)], choice: Choice) -> Vec<(f64, Best)> {
    /// A form below this share of the best one's weight is left out.
    const NEGLIGIBLE: f64 = 0.05;
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some(&(least, best)) = scores.first() else { return Vec::new() };
    if choice == Choice::Best {
        return vec![(1.0, best)];
    }
    let weights = scores.iter().map(|&(score, best)| ((0.5 * (least - score)).exp(), best));
    let kept: Vec<(f64, Best)> = weights.filter(|(weight, _)| *weight >= NEGLIGIBLE).collect();
    let total: f64 = kept.iter().map(|(weight, _)| weight).sum();
    kept.into_iter().map(|(weight, best)| (weight / total, best)).collect()
}

/// A power of two that brings the largest value near one: exact, and single precision cannot overflow.
fn unit(values: &[f64]) -> f64 {
    let largest =
        values.iter().filter(|value| !value.is_nan()).fold(0.0_f64, |most, value| most.max(value.abs()));
    if largest > 0.0 { (-largest.log2().floor()).clamp(-1000.0, 1000.0).exp2() } else { 1.0 }
}

struct Scaled<'a> {
    wide: &'a [f64],
    narrow: &'a [f32],
    period: usize,
    origins: &'a [usize],
    /// What is true of the rows before each origin.
    facts: &'a [Facts],
}

/// What decides which forms apply.
#[derive(Debug, Clone, Copy)]
struct Facts {
    rows: usize,
    observed: usize,
    is_positive: bool,
}

/// The facts at each ascending origin, from one look at each row.
fn facts(values: &[f64], origins: &[usize]) -> Vec<Facts> {
    let mut facts = Facts { rows: 0, observed: 0, is_positive: true };
    let mut at = |origin: usize| {
        let rows = &values[facts.rows..origin];
        facts.observed += rows.iter().filter(|value| !value.is_nan()).count();
        facts.is_positive = facts.is_positive && rows.iter().all(|value| value.is_nan() || *value > 0.0);
        facts.rows = origin;
        facts
    };
    origins.iter().map(|&origin| at(origin)).collect()
}

impl Scaled<'_> {
    /// Whether the form can be told from the rows before an origin.
    fn admits(&self, form: Form, at: usize) -> bool {
        let Facts { rows, observed, is_positive } = self.facts[at];
        let is_seasonal = form.season != Season::None;
        observed > form.parameters(self.period) + 1
            && (!is_seasonal || (self.period > 1 && rows >= 2 * self.period))
            && (form.season != Season::Multiplicative || is_positive)
    }

    /// The corrected Akaike criterion: smaller is better.
    fn score(&self, best: &Best, at: usize) -> Option<f64> {
        if !self.admits(best.form, at) || !best.squares.is_finite() {
            return None;
        }
        let n = self.facts[at].observed as f64;
        let k = best.form.parameters(self.period) as f64;
        // A perfect fit is bounded, so that the form with the fewest parameters wins among perfect ones.
        let squares = best.squares.max(1e-10 * n);
        Some(n * squares.ln() + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0))
    }

    /// The best candidate of a form at each origin: the grid for all origins in one pass, then refinements for short
    /// histories one by one.
    fn search(&self, form: Form) -> Vec<Best> {
        let start = Start::of(&self.wide[..region(self.origins[0], self.period)], self.period, form.season);
        let pass = |candidates: &Candidates, origins: &[usize]| {
            let task = Pass { series: self, form, start: &start, candidates, origins };
            let best = |(at, squares): (usize, f64)| Best { form, candidate: candidates[at], squares };
            simd::run(task).into_iter().map(best).collect::<Vec<Best>>()
        };
        let mut best = pass(form.grid(), self.origins);
        for (slot, origin) in best.iter_mut().zip(self.origins) {
            let rounds = if *origin <= REFINED_UP_TO { 2 } else { 0 };
            for round in 0..rounds {
                let found = pass(&form.around(slot.candidate, round), std::slice::from_ref(origin))[0];
                let penalised =
                    |best: &Best| best.squares * (1.0 + best.candidate.penalty() / *origin as f64);
                if penalised(&found) < penalised(slot) {
                    *slot = found;
                }
            }
        }
        best
    }

    /// The chosen candidates' states in double precision, up to eight in one pass.
    fn states(&self, chosen: &[Vec<(f64, Best)>], unit: f64) -> Vec<Option<Fit>> {
        let mut parts: Vec<Vec<Option<(f64, Part)>>> =
            chosen.iter().map(|forms| vec![None; forms.len()]).collect();
        for season in [Season::None, Season::Additive, Season::Multiplicative] {
            let places = (0..chosen.len()).flat_map(|at| (0..chosen[at].len()).map(move |place| (at, place)));
            let wanted = |&(at, place): &(usize, usize)| chosen[at][place].1.form.season == season;
            let members: Vec<(usize, usize)> = places.filter(wanted).collect();
            for members in members.chunks(8) {
                let pick = |&(at, place): &(usize, usize)| (self.origins[at], chosen[at][place].1);
                let picks: Vec<(usize, Best)> = members.iter().map(pick).collect();
                let states = simd::run(States { series: self, season, picks: &picks, unit });
                for (&(at, place), part) in members.iter().zip(states) {
                    parts[at][place] = Some((chosen[at][place].0, part));
                }
            }
        }
        let fit = |parts: Vec<Option<(f64, Part)>>| {
            let parts: Vec<(f64, Part)> = parts.into_iter().flatten().collect();
            (!parts.is_empty()).then_some(Fit { parts })
        };
        parts.into_iter().map(fit).collect()
    }
}

/// One pass of 32 candidates of one form over a series.
struct Pass<'a> {
    series: &'a Scaled<'a>,
    form: Form,
    start: &'a Start,
    candidates: &'a Candidates,
    origins: &'a [usize],
}

impl Task for Pass<'_> {
    /// The best candidate and its sum of squares at each origin.
    type Output = Vec<(usize, f64)>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        match (self.form.trend, self.form.season) {
            (Trend::None, Season::None) => self.filter::<F, false, NO_SEASON>(),
            (Trend::None, Season::Additive) => self.filter::<F, false, ADDITIVE>(),
            (Trend::None, Season::Multiplicative) => self.filter::<F, false, MULTIPLICATIVE>(),
            (_, Season::None) => self.filter::<F, true, NO_SEASON>(),
            (_, Season::Additive) => self.filter::<F, true, ADDITIVE>(),
            (_, Season::Multiplicative) => self.filter::<F, true, MULTIPLICATIVE>(),
        }
    }
}

impl Pass<'_> {
    #[inline(always)]
    fn filter<S: Lanes<Number = f32>, const TREND: bool, const SEASON: u8>(self) -> Vec<(usize, f64)> {
        const REGISTERS: usize = 2;
        let rows = self.series.narrow;
        let weights = Weights::<S, REGISTERS>::of(self.candidates);
        let first = &rows[..region(self.series.origins[0], self.series.period)];
        let start = self.start;
        let mut state = State::before::<TREND, SEASON>(&weights, first, self.series.period, |_| start);
        let penalties = self.candidates.map(Candidate::penalty);
        let mut best = Vec::with_capacity(self.origins.len());
        let mut position = 0;
        for &origin in self.origins {
            state.run::<TREND, SEASON, FORWARD>(&weights, &rows[position..origin], position);
            position = origin;
            let mut squares = [0.0_f32; WIDTH];
            for (register, to) in state.squares.iter().zip(squares.chunks_exact_mut(S::WIDTH)) {
                register.store(to);
            }
            best.push(least(&squares, &penalties, origin));
        }
        best
    }
}

/// The candidate with the least penalised sum of squares, the first on a tie, and its plain sum of squares;
/// infinite if there is none.
fn least(squares: &[f32; WIDTH], penalties: &[f64; WIDTH], rows: usize) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    let mut lowest = f64::INFINITY;
    for (at, (&squares, penalty)) in squares.iter().zip(penalties).enumerate() {
        let squares = f64::from(squares);
        let penalised = squares * (1.0 + penalty / rows as f64);
        if penalised < lowest {
            lowest = penalised;
            best = (at, squares);
        }
    }
    best
}

/// The states of up to eight chosen candidates, one per lane, each read at its own origin.
struct States<'a> {
    series: &'a Scaled<'a>,
    season: Season,
    picks: &'a [(usize, Best)],
    unit: f64,
}

impl Task for States<'_> {
    type Output = Vec<Part>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
        let is_flat = self.picks.iter().all(|(_, best)| best.form.trend == Trend::None);
        match self.season {
            Season::None if is_flat => self.filter::<D, false, NO_SEASON>(),
            Season::None => self.filter::<D, true, NO_SEASON>(),
            Season::Additive if is_flat => self.filter::<D, false, ADDITIVE>(),
            Season::Additive => self.filter::<D, true, ADDITIVE>(),
            Season::Multiplicative if is_flat => self.filter::<D, false, MULTIPLICATIVE>(),
            Season::Multiplicative => self.filter::<D, true, MULTIPLICATIVE>(),
        }
    }
}

impl States<'_> {
    #[inline(always)]
    fn filter<S: Lanes<Number = f64>, const TREND: bool, const SEASON: u8>(self) -> Vec<Part> {
        let Scaled { wide: rows, period, origins, .. } = *self.series;
        let candidates: Vec<Candidate> = self.picks.iter().map(|(_, best)| best.candidate).collect();
        let weights = Weights::<S, 1>::of(&candidates);
        let first = &rows[..region(origins[0], period)];
        let start = Start::of(first, period, self.season);
        let flat = Start { slope: 0.0, ..start.clone() };
        // A lane without a trend has no weight in it and starts without one.
        let start_of = |lane: usize| match self.picks.get(lane) {
            Some((_, best)) if best.form.trend != Trend::None => &start,
            _ => &flat,
        };
        let mut state = State::before::<TREND, SEASON>(&weights, first, period, start_of);
        let mut fits = Vec::with_capacity(self.picks.len());
        let mut position = 0;
        for (lane, (origin, best)) in self.picks.iter().enumerate() {
            state.run::<TREND, SEASON, FORWARD>(&weights, &rows[position..*origin], position);
            position = *origin;
            let read = |register: S| {
                let mut lanes = [0.0; 8];
                register.store(&mut lanes);
                lanes[lane]
            };
            let observed = self.series.facts.iter().find(|facts| facts.rows == *origin);
            let estimated = best.form.parameters(period) - 1;
            let freedom = observed.map_or(1, |facts| facts.observed.saturating_sub(estimated).max(1));
            let season_unit = if self.season == Season::Multiplicative { 1.0 } else { self.unit };
            fits.push(Part {
                form: best.form,
                candidate: best.candidate,
                level: read(state.level[0]) * self.unit,
                trend: read(state.trend[0]) * self.unit,
                season: state.season.iter().map(|phase| read(phase[0]) * season_unit).collect(),
                origin: *origin,
                noise: read(state.squares[0]) / freedom as f64 * self.unit * self.unit,
            });
        }
        fits
    }
}

#[cfg(test)]
#[path = "search/tests.rs"]
mod tests;
