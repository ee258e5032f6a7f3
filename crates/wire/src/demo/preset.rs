//! The scenario presets that the showcase offers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

kernel::words! {
    /// A scenario preset, the quickest first.
    #[derive(ToSchema)]
    #[schema(as = demo::Scenario)]
    pub enum Preset {
        /// The smallest pipeline: green in seconds.
        DemoMinimal = "demo_minimal",
        /// Trend, promotions and few stock-outs.
        RetailStandard = "retail_standard",
        /// A fixed last quarter with Thanksgiving, Black Friday and Christmas.
        HolidayRush = "holiday_rush",
        /// Strong noise and many anomalies.
        HighVariance = "high_variance",
        /// A quarter of all grain-days out of stock.
        StockoutHeavy = "stockout_heavy",
        /// Many young products.
        NewLaunches = "new_launches",
        /// Half of all pairs without sales, gaps in the rest.
        Sparse = "sparse",
    }
}

/// A preset as a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Preset)]
pub struct PresetCard {
    /// Its wire name.
    pub scenario: Preset,
    /// A short name.
    pub title: String,
    /// One sentence.
    pub description: String,
    /// Stores the showcase seeds.
    pub stores: u32,
    /// Products the showcase seeds.
    pub products: u32,
    /// Days of history.
    pub days: u32,
    /// What its pipeline will do.
    pub plan: Vec<PlanPhase>,
    /// What to expect.
    pub note: Option<String>,
}

/// A phase of the pipeline as it is announced before it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::PlanPhase)]
pub struct PlanPhase {
    /// Its name.
    pub phase: String,
    /// Its steps in order.
    pub steps: Vec<PlanStep>,
}

/// A step of the pipeline as it is announced before it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::PlanStep)]
pub struct PlanStep {
    /// Its name.
    pub step: String,
    /// What it does, in a sentence.
    pub what: String,
}
