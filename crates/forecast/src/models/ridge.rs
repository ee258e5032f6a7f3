//! Ridge regression on positions and on feature set V1.
//!
//! Both models minimise `Σ(y − b − xᵀw)² + α‖w‖²` with an unpenalised intercept `b` and unscaled features: with
//! centred columns `w = (XᶜᵀXᶜ + αI)⁻¹Xᶜᵀyᶜ` and `b = ȳ − x̄ᵀw` (Hoerl & Kennard 1970). A singular system has the
//! solution of smallest norm. Rows without a value are left out.

mod additive;
mod solve;
mod trend;

pub(crate) use additive::prophet_like;
pub(super) use solve::cholesky;
pub(crate) use trend::trend_regression_baseline;

/// Coefficients of a fitted linear model.
#[derive(Debug, Clone)]
struct Linear {
    intercept: f64,
    weights: Vec<f64>,
}

impl Linear {
    fn at(&self, row: &[f64]) -> f64 {
        row.iter().zip(&self.weights).fold(self.intercept, |sum, (x, weight)| x.mul_add(*weight, sum))
    }

    /// The ridge solution of these rows; every row is complete and as long as the first.
    fn ridge(rows: &[Vec<f64>], targets: &[f64], alpha: f64) -> Self {
        let (n, width) = (rows.len() as f64, rows.first().map_or(0, Vec::len));
        let mut means = vec![0.0; width];
        for row in rows {
            means.iter_mut().zip(row).for_each(|(mean, x)| *mean += x / n);
        }
        let target_mean = targets.iter().map(|target| target / n).sum::<f64>();
        let mut gram = vec![0.0_f64; width * width];
        let mut moments = vec![0.0_f64; width];
        for (row, target) in rows.iter().zip(targets) {
            let centred: Vec<f64> = row.iter().zip(&means).map(|(x, mean)| x - mean).collect();
            for (i, &x) in centred.iter().enumerate() {
                moments[i] = x.mul_add(target - target_mean, moments[i]);
                for (j, &z) in centred.iter().enumerate() {
                    gram[i * width + j] = x.mul_add(z, gram[i * width + j]);
                }
            }
        }
        (0..width).for_each(|i| gram[i * width + i] += alpha);
        let weights = solve::symmetric(&gram, &moments);
        let explained =
            means.iter().zip(&weights).fold(0.0, |sum, (mean, weight)| mean.mul_add(*weight, sum));
        Self { intercept: target_mean - explained, weights }
    }
}
