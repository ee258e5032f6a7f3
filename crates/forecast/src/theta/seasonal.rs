//! Taking a season out and putting it back.

/// A season by phase.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Seasonality {
    None,
    Additive(Vec<f64>),
    Multiplicative(Vec<f64>),
}

impl Seasonality {
    /// The season of complete values, if it is significant.
    pub(super) fn of(values: &[f64], period: usize) -> Self {
        if period < 2 || values.len() < 2 * period + 1 || !is_seasonal(values, period) {
            return Self::None;
        }
        let trend = moving_average(values, period);
        let ratios = |value: f64, trend: f64| value / trend;
        if values.iter().all(|&value| value > 0.0) {
            let indices = indices(values, &trend, period, ratios);
            let mean = indices.iter().sum::<f64>() / period as f64;
            let indices: Vec<f64> = indices.iter().map(|index| index / mean).collect();
            if indices.iter().all(|&index| index.is_finite() && index > 0.01) {
                return Self::Multiplicative(indices);
            }
        }
        let indices = indices(values, &trend, period, |value, trend| value - trend);
        let mean = indices.iter().sum::<f64>() / period as f64;
        Self::Additive(indices.iter().map(|index| index - mean).collect())
    }

    pub(super) fn remove(&self, values: &[f64]) -> Vec<f64> {
        let rows = values.iter().enumerate();
        match self {
            Self::None => values.to_vec(),
            Self::Additive(season) => rows.map(|(at, value)| value - season[at % season.len()]).collect(),
            Self::Multiplicative(season) => {
                rows.map(|(at, value)| value / season[at % season.len()]).collect()
            }
        }
    }

    /// What the season multiplies row `position` by.
    pub(super) fn factor(&self, position: usize) -> f64 {
        match self {
            Self::Multiplicative(season) => season[position % season.len()],
            _ => 1.0,
        }
    }

    /// Puts the season back into values whose first is row `position`.
    pub(super) fn restore(&self, values: &mut [f64], position: usize) {
        for (at, value) in values.iter_mut().enumerate() {
            match self {
                Self::None => {}
                Self::Additive(season) => *value += season[(position + at) % season.len()],
                Self::Multiplicative(season) => *value *= season[(position + at) % season.len()],
            }
        }
    }
}

/// Whether `|r(m)| > 1.645 √((1 + 2 Σ r(i)²) / n)`, `i < m` (the 90 % test of the M3 and M4 competitions).
fn is_seasonal(values: &[f64], period: usize) -> bool {
    const NINETY_PERCENT: f64 = 1.645;
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let product = |lag: usize| centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let variance = product(0);
    if variance.is_nan() || variance <= 0.0 {
        return false;
    }
    let squares: f64 = (1..period).map(|lag| (product(lag) / variance).powi(2)).sum();
    (product(period) / variance).abs() > NINETY_PERCENT * ((1.0 + 2.0 * squares) / n).sqrt()
}

/// The centred moving average of one period; `NaN` at the ends.
fn moving_average(values: &[f64], period: usize) -> Vec<f64> {
    let half = period / 2;
    let mut trend = vec![f64::NAN; values.len()];
    for at in half..values.len() - half {
        let window = &values[at - half..=at + half];
        let sum: f64 = window.iter().sum();
        // An even period takes half of each end.
        trend[at] = if period.is_multiple_of(2) {
            (sum - 0.5 * (window[0] + window[window.len() - 1])) / period as f64
        } else {
            sum / period as f64
        };
    }
    trend
}

fn indices(values: &[f64], trend: &[f64], period: usize, part: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); period];
    for (at, (&value, &trend)) in values.iter().zip(trend).enumerate() {
        let part = part(value, trend);
        if part.is_finite() {
            let sum = &mut sums[at % period];
            *sum = (sum.0 + part, sum.1 + 1.0);
        }
    }
    sums.into_iter().map(|(sum, n)| sum / n).collect()
}
