//! How many units a day would sell. The factors multiply in a fixed order, because floating-point products depend
//! on it; each is 1 where its cause is absent.

use chrono::Datelike;
use kernel::Stream;

use super::config::{Assortment, Config, Trend};
use super::{lifecycle, round_ties_even};

/// The mean temperature at which weather leaves demand alone.
const NEUTRAL_CELSIUS: f64 = 15.0;

/// The factors that are the same for every pair.
#[derive(Debug, Clone)]
pub(super) struct Season {
    /// Base demand × trend × weekday × month × holiday.
    opening: Vec<f64>,
    yearly: Vec<f64>,
    shocks: Vec<f64>,
}

impl Season {
    pub(super) fn new(config: &Config) -> Self {
        let dates = || config.window.dates().enumerate();
        Self {
            opening: dates().map(|(t, date)| opening(config, t, date)).collect(),
            yearly: dates().map(|(_, date)| yearly(config, date)).collect(),
            shocks: dates().map(|(_, date)| shocks(config, date)).collect(),
        }
    }
}

fn opening(config: &Config, t: usize, date: chrono::NaiveDate) -> f64 {
    let series = &config.time_series;
    let trend = match series.trend {
        Trend::None => 1.0,
        Trend::Linear { slope } => 1.0 + slope * t as f64,
        Trend::Exponential { slope } => (slope * t as f64).exp(),
    };
    let weekday = series.weekly[date.weekday().num_days_from_monday() as usize];
    let month = series.monthly[date.month0() as usize];
    let holiday =
        config.holidays.iter().find(|holiday| holiday.date == date).map_or(1.0, |holiday| holiday.multiplier);
    series.base_demand * trend * weekday * month * holiday
}

fn yearly(config: &Config, date: chrono::NaiveDate) -> f64 {
    config.yearly.map_or(1.0, |yearly| {
        let angle = std::f64::consts::TAU * (f64::from(date.ordinal()) + yearly.phase_days) / 365.0;
        1.0 + yearly.amplitude * angle.sin()
    })
}

/// Shocks add up; one of no duration lasts its day.
fn shocks(config: &Config, date: chrono::NaiveDate) -> f64 {
    let shock = |point: &super::config::Changepoint| {
        let age = (date - point.date).num_days();
        let left = match age {
            0 => 1.0,
            1.. if point.decay_days > 0.0 => (-(age as f64) / point.decay_days).exp(),
            _ => 0.0,
        };
        (point.multiplier - 1.0) * left
    };
    1.0 + config.changepoints.iter().map(shock).sum::<f64>()
}

/// What decides the demand of one product in one store.
pub(super) struct Pair<'a> {
    pub(super) lifts: &'a [f64],
    pub(super) prices: &'a [i64],
    pub(super) base_price_cents: i64,
    /// The launch day, counted from the first day of the window; negative before it.
    pub(super) launch: Option<i64>,
    /// The temperature of every day, when there is weather.
    pub(super) temperatures: Option<&'a [f64]>,
    /// The gain from substitution of every day, when there is any.
    pub(super) substitution: Option<&'a [f64]>,
}

/// The quantity of every day as if every shelf were full. Every day draws its noise and its anomaly, whether or not
/// it will have a row, so that a stockout moves no other day.
pub(super) fn quantities(
    config: &Config,
    season: &Season,
    pair: &Pair<'_>,
    noise: &mut Stream,
    anomaly: &mut Stream,
) -> Vec<i64> {
    let quantity = |day| {
        let expected = expected(config, season, pair, day);
        let uncertain = expected * (1.0 + noise.normal(0.0, config.time_series.noise_sigma)).max(0.0);
        let is_anomaly = anomaly.chance(config.time_series.anomaly_probability);
        let is_peak = anomaly.chance(0.5);
        let magnitude = config.time_series.anomaly_magnitude;
        round_ties_even(match (is_anomaly, is_peak) {
            (false, _) => uncertain,
            (true, true) => uncertain * magnitude,
            (true, false) => uncertain / magnitude,
        })
        .max(0)
    };
    (0..season.opening.len()).map(quantity).collect()
}

fn expected(config: &Config, season: &Season, pair: &Pair<'_>, day: usize) -> f64 {
    let age =
        pair.launch.map(|launch| i64::try_from(day).expect("a window has fewer than 2^63 days") - launch);
    let mut demand = season.opening[day];
    demand *= pair.lifts[day];
    demand *= price_factor(config.retail.price_elasticity, pair.prices[day], pair.base_price_cents);
    if let (Assortment::Launching { ramp_days }, Some(age)) = (config.assortment, age) {
        demand *= ramp(age, ramp_days);
    }
    demand *= season.yearly[day];
    demand *= season.shocks[day];
    if let (Some(weather), Some(temperatures)) = (&config.weather, pair.temperatures) {
        demand *= (1.0 + weather.sensitivity * (temperatures[day] - NEUTRAL_CELSIUS)).max(0.0);
    }
    if let Some(substitution) = pair.substitution {
        demand *= 1.0 + substitution[day];
    }
    if let (Assortment::Cycle(life), Some(age)) = (&config.assortment, age) {
        demand *= lifecycle::multiplier(life, age);
    }
    demand
}

/// A price far above the base ends demand; it does not make it negative.
fn price_factor(elasticity: f64, price: i64, base: i64) -> f64 {
    if base == 0 {
        return 1.0;
    }
    (1.0 + elasticity * (price - base) as f64 / base as f64).max(0.0)
}

