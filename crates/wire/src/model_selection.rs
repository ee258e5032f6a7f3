//! Comparisons of models: the catalogue, what is asked for, how it stands, the ranking and what it comes to; trainings,
//! features, and the registry of trained models.

mod availability;
mod catalog;
mod chart;
mod comparison;
mod course;
mod features;
mod fleet_forecast;
mod metrics;
mod preview;
mod ranking;
mod registry;
mod request;
mod training;
mod verdict;
mod word;

pub use availability::{AvailabilityQuery, History, PairAvailability};
pub use catalog::{Catalog, CatalogEntry, Family, Parameter, ParameterKind, Scope};
pub use chart::{ChartData, ChartFold, ChartsQuery, SeriesCharts};
pub use comparison::{
    CandidateProgress, Comparison, ComparisonItem, ComparisonPage, ExcludedSeries, ListComparisons, Tally,
    Winner,
};
pub use course::Course;
pub use features::{
    FeatureColumn, FeatureConfig, FeatureTable, Features, FeaturesRequest, LagConfig, RollingConfig,
};
pub use fleet_forecast::{
    FleetDecision, FleetForecast, FleetForecastRequest, FleetResult, FleetStanding, ForecastSeriesQuery,
    LevelCoverage, ModelWeight, SeriesForecast, SeriesForecastPage, SeriesWeights, StatedFolds,
};
pub use metrics::{
    Coverage, IntervalCoverage, IntervalKind, IntervalReason, RankMetrics, Rival, Uncertainty,
};
pub use preview::{Estimate, Preview, PreviewFold, PreviewRequest, PreviewSeries};
pub use ranking::{
    OverallEntry, RankEntry, RankedSeriesPage, RankedSeriesQuery, Ranking, SeriesRanking, Standings,
};
pub use registry::{
    Alias, AliasMove, ChangeModel, JudgedBy, ListModels, MetricsOrigin, ModelEvent, ModelPage, ModelState,
    ModelVerification, MoveAlias, Register, RegisteredModel,
};
pub use request::{CandidateModel, ComparisonRequest, RankingPolicy, SplitConfig, TrainingRequest, Window};
pub use training::{Forecast, Holdout, Interval, Intervals, Metrics, Trained, Training};
pub use verdict::{
    BusinessSummary, Combination, Figure, FigureName, Lead, RuleCheck, SelectionCheck, Verdict, WinnerSummary,
};
pub use word::{
    CandidateStatus, ComparisonStatus, Confidence, Gaps, Metric, PreviewOf, Racing, RankingMetric,
    RollingStat, Strategy, Sufficiency, Weight,
};

kernel::id! {
    /// One candidate of one comparison. Its name in frames, rows and answers; two candidates of one model type are
    /// still two.
    CandidateId
}

kernel::id! {
    /// One registered model.
    ModelId
}
