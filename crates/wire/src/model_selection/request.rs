//! What is asked for: a comparison, a training.

use chrono::NaiveDate;
use kernel::ConversationId;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Gaps, Racing, RankingMetric, StatedFolds, Strategy};
use crate::datasets::DatasetId;
use crate::retail::{ProductId, StoreId};

/// Days from a first to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = model_selection::Window)]
pub struct Window {
    /// The first day.
    pub start_date: NaiveDate,
    /// The last day.
    pub end_date: NaiveDate,
}

/// The folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = model_selection::SplitConfig)]
pub struct SplitConfig {
    /// How the training window moves.
    #[schema(default = "expanding", required = false)]
    pub strategy: Strategy,
    /// Folds; fewer are made when the history is short.
    #[schema(minimum = 2, maximum = 20, default = 5, required = false)]
    pub n_splits: usize,
    /// Rows fold 0 trains on.
    #[schema(minimum = 7, default = 30, required = false)]
    pub min_train_size: usize,
    /// Rows between training and test, below the horizon.
    #[schema(minimum = 0, maximum = 30, default = 0, required = false)]
    pub gap: usize,
    /// Rows of a test window: the forecast's.
    #[schema(minimum = 1, maximum = 90, default = 14, required = false)]
    pub horizon: usize,
    /// Rows from one fold to the next, at least the horizon. The folds are then the newest, and fold 0 trains on
    /// `min_train_size` rows or more; when left out they are spread over the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 365)]
    pub step: Option<usize>,
}

impl Default for SplitConfig {
    fn default() -> Self {
        let (n_splits, min_train_size, gap, horizon, step) = (5, 30, 0, 14, None);
        Self { strategy: Strategy::Expanding, n_splits, min_train_size, gap, horizon, step }
    }
}

/// When a winner counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = model_selection::RankingPolicy)]
pub struct RankingPolicy {
    /// Test points a candidate must have.
    #[schema(default = 0, required = false)]
    pub minimum_sample_size: usize,
    /// Relative lead, by what is ranked by, from which confidence is high.
    #[schema(minimum = 0, maximum = 1, default = 0.1, required = false)]
    pub high_confidence_rel_improvement: f64,
    /// Largest acceptable size of the winner's bias, in units of demand.
    #[schema(minimum = 0, default = 1e9, required = false)]
    pub max_acceptable_abs_bias: f64,
}

impl Default for RankingPolicy {
    fn default() -> Self {
        Self { minimum_sample_size: 0, high_confidence_rel_improvement: 0.1, max_acceptable_abs_bias: 1e9 }
    }
}

/// A candidate as asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = model_selection::CandidateModel)]
pub struct CandidateModel {
    /// A type of the catalogue.
    pub model_type: String,
    /// What is left out has the catalogue's default. Wrong ones make this candidate fail, not the request. At most
    /// 10 000 bytes as JSON.
    #[serde(default)]
    #[schema(required = false)]
    pub params: Map<String, Value>,
}

/// A comparison: of a pair's sales, or of the series of a data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = model_selection::Request)]
pub struct ComparisonRequest {
    /// With `product_id` and `selection_window`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub store_id: Option<StoreId>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub product_id: Option<ProductId>,
    /// The days of the pair's sales to compare on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection_window: Option<Window>,
    /// Instead of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub dataset_id: Option<DatasetId>,
    /// Only these series of the data set; all of them when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<String>>,
    /// Steps to forecast.
    #[schema(minimum = 1, maximum = 90)]
    pub forecast_horizon: usize,
    /// What to rank by. Left out: `wape` of one series, and of several `rel_mae`, which has no unit.
    #[serde(default, deserialize_with = "in_either_case", skip_serializing_if = "Option::is_none")]
    pub ranking_metric: Option<RankingMetric>,
    /// The folds, all of them stated; its horizon is the forecast's. When left out, they are planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_config: Option<SplitConfig>,
    /// Instead of `split_config`: what of the folds is stated where the lengths of the series and their season plan the rest.
    /// Two folds are the least that can be stated; they do not overlap, and a series has those that fit it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<StatedFolds>,
    /// One model type may stand for several, with other parameters or the same. Left empty, the series decide.
    #[serde(default)]
    #[schema(max_items = 32, required = false)]
    pub candidate_models: Vec<CandidateModel>,
    /// The season that seasonal candidates without their own are given; each series' usual one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 365)]
    pub season_length: Option<usize>,
    /// The feature set of feature-aware models whose parameters do not choose one.
    #[serde(default = "usual_version")]
    #[schema(minimum = 1, maximum = 2, default = 1, required = false)]
    pub feature_frame_version: u64,
    /// The groups of feature set 2, by name; the default ones when `null`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1)]
    pub feature_groups: Option<Vec<String>>,
    /// `costly`: a costly candidate that has lost on a sample of the series is not run on the others.
    #[serde(default)]
    #[schema(default = "off", required = false)]
    pub racing: Racing,
    /// When a winner counts.
    #[serde(default)]
    #[schema(required = false)]
    pub ranking_policy: RankingPolicy,
    /// What a date without a value means.
    #[serde(default)]
    #[schema(default = "missing", required = false)]
    pub gaps: Gaps,
    /// What a person calls the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// The conversation it belongs to; one of its own when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub conversation_id: Option<ConversationId>,
    /// Higher ones are taken first; 0 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -100, maximum = 100)]
    pub priority: Option<i32>,
}

