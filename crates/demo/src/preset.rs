//! The scenario presets that the showcase offers.

use wire::demo::{Preset, PresetCard};

use crate::step;

/// What the showcase seeds for a preset: a scaled-down copy of the native one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile {
    pub stores: u32,
    pub products: u32,
    /// Days from the first to the last, so one less than the number of days; `None` where the preset pins dates.
    pub span_days: Option<i64>,
}

/// Days of the pinned window 2024-10-01..=2024-12-31.
const HOLIDAY_DAYS: u32 = 92;

/// All presets, the quickest first.
pub fn cards() -> Vec<PresetCard> {
    Preset::ALL.iter().copied().map(card).collect()
}

pub(crate) const fn profile(preset: Preset) -> Profile {
    let (stores, products, span_days) = match preset {
        Preset::DemoMinimal | Preset::Sparse => (3, 10, Some(91)),
        Preset::NewLaunches => (5, 25, Some(180)),
        Preset::HolidayRush => (5, 15, None),
        Preset::RetailStandard | Preset::HighVariance | Preset::StockoutHeavy => (5, 15, Some(180)),
    };
    Profile { stores, products, span_days }
}

const fn words(preset: Preset) -> (&'static str, &'static str) {
    match preset {
        Preset::DemoMinimal => {
            ("Minimal", "Three stores, ten products, one quarter: the whole pipeline in seconds.")
        }
        Preset::RetailStandard => ("Retail standard", "A gentle trend, regular promotions, few stock-outs."),
        Preset::HolidayRush => ("Holiday rush", "October to December 2024 with its four big days."),
        Preset::HighVariance => ("High variance", "Strong noise and one day in twenty an anomaly."),
        Preset::StockoutHeavy => ("Stock-out heavy", "Shelves empty on every fourth day."),
        Preset::NewLaunches => ("New launches", "A wide range of products at the start of their lives."),
        Preset::Sparse => ("Sparse", "Half of all store-product pairs never sell; the rest have gaps."),
    }
}

fn card(preset: Preset) -> PresetCard {
    let (title, description) = words(preset);
    let Profile { stores, products, span_days } = profile(preset);
    let days = span_days.map_or(HOLIDAY_DAYS, |span| u32::try_from(span + 1).expect("a span is short"));
    let may_fail = "may end red: with some seeds no pair has enough history";
    PresetCard {
        scenario: preset,
        title: title.to_owned(),
        description: description.to_owned(),
        stores,
        products,
        days,
        plan: step::plan(),
        note: (preset == Preset::Sparse).then(|| may_fail.to_owned()),
    }
}
