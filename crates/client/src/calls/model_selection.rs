//! Comparisons, trainings, features, and the registry of trained models.

use kernel::RunId;
use wire::model_selection::{
    Alias, AliasMove, AvailabilityQuery, Catalog, ChangeModel, ChartsQuery, Comparison, ComparisonPage,
    ComparisonRequest, Features, FeaturesRequest, FleetForecast, FleetForecastRequest, ForecastSeriesQuery,
    ListComparisons, ListModels, ModelEvent, ModelId, ModelPage, ModelVerification, MoveAlias,
    PairAvailability, Preview, PreviewRequest, RankedSeriesPage, RankedSeriesQuery, Ranking, Register,
    RegisteredModel, SeriesCharts, SeriesForecastPage, Training, TrainingRequest,
};
use wire::runs::Accepted;

use crate::operation::calls;

calls! {
    /// The model catalogue.
    models() = GET "/model-selection/models" => Catalog;

    /// Whether a pair has enough history, and the split to use.
    availability() = GET "/model-selection/availability" ? AvailabilityQuery => PairAvailability;

    /// What a comparison would do, and about how long it would take.
    preview() = POST "/model-selection/preview", PreviewRequest => Preview;

    /// Submits a comparison.
    compare() = POST "/model-selection/runs", ComparisonRequest => Accepted;

    /// A page of comparisons, newest first.
    comparisons() = GET "/model-selection/runs" ? ListComparisons => ComparisonPage;

    /// A comparison.
    comparison(comparison: RunId) = GET "/model-selection/{selection_id}" => Comparison;

    /// A comparison's ranking over all series.
    ranking(comparison: RunId) = GET "/model-selection/{selection_id}/ranking" => Ranking;

    /// A page of its rankings on the series.
    ranked_series(comparison: RunId) = GET "/model-selection/{selection_id}/series" ? RankedSeriesQuery => RankedSeriesPage;

    /// The charts of one series, with its ranking.
    charts(comparison: RunId) = GET "/model-selection/{selection_id}/charts" ? ChartsQuery => SeriesCharts;

    /// Asks a comparison to stop, and waits for its end. What is finished is ranked.
    cancel_comparison(comparison: RunId) = DELETE "/model-selection/{selection_id}" => Comparison;

    /// Submits a training.
    train() = POST "/forecasting/train", TrainingRequest => Accepted;

    /// A training.
    training(training: RunId) = GET "/forecasting/trainings/{run_id}" => Training;

    /// Submits a forecast of a data set.
    forecast() = POST "/forecasts", FleetForecastRequest => Accepted;

    /// A forecast of a data set.
    fleet_forecast(forecast: RunId) = GET "/forecasts/{forecast_id}" => FleetForecast;

    /// A page of the forecasts of its series.
    forecast_series(forecast: RunId) = GET "/forecasts/{forecast_id}/series" ? ForecastSeriesQuery => SeriesForecastPage;

    /// A table of features of a pair.
    features() = POST "/featuresets/compute", FeaturesRequest => Features;

    /// Registers the model of a training.
    register_model() = POST "/registry/models", Register => RegisteredModel;

    /// A page of registered models, newest first.
    registered_models() = GET "/registry/models" ? ListModels => ModelPage;

    /// A registered model.
    registered_model(model: ModelId) = GET "/registry/models/{model_id}" => RegisteredModel;

    /// Archives a model or restores it.
    change_model(model: ModelId) = POST "/registry/models/{model_id}/events", ChangeModel => RegisteredModel;

    /// Every change of a model's state.
    model_events(model: ModelId) = GET "/registry/models/{model_id}/events" => Vec<ModelEvent>;

    /// Compares a model's stored bytes with what was registered.
    verify_model(model: ModelId) = GET "/registry/models/{model_id}/verify" => ModelVerification;

    /// Points an alias at a model, or at none.
    move_alias() = POST "/registry/aliases", MoveAlias => Alias;

    /// Every alias.
    aliases() = GET "/registry/aliases" => Vec<Alias>;

    /// An alias.
    alias(name: &str) = GET "/registry/aliases/{alias_name}" => Alias;

    /// Every move of an alias.
    alias_moves(name: &str) = GET "/registry/aliases/{alias_name}/moves" => Vec<AliasMove>;
}
