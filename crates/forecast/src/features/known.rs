//! What is known of every date beforehand: a plan of prices and promotions, and the calendar.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Columns of facts, one row per row of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The price over its usual level.
    pub price_factor: Vec<f64>,
    /// Whether a promotion runs.
    pub promo_active: Vec<bool>,
    /// Whether it is a holiday.
    pub is_holiday: Vec<bool>,
    /// The product's first day, if known.
    pub launch_date: Option<NaiveDate>,
    /// Further numbers or class codes known of each day, by name: days on which benefits are paid, events, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<String, Vec<f64>>,
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
        Self { price_factor, promo_active, is_holiday, launch_date, days: BTreeMap::new() }
    }

    /// The same with one more column of the days.
    #[must_use]
    pub fn with_days(mut self, name: &str, values: Vec<f64>) -> Self {
        self.days.insert(name.to_owned(), values);
        self
    }

    pub(crate) fn lengths(&self) -> Vec<(&'static str, usize)> {
        let mut lengths = vec![
            ("price_factor", self.price_factor.len()),
            ("promo_active", self.promo_active.len()),
            ("is_holiday", self.is_holiday.len()),
        ];
        lengths.extend(self.days.values().map(|column| ("days", column.len())));
        lengths
    }

    /// The facts of these rows.
    pub fn rows(&self, rows: Range<usize>) -> KnownRows<'_> {
        KnownRows {
            price_factor: &self.price_factor[rows.clone()],
            promo_active: &self.promo_active[rows.clone()],
            is_holiday: &self.is_holiday[rows.clone()],
            launch_date: self.launch_date,
            days: &self.days,
            rows: (rows.start, rows.end),
        }
    }
}

/// Some rows of [`Known`].
#[derive(Debug, Clone, Copy)]
pub struct KnownRows<'a> {
    /// The price over its usual level.
    pub price_factor: &'a [f64],
    /// Whether a promotion runs.
    pub promo_active: &'a [bool],
    /// Whether it is a holiday.
    pub is_holiday: &'a [bool],
    /// The product's first day, if known.
    pub launch_date: Option<NaiveDate>,
    /// All rows of the further columns, of which these are read.
    days: &'a BTreeMap<String, Vec<f64>>,
    rows: (usize, usize),
}

impl<'a> KnownRows<'a> {
    /// These rows of the further columns, in the order of their names.
    pub fn days(&self) -> impl Iterator<Item = (&'a str, &'a [f64])> + use<'a> {
        let (start, end) = self.rows;
        self.days.iter().map(move |(name, column)| (name.as_str(), &column[start..end]))
    }

    /// The first `rows` rows.
    pub(crate) fn until(&self, rows: usize) -> Self {
        Self {
            price_factor: &self.price_factor[..rows],
            promo_active: &self.promo_active[..rows],
            is_holiday: &self.is_holiday[..rows],
            launch_date: self.launch_date,
            days: self.days,
            rows: (self.rows.0, self.rows.0 + rows),
        }
    }
}
