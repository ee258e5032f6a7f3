//! Series, models, splits, backtest, metrics and ranking statistics, free of any input or output.
//!
//! ```text
//! Series ──► SplitConfig::folds ──► backtest(ModelSpec) ──► rank ──► chart_data, business_summary
//!        └─► forecast(ModelSpec)
//! ```
//! Guarantees: the same input gives the same bytes on any number of threads; a number that leaves the crate is
//! finite, or absent with a reason; bad input is a typed error, never a panic.

mod calendar;
mod fleet;
mod series;

pub mod columnar;

pub mod features;
pub mod metrics;
mod split;

mod arima;
mod ces;
mod distribution;
mod intermittent;
mod mstl;
mod simd;
mod smoothing;
mod theta;

mod median;
mod model;
mod models;
mod panel;
mod params;
mod spec;

mod backtest;
mod catalog;
mod forecast;

pub mod combine;
pub mod compare;
pub mod interval;
pub mod racing;
pub mod rank;

#[cfg(test)]
mod testing;

pub use backtest::{Backtest, BacktestError, FoldResult, FoldWindow, backtest, plan};
pub use calendar::Frequency;
pub use catalog::{DEFAULT_CANDIDATES, catalog, catalog_entry, default_candidates, names as catalog_names};
pub use fleet::{Fleet, FleetColumns, FleetError, MAX_FLEET_ROWS, MAX_FLEET_SERIES};
pub use fleet::{FleetRace, FleetRaceError, Refusal, RefusalReason, Score, race_fleet};
pub use forecast::{Evidence, ForecastError, forecast, forecast_with_intervals};
pub use model::{FitError, Fitted, Future, History, Learned, Model};
pub use panel::{Member, PanelForecast, PanelModel, PanelSeries, backtest_panel, forecast_panel};
pub use params::Params;
pub use rank::rank;
pub use series::{MAX_ROWS, Series, SeriesError};
pub use simd::simd_path;
pub use spec::{ModelSpec, SpecError};
pub use split::{Fold, SplitConfig, SplitError, is_leakage_free};
