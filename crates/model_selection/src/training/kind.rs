//! The run kind `training`.

use artifacts::StoreError;
use bytes::Bytes;
use kernel::{Class, Digest, Fault, ReadDb, RunId, Tenant, canonical_json};
use runs::{Completion, Ending, Failure, OutcomeCheck, Record, RunContext, RunKind};
use sea_orm::DbErr;
use serde_json::{Value, json};

use super::bundle::{Bundle, train};
use super::outcome;
use super::request::Spec;
use crate::Reader;
use crate::panel::{Panel, PanelError};
use crate::registry::held;
use crate::tell::{Card, message};

/// Fits one model on one series.
#[derive(Debug)]
pub struct Training {
    store: artifacts::Reader,
}

/// A training that gave no model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The pinned series is not in the store.
    #[error("the pinned series cannot be read")]
    Input(#[from] StoreError),
    /// The pinned series is no series.
    #[error("the pinned series is not readable by this version")]
    Panel(#[from] PanelError),
    /// The model cannot learn from the series.
    #[error("{message}")]
    Untrainable {
        /// A stable code.
        code: &'static str,
        /// Why.
        message: String,
    },
    /// The bundle cannot be written as JSON.
    #[error("the model cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Input(error) => error.class(),
            Self::Untrainable { .. } => Class::Unprocessable,
            Self::Panel(_) | Self::Json(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Input(error) => error.code(),
            Self::Untrainable { code, .. } => code,
            Self::Panel(_) | Self::Json(_) => "INTERNAL_ERROR",
        }
    }
}

impl Training {
    /// The kind, with the store that holds the pinned series.
    pub const fn new(store: artifacts::Reader) -> Self {
        Self { store }
    }
}

impl RunKind for Training {
    const NAME: &'static str = "training";
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 3;
    type Spec = Spec;
    type Outcome = ();
    type Error = Error;

    async fn held(&self, db: &ReadDb, tenant: Tenant) -> Result<Vec<(RunId, String)>, DbErr> {
        held(db, tenant, |model| Some(model.training_run_id)).await
    }

    async fn check_outcome(&self, record: &Record<'_>, _spec: &Spec) -> Result<Option<OutcomeCheck>, DbErr> {
        let mut problems = outcome::check_outcome(record.db, record.run.id, record.structured).await?;
        let reader = Reader::new(record.db.clone(), self.store.clone());
        let models = reader.check_trained(record.tenant, record.run.id).await?;
        problems.extend(models.problems);
        Ok(Some(OutcomeCheck { checked: models.checked, problems, not_covered: models.not_covered }))
    }

    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Completion<()>, Failure<Error>> {
        let bytes = self.store.get(&spec.input).await.map_err(Error::Input)?;
        let read = bytes.clone();
        let panel = cx.compute(move || Panel::read(&read)).await?.map_err(Error::Panel)?;
        cx.artifact("input", "application/json", bytes).await?;
        let history = panel.into_only().map_err(Error::Panel)?;
        let card = Card::root("train", spec.model_type.clone());
        card.announce(cx).await?;
        card.start(cx, spec.params.clone()).await?;
        let watch = cx.clone();
        let trained = cx.compute(move || train(&spec, history, &|| watch.is_cancelled())).await?;
        cx.check()?;
        let bundle = match trained {
            Ok(bundle) => bundle,
            Err(why) => {
                card.fail(cx, json!({ "code": why.code, "message": why.message })).await?;
                return Err(Error::Untrainable { code: why.code, message: why.message }.into());
            }
        };
        let (bundle, text) = cx
            .compute(move || {
                let text = canonical_json(&bundle);
                (bundle, text)
            })
            .await?;
        let text = text.map_err(Error::Json)?;
        let digest = Digest::of(&text);
        cx.artifact("model", "application/json", Bytes::from(text)).await?;
        card.complete(cx, metrics(&bundle)).await?;
        message(cx, "explanation", 1, &[summary(&bundle)]).await?;
        cx.check()?;
        Ok(Completion {
            outcome: (),
            ending: Ending::Completed,
            metrics: metrics(&bundle),
            summary: summary(&bundle),
            structured: Some(structured(&bundle, digest)),
        })
    }
}

fn metrics(bundle: &Bundle) -> Value {
    json!({
        "model_type": bundle.model_type,
        "config_hash": bundle.config_hash,
        "n_observations": bundle.n_observations,
        "holdout": bundle.holdout,
        "holdout_reason": bundle.holdout_reason,
    })
}

pub(super) fn structured(bundle: &Bundle, model_digest: Digest) -> Value {
    json!({
        "model_type": bundle.model_type,
        "params": bundle.params,
        "config_hash": bundle.config_hash,
        "model_digest": model_digest,
        "horizon": bundle.horizon,
        "series": bundle.history.name(),
        "window": { "start_date": bundle.window_start, "end_date": bundle.window_end },
        "n_observations": bundle.n_observations,
        "forecast": bundle.forecast,
        "forecast_reason": bundle.forecast_reason,
        "holdout": bundle.holdout,
    })
}

fn summary(bundle: &Bundle) -> String {
    let Bundle { model_type, n_observations, window_start, window_end, .. } = bundle;
    let name = bundle.history.name();
    let wape = bundle.holdout.as_ref().and_then(|holdout| holdout.metrics.wape);
    let judged = wape
        .map_or(String::new(), |wape| format!(" On its last rows its WAPE is {}%.", kernel::figure(wape, 1)));
    format!(
        "{model_type} learned from {} of {name}, {window_start} to {window_end}.{judged}",
        kernel::counted(*n_observations, "value", "values")
    )
}
