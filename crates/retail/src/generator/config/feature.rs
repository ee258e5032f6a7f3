//! The features of a world. Each is a group of numbers that is either there or absent.

use chrono::NaiveDate;
use serde::Serialize;

/// Whether products come and go.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assortment {
    /// Every product was always there.
    Established,
    /// Products are launched around the first day and reach full demand after this many days.
    Launching {
        /// Length of the ramp.
        ramp_days: u32,
    },
    /// Products run through their whole life.
    Cycle(Lifecycle),
}

/// A product's life: demand climbs, holds, and fades; some products end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lifecycle {
    /// Days in which demand climbs to its full height.
    pub intro_days: u32,
    /// Days of growth at full demand.
    pub growth_days: u32,
    /// Days of maturity.
    pub maturity_days: u32,
    /// Days in which declining demand falls to 1/e.
    pub decline_days: u32,
    /// Chance that a product is discontinued.
    pub discontinue_probability: f64,
    /// Demand on the launch day.
    pub intro_multiplier: f64,
    /// What declining demand tends to.
    pub decline_multiplier: f64,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self {
            intro_days: 30,
            growth_days: 60,
            maturity_days: 180,
            decline_days: 90,
            discontinue_probability: 0.10,
            intro_multiplier: 0.1,
            decline_multiplier: 0.0,
        }
    }
}

/// A daily temperature per store.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Weather {
    /// Change of demand per degree away from the mean.
    pub sensitivity: f64,
    /// Mean of the year in °C.
    pub mean_celsius: f64,
    /// How far summer and winter are from the mean.
    pub amplitude_celsius: f64,
    /// Standard deviation of a day.
    pub sigma_celsius: f64,
}

impl Default for Weather {
    fn default() -> Self {
        Self { sensitivity: 0.01, mean_celsius: 15.0, amplitude_celsius: 12.0, sigma_celsius: 2.0 }
    }
}

/// A chain-wide index that wanders.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MacroIndex {
    /// Where it begins.
    pub start: f64,
    /// Standard deviation of a day's step.
    pub step_sigma: f64,
}

impl Default for MacroIndex {
    fn default() -> Self {
        Self { start: 100.0, step_sigma: 0.5 }
    }
}

/// A yearly wave: `1 + amplitude·sin(2π(day of year + phase)/365)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Yearly {
    /// Height of the wave.
    pub amplitude: f64,
    /// Days by which it comes earlier.
    pub phase_days: f64,
}

impl Default for Yearly {
    fn default() -> Self {
        Self { amplitude: 0.2, phase_days: 0.0 }
    }
}

/// A shock that fades: demand is multiplied on its day, and returns by e-folds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Changepoint {
    /// The day of the shock.
    pub date: NaiveDate,
    /// Demand on that day.
    pub multiplier: f64,
    /// Days in which the shock falls to 1/e; zero is a shock of one day.
    pub decay_days: f64,
}

/// Goods that come back. They are counted beside the sales, never subtracted from them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Returns {
    /// Chance per day's sale.
    pub probability: f64,
    /// The earliest return after this many days.
    pub lag_min_days: i64,
    /// The latest return after this many days.
    pub lag_max_days: i64,
    /// Share of the sold units that comes back.
    pub quantity_share: f64,
}

impl Default for Returns {
    fn default() -> Self {
        Self { probability: 0.02, lag_min_days: 1, lag_max_days: 14, quantity_share: 0.5 }
    }
}

/// Demand that moves within a category.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Substitution {
    /// Gain per missing product, shared among the ones in stock.
    pub lift_on_stockout: f64,
}

impl Default for Substitution {
    fn default() -> Self {
        Self { lift_on_stockout: 0.3 }
    }
}

/// Several sales channels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Channels {
    /// Weights of store, online, click-and-collect and wholesale.
    pub mix: [f64; 4],
    /// Quantity of an online sale on a promotion day.
    pub online_promotion_uplift: f64,
    /// Growth of the online weight on a promotion day, taken from the store's.
    pub online_substitution: f64,
}

impl Default for Channels {
    fn default() -> Self {
        Self { mix: [0.70, 0.20, 0.08, 0.02], online_promotion_uplift: 1.2, online_substitution: 0.25 }
    }
}

/// Promotions that tie products together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bundles {
    /// Chance that a promotion is one.
    pub probability: f64,
    /// Share of "buy one, get one" among them.
    pub bogo_share: f64,
    /// The shallowest discount.
    pub discount_min: f64,
    /// The deepest discount.
    pub discount_max: f64,
    /// Demand on its days, in place of the promotion lift.
    pub lift: f64,
}

impl Default for Bundles {
    fn default() -> Self {
        Self { probability: 0.3, bogo_share: 0.5, discount_min: 0.10, discount_max: 0.30, lift: 1.4 }
    }
}

/// Price cuts that clear stock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Markdowns {
    /// What starts one.
    pub trigger: MarkdownTrigger,
    /// Share of the base price that is cut.
    pub depth: f64,
    /// With fewer units on hand none is started.
    pub min_units: i64,
    /// How long one lasts.
    pub duration_days: usize,
    /// Demand on its days, beside what the lower price does.
    pub lift: f64,
}

impl Default for Markdowns {
    fn default() -> Self {
        Self {
            trigger: MarkdownTrigger::StockoutRisk,
            depth: 0.30,
            min_units: 5,
            duration_days: 14,
            lift: 1.2,
        }
    }
}

/// What starts a markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkdownTrigger {
    /// A product's decline, chain-wide from its first day.
    LifecycleDecline,
    /// A stockout of a product in a store: the stock is cleared in the days before it.
    StockoutRisk,
}

/// Deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Replenishment {
    /// Days between two orders.
    pub interval_days: usize,
    /// Days of demand that are ordered beyond the interval.
    pub safety_days: usize,
    /// Mean days from order to receipt.
    pub lead_mean_days: f64,
    /// Their standard deviation.
    pub lead_sigma_days: f64,
    /// Mean share of an order that arrives.
    pub fill_mean: f64,
    /// Its standard deviation.
    pub fill_sigma: f64,
}

impl Default for Replenishment {
    fn default() -> Self {
        Self {
            interval_days: 14,
            safety_days: 3,
            lead_mean_days: 7.0,
            lead_sigma_days: 1.5,
            fill_mean: 0.97,
            fill_sigma: 0.05,
        }
    }
}
