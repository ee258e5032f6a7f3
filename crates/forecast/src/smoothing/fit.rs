//! Fitted forms and what they forecast.

use super::form::{Candidate, Form, Season, Trend};

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
            part.add_to(&mut points, *weight);
        }
        points
    }

    /// The standard deviation of each step's error: that of the mixture of the forms, `Σ w (v + (ŷ − Σ w ŷ)²)`.
    /// `None` if a form of the mixture has no formula.
    pub(crate) fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        let mean = self.points(steps);
        let mut variance = vec![0.0_f64; steps];
        for (weight, part) in &self.parts {
            let (mut points, own) = (vec![0.0; steps], part.variances(steps)?);
            part.add_to(&mut points, 1.0);
            for (step, sum) in variance.iter_mut().enumerate() {
                let apart = points[step] - mean[step];
                *sum += weight * (apart * apart + own[step]);
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
    pub(super) level: f64,
    /// `φb`.
    pub(super) trend: f64,
    /// By phase; empty without a season.
    pub(super) season: Vec<f64>,
    pub(super) origin: usize,
    /// Variance of a one-step error: the squares over the rows less the estimated parameters.
    pub(super) noise: f64,
}

impl Part {
    /// `σ² (1 + Σ cⱼ²)`, `j = 1..h−1`, with `cⱼ = α + β(φ + … + φʲ) + γ[j mod m = 0]` what is left of an error after `j`
    /// steps (Hyndman et al. 2008, table 6.1, class 1; our trend is damped before it is added). A multiplicative season
    /// has no such formula.
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
                let left = alpha + beta * slope + if is_same_phase { gamma } else { 0.0 };
                sum += left * left;
            }
            self.noise * sum
        };
        Some((0..steps).map(step).collect())
    }

    /// Adds `weight · ŷ(h)`, `ŷ(h) = (l + (1 + φ + … + φʰ⁻¹) φb) ∘ s[(n + h − 1) mod m]`.
    fn add_to(&self, points: &mut [f64], weight: f64) {
        let (mut base, mut slope) = (self.level, self.trend);
        let period = self.season.len().max(1);
        let mut phase = self.origin % period;
        for point in points {
            if self.form.trend != Trend::None {
                base += slope;
                slope *= self.candidate.phi;
            }
            let step = match self.form.season {
                Season::None => base,
                Season::Additive => base + self.season[phase],
                Season::Multiplicative => base * self.season[phase],
            };
            *point += weight * step;
            phase = if phase + 1 == period { 0 } else { phase + 1 };
        }
    }
}

#[cfg(test)]
#[path = "fit/tests.rs"]
mod tests;
