//! What accompanies a series: a plan of prices and promotions, the calendar, and what became of the past days.
//!
//! [`KnownRows`] is what can be known of a date beforehand and [`OutcomeRows`] what only time tells. A history has
//! both ([`PastRows`]), a future has the former alone, so no model can read an outcome at or after the origin.

mod rows;

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::rows::{KnownRows, OutcomeRows, PastRows, PromotionRows, SignalRows};

/// Columns of facts, one row per row of a series. The optional ones are left out of the JSON where they are not
/// known, as they were before they existed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The price over its usual level.
    pub price_factor: Vec<f64>,
    /// Whether a promotion runs.
    pub promo_active: Vec<bool>,
    /// Whether it is a holiday.
    pub is_holiday: Vec<bool>,
    /// How many holidays there are, where a row is longer than a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<Vec<f64>>,
    /// The product's first day, if known.
    pub launch_date: Option<NaiveDate>,
    /// The first day it is no longer sold, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discontinue_date: Option<NaiveDate>,
    /// What the promotions offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotions: Option<Promotions>,
    /// Weather and economy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signals: Option<Signals>,
    /// What became of the days; ignored in a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Outcomes>,
    /// Further numbers or class codes known of each day, by name: days on which benefits are paid, events, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<String, Vec<f64>>,
}

/// What the promotions of each day offer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promotions {
    /// The largest share of the price that is taken off, 0 to 1; 0 without a promotion.
    pub discount: Vec<f64>,
    /// Whether a markdown runs.
    pub is_markdown: Vec<bool>,
    /// Whether a bundle runs.
    pub is_bundle: Vec<bool>,
}

/// Signals from outside, as forecast for a day or as observed on it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    /// The temperature in °C.
    pub temperature_c: Vec<Option<f64>>,
    /// The precipitation in mm.
    pub precipitation_mm: Vec<Option<f64>>,
    /// A macroeconomic index.
    pub macro_index: Vec<Option<f64>>,
}

/// What only time tells: nothing of it is known at or after the origin of a forecast.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// Units on the shelf; absent on a day nobody counted.
    pub on_hand_units: Vec<Option<f64>>,
    /// Whether the shelf was empty; false on a day nobody counted.
    pub is_stockout: Vec<bool>,
    /// How many deliveries arrived.
    pub deliveries: Vec<u32>,
    /// Units that arrived with them.
    pub received_units: Vec<f64>,
    /// Units that came back.
    pub returned_units: Vec<f64>,
}

impl Known {
    /// Prices over their usual level, which is the upper median of the positive ones (1 if there is none). A missing
    /// price counts as 0.
    pub fn new(
        unit_prices: &[Option<f64>],
        promo_active: Vec<bool>,
        is_holiday: Vec<bool>,
        launch_date: Option<NaiveDate>,
    ) -> Self {
        let price = |price: &Option<f64>| price.filter(|price| price.is_finite()).unwrap_or(0.0);
        let mut positive: Vec<f64> = unit_prices.iter().map(price).filter(|&price| price > 0.0).collect();
        positive.sort_by(f64::total_cmp);
        let usual = positive.get(positive.len() / 2).copied().unwrap_or(1.0);
        let price_factor = unit_prices.iter().map(|unit| price(unit) / usual).collect();
        Self {
            price_factor,
            promo_active,
            is_holiday,
            holidays: None,
            launch_date,
            discontinue_date: None,
            promotions: None,
            signals: None,
            outcomes: None,
            days: BTreeMap::new(),
        }
    }

    /// The same with one more column of the days.
    #[must_use]
    pub fn with_days(mut self, name: &str, values: Vec<f64>) -> Self {
        self.days.insert(name.to_owned(), values);
        self
    }