impl ComparisonRequest {
    /// The version of the feature set where a request does not say one.
    pub const USUAL_FEATURES: u64 = usual_version();

    /// Of all series of a data set, with the default of everything that is not said here.
    pub fn of_dataset(
        dataset_id: DatasetId,
        horizon: usize,
        models: impl IntoIterator<Item = String>,
    ) -> Self {
        Self { dataset_id: Some(dataset_id), ..Self::of_nothing(horizon, models) }
    }

    /// Of a pair's sales, with the default of everything that is not said here.
    pub fn of_pair(
        (store_id, product_id): (StoreId, ProductId),
        window: Window,
        horizon: usize,
        models: impl IntoIterator<Item = String>,
    ) -> Self {
        Self {
            store_id: Some(store_id),
            product_id: Some(product_id),
            selection_window: Some(window),
            ..Self::of_nothing(horizon, models)
        }
    }

    fn of_nothing(horizon: usize, models: impl IntoIterator<Item = String>) -> Self {
        let candidate = |model_type| CandidateModel { model_type, params: Map::new() };
        Self {
            store_id: None,
            product_id: None,
            selection_window: None,
            dataset_id: None,
            series: None,
            forecast_horizon: horizon,
            ranking_metric: None,
            split_config: None,
            folds: None,
            candidate_models: models.into_iter().map(candidate).collect(),
            season_length: None,
            feature_frame_version: usual_version(),
            feature_groups: None,
            racing: Racing::default(),
            ranking_policy: RankingPolicy::default(),
            gaps: Gaps::default(),
            title: None,
            conversation_id: None,
            priority: None,
        }
    }
}

/// A training: on a pair's sales, or on a series of a data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = training::Request)]
pub struct TrainingRequest {
    /// With `product_id` and `train_window`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub store_id: Option<StoreId>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub product_id: Option<ProductId>,
    /// The days to learn from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train_window: Option<Window>,
    /// Instead of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub dataset_id: Option<DatasetId>,
    /// The data set's series; may be left out if it has only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// A type of the catalogue.
    pub model_type: String,
    /// What is left out has the catalogue's default.
    #[serde(default)]
    #[schema(required = false)]
    pub params: Map<String, Value>,
    /// Steps to forecast after the last row.
    #[serde(default = "fortnight")]
    #[schema(minimum = 1, maximum = 90, default = 14, required = false)]
    pub forecast_horizon: usize,
    /// The season of a seasonal model whose parameters do not say it; the series' usual one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 365)]
    pub season_length: Option<usize>,
    /// The feature set of feature-aware models whose parameters do not choose one.
    #[serde(default = "usual_version")]
    #[schema(minimum = 1, maximum = 2, default = 1, required = false)]
    pub feature_frame_version: u64,
    /// The groups of feature set 2, by name; the default ones when `null`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1)]
    pub feature_groups: Option<Vec<String>>,
    /// What a date without a value means.
    #[serde(default)]
    #[schema(default = "missing", required = false)]
    pub gaps: Gaps,
    /// What a person calls the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// The conversation it belongs to; one of its own when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub conversation_id: Option<ConversationId>,
    /// Higher ones are taken first; 0 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -100, maximum = 100)]
    pub priority: Option<i32>,
}

impl TrainingRequest {
    /// On a pair's sales, with the default of everything that is not said here.
    pub fn of_pair(
        (store_id, product_id): (StoreId, ProductId),
        window: Window,
        horizon: usize,
        model_type: String,
    ) -> Self {
        Self {
            store_id: Some(store_id),
            product_id: Some(product_id),
            train_window: Some(window),
            dataset_id: None,
            series: None,
            model_type,
            params: Map::new(),
            forecast_horizon: horizon,
            season_length: None,
            feature_frame_version: usual_version(),
            feature_groups: None,
            gaps: Gaps::default(),
            title: None,
            conversation_id: None,
            priority: None,
        }
    }
}

fn in_either_case<'de, D: Deserializer<'de>>(from: D) -> Result<Option<RankingMetric>, D::Error> {
    let name = String::deserialize(from)?;
    RankingMetric::named(&name).map(Some).map_err(D::Error::custom)
}

/// The version of the feature set where a request does not say one.
const fn usual_version() -> u64 {
    1
}

const fn fortnight() -> usize {
    14
}
