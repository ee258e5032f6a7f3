//! Registering a model: what judges it, and that it is done once.

use kernel::{FieldError, RunId, Tenant};
use runs::Artifact;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    Set, SqlErr,
};
use serde_json::Value;
use wire::model_selection::{JudgedBy, ModelId, ModelState, RankMetrics, RegisteredModel};

use super::event::{self, Change, MadeFrom};
use super::{Error, PERSON_RULE, TEXT_RULE, is_person, is_text, model};
use crate::Selector;
use crate::table::{int, registered_model};
use crate::training::{Bundle, Training};

/// A model to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The training run.
    pub training_run_id: RunId,
    /// The comparison that judged this very model; its training's hold-out speaks when `None`.
    pub judged_by: Option<JudgedBy>,
    /// Who registers it.
    pub registered_by: String,
    /// What there is to say of it.
    pub description: Option<String>,
}

impl Register {
    fn validate(&self) -> Result<(), Error> {
        let mut fields = Vec::new();
        if !is_person(&self.registered_by) {
            fields.push(FieldError::new("registered_by", PERSON_RULE));
        }
        if !is_text(self.description.as_deref()) {
            fields.push(FieldError::new("description", TEXT_RULE));
        }
        if fields.is_empty() { Ok(()) } else { Err(Error::Invalid { fields }) }
    }
}

/// Metrics with the ordinal of the candidate they are of.
struct Verdict {
    ordinal: Option<usize>,
    metrics: Option<RankMetrics>,
}

impl Selector {
    /// Registers the model of a succeeded training. Registering it again with the same facts gives the same model.
    pub async fn register(&self, tenant: Tenant, request: Register) -> Result<RegisteredModel, Error> {
        request.validate()?;
        let run_id = request.training_run_id;
        let run = self.reader.run_of::<Training>(tenant, run_id).await?;
        let (artifact, bundle) =
            self.reader.bundle(&run).await?.ok_or(Error::NotTrained { run: run_id, state: run.state })?;
        let verdict = match request.judged_by {
            Some(judge) => self.judged(tenant, judge, &bundle).await?,
            None => Verdict { ordinal: None, metrics: holdout_metrics(&bundle) },
        };
        let row = self.row_of(tenant, &request, &artifact, &bundle, &verdict);
        let registered = self
            .write
            .write("register model", async |tx| match earlier(tx, run_id).await? {
                Some(earlier) => same(tx, earlier, &request, verdict.ordinal).await,
                None => insert(tx, tenant, row).await.map_err(Error::Db),
            })
            .await;
        match registered {
            // Two registered at once: the second sees the first.
            Err(Error::Db(error)) if is_unique_violation(&error) => {
                let conn = self.reader.db.conn();
                let earlier = earlier(conn, run_id).await?.ok_or(Error::Db(error))?;
                same(conn, earlier, &request, verdict.ordinal).await
            }
            other => other,
        }
    }
}

impl Selector {
    /// The metrics of the model's own candidate. A comparison vouches for a model only if the candidate has the same
    /// type and parameters and was ranked on the series the model learned from.
    async fn judged(&self, tenant: Tenant, judge: JudgedBy, bundle: &Bundle) -> Result<Verdict, Error> {
        let comparison = judge.comparison_id;
        let refused = |reason: String| Error::NotJudged { comparison, reason };
        let name = bundle.history.name();
        let series = self.reader.series_ranking(tenant, comparison, name).await?;
        let series = series.ok_or_else(|| refused(format!("it has no ranking on series `{name}`")))?;
        let wanted = judge.candidate_id.to_string();
        let entry = series
            .standings
            .entries
            .iter()
            .find(|entry| entry.candidate_id == wanted)
            .ok_or_else(|| refused(format!("it has no candidate {wanted}")))?;
        if entry.model_type != bundle.model_type || entry.params != bundle.params {
            let (found, trained) = (&entry.model_type, &bundle.model_type);
            return Err(refused(format!(
                "its candidate is {found} with {}, and the model is {trained} with {}",
                entry.params, bundle.params
            )));
        }
        let metrics = entry.metrics.ok_or_else(|| {
            let reason = entry.exclusion_reason.as_deref().unwrap_or("it was not ranked");
            refused(format!("its candidate has no metrics: {reason}"))
        })?;
        Ok(Verdict { ordinal: Some(entry.ordinal), metrics: Some(metrics) })
    }

