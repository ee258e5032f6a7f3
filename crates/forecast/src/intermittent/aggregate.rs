//! Temporal aggregation: the zeros vanish in sums over buckets.

use super::Demands;
use crate::smoothing::{Choice, Form, Search};

/// The level of the sums over buckets of the mean interval, per row.
pub(crate) fn adida(values: &[f64]) -> f64 {
    let observed: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    level(&observed, Demands::of(&observed).mean_interval())
}

/// The mean of those levels over all bucket lengths from one row to the mean interval.
pub(crate) fn imapa(values: &[f64]) -> f64 {
    let observed: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    let longest = Demands::of(&observed).mean_interval();
    (1..=longest).map(|rows| level(&observed, rows)).sum::<f64>() / longest as f64
}

/// The smoothed sum of buckets that end with the last value, divided by their rows. With too few buckets to smooth,
/// their mean.
fn level(values: &[f64], rows: usize) -> f64 {
    let rows = rows.min(values.len()).max(1);
    let sums: Vec<f64> =
        values[values.len() % rows..].chunks_exact(rows).map(|rows| rows.iter().sum()).collect();
    let search = Search {
        series: &[&sums],
        period: 1,
        origins: &[sums.len()],
        forms: &[Form::LEVEL],
        choice: Choice::Best,
    };
    let level = match search.run().pop().and_then(|mut fits| fits.pop()).flatten() {
        Some(fit) => fit.points(1)[0],
        None => sums.iter().sum::<f64>() / sums.len() as f64,
    };
    level / rows as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_intermittent_demand_is_forecast_by_its_mean() {
        let values: Vec<f64> = (0..90).map(|t| if t % 3 == 2 { 6.0 } else { 0.0 }).collect();
        assert!((adida(&values) - 2.0).abs() < 1e-9, "{}", adida(&values));
        assert!((imapa(&values) - 2.0).abs() < 0.2, "{}", imapa(&values));
        assert!(adida(&[0.0; 30]).abs() < 1e-9);
    }
}
