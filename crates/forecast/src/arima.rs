//! Automatic seasonal ARIMA.

mod difference;
mod fit;
mod forecast;
mod kernel;
mod order;
mod process;
mod search;

pub(crate) use forecast::Fit;
pub(crate) use search::search;

/// What becomes of several orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The order with the least criterion.
    Best,
    /// All, weighted by `exp(−Δ/2)` of the criterion.
    Weighted,
}
