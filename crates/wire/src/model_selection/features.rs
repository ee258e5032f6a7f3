//! Feature tables of a pair's sales.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Gaps, RollingStat};
use crate::moment::Moment;
use crate::retail::{ProductId, StoreId};

/// Which features of which pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = featureset::Request)]
pub struct FeaturesRequest {
    /// The store.
    #[schema(value_type = i64, minimum = 1)]
    pub store_id: StoreId,
    /// The product.
    #[schema(value_type = i64, minimum = 1)]
    pub product_id: ProductId,
    /// The last day; no later value can reach any column.
    pub cutoff_date: NaiveDate,
    /// Rows to return, counted back from the cut-off.
    #[schema(minimum = 1, maximum = 1095)]
    pub lookback_days: usize,
    /// Which columns: at most 200 of lags and windows.
    pub config: FeatureConfig,
    /// What a date without a value means.
    #[serde(default)]
    #[schema(default = "missing", required = false)]
    pub gaps: Gaps,
}

/// Which columns to compute.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = featureset::Config)]
pub struct FeatureConfig {
    /// Earlier values.
    pub lag: Option<LagConfig>,
    /// Statistics of earlier windows.
    pub rolling: Option<RollingConfig>,
    /// Whether to add weekday, month, weekend and month end.
    #[schema(default = false, required = false)]
    pub calendar: bool,
}

/// Lag columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = featureset::Lag)]
pub struct LagConfig {
    /// Rows back, each from 1 to 1095; 1, 7, 14 and 28 when left out.
    #[schema(required = false)]
    pub lags: Vec<usize>,
}

impl Default for LagConfig {
    fn default() -> Self {
        Self { lags: vec![1, 7, 14, 28] }
    }
}

/// Rolling columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = featureset::Rolling)]
pub struct RollingConfig {
    /// Rows of each window, 1 to 1095; 7, 14 and 28 when left out.
    #[schema(required = false)]
    pub windows: Vec<usize>,
    /// What to compute of each; all of it when left out.
    #[schema(required = false)]
    pub aggregations: Vec<RollingStat>,
    /// Observed values a window must have; the whole window when left out.
    pub min_periods: Option<usize>,
}

impl Default for RollingConfig {
    fn default() -> Self {
        use RollingStat::{Max, Mean, Min, Std, Sum};
        Self { windows: vec![7, 14, 28], aggregations: vec![Mean, Std, Min, Max, Sum], min_periods: None }
    }
}

/// One column of a feature table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = featureset::Column)]
pub struct FeatureColumn {
    /// Its name.
    pub name: String,
    /// One value per row; `null` where there is none.
    pub values: Vec<Option<f64>>,
}

/// A table of features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = featureset::Table)]
pub struct FeatureTable {
    /// One date per row.
    pub dates: Vec<Moment>,
    /// The series' value and the features.
    pub columns: Vec<FeatureColumn>,
    /// Rows.
    pub row_count: usize,
    /// Columns, the value's included.
    pub column_count: usize,
    /// Absent values per column.
    pub null_counts: BTreeMap<String, usize>,
    /// The first 16 hexadecimal digits of the SHA-256 of the configuration.
    pub config_hash: String,
}

/// A table of features of a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = featureset::Features)]
pub struct Features {
    /// The store.
    #[schema(value_type = i64)]
    pub store_id: StoreId,
    /// The product.
    #[schema(value_type = i64)]
    pub product_id: ProductId,
    /// The last day.
    pub cutoff_date: NaiveDate,
    /// The table.
    #[serde(flatten)]
    pub table: FeatureTable,
}
