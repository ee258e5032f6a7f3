//! Whether a pair has enough history.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{SplitConfig, Sufficiency, Window};
use crate::retail::{ProductId, StoreId};

/// Whose history to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AvailabilityQuery {
    /// The store.
    #[param(value_type = i64, minimum = 1)]
    pub store_id: StoreId,
    /// The product.
    #[param(value_type = i64, minimum = 1)]
    pub product_id: ProductId,
    /// Steps to forecast.
    #[param(minimum = 1, maximum = 90, default = 14)]
    pub forecast_horizon: Option<i64>,
    /// Only the days from this one on; with `end_date`.
    pub start_date: Option<NaiveDate>,
    /// The last day.
    pub end_date: Option<NaiveDate>,
}

/// What there is of a pair's sales, from the first to the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = retail::Coverage)]
pub struct History {
    /// The first day with a row.
    pub first_sales_date: Option<NaiveDate>,
    /// The last day with a row.
    pub last_sales_date: Option<NaiveDate>,
    /// Days with a row.
    pub observed_days: u64,
    /// Days from the first to the last one.
    pub expected_calendar_days: u64,
    /// Observed per expected days; 0 without any.
    pub coverage_ratio: f64,
    /// Days between without a row.
    pub missing_days: u64,
    /// Days whose row says zero.
    pub zero_sale_days: u64,
    /// Days with a row and a promotion.
    pub promotion_days: u64,
    /// Mean units of the days with a row; 0 without any.
    pub average_daily_demand: f64,
}

/// Whether a pair has enough history. The first fields speak of the window, or of all history without one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = retail::Availability)]
pub struct PairAvailability {
    /// The store.
    #[schema(value_type = i64)]
    pub store_id: StoreId,
    /// The product.
    #[schema(value_type = i64)]
    pub product_id: ProductId,
    /// The window that was looked at; `null` is all history.
    pub window: Option<Window>,
    /// The numbers the verdict is about.
    #[serde(flatten)]
    pub evaluated: History,
    /// The verdict.
    pub status: Sufficiency,
    /// A split that the history allows.
    pub recommended_split_config: SplitConfig,
    /// The first holes between the first and the last sale.
    pub missing_ranges: Vec<Window>,
    /// The numbers of all history.
    pub all_history: History,
    /// What a person should know.
    pub warnings: Vec<String>,
}