    /// The first rows and the others, of columns without promotions, signals and outcomes.
    pub(crate) fn split_at(mut self, rows: usize) -> (Self, Self) {
        let mut after = Self {
            price_factor: self.price_factor.split_off(rows),
            promo_active: self.promo_active.split_off(rows),
            is_holiday: self.is_holiday.split_off(rows),
            holidays: self.holidays.as_mut().map(|counts| counts.split_off(rows)),
            launch_date: self.launch_date,
            discontinue_date: self.discontinue_date,
            promotions: None,
            signals: None,
            outcomes: None,
            days: BTreeMap::new(),
        };
        for (name, column) in &mut self.days {
            after.days.insert(name.clone(), column.split_off(rows));
        }
        (self, after)
    }

    /// The columns a plan has, with their lengths.
    pub fn plan_lengths(&self) -> Vec<(&'static str, usize)> {
        let mut lengths = vec![
            ("price_factor", self.price_factor.len()),
            ("promo_active", self.promo_active.len()),
            ("is_holiday", self.is_holiday.len()),
        ];
        lengths.extend(self.holidays.iter().map(|counts| ("holidays", counts.len())));
        if let Some(Promotions { discount, is_markdown, is_bundle }) = &self.promotions {
            lengths.extend([
                ("promotions.discount", discount.len()),
                ("promotions.is_markdown", is_markdown.len()),
                ("promotions.is_bundle", is_bundle.len()),
            ]);
        }
        if let Some(Signals { temperature_c, precipitation_mm, macro_index }) = &self.signals {
            lengths.extend([
                ("signals.temperature_c", temperature_c.len()),
                ("signals.precipitation_mm", precipitation_mm.len()),
                ("signals.macro_index", macro_index.len()),
            ]);
        }
        lengths.extend(self.days.values().map(|column| ("days", column.len())));
        lengths
    }

    /// All columns, with their lengths.
    pub fn lengths(&self) -> Vec<(&'static str, usize)> {
        let mut lengths = self.plan_lengths();
        if let Some(outcomes) = &self.outcomes {
            lengths.extend([
                ("outcomes.on_hand_units", outcomes.on_hand_units.len()),
                ("outcomes.is_stockout", outcomes.is_stockout.len()),
                ("outcomes.deliveries", outcomes.deliveries.len()),
                ("outcomes.received_units", outcomes.received_units.len()),
                ("outcomes.returned_units", outcomes.returned_units.len()),
            ]);
        }
        lengths
    }

    /// What can be known of these rows beforehand.
    pub fn rows(&self, rows: Range<usize>) -> KnownRows<'_> {
        let whole = KnownRows {
            price_factor: &self.price_factor,
            promo_active: &self.promo_active,
            is_holiday: &self.is_holiday,
            holidays: self.holidays.as_deref(),
            launch_date: self.launch_date,
            discontinue_date: self.discontinue_date,
            promotions: self.promotions.as_ref().map(|all| PromotionRows {
                discount: &all.discount,
                is_markdown: &all.is_markdown,
                is_bundle: &all.is_bundle,
            }),
            signals: self.signals.as_ref().map(|all| SignalRows {
                temperature_c: &all.temperature_c,
                precipitation_mm: &all.precipitation_mm,
                macro_index: &all.macro_index,
            }),
            days: &self.days,
            rows: (0, self.price_factor.len()),
        };
        whole.slice(rows)
    }

    /// The same of rows that are past, with what became of them.
    pub fn past(&self, rows: Range<usize>) -> PastRows<'_> {
        let outcomes = self.outcomes.as_ref().map(|outcomes| outcomes.rows(rows.clone()));
        PastRows { known: self.rows(rows), outcomes }
    }
}

impl Outcomes {
    /// These rows.
    pub fn rows(&self, rows: Range<usize>) -> OutcomeRows<'_> {
        let whole = OutcomeRows {
            on_hand_units: &self.on_hand_units,
            is_stockout: &self.is_stockout,
            deliveries: &self.deliveries,
            received_units: &self.received_units,
            returned_units: &self.returned_units,
        };
        whole.slice(rows)
    }
}
