//! What is known of every date beforehand: a plan of prices and promotions, and the calendar.

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
        Self { price_factor, promo_active, is_holiday, launch_date }
    }

    pub(crate) fn lengths(&self) -> [(&'static str, usize); 3] {
        [
            ("price_factor", self.price_factor.len()),
            ("promo_active", self.promo_active.len()),
            ("is_holiday", self.is_holiday.len()),
        ]
    }

    /// The facts of these rows.
    pub fn rows(&self, rows: Range<usize>) -> KnownRows<'_> {
        KnownRows {
            price_factor: &self.price_factor[rows.clone()],
            promo_active: &self.promo_active[rows.clone()],
            is_holiday: &self.is_holiday[rows],
            launch_date: self.launch_date,
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
}

impl KnownRows<'_> {
    /// The first `rows` rows.
    pub(crate) fn until(&self, rows: usize) -> Self {
        Self {
            price_factor: &self.price_factor[..rows],
            promo_active: &self.promo_active[..rows],
            is_holiday: &self.is_holiday[..rows],
            launch_date: self.launch_date,
        }
    }
}
