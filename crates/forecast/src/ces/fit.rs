//! The search for the weights of each form, and the forecast of what is found.

use super::form::{Candidate, Form, WIDTH};
use super::kernel::{FULL, NONE, PARTIAL, Pass, Passed, SIMPLE};
use super::start::{Start, region};
use crate::simd;
use crate::smoothing::{Choice, unit, weigh};

/// Complete values and the forms to choose among.
pub(crate) struct Search<'a> {
    /// No value is missing.
    pub(crate) values: &'a [f64],
    /// Rows of a season.
    pub(crate) period: usize,
    /// What to choose among.
    pub(crate) forms: &'a [Form],
    /// How to choose.
    pub(crate) choice: Choice,
}

/// Fitted forms with their weights, which sum to one; the best form first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CesFit {
    parts: Vec<(f64, Part)>,
}

/// A fitted form at the end of its history.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    form: Form,
    candidate: Candidate,
    level: (f64, f64),
    phases: Vec<(f64, f64)>,
    /// Rows of the history.
    rows: usize,
    /// What the history was multiplied with.
    unit: f64,
}

/// The best weights of a form.
#[derive(Debug, Clone, Copy)]
struct Best {
    form: Form,
    candidate: Candidate,
    squares: f64,
    penalised: f64,
}

impl Search<'_> {
    /// The weighted or best form; `None` where the history is too short for every form.
    pub(crate) fn run(&self) -> Option<CesFit> {
        let unit = unit(self.values);
        let rows: Vec<f64> = self.values.iter().map(|value| value * unit).collect();
        let series = Series { rows: &rows, period: self.period };
        let mut found: Vec<Best> = Vec::new();
        for &form in self.forms.iter().filter(|form| series.admits(**form)) {
            let best = series.search(form, found.last());
            found.push(best);
        }
        let scores: Vec<(f64, Best)> =
            found.iter().filter_map(|best| series.score(best).map(|score| (score, *best))).collect();
        let chosen = weigh(scores, self.choice);
        let parts = chosen.into_iter().map(|(weight, best)| (weight, series.part(&best, unit)));
        let parts: Vec<_> = parts.collect();
        (!parts.is_empty()).then_some(CesFit { parts })
    }
}

struct Series<'a> {
    rows: &'a [f64],
    period: usize,
}

impl Series<'_> {
    /// Whether the form can be told from the rows.
    fn admits(&self, form: Form) -> bool {
        let Self { rows, period } = *self;
        rows.len() > form.parameters(period) + 1
            && (form == Form::None || (period > 1 && rows.len() >= 2 * period))
    }

    /// The best candidate by the penalised sum of squares, the first on a tie: a grid, then refinements around the best.
    fn search(&self, form: Form, before: Option<&Best>) -> Best {
        const ROUNDS: usize = 2;
        let start = Start::of(&self.rows[..region(self.rows.len(), self.period)], self.period, form);
        let nothing =
            Best { form, candidate: form.grid()[0], squares: f64::INFINITY, penalised: f64::INFINITY };
        let mut best = nothing;
        match before {
            // The full form contains the partial one: a share of a season that does not grow.
            Some(partial) if form == Form::Full && partial.form == Form::Partial => {
                best = self.better(best, &start, &[partial.candidate; WIDTH]);
            }
            _ => {
                for candidates in form.grid().as_chunks().0 {
                    best = self.better(best, &start, candidates);
                }
            }
        }
        for round in 0..ROUNDS {
            best = self.better(best, &start, &form.around(best.candidate, round));
        }
        best
    }

    fn better(&self, mut best: Best, start: &Start, candidates: &[Candidate; WIDTH]) -> Best {
        let passed = self.pass(best.form, start, candidates);
        for (&candidate, squares) in candidates.iter().zip(passed.squares) {
            let penalised = squares * (1.0 + candidate.penalty(self.period) / self.rows.len() as f64);
            if penalised < best.penalised {
                best = Best { candidate, squares, penalised, ..best };
            }
        }
        best
    }

    fn pass(&self, form: Form, start: &Start, candidates: &[Candidate; WIDTH]) -> Passed {
        let Self { rows, period } = *self;
        match form {
            Form::None => simd::run(Pass::<NONE> { rows, period, start, candidates }),
            Form::Simple => simd::run(Pass::<SIMPLE> { rows, period, start, candidates }),
            Form::Partial => simd::run(Pass::<PARTIAL> { rows, period, start, candidates }),
            Form::Full => simd::run(Pass::<FULL> { rows, period, start, candidates }),
        }
    }

    /// The corrected Akaike criterion: smaller is better.
    fn score(&self, best: &Best) -> Option<f64> {
        if !best.squares.is_finite() {
            return None;
        }
        let n = self.rows.len() as f64;
        let k = best.form.searched() as f64;
        // A perfect fit is bounded, so that the form with the fewest parameters wins among perfect ones.
        let squares = best.squares.max(1e-10 * n);
        Some(n * squares.ln() + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0))
    }

    fn part(&self, best: &Best, unit: f64) -> Part {
        let Best { form, candidate, .. } = *best;
        let start = Start::of(&self.rows[..region(self.rows.len(), self.period)], self.period, form);
        let Passed { level, phases, .. } = self.pass(form, &start, &[candidate; WIDTH]);
        Part { form, candidate, level, phases, rows: self.rows.len(), unit }
    }
}

impl CesFit {
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
}

impl Part {
    /// The recursion continued without errors.
    fn points(&self, steps: usize) -> Vec<f64> {
        let advance = |(real, imaginary): (f64, f64), (level, potential): (f64, f64)| {
            ((imaginary - 1.0).mul_add(potential, level), (1.0 - real).mul_add(potential, level))
        };
        let weights = self.candidate.level.weights();
        let season_weights = self.candidate.season.weights();
        let (mut level, mut phases) = (self.level, self.phases.clone());
        let step = |step: usize| {
            let base = level.0;
            level = advance(weights, level);
            let point = if phases.is_empty() {
                base
            } else {
                let at = (self.rows + step) % phases.len();
                let phase = phases[at];
                match self.form {
                    Form::Simple => phases[at] = advance(weights, phase),
                    Form::Full => phases[at] = advance(season_weights, phase),
                    Form::None | Form::Partial => {}
                }
                if self.form == Form::Simple { phase.0 } else { base + phase.0 }
            };
            point / self.unit
        };
        (0..steps).map(step).collect()
    }
}

#[cfg(test)]
#[path = "fit/tests.rs"]
mod tests;
