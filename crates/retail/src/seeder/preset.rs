//! The named worlds. Each is the plain chain with a few numbers changed.

use std::str::FromStr;

use chrono::NaiveDate;
use kernel::{Class, Fault, FieldError};
use wire::retail::Scenario;

use crate::generator::Config;
use crate::generator::config::{Assortment, Dimensions, Holiday, Trend};
use crate::window::Window;

/// A named world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preset {
    /// A chain in a calm year.
    RetailStandard,
    /// The last quarter of 2024.
    HolidayRush,
    /// Demand that is hard to foresee.
    HighVariance,
    /// Shelves that are often empty.
    StockoutHeavy,
    /// Many products that are just coming.
    NewLaunches,
    /// Half of the pairs sell nothing, and the others have gaps.
    Sparse,
    /// The smallest world in which everything works.
    DemoMinimal,
    /// Small, with enough history for every step.
    ShowcaseRich,
}

/// A name that is no preset's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no scenario `{name}`; choose one of {}", Preset::names())]
pub struct UnknownPreset {
    /// What was given.
    pub name: String,
}

impl Fault for UnknownPreset {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        "UNKNOWN_SCENARIO"
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![FieldError::new("scenario", format!("must be one of {}", Preset::names()))]
    }
}

/// Every preset's card, as of today.
pub fn scenarios(today: NaiveDate) -> Vec<Scenario> {
    let card = |preset: Preset| {
        let config = preset.config(today);
        let (title, description) = preset.words();
        Scenario {
            name: preset.as_str().to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            stores: small(config.dimensions.stores),
            products: small(config.dimensions.products),
            start_date: config.window.start(),
            end_date: config.window.end(),
        }
    };
    Preset::ALL.map(card).to_vec()
}

fn small(n: usize) -> u32 {
    u32::try_from(n).expect("the presets are small")
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::RetailStandard,
        Self::HolidayRush,
        Self::HighVariance,
        Self::StockoutHeavy,
        Self::NewLaunches,
        Self::Sparse,
        Self::DemoMinimal,
        Self::ShowcaseRich,
    ];

    /// Its wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RetailStandard => "retail_standard",
            Self::HolidayRush => "holiday_rush",
            Self::HighVariance => "high_variance",
            Self::StockoutHeavy => "stockout_heavy",
            Self::NewLaunches => "new_launches",
            Self::Sparse => "sparse",
            Self::DemoMinimal => "demo_minimal",
            Self::ShowcaseRich => "showcase_rich",
        }
    }

    /// All names, for a message.
    pub fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }

    /// How many days its window spans back from its last day, and that day.
    pub(super) fn span(self, today: NaiveDate) -> (u64, NaiveDate) {
        match self {
            Self::HolidayRush => (91, date(2024, 12, 31)),
            Self::DemoMinimal => (91, today),
            Self::ShowcaseRich => (180, today),
            _ => (365, today),
        }
    }

    /// Whether its window is fixed.
    pub(super) fn is_pinned(self) -> bool {
        self == Self::HolidayRush
    }

    /// Everything about it, with its own window as of today.
    pub fn config(self, today: NaiveDate) -> Config {
        let (span_days, end) = self.span(today);
        let window =
            Window::ending(end, span_days).expect("today is centuries after the first date there is");
        let mut config = Config::new(window);
        self.apply(&mut config);
        config
    }

    fn apply(self, config: &mut Config) {
        let (series, retail) = (&mut config.time_series, &mut config.retail);
        match self {
            Self::RetailStandard => {
                series.trend = Trend::Linear { slope: 0.0005 };
                series.noise_sigma = 0.15;
                retail.promotion_probability = 0.10;
            }
            Self::HolidayRush => {
                series.base_demand = 80.0;
                series.trend = Trend::Exponential { slope: 0.005 };
                series.monthly[10] = 1.3;
                series.monthly[11] = 1.8;
                series.noise_sigma = 0.20;
                retail.promotion_probability = 0.25;
                retail.stockout_probability = 0.15;
                config.holidays = holidays_of_2024();
            }
            Self::HighVariance => {
                series.noise_sigma = 0.40;
                series.anomaly_probability = 0.05;
                series.anomaly_magnitude = 3.0;
                retail.promotion_probability = 0.15;
                retail.stockout_probability = 0.05;
            }
            Self::StockoutHeavy => {
                series.base_demand = 50.0;
                series.noise_sigma = 0.20;
                retail.promotion_probability = 0.20;
                retail.stockout_probability = 0.25;
            }
            Self::NewLaunches => {
                config.dimensions.products = 100;
                series.base_demand = 80.0;
                series.trend = Trend::Linear { slope: 0.002 };
                retail.promotion_probability = 0.15;
                config.assortment = Assortment::Launching { ramp_days: 45 };
            }
            Self::Sparse => {
                config.sparsity.missing_combinations = 0.5;
                config.sparsity.gaps_per_series = 3;
                config.sparsity.gap_min_days = 2;
                config.sparsity.gap_max_days = 10;
            }
            Self::DemoMinimal => {
                config.dimensions = Dimensions { stores: 3, products: 10 };
                series.trend = Trend::Linear { slope: 0.0005 };
                retail.promotion_probability = 0.10;
            }
            Self::ShowcaseRich => {
                config.dimensions = Dimensions { stores: 5, products: 15 };
                series.trend = Trend::Linear { slope: 0.0005 };
                retail.promotion_probability = 0.15;
                retail.stockout_probability = 0.05;
            }
        }
    }

    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::RetailStandard => {
                ("Standard retail", "A calm year of a chain: gentle growth, weekly rhythm.")
            }
            Self::HolidayRush => (
                "Holiday rush",
                "October to December 2024: demand grows week by week, Black Friday triples it.",
            ),
            Self::HighVariance => ("High variance", "Noise of 40 % and one day in twenty three times off."),
            Self::StockoutHeavy => ("Frequent stockouts", "One shelf in four is empty: sales hide demand."),
            Self::NewLaunches => ("New launches", "A hundred products, all launched around the first day."),
            Self::Sparse => ("Sparse", "Half of the pairs never sell, and the others have three gaps each."),
            Self::DemoMinimal => {
                ("Minimal demo", "Three stores, ten products, three months: done in a blink.")
            }
            Self::ShowcaseRich => {
                ("Rich showcase", "Five stores, fifteen products, half a year: for every step.")
            }
        }
    }
}

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(name: &str) -> Result<Self, UnknownPreset> {
        let found = Self::ALL.into_iter().find(|preset| preset.as_str() == name);
        found.ok_or_else(|| UnknownPreset { name: name.chars().take(100).collect() })
    }
}

