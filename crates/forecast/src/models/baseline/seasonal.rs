//! The last season, and averages of the same place in the last seasons.

use super::{Rule, last_observed};
use crate::model::{FitError, Fitted, Future, History, Model};
use crate::params::Parameter;

/// `ŷ(h) = y[n − m + ((h − 1) mod m) + 1]`: the newest observed value of the step's place in the season.
struct SeasonalNaive {
    season: usize,
}

/// `ŷ(h) =` mean of the values at distance `k·m − h` before the end (0 is the last value), `k = 1..L`, where that
/// distance is inside the last `m·L` rows. With trimming and four samples or more, one smallest and one largest are
/// dropped first. Without a sample the forecast is the last value, so the model turns into the naive one beyond
/// `h = m·L`.
struct SeasonalAverage {
    season: usize,
    cycles: usize,
    trim: Trim,
}

#[derive(Clone, Copy)]
enum Trim {
    Nothing,
    Extremes,
}

/// One number per place in the season, each a random walk from season to season.
struct Cycle {
    places: Vec<f64>,
    /// Mean square of the differences at the distance of a season; absent without such a pair.
    noise: Option<f64>,
}

/// One sample mean per step, computed when asked, because it depends on the step and not only on its place.
struct SeasonalMeans {
    newest_first: Vec<f64>,
    last: f64,
    season: usize,
    cycles: usize,
    trim: Trim,
}

impl Model for SeasonalNaive {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let n = history.values.len();
        let fallback = last_observed(history.values, 1)[0];
        // A place whose newest value is missing takes the one a season earlier.
        let newest = |place: usize| {
            let positions = (1..).map_while(|cycle: usize| (n + place).checked_sub(cycle * self.season));
            positions.map(|position| history.values[position]).find(|value| !value.is_nan())
        };
        let places = (0..self.season).map(|place| newest(place).unwrap_or(fallback)).collect();
        Ok(Box::new(Cycle { places, noise: season_variance(history.values, self.season) }))
    }
}

impl Fitted for Cycle {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        (0..future.steps()).map(|step| self.places[step % self.places.len()]).collect()
    }

    /// `σ √k`, `k` the seasons to the step (FPP3, table 5.2).
    fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        let noise = self.noise?;
        let at = |step: usize| (noise * (step / self.places.len() + 1) as f64).sqrt();
        Some((0..steps).map(at).collect())
    }
}

fn season_variance(values: &[f64], season: usize) -> Option<f64> {
    let (mut sum, mut pairs) = (0.0_f64, 0_usize);
    for (later, earlier) in values.iter().skip(season).zip(values) {
        let difference = later - earlier;
        if !difference.is_nan() {
            sum = difference.mul_add(difference, sum);
            pairs += 1;
        }
    }
    (pairs > 0).then(|| sum / pairs as f64)
}

impl Model for SeasonalAverage {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let newest_first = history.values.iter().rev().take(self.season * self.cycles).copied().collect();
        let last = last_observed(history.values, 1)[0];
        let Self { season, cycles, trim } = *self;
        Ok(Box::new(SeasonalMeans { newest_first, last, season, cycles, trim }))
    }
}

impl Fitted for SeasonalMeans {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        (1..=future.steps()).map(|step| self.mean(step).unwrap_or(self.last)).collect()
    }
}

impl SeasonalMeans {
    fn mean(&self, step: usize) -> Option<f64> {
        let distances = (1..=self.cycles).filter_map(|cycle| (cycle * self.season).checked_sub(step));
        let mut samples: Vec<f64> = distances
            .filter_map(|distance| self.newest_first.get(distance).copied())
            .filter(|value| !value.is_nan())
            .collect();
        if matches!(self.trim, Trim::Extremes) && samples.len() >= 4 {
            samples.sort_by(f64::total_cmp);
            samples.pop();
            samples.remove(0);
        }
        (!samples.is_empty()).then(|| samples.iter().sum::<f64>() / samples.len() as f64)
    }
}

pub(super) fn seasonal_naive() -> Rule {
    Rule {
        model_type: "seasonal_naive",
        label: "Seasonal naive",
        description: "Repeats the last season.",
        parameters: vec![Parameter::integer("season_length", 1, 365, 7, "Rows of a season.")],
        minimum_history: |params| params.count("season_length"),
        build: |params| Box::new(SeasonalNaive { season: params.count("season_length") }),
    }
}

pub(super) fn seasonal_average() -> Rule {
    Rule {
        model_type: "seasonal_average",
        label: "Seasonal average",
        description: "The mean of the same place in the last seasons.",
        parameters: vec![
            Parameter::integer("season_length", 2, 365, 7, "Rows of a season."),
            Parameter::integer("lookback_cycles", 2, 12, 4, "Seasons averaged."),
            Parameter::boolean(
                "trim_outliers",
                false,
                "Drop the smallest and largest of four samples or more.",
            ),
        ],
        minimum_history: |params| 2 * params.count("season_length"),
        build: |params| {
            let trim = if params.flag("trim_outliers") { Trim::Extremes } else { Trim::Nothing };
            let (season, cycles) = (params.count("season_length"), params.count("lookback_cycles"));
            Box::new(SeasonalAverage { season, cycles, trim })
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{forecast, spec};

    #[test]
    fn the_last_season_is_repeated() {
        let values: Vec<f64> = (1..=9).map(f64::from).collect();
        let points = forecast(&spec("seasonal_naive", json!({"season_length": 3})), &values, 7).unwrap();
        assert_eq!(points, [7.0, 8.0, 9.0, 7.0, 8.0, 9.0, 7.0]);
    }

    #[test]
    fn a_missing_value_is_taken_a_season_earlier() {
        let values = [1.0, 2.0, 3.0, 4.0, f64::NAN, 6.0];
        let points = forecast(&spec("seasonal_naive", json!({"season_length": 3})), &values, 3).unwrap();
        assert_eq!(points, [4.0, 2.0, 6.0]);
    }

    #[test]
    fn seasonal_averages_lose_samples_as_the_horizon_grows() {
        let values: Vec<f64> = (1..=56).map(f64::from).collect();
        let points = forecast(&spec("seasonal_average", json!({})), &values, 30).unwrap();
        for (step, expected) in [(1, 39.5), (7, 45.5), (8, 43.0), (14, 49.0), (28, 56.0), (30, 56.0)] {
            assert!((points[step - 1] - expected).abs() < 1e-12, "{step}: {}", points[step - 1]);
        }
    }

    #[test]
    fn trimming_drops_one_smallest_and_one_largest() {
        let values = [1.0, 10.0, 2.0, 10.0, 3.0, 10.0, 100.0, 10.0];
        let params = json!({"season_length": 2, "lookback_cycles": 4, "trim_outliers": true});
        assert_eq!(forecast(&spec("seasonal_average", params), &values, 2).unwrap(), [2.5, 10.0]);
    }
}
