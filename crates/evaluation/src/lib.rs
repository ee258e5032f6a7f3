//! How good forecasts are: folds, backtests, metrics, intervals, paired tests, combinations and the one ranking.
//!
//! ```text
//! Series ──► SplitConfig::folds ──► backtest(ModelSpec) ──► rank ──► business_summary
//! fleet  ──► outlook::say(ModelSpec) ──► outlook::conclude ──► forecasts with intervals
//! ```
//! Guarantees: no fold learns from what came after its origin; the same input gives the same bytes on any number of
//! threads; a number that leaves the crate is finite, or absent with a reason. Nothing is read or written here.

mod split;

mod backtest;
mod block;
mod evidence;
mod interval;
mod panel;

pub mod choose;
pub mod combine;
pub mod compare;
pub mod metrics;
pub mod outlook;
pub mod racing;
pub mod rank;

mod distribution;

#[cfg(test)]
mod testing;

pub use backtest::{Backtest, BacktestError, FoldResult, FoldWindow, Terms, backtest, plan};
pub use block::{BLOCK, Member, backtest_block};
pub use evidence::{Evidence, forecast_with_intervals};
pub use panel::backtest_panel;
pub use rank::rank;
pub use split::{Fold, SplitConfig, SplitError, is_leakage_free};
