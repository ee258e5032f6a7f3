//! The Tweedie deviance of demand relative to a base forecast.

use crate::models::tree::Loss;

/// Bounds of the logarithm of what a base forecast is multiplied by.
pub(super) const MOST: f64 = 5.0;

/// Demand `y` with mean `μ = b·exp(f)` and variance proportional to `μ^p`, `1 ≤ p < 2`, so that zeros and rare large
/// values are natural (Jørgensen 1987; the loss of the best M5 entries, Makridakis et al. 2022). `p = 1` is Poisson.
///
/// With `r = y/b` the negative log likelihood is, up to a constant, `w·(e^{(2−p)f}/(2−p) − r·e^{(1−p)f}/(1−p))`, where
/// `w = b^{2−p}`; at `p = 1` its second term is `−r·f`.
#[derive(Debug, Default)]
pub(super) struct Tweedie {
    pub(super) power: f64,
    pub(super) ratios: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

impl Loss for Tweedie {
    fn slopes(&self, row: usize, fitted: f64) -> [f64; 2] {
        let (p, ratio, weight) = (self.power, self.ratios[row], self.weights[row]);
        let fitted = fitted.clamp(-MOST, MOST);
        let grown = ((2.0 - p) * fitted).exp();
        let shrunk = ratio * ((1.0 - p) * fitted).exp();
        [weight * (grown - shrunk), weight * ((2.0 - p) * grown + (p - 1.0) * shrunk)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likelihood(p: f64, ratio: f64, weight: f64, f: f64) -> f64 {
        let first = ((2.0 - p) * f).exp() / (2.0 - p);
        let second = if p <= 1.0 { ratio * f } else { ratio * ((1.0 - p) * f).exp() / (1.0 - p) };
        weight * (first - second)
    }

    #[test]
    fn slopes_are_the_derivatives_of_the_deviance() {
        const STEP: f64 = 1e-4;
        for power in [1.0, 1.1, 1.5, 1.9] {
            for ratio in [0.0, 0.3, 1.0, 7.0] {
                for f in [-2.0, -0.1, 0.0, 0.8, 3.0] {
                    let loss = Tweedie { power, ratios: vec![ratio], weights: vec![1.7] };
                    let at = |f| likelihood(power, ratio, 1.7, f);
                    let first = (at(f + STEP) - at(f - STEP)) / (2.0 * STEP);
                    let second = (at(f + STEP) - 2.0 * at(f) + at(f - STEP)) / (STEP * STEP);
                    let [gradient, hessian] = loss.slopes(0, f);
                    assert!((gradient - first).abs() < 1e-5 * (1.0 + first.abs()), "{power} {ratio} {f}");
                    assert!((hessian - second).abs() < 1e-4 * (1.0 + second.abs()), "{power} {ratio} {f}");
                }
            }
        }
    }
}
