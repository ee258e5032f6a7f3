//! What a generated world is like. Every group has the defaults of a plain retail chain; a preset is a few changes
//! to them. A group in an `Option` is a feature: absent, it draws no random number and changes nothing.

mod feature;

use chrono::NaiveDate;
use serde::Serialize;

pub use self::feature::{
    Assortment, Bundles, Changepoint, Channels, Lifecycle, MacroIndex, MarkdownTrigger, Markdowns,
    Replenishment, Returns, Substitution, Weather, Yearly,
};
use crate::window::Window;

/// Everything that, together with a seed, decides every row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Config {
    /// The days that are generated.
    pub window: Window,
    /// How many stores and products.
    pub dimensions: Dimensions,
    /// The course of demand in time.
    pub time_series: TimeSeries,
    /// Promotions, prices and stock.
    pub retail: Retail,
    /// What is missing from the sales.
    pub sparsity: Sparsity,
    /// Days on which demand differs; they are holidays of the calendar as well.
    pub holidays: Vec<Holiday>,
    /// Whether products come and go.
    pub assortment: Assortment,
    /// A daily temperature per store that moves demand.
    pub weather: Option<Weather>,
    /// A chain-wide index that wanders; it is published, demand does not follow it.
    pub macro_index: Option<MacroIndex>,
    /// A yearly wave in demand.
    pub yearly: Option<Yearly>,
    /// Lasting shocks.
    pub changepoints: Vec<Changepoint>,
    /// Goods that come back.
    pub returns: Option<Returns>,
    /// Demand that moves to products of the same category when one is out of stock.
    pub substitution: Option<Substitution>,
    /// Several sales channels instead of the store alone.
    pub channels: Option<Channels>,
    /// Promotions that tie products together.
    pub bundles: Option<Bundles>,
    /// Price cuts that clear stock.
    pub markdowns: Option<Markdowns>,
    /// Deliveries.
    pub replenishment: Option<Replenishment>,
}

impl Config {
    /// A plain chain over this window.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            dimensions: Dimensions { stores: 10, products: 50 },
            time_series: TimeSeries::default(),
            retail: Retail::default(),
            sparsity: Sparsity::default(),
            holidays: Vec::new(),
            assortment: Assortment::Established,
            weather: None,
            macro_index: None,
            yearly: None,
            changepoints: Vec::new(),
            returns: None,
            substitution: None,
            channels: None,
            bundles: None,
            markdowns: None,
            replenishment: None,
        }
    }
}

/// How many stores and products there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Dimensions {
    /// Stores, at most 9 999.
    pub stores: usize,
    /// Products, at most 90 000.
    pub products: usize,
}

/// The course of demand in time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimeSeries {
    /// Units per product, store and day before any factor.
    pub base_demand: f64,
    /// The long-run direction.
    pub trend: Trend,
    /// One factor per weekday, Monday first.
    pub weekly: [f64; 7],
    /// One factor per month, January first.
    pub monthly: [f64; 12],
    /// Standard deviation of the multiplicative noise.
    pub noise_sigma: f64,
    /// Chance that a day is an outlier.
    pub anomaly_probability: f64,
    /// An outlier multiplies or divides demand by this.
    pub anomaly_magnitude: f64,
}

impl Default for TimeSeries {
    fn default() -> Self {
        Self {
            base_demand: 100.0,
            trend: Trend::None,
            weekly: [0.8, 0.9, 1.0, 1.0, 1.1, 1.3, 1.2],
            monthly: [1.0; 12],
            noise_sigma: 0.10,
            anomaly_probability: 0.01,
            anomaly_magnitude: 2.0,
        }
    }
}

/// The long-run direction of demand; `t` counts days from the first one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// Flat.
    None,
    /// `1 + slope·t`.
    Linear {
        /// Change per day as a share of the base.
        slope: f64,
    },
    /// `e^(slope·t)`.
    Exponential {
        /// Growth per day.
        slope: f64,
    },
}

/// Promotions, prices and stock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Retail {
    /// Demand on a promotion day, whatever the depth of the discount.
    pub promotion_lift: f64,
    /// Chance per product and month that a promotion starts.
    pub promotion_probability: f64,
    /// Chance per product, store and day of an empty shelf.
    pub stockout_probability: f64,
    /// Relative change of demand per relative change of price; zero uncouples them.
    pub price_elasticity: f64,
}

impl Default for Retail {
    fn default() -> Self {
        Self {
            promotion_lift: 1.3,
            promotion_probability: 0.05,
            stockout_probability: 0.02,
            price_elasticity: -0.5,
        }
    }
}

/// What is missing from the sales; stock is still counted there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sparsity {
    /// Share of the store-product pairs that sell nothing.
    pub missing_combinations: f64,
    /// Gaps in every other pair.
    pub gaps_per_series: usize,
    /// The shortest gap in days.
    pub gap_min_days: usize,
    /// The longest gap in days.
    pub gap_max_days: usize,
}

impl Default for Sparsity {
    fn default() -> Self {
        Self { missing_combinations: 0.0, gaps_per_series: 0, gap_min_days: 1, gap_max_days: 7 }
    }
}

/// A day on which demand differs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Holiday {
    /// The day.
    pub date: NaiveDate,
    /// Its name in the calendar.
    pub name: &'static str,
    /// Demand of the day.
    pub multiplier: f64,
}
