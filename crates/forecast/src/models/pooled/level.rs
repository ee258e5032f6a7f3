//! The level of a series without its days' effects.

use serde_json::Value;

use crate::ModelSpec;
use crate::model::{FitError, Future, History};

/// How a level is forecast; the same for every step.
pub(crate) enum Level {
    /// Teunter, Syntetos and Babai's method (2011) with fixed weights: the size of demand, slow, times its
    /// probability, which is quick to follow whether something is on the shelf.
    ///
    /// Weights that are found for each series fit its noise: a single retail series does not tell good ones from bad
    /// ones, and what thousands of series get wrong the same way adds up in their totals.
    Fixed,
    /// A model of the catalogue that finds its own weights.
    Model(ModelSpec),
}

/// A memory of about 100 demands.
const SIZE_WEIGHT: f64 = 0.02;
/// A memory of about 5 rows.
const CHANCE_WEIGHT: f64 = 0.2;

impl Level {
    pub(super) fn parse(word: &str) -> Self {
        match word {
            "fixed" => Self::Fixed,
            model => Self::Model(ModelSpec::parse(model, &Value::Null).expect("level models are catalogued")),
        }
    }

    /// The level after these rows.
    pub(crate) fn after(&self, history: &History<'_>) -> Result<f64, FitError> {
        match self {
            Self::Fixed => Ok(size_by_chance(history.values)),
            // The models of a level say the same of every step, and read no dates.
            Self::Model(spec) => {
                let future = Future { dates: &history.dates[..1], known: None };
                Ok(spec.forecast(history, &future)?[0])
            }
        }
    }
}

/// Smoothed size times smoothed probability; missing values take no part. 0 without demand.
fn size_by_chance(values: &[f64]) -> f64 {
    /// The probability begins with that of so many rows.
    const FIRST: usize = 28;
    let seen = || values.iter().copied().filter(|value| !value.is_nan());
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    };
    let demanded = |value: f64| f64::from(u8::from(value > 0.0));
    let mut size = mean(&mut seen().filter(|&value| value > 0.0));
    let mut chance = mean(&mut seen().take(FIRST).map(demanded));
    for value in seen() {
        if value > 0.0 {
            size += SIZE_WEIGHT * (value - size);
        }
        chance += CHANCE_WEIGHT * (demanded(value) - chance);
    }
    size * chance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_size_times_chance() {
        assert!((size_by_chance(&[3.0; 60]) - 3.0).abs() < 1e-12);
        // Every second row sells 4: the chance swings a little around a half.
        let values: Vec<f64> = (0..200).map(|row| f64::from(row % 2) * 4.0).collect();
        assert!((size_by_chance(&values) - 2.0).abs() < 0.25);
        assert_eq!(size_by_chance(&[0.0; 30]).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn a_series_that_stops_selling_fades_at_the_weight_of_its_chance() {
        let mut values = vec![5.0; 100];
        values.extend([0.0; 10]);
        let expected = 5.0 * (1.0 - CHANCE_WEIGHT).powi(10);
        assert!((size_by_chance(&values) - expected).abs() < 1e-12);
    }

    #[test]
    fn missing_values_change_no_level() {
        let sparse = [f64::NAN, 4.0, f64::NAN, 0.0, 7.0, f64::NAN];
        assert_eq!(size_by_chance(&sparse).to_bits(), size_by_chance(&[4.0, 0.0, 7.0]).to_bits());
        assert_eq!(size_by_chance(&[f64::NAN]).to_bits(), 0.0_f64.to_bits());
    }
}
