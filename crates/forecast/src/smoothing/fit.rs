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
}

impl Part {
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
