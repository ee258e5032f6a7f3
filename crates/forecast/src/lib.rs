//! Kernels, models and their catalogue, free of any input or output: a model forecasts a block of series.
//!
//! Guarantees: the same input gives the same bytes on any number of threads; a number that leaves the crate is
//! finite, or absent with a reason; bad input is a typed error, never a panic. How good a forecast is, is not known here.

mod model;
mod panel;
mod params;
mod spec;

mod catalog;
mod forecast;
mod law;

pub mod features;
mod models;

mod arima;
mod ces;
mod intermittent;
mod median;
mod mstl;
mod simd;
mod smoothing;
mod theta;

#[cfg(test)]
mod testing;

pub use catalog::{DEFAULT_CANDIDATES, catalog, catalog_entry, default_candidates, names as catalog_names};
pub use forecast::{ForecastError, forecast, predict};
pub use law::{Law, Predicted};
pub use median::median;
pub use model::{FitError, Fitted, Future, History, Learned, Model, least};
pub use panel::{Member, PanelForecast, PanelModel, PanelSeries, forecast_panel};
pub use params::Params;
pub use simd::{SimdError, limit_simd, simd_path};
pub use spec::{ModelSpec, SpecError};
