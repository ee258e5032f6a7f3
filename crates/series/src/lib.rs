//! Series of one number per date: their calendars, what is known beside them, and the readers and writers of their files.
//!
//! A [`Series`] or [`Fleet`] that exists is sorted, on its grid and free of infinite values. The crate reads and writes
//! bytes it is given, in whatever form people keep them, and knows no model, no file and no database. Bad input is a typed error,
//! never a panic.

mod calendar;
mod dated;
mod fleet;
mod holidays;
mod known;
mod outside;
mod series;
mod zone;

pub mod columnar;
pub mod intake;

#[cfg(test)]
mod testing;

pub use calendar::Frequency;
pub use dated::{DatedSeries, Use};
pub use fleet::{Fleet, FleetColumns, FleetError, MAX_FLEET_ROWS, MAX_FLEET_SERIES};
pub use holidays::Holidays;
pub use known::{
    Known, KnownRows, OutcomeRows, Outcomes, PastRows, PromotionRows, Promotions, SignalRows, Signals,
};
pub use series::{MAX_ROWS, Series, SeriesError};
pub use wire::Moment;
pub use zone::Zone;
