//! A forecast of the series of a data set: raced, chosen and forecast in one run.

use kernel::{ConversationId, RunId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CandidateModel, Course, ExcludedSeries, Gaps, Interval, Metrics};
use crate::datasets::{DatasetId, Frequency};
use crate::moment::Moment;
use crate::runs::Status;

/// What to forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = fleet_forecast::Request)]
pub struct FleetForecastRequest {
    /// The data set.
    #[schema(value_type = uuid::Uuid)]
    pub dataset_id: DatasetId,
    /// Only these of its series; all of them when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1)]
    pub series: Option<Vec<String>>,
    /// Which of them, where they have several frequencies: those with this one. The one of most dates when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// Steps to forecast.
    #[schema(minimum = 1, maximum = 366)]
    pub horizon: usize,
    /// The models to weigh; when left out, those that the data ask for. One alone is used as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 32, required = false)]
    pub models: Vec<CandidateModel>,
    /// An earlier forecast, whose models and weights are taken as they are: new values of the same series need no new race.
    /// Series it does not know take its mean weights. Instead of `models`, `season_length` and `decision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub champion: Option<RunId>,
    /// The same, of a forecast that is not stored here: its artifact `decision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<FleetDecision>,
    /// Rows of a season, 1 for none; what the data show when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 365)]
    pub season_length: Option<usize>,
    /// What of the folds is stated; all of it is planned when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<StatedFolds>,
    /// What a date without a value means; `omit` leaves no calendar to forecast on.
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

impl FleetForecastRequest {
    /// Of all series of a data set, with the default of everything that is not said here.
    pub const fn of_dataset(dataset_id: DatasetId, horizon: usize) -> Self {
        Self {
            dataset_id,
            series: None,
            frequency: None,
            horizon,
            models: Vec::new(),
            champion: None,
            decision: None,
            season_length: None,
            folds: None,
            gaps: Gaps::Missing,
            title: None,
            conversation_id: None,
            priority: None,
        }
    }
}

/// What a forecast came to decide: its models, and what each weighs for each series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = fleet_forecast::Decision)]
pub struct FleetDecision {
    /// How far apart the dates are.
    pub frequency: Frequency,
    /// Rows of the season that the models were given; 1 for none.
    #[schema(minimum = 1, maximum = 365)]
    pub season_length: usize,
    /// What a date without a value meant.
    pub gaps: Gaps,
    /// The models with their parameters.
    #[schema(min_items = 1, max_items = 32)]
    pub models: Vec<CandidateModel>,
    /// What each model weighs in the mean over the series, 0 to 1: for series that are not in it.
    pub weights: Vec<f64>,
    /// What each model weighs for each series, in the order of the data set.
    pub series: Vec<SeriesWeights>,
}

/// What each model of a decision weighs for a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = fleet_forecast::SeriesWeights)]
pub struct SeriesWeights {
    /// The series.
    pub name: String,
    /// One share per model, 0 to 1; together 1.
    pub weights: Vec<f64>,
}

/// What of the folds is stated. What is left out is planned for the length of each series; one that is too short for what
/// is stated has no folds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = fleet_forecast::Folds)]
pub struct StatedFolds {
    /// How many there are, the newest that fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 20)]
    pub n_splits: Option<usize>,
    /// Rows that the first of them trains on, at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 7)]
    pub min_train_size: Option<usize>,
    /// Rows between training and test, below the horizon; none when left out. The forecast itself begins after the last row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 30)]
    pub gap: Option<usize>,
    /// Rows from one fold to the next; those of a test when left out. Below the horizon, tests overlap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 365)]
    pub step: Option<usize>,
}

/// A forecast with everything known of it but the series themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = fleet_forecast::Forecast)]
pub struct FleetForecast {
    /// Its run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
    /// How it stands, as its run does.
    pub status: Status,
    /// The data set.
    #[schema(value_type = uuid::Uuid)]
    pub dataset_id: DatasetId,
    /// Steps to forecast.
    pub horizon: usize,
    /// Series that are forecast.
    pub series_total: usize,
    /// The first 200 of the series that were asked for and are not forecast, with the reason.
    pub excluded_series: Vec<ExcludedSeries>,
    /// How many there are of those.
    pub excluded_total: usize,
    /// Frequencies of series that are not forecast because the others have another one: each is forecast by stating it as
    /// `frequency`.
    pub other_frequencies: Vec<Frequency>,
    /// The earlier forecast whose decision was taken.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub champion: Option<RunId>,
    /// What came out, once it has succeeded.
    pub result: Option<FleetResult>,
    /// How it went, and when.
    #[serde(flatten)]
    pub course: Course,
}

/// What a forecast came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = fleet_forecast::Result)]
pub struct FleetResult {
    /// The answer in one sentence.
    pub statement: String,
    /// What was chosen where nobody had chosen, and why.
    pub assumptions: Vec<String>,
    /// How far apart the dates are.
    pub frequency: Frequency,
    /// Rows of the season that models were given; 1 for none.
    pub season_length: usize,
    /// Series with a forecast.
    pub series_forecast: usize,
    /// Those of them that were judged on folds: where there are none, nothing is known of how good it is.
    #[serde(default)]
    pub series_judged: usize,
    /// The first 200 of those from which no model could learn.
    pub unlearned_series: Vec<ExcludedSeries>,
    /// How the weighted forecast and its candidates did on the folds, the weighted forecast first.
    pub standings: Vec<FleetStanding>,
    /// Of the folds' outcomes, the share inside intervals of each level that were made from other series; empty without folds
    /// and for a single series.
    pub coverage: Vec<LevelCoverage>,
}

/// How often outcomes lay inside intervals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = fleet_forecast::Coverage)]
pub struct LevelCoverage {
    /// The share that should.
    pub level: f64,
    /// The share that did.
    pub observed: f64,
}

/// How a candidate did on the folds, over all series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = fleet_forecast::Standing)]
pub struct FleetStanding {
    /// The model type; `null` for the weighted forecast.
    pub model_type: Option<String>,
    /// Why it is there.
    pub why: String,
    /// Series that its MASE is of: those it was judged on that have one.
    pub series: usize,
    /// The mean over these series of their mean absolute scaled error.
    pub mase: Option<f64>,
    /// The standard error of that mean.
    pub mase_error: Option<f64>,
    /// Pooled WAPE: the sum of all errors over the sum of all demand, percent, over every series it was judged on.
    pub wape: Option<f64>,
    /// The mean of what it weighs over the series, 0 to 1; 1 for the weighted forecast.
    pub weight: f64,
}

/// Which series to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ForecastSeriesQuery {
    /// Series on a page.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// A page of forecasts, in the order of the data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = fleet_forecast::SeriesPage)]
pub struct SeriesForecastPage {
    /// The forecasts.
    pub items: Vec<SeriesForecast>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// The forecast of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = fleet_forecast::Series)]
pub struct SeriesForecast {
    /// The series.
    pub name: String,
    /// What the forecast is made of, the heaviest first.
    pub weights: Vec<ModelWeight>,
    /// Why, as a sentence.
    pub why: String,
    /// How it did on the folds: of several series with three folds or more, each fold with the weights that the other folds
    /// give, so that none judges what it chose; otherwise with these. `null` where no fold fits.
    pub metrics: Option<Metrics>,
    /// One date per step.
    pub dates: Vec<Moment>,
    /// One number per date.
    pub points: Vec<f64>,
    /// Ascending by level; of no width where the series never changed, and none where no two of its values can be compared.
    pub intervals: Vec<Interval>,
    /// The last values before, oldest first, on the same grid; `null` where missing.
    pub history: Vec<Option<f64>>,
    /// Their dates, which the stored forecast leaves to its calendar.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history_dates: Vec<Moment>,
}

/// A part of a forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = fleet_forecast::Weight)]
pub struct ModelWeight {
    /// The model type.
    pub model_type: String,
    /// Its share, above 0 and up to 1.
    pub weight: f64,
}