fn ramp(age: i64, ramp_days: u32) -> f64 {
    if age >= i64::from(ramp_days) { 1.0 } else { age.max(0) as f64 / f64::from(ramp_days) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::generator::config::{Changepoint, Holiday, Lifecycle, Weather, Yearly};
    use crate::window::Window;

    fn day(m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, m, d).unwrap()
    }

    /// A year of level demand: 100 on every day, before what a test changes.
    fn level() -> Config {
        let mut config = Config::new(Window::new(day(1, 1), day(12, 31)).unwrap());
        config.time_series.weekly = [1.0; 7];
        config
    }

    fn pair<'a>(lifts: &'a [f64], prices: &'a [i64]) -> Pair<'a> {
        Pair { lifts, prices, base_price_cents: 1_000, launch: None, temperatures: None, substitution: None }
    }

    fn check(config: &Config, change: impl FnOnce(&mut Pair<'_>), on: usize, wanted: f64) {
        let (lifts, prices) = (vec![1.0; 366], vec![1_000; 366]);
        let mut pair = pair(&lifts, &prices);
        change(&mut pair);
        let found = expected(config, &Season::new(config), &pair, on);
        assert!((found - wanted).abs() < 1e-9, "day {on}: {found} instead of {wanted}");
    }

    #[test]
    fn every_factor_does_what_its_formula_says() {
        let mut config = level();
        check(&config, |_| (), 10, 100.0);
        config.time_series.trend = Trend::Linear { slope: 0.001 };
        check(&config, |_| (), 10, 101.0);
        config.time_series.trend = Trend::Exponential { slope: 0.005 };
        check(&config, |_| (), 10, 100.0 * 0.05_f64.exp());

        let mut config = level();
        config.time_series.weekly = [0.8, 0.9, 1.0, 1.0, 1.1, 1.3, 1.2];
        config.time_series.monthly[1] = 2.0;
        config.holidays = vec![Holiday { date: day(2, 3), name: "Sale", multiplier: 3.0 }];
        check(&config, |_| (), 0, 80.0);
        check(&config, |_| (), 33, 100.0 * 1.3 * 2.0 * 3.0);
    }

    #[test]
    fn promotions_prices_and_launches_act_on_the_pair() {
        let config = level();
        check(&config, |pair| pair.lifts = &[1.3; 366], 0, 130.0);
        check(&config, |pair| pair.prices = &[1_200; 366], 0, 90.0);
        check(&config, |pair| pair.launch = Some(300), 5, 100.0);

        let launching = Config { assortment: Assortment::Launching { ramp_days: 45 }, ..level() };
        check(&launching, |pair| pair.launch = Some(-9), 0, 20.0);
        check(&launching, |pair| pair.launch = Some(5), 5, 0.0);
        check(&launching, |pair| pair.launch = Some(5), 50, 100.0);
        check(&launching, |_| (), 3, 100.0);

        let cycle = Config { assortment: Assortment::Cycle(Lifecycle::default()), ..level() };
        check(&cycle, |pair| pair.launch = Some(-15), 0, 55.0);
    }

    #[test]
    fn seasons_shocks_weather_and_substitution_act_on_the_day() {
        let yearly = Config { yearly: Some(Yearly { amplitude: 0.2, phase_days: 90.25 }), ..level() };
        check(&yearly, |_| (), 0, 100.0 * (1.0 + 0.2 * (std::f64::consts::TAU * 91.25 / 365.0).sin()));

        let shock = |decay_days| Changepoint { date: day(1, 11), multiplier: 1.5, decay_days };
        let fading = Config { changepoints: vec![shock(30.0)], ..level() };
        check(&fading, |_| (), 9, 100.0);
        check(&fading, |_| (), 10, 150.0);
        check(&fading, |_| (), 40, 100.0 * (1.0 + 0.5 * (-1.0_f64).exp()));
        let impulse = Config { changepoints: vec![shock(0.0)], ..level() };
        check(&impulse, |_| (), 10, 150.0);
        check(&impulse, |_| (), 11, 100.0);

        let weather = Config { weather: Some(Weather::default()), ..level() };
        check(&weather, |pair| pair.temperatures = Some(&[25.0; 366]), 0, 110.0);
        check(&level(), |pair| pair.substitution = Some(&[0.15; 366]), 0, 115.0);
    }

    #[test]
    fn the_factors_multiply_in_their_order() {
        let mut config = Config { weather: Some(Weather::default()), ..level() };
        config.time_series.trend = Trend::Linear { slope: 0.0007 };
        let (lifts, prices, warm) = (vec![1.3; 366], vec![1_100; 366], vec![20.5; 366]);
        let mut pair = pair(&lifts, &prices);
        pair.temperatures = Some(&warm);
        let found = expected(&config, &Season::new(&config), &pair, 11);
        let wanted: f64 =
            100.0 * (1.0 + 0.0007 * 11.0) * 1.3 * (1.0 - 0.5 * 100.0 / 1_000.0) * (1.0 + 0.01 * 5.5);
        assert_eq!(found.to_bits(), wanted.to_bits());
    }

    #[test]
    fn a_price_far_above_the_base_ends_demand() {
        let check = |base, expected: f64| {
            assert_eq!(price_factor(-0.5, 5_000, base).to_bits(), expected.to_bits(), "{base}");
        };
        check(1_000, 0.0);
        check(0, 1.0);
    }
}