    fn row_of(
        &self,
        tenant: Tenant,
        request: &Register,
        artifact: &Artifact,
        bundle: &Bundle,
        verdict: &Verdict,
    ) -> registered_model::ActiveModel {
        let json = |value: &Value| value.to_string();
        let origin = if verdict.ordinal.is_some() { "comparison" } else { "holdout" };
        registered_model::ActiveModel {
            model_id: Set(ModelId::new(&*self.clock)),
            tenant_id: Set(tenant.id()),
            training_run_id: Set(request.training_run_id),
            comparison_run_id: Set(request.judged_by.map(|judge| judge.comparison_id)),
            candidate_ordinal: Set(verdict.ordinal.map(int)),
            model_type: Set(bundle.model_type.clone()),
            params: Set(json(&bundle.params)),
            config_hash: Set(bundle.config_hash.clone()),
            series_name: Set(bundle.history.name().to_owned()),
            window_start: Set(bundle.window_start.to_string()),
            window_end: Set(bundle.window_end.to_string()),
            horizon: Set(int(bundle.horizon)),
            metrics: Set(json(&serde_json::json!(verdict.metrics))),
            metrics_origin: Set(origin.to_owned()),
            artifact_id: Set(artifact.id.0),
            artifact_digest: Set(artifact.digest.as_bytes().to_vec()),
            artifact_size_bytes: Set(i64::try_from(artifact.size_bytes).expect("no artifact has 2^63 bytes")),
            description: Set(request.description.clone()),
            registered_by: Set(request.registered_by.trim().to_owned()),
            registered_us: Set(self.clock.now_us()),
        }
    }
}

fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn holdout_metrics(bundle: &Bundle) -> Option<RankMetrics> {
    let metrics = &bundle.holdout.as_ref()?.metrics;
    Some(RankMetrics {
        rel_mae: None,
        wape: metrics.wape,
        smape: metrics.smape,
        mae: metrics.mae,
        rmse: metrics.rmse,
        bias: metrics.bias,
        bias_percent: metrics.bias_percent,
        mase: metrics.mase,
        rmsse: metrics.rmsse,
        scale_rows: None,
        wrmsse: None,
        sample_size: metrics.sample_size,
    })
}

async fn earlier(conn: &impl ConnectionTrait, run: RunId) -> Result<Option<registered_model::Model>, DbErr> {
    registered_model::Entity::find().filter(registered_model::Column::TrainingRunId.eq(run)).one(conn).await
}

/// A model with its first event.
async fn insert(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    row: registered_model::ActiveModel,
) -> Result<RegisteredModel, DbErr> {
    let row = row.insert(tx).await?;
    let change = Change {
        state: ModelState::Registered,
        changed_by: &row.registered_by,
        reason: None,
        changed_us: row.registered_us,
        made_from: MadeFrom { training: Some(row.training_run_id), comparison: row.comparison_run_id },
    };
    let event = event::append(tx, tenant, row.model_id, 1, change).await?;
    model::of(row, &event)
}

/// A repeated request is answered with what is there; another one is a conflict.
async fn same(
    conn: &impl ConnectionTrait,
    earlier: registered_model::Model,
    request: &Register,
    ordinal: Option<usize>,
) -> Result<RegisteredModel, Error> {
    let is_same = earlier.comparison_run_id == request.judged_by.map(|judge| judge.comparison_id)
        && earlier.candidate_ordinal == ordinal.map(int)
        && earlier.description == request.description;
    if is_same {
        let event = event::newest(conn, earlier.model_id).await?;
        return Ok(model::of(earlier, &event)?);
    }
    Err(Error::AlreadyRegistered { run: request.training_run_id, model: earlier.model_id })
}
