//! The scenario presets that the showcase offers.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::step::{self, PlanPhase};

/// A scenario preset by its wire name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Trend, promotions and few stock-outs.
    RetailStandard,
    /// A fixed last quarter with Thanksgiving, Black Friday and Christmas.
    HolidayRush,
    /// Strong noise and many anomalies.
    HighVariance,
    /// A quarter of all grain-days out of stock.
    StockoutHeavy,
    /// Many young products.
    NewLaunches,
    /// Half of all pairs without sales, gaps in the rest.
    Sparse,
    /// The smallest pipeline: green in seconds.
    DemoMinimal,
}

/// What the showcase seeds for a preset: a scaled-down copy of the native one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile {
    pub stores: u32,
    pub products: u32,
    /// Days from the first to the last, so one less than the number of days; `None` where the preset pins dates.
    pub span_days: Option<i64>,
}

/// A preset as a person chooses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PresetCard {
    /// The preset's wire name.
    pub scenario: Preset,
    /// A short name.
    pub title: &'static str,
    /// One sentence.
    pub description: &'static str,
    /// Stores the showcase seeds.
    pub stores: u32,
    /// Products the showcase seeds.
    pub products: u32,
    /// Days of history.
    pub days: u32,
    /// What its pipeline will do.
    pub plan: Vec<PlanPhase>,
    /// What to expect.
    pub note: Option<&'static str>,
}

const PRESETS: [Preset; 7] = [
    Preset::DemoMinimal,
    Preset::RetailStandard,
    Preset::HolidayRush,
    Preset::HighVariance,
    Preset::StockoutHeavy,
    Preset::NewLaunches,
    Preset::Sparse,
];

/// Days of the pinned window 2024-10-01..=2024-12-31.
const HOLIDAY_DAYS: u32 = 92;

/// All presets, the quickest first.
pub fn cards() -> Vec<PresetCard> {
    PRESETS.into_iter().map(Preset::card).collect()
}

impl Preset {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RetailStandard => "retail_standard",
            Self::HolidayRush => "holiday_rush",
            Self::HighVariance => "high_variance",
            Self::StockoutHeavy => "stockout_heavy",
            Self::NewLaunches => "new_launches",
            Self::Sparse => "sparse",
            Self::DemoMinimal => "demo_minimal",
        }
    }

    pub(crate) const fn profile(self) -> Profile {
        let (stores, products, span_days) = match self {
            Self::DemoMinimal | Self::Sparse => (3, 10, Some(91)),
            Self::NewLaunches => (5, 25, Some(180)),
            Self::HolidayRush => (5, 15, None),
            Self::RetailStandard | Self::HighVariance | Self::StockoutHeavy => (5, 15, Some(180)),
        };
        Profile { stores, products, span_days }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::DemoMinimal => {
                ("Minimal", "Three stores, ten products, one quarter: the whole pipeline in seconds.")
            }
            Self::RetailStandard => {
                ("Retail standard", "A gentle trend, regular promotions, few stock-outs.")
            }
            Self::HolidayRush => ("Holiday rush", "October to December 2024 with its four big days."),
            Self::HighVariance => ("High variance", "Strong noise and one day in twenty an anomaly."),
            Self::StockoutHeavy => ("Stock-out heavy", "Shelves empty on every fourth day."),
            Self::NewLaunches => ("New launches", "A wide range of products at the start of their lives."),
            Self::Sparse => ("Sparse", "Half of all store-product pairs never sell; the rest have gaps."),
        }
    }

    fn card(self) -> PresetCard {
        let (title, description) = self.words();
        let Profile { stores, products, span_days } = self.profile();
        let days = span_days.map_or(HOLIDAY_DAYS, |span| u32::try_from(span + 1).expect("a span is short"));
        let note =
            (self == Self::Sparse).then_some("may end red: with some seeds no pair has enough history");
        PresetCard { scenario: self, title, description, stores, products, days, plan: step::plan(), note }
    }
}

impl FromStr for Preset {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        PRESETS.into_iter().find(|preset| preset.as_str() == name).ok_or_else(|| {
            let names: Vec<&str> = PRESETS.map(Self::as_str).to_vec();
            format!("`{name}` is no preset: expected one of {}", names.join(", "))
        })
    }
}
