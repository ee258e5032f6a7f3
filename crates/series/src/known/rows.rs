//! Some rows of what accompanies a series, without a copy of them.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::Outcomes;

/// Some rows of [`Known`](super::Known) without its outcomes.
#[derive(Debug, Clone, Copy)]
pub struct KnownRows<'a> {
    /// The price over its usual level.
    pub price_factor: &'a [f64],
    /// Whether a promotion runs.
    pub promo_active: &'a [bool],
    /// Whether it is a holiday.
    pub is_holiday: &'a [bool],
    /// How many holidays there are, where a row is longer than a day.
    pub holidays: Option<&'a [f64]>,
    /// The product's first day, if known.
    pub launch_date: Option<NaiveDate>,
    /// The first day it is no longer sold, if there is one.
    pub discontinue_date: Option<NaiveDate>,
    /// What the promotions offer.
    pub promotions: Option<PromotionRows<'a>>,
    /// Weather and economy.
    pub signals: Option<SignalRows<'a>>,
    /// All rows of the further columns, of which these are read.
    pub(super) days: &'a BTreeMap<String, Vec<f64>>,
    pub(super) rows: (usize, usize),
}

/// Some rows of [`Promotions`](super::Promotions).
#[derive(Debug, Clone, Copy)]
pub struct PromotionRows<'a> {
    /// The largest share of the price that is taken off.
    pub discount: &'a [f64],
    /// Whether a markdown runs.
    pub is_markdown: &'a [bool],
    /// Whether a bundle runs.
    pub is_bundle: &'a [bool],
}

/// Some rows of [`Signals`](super::Signals).
#[derive(Debug, Clone, Copy)]
pub struct SignalRows<'a> {
    /// The temperature in °C.
    pub temperature_c: &'a [Option<f64>],
    /// The precipitation in mm.
    pub precipitation_mm: &'a [Option<f64>],
    /// A macroeconomic index.
    pub macro_index: &'a [Option<f64>],
}

/// Some rows of [`Outcomes`].
#[derive(Debug, Clone, Copy)]
pub struct OutcomeRows<'a> {
    /// Units on the shelf; absent on a day nobody counted.
    pub on_hand_units: &'a [Option<f64>],
    /// Whether the shelf was empty.
    pub is_stockout: &'a [bool],
    /// How many deliveries arrived.
    pub deliveries: &'a [u32],
    /// Units that arrived with them.
    pub received_units: &'a [f64],
    /// Units that came back.
    pub returned_units: &'a [f64],
}

/// Some rows of the past: what was known of them beforehand, and what became of them.
#[derive(Debug, Clone, Copy)]
pub struct PastRows<'a> {
    /// Known beforehand.
    pub known: KnownRows<'a>,
    /// What became of them, where that was recorded.
    pub outcomes: Option<OutcomeRows<'a>>,
}

impl<'a> KnownRows<'a> {
    /// These rows of the further columns, in the order of their names.
    pub fn days(&self) -> impl Iterator<Item = (&'a str, &'a [f64])> + use<'a> {
        let (start, end) = self.rows;
        self.days.iter().map(move |(name, column)| (name.as_str(), &column[start..end]))
    }

    /// How many holidays a row has: of a day 0 or 1.
    pub fn holidays_of(&self, row: usize) -> f64 {
        self.holidays.map_or_else(|| f64::from(u8::from(self.is_holiday[row])), |counts| counts[row])
    }

    pub(super) fn slice(self, rows: Range<usize>) -> Self {
        Self {
            rows: (self.rows.0 + rows.start, self.rows.0 + rows.end),
            price_factor: &self.price_factor[rows.clone()],
            promo_active: &self.promo_active[rows.clone()],
            is_holiday: &self.is_holiday[rows.clone()],
            holidays: self.holidays.map(|counts| &counts[rows.clone()]),
            promotions: self.promotions.map(|all| PromotionRows {
                discount: &all.discount[rows.clone()],
                is_markdown: &all.is_markdown[rows.clone()],
                is_bundle: &all.is_bundle[rows.clone()],
            }),
            signals: self.signals.map(|all| SignalRows {
                temperature_c: &all.temperature_c[rows.clone()],
                precipitation_mm: &all.precipitation_mm[rows.clone()],
                macro_index: &all.macro_index[rows.clone()],
            }),
            ..self
        }
    }
}

impl OutcomeRows<'_> {
    /// These of its rows.
    #[must_use]
    pub fn slice(self, rows: Range<usize>) -> Self {
        Self {
            on_hand_units: &self.on_hand_units[rows.clone()],
            is_stockout: &self.is_stockout[rows.clone()],
            deliveries: &self.deliveries[rows.clone()],
            received_units: &self.received_units[rows.clone()],
            returned_units: &self.returned_units[rows],
        }
    }

    /// Columns of its own.
    pub fn to_owned(self) -> Outcomes {
        Outcomes {
            on_hand_units: self.on_hand_units.to_vec(),
            is_stockout: self.is_stockout.to_vec(),
            deliveries: self.deliveries.to_vec(),
            received_units: self.received_units.to_vec(),
            returned_units: self.returned_units.to_vec(),
        }
    }
}

impl PastRows<'_> {
    /// The first `rows` rows.
    #[must_use]
    pub fn until(self, rows: usize) -> Self {
        Self {
            known: self.known.slice(0..rows),
            outcomes: self.outcomes.map(|outcomes| outcomes.slice(0..rows)),
        }
    }
}
