//! The artifact of a training: everything that is needed to forecast again, and to say what it learned from.

use evaluation::{Backtest, Evidence, SplitConfig, backtest, forecast_with_intervals};
use forecast::ModelSpec;
use kernel::{Digest, Fault};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use series::Series;
use wire::Moment;
use wire::model_selection::{Forecast, Holdout, Interval};

use super::request::Spec;
use crate::bounds::plain;
use crate::comparison::{Asked, model_for};
use crate::panel::observed;

/// A trained model. The models here are functions of their history, so the history is the fitted state: the bundle
/// holds all of it and forecasts the same numbers wherever it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The form of this document.
    pub schema: String,
    /// The model type.
    pub model_type: String,
    /// All its parameters.
    pub params: Value,
    /// The hash of type and parameters.
    pub config_hash: String,
    /// The first date it learned from.
    pub window_start: Moment,
    /// The last.
    pub window_end: Moment,
    /// Values it learned from.
    pub n_observations: usize,
    /// The digest of the pinned input.
    pub input_digest: Digest,
    /// Steps of the forecast.
    pub horizon: usize,
    /// What it forecasts after its window; absent with a reason if it needs a plan of prices and promotions.
    pub forecast: Option<Forecast>,
    /// Why there is no forecast.
    pub forecast_reason: Option<String>,
    /// How it did on its own last rows; absent with a reason if the series is too short for that.
    pub holdout: Option<Holdout>,
    /// Why there is no hold-out.
    pub holdout_reason: Option<String>,
    /// What it learned from.
    pub history: Series,
}

/// A model that cannot be trained on this series, in code and sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Untrainable {
    pub code: &'static str,
    pub message: String,
}

impl Untrainable {
    fn of(fault: &impl Fault) -> Self {
        Self { code: fault.code(), message: plain(&kernel::error_chain(fault)) }
    }
}

/// Trains, as far as nobody stops it: then what it gives is thrown away. Pure: runs on the compute pool.
pub(super) fn train(
    spec: &Spec,
    history: Series,
    is_stopped: &dyn Fn() -> bool,
) -> Result<Bundle, Untrainable> {
    let asked = Asked {
        model_type: &spec.model_type,
        params: &spec.params,
        season_length: spec.season_length,
        feature_frame: &spec.feature_frame,
    };
    let model = model_for(&asked, history.frequency()).map_err(|error| Untrainable::of(&error))?;
    let judged = folds(&history, &model, spec.horizon, is_stopped);
    let evidence = Evidence { backtest: judged.as_ref(), levels: &Interval::USUAL_LEVELS };
    let forecast = forecast_with_intervals(&history, &model, spec.horizon, None, evidence);
    let (points, forecast_reason) = match forecast {
        Ok(points) => (Some(points), None),
        Err(error @ forecast::ForecastError::PlanMissing { .. }) => (None, Some(error.to_string())),
        Err(error) => return Err(Untrainable::of(&error)),
    };
    let (holdout, holdout_reason) = match holdout(&history, &model, spec.horizon, is_stopped) {
        Ok(holdout) => (Some(holdout), None),
        Err(reason) => (None, Some(reason)),
    };
    Ok(Bundle {
        schema: "assay.model.v1".to_owned(),
        model_type: model.model_type().to_owned(),
        params: model.params().to_json(),
        config_hash: model.config_hash(),
        window_start: history.dates()[0],
        window_end: history.dates()[history.len() - 1],
        n_observations: observed(&history),
        input_digest: spec.input,
        horizon: spec.horizon,
        forecast: points,
        forecast_reason,
        holdout,
        holdout_reason,
        history,
    })
}

/// The folds the intervals are learned from and judged on; `None` where the series is too short for any.
fn folds(
    history: &Series,
    model: &ModelSpec,
    horizon: usize,
    is_stopped: &dyn Fn() -> bool,
) -> Option<Backtest> {
    let usual = SplitConfig::default();
    let min_train_size = usual.min_train_size.max(model.minimum_history());
    backtest(history, model, &SplitConfig { min_train_size, horizon, ..usual }, is_stopped).ok()
}

/// One fold at the very end: trained on all rows but the last `horizon`.
fn holdout(
    history: &Series,
    model: &ModelSpec,
    horizon: usize,
    is_stopped: &dyn Fn() -> bool,
) -> Result<Holdout, String> {
    let train_size = history.len().saturating_sub(horizon);
    let split = SplitConfig { min_train_size: train_size, horizon, ..SplitConfig::default() };
    let judged = backtest(history, model, &split, is_stopped).map_err(|error| kernel::error_chain(&error))?;
    let fold = judged.folds.into_iter().next().ok_or("the series is too short for a hold-out")?;
    Ok(Holdout { train_size, test_size: fold.split.test_size, metrics: fold.metrics })
}