fn holidays_of_2024() -> Vec<Holiday> {
    let day = |month, day, name, multiplier| Holiday { date: date(2024, month, day), name, multiplier };
    vec![
        day(11, 28, "Thanksgiving", 2.0),
        day(11, 29, "Black Friday", 3.0),
        day(12, 24, "Christmas Eve", 1.5),
        day(12, 25, "Christmas Day", 0.3),
    ]
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the presets' dates exist")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cards_have_the_documented_sizes_and_windows() {
        let check = |preset: Preset, stores, products, days| {
            let config = preset.config(date(2026, 11, 21));
            assert_eq!(
                (config.dimensions.stores, config.dimensions.products),
                (stores, products),
                "{preset:?}"
            );
            assert_eq!(config.window.days(), days, "{preset:?}");
        };
        check(Preset::RetailStandard, 10, 50, 366);
        check(Preset::HolidayRush, 10, 50, 92);
        check(Preset::HighVariance, 10, 50, 366);
        check(Preset::StockoutHeavy, 10, 50, 366);
        check(Preset::NewLaunches, 10, 100, 366);
        check(Preset::Sparse, 10, 50, 366);
        check(Preset::DemoMinimal, 3, 10, 92);
        check(Preset::ShowcaseRich, 5, 15, 181);
        assert_eq!(Preset::HolidayRush.config(date(2026, 11, 21)).window.start(), date(2024, 10, 1));
        assert_eq!(scenarios(date(2026, 11, 21)).len(), 8);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_allowed_ones() {
        for preset in Preset::ALL {
            assert_eq!(preset.as_str().parse(), Ok(preset));
        }
        let error = "retail_standart".parse::<Preset>().unwrap_err();
        assert!(
            error.to_string().contains("`retail_standart`") && error.to_string().contains("demo_minimal")
        );
        assert_eq!(error.fields()[0].field, "scenario");
    }
}
