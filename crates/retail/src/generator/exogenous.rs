//! Signals from outside: a temperature per store and a chain-wide index.

use chrono::Datelike;
use kernel::Seed;

use super::config::{MacroIndex, Weather};
use crate::window::Window;

/// A value of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// Its name.
    pub name: &'static str,
    /// The store's position; `None` is global.
    pub store: Option<usize>,
    /// The day, counted from the world's first.
    pub day: usize,
    /// The value.
    pub value: f64,
}

/// The name of the temperature.
pub const TEMPERATURE: &str = "temperature_celsius";
/// The name of the index.
pub const MACRO_INDEX: &str = "macro_index";

/// The day of the year on which the wave of the temperature begins; summer is a quarter of a year later.
const SPRING: f64 = 105.0;

/// Hundredths are what a thermometer shows; demand sees the same value that is published.
pub(super) fn temperatures(seed: Seed, store: u64, weather: &Weather, window: Window) -> Vec<f64> {
    let mut stream = seed.indexed("weather", store);
    let of_day = |date: chrono::NaiveDate| {
        let angle = std::f64::consts::TAU * (f64::from(date.ordinal()) - SPRING) / 365.0;
        let mean = weather.mean_celsius + weather.amplitude_celsius * angle.sin();
        hundredths(stream.normal(mean, weather.sigma_celsius))
    };
    window.dates().map(of_day).collect()
}

pub(super) fn macro_index(seed: Seed, index: &MacroIndex, days: usize) -> Vec<f64> {
    let mut stream = seed.stream("macro");
    let mut level = index.start;
    let mut step = || {
        level += stream.normal(0.0, index.step_sigma);
        hundredths(level)
    };
    (0..days).map(|_| step()).collect()
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round_ties_even() / 100.0
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn the_warmest_day_is_in_the_middle_of_july() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        let calm = Weather { sigma_celsius: 0.0, ..Weather::default() };
        let year = temperatures(Seed(1), 0, &calm, Window::new(day(1, 1), day(12, 31)).unwrap());
        let warmest = year.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
        assert!((190..=200).contains(&(warmest.0 + 1)), "{warmest:?}");
        assert!((warmest.1 - 27.0).abs() < 0.01);
    }
}
