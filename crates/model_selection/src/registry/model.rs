//! Registered models.

use kernel::{Class, Fault, FieldError, RunId, Tenant};
use runs::Artifact;
use runs::ArtifactId;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set, SqlErr,
};
use serde_json::Value;
use wire::model_selection::{JudgedBy, MetricsOrigin, ModelId, ModelState, RankMetrics, RegisteredModel};

use super::event::{self, Change, MadeFrom};
use super::{Error, PERSON_RULE, TEXT_RULE, is_person, is_text};
use crate::candidate_id;
use crate::list::{self, readable};
use crate::table::{count, int, model_event, registered_model};
use crate::training::{Bundle, Training};
use crate::{Reader, Selector};
use kernel::row::{time, unreadable};

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

/// A place in the list of models.
#[derive(Debug, Clone, PartialEq)]
pub enum Listed {
    /// A model.
    Model(Box<RegisteredModel>),
    /// One whose row is gone or cannot be read: its trouble is its own, so the list goes on.
    Damaged {
        /// Which model.
        id: ModelId,
        /// What is wrong.
        reason: String,
    },
}

impl Listed {
    /// Which model stands here.
    pub fn id(&self) -> ModelId {
        match self {
            Self::Model(model) => model.model_id,
            Self::Damaged { id, .. } => *id,
        }
    }
}

const GONE: &str = "its row is gone, and its events are there";

impl Reader {
    /// One registered model.
    pub async fn model(&self, tenant: Tenant, id: ModelId) -> Result<RegisteredModel, Error> {
        let conn = self.db.conn();
        let row = known(conn, tenant, id).await?;
        let model = match event::newest(conn, id).await {
            Ok(event) => of(row, &event),
            Err(error) => Err(error),
        };
        model.map_err(|error| damaged(id, error))
    }

    /// Registered models, newest first, older than `before`; at most `limit`.
    pub async fn models(
        &self,
        tenant: Tenant,
        before: Option<ModelId>,
        limit: u64,
    ) -> Result<Vec<Listed>, Error> {
        use registered_model::Column;
        let conn = self.db.conn();
        let query = registered_model::Entity::find()
            .filter(Column::TenantId.eq(tenant.id()))
            .apply_if(before, |query, before| query.filter(Column::ModelId.lt(before)))
            .order_by_desc(Column::ModelId)
            .limit(limit);
        let rows: Vec<list::Found<registered_model::Model, ModelId>> =
            list::rows(conn, query, "model_id").await?;
        let events = event::newest_of(conn, rows.iter().filter_map(|row| row.0)).await?;
        let mut models = Vec::new();
        for (id, row) in rows {
            // A row whose very id cannot be read is nobody's and is left out.
            let Some(id) = id else { continue };
            let event = events.get(&id).ok_or_else(|| unreadable("model state"));
            models.push(match row.and_then(|row| of(row, event?)) {
                Ok(model) => Listed::Model(Box::new(model)),
                Err(error) => Listed::Damaged { id, reason: readable(&error) },
            });
        }
        let gone = event::without_row(conn, tenant, before, limit).await?;
        models.extend(gone.into_iter().map(|id| Listed::Damaged { id, reason: GONE.to_owned() }));
        models.sort_by_key(|listed| std::cmp::Reverse(listed.id()));
        models.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(models)
    }
}

impl Selector {
    /// The metrics of the model's own candidate. A comparison vouches for a model only if the candidate has the same
    /// type and parameters and was ranked on the series the model learned from.
    async fn judged(&self, tenant: Tenant, judge: JudgedBy, bundle: &Bundle) -> Result<Verdict, Error> {
        let comparison = judge.comparison_id;
        let ranking = self.reader.comparison_ranking(tenant, comparison).await?;
        let refused = |reason: String| Error::NotJudged { comparison, reason };
        let name = bundle.history.name();
        let series = ranking
            .series
            .iter()
            .find(|series| series.name == name)
            .ok_or_else(|| refused(format!("it has no ranking on series `{name}`")))?;
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
        wape: metrics.wape,
        smape: metrics.smape,
        mae: metrics.mae,
        rmse: metrics.rmse,
        bias: metrics.bias,
        bias_percent: metrics.bias_percent,
        mase: metrics.mase,
        rmsse: metrics.rmsse,
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
    of(row, &event)
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
        return Ok(of(earlier, &event)?);
    }
    Err(Error::AlreadyRegistered { run: request.training_run_id, model: earlier.model_id })
}

/// The row of a model of this tenant, or what is wrong with it.
pub(super) async fn known(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    id: ModelId,
) -> Result<registered_model::Model, Error> {
    match row(conn, tenant, id).await {
        Ok(Some(row)) => Ok(row),
        Ok(None) if event::has_any(conn, tenant, id).await? => {
            Err(Error::ModelDamaged { model: id, reason: GONE.to_owned() })
        }
        Ok(None) => Err(Error::ModelNotFound(id)),
        Err(error) => Err(damaged(id, error)),
    }
}

/// A row that cannot be read, unless it is the database as a whole that is in trouble.
fn damaged(model: ModelId, error: DbErr) -> Error {
    match error.class() {
        Class::Internal => Error::ModelDamaged { model, reason: readable(&error) },
        _ => Error::Db(error),
    }
}

/// The row of a model of this tenant.
pub(super) async fn row(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    id: ModelId,
) -> Result<Option<registered_model::Model>, DbErr> {
    registered_model::Entity::find_by_id(id)
        .filter(registered_model::Column::TenantId.eq(tenant.id()))
        .one(conn)
        .await
}

/// That row, kept as it is by the database until the transaction ends: who archives a model and who points an alias
/// at it wait for each other.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    id: ModelId,
) -> Result<Option<registered_model::Model>, DbErr> {
    registered_model::Entity::find_by_id(id)
        .filter(registered_model::Column::TenantId.eq(tenant.id()))
        .lock_exclusive()
        .one(tx)
        .await
}

/// A model and the event that counts.
pub(super) fn of(row: registered_model::Model, event: &model_event::Model) -> Result<RegisteredModel, DbErr> {
    let judged_by = match (row.comparison_run_id, row.candidate_ordinal) {
        (Some(comparison_id), Some(ordinal)) => {
            Some(JudgedBy { comparison_id, candidate_id: candidate_id(comparison_id, count(ordinal)?) })
        }
        _ => None,
    };
    let date = |text: &str| text.parse().map_err(|_| unreadable("date"));
    Ok(RegisteredModel {
        model_id: row.model_id,
        training_run_id: row.training_run_id,
        judged_by,
        model_type: row.model_type,
        params: serde_json::from_str(&row.params).map_err(|_| unreadable("parameters"))?,
        config_hash: row.config_hash,
        series_name: row.series_name,
        window_start: date(&row.window_start)?,
        window_end: date(&row.window_end)?,
        horizon: count(row.horizon)?,
        metrics: serde_json::from_str(&row.metrics).map_err(|_| unreadable("metrics"))?,
        metrics_origin: if judged_by.is_some() { MetricsOrigin::Comparison } else { MetricsOrigin::Holdout },
        artifact_id: ArtifactId(row.artifact_id),
        artifact_digest: kernel::row::digest(&row.artifact_digest)?,
        artifact_size_bytes: kernel::row::number("size", row.artifact_size_bytes)?,
        description: row.description,
        registered_by: row.registered_by,
        registered_at: time(row.registered_us)?,
        state: event.state()?,
        state_version: event.version()?,
    })
}
