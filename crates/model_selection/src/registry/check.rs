//! Whether the rows of a model are those that were registered: against the ranking that judged it, its first event and
//! the artifact it names.
//!
//! The registry only grows, and no frame tells of it: its first event is all that shows a row that is gone. Who removes
//! that too leaves no trace.

use kernel::{RunId, Tenant};
use runs::OutcomeCheck;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use wire::model_selection::{MetricsOrigin, ModelId, SeriesRanking};

use crate::Reader;
use crate::differ::Differences;
use crate::list::{self, readable};
use crate::table::{model_event, registered_model};

/// Rows that a query gave: what can be read, and what is wrong with the rest.
type Rows = (Vec<registered_model::Model>, Vec<String>);

impl Reader {
    /// Where the models that a comparison judged differ from what its ranking says of them.
    pub(crate) async fn check_judged(&self, tenant: Tenant, run: RunId) -> Result<OutcomeCheck, DbErr> {
        let (rows, problems) = self.rows_of(registered_model::Column::ComparisonRunId, run).await?;
        let missing = self.missing(tenant, model_event::Column::ComparisonRunId, run).await?;
        self.check_rows(tenant, rows, [problems, missing].concat()).await
    }

    /// Where the model of a training differs from what its judge says of it. What the training says of it is compared
    /// elsewhere.
    pub(crate) async fn check_trained(&self, tenant: Tenant, run: RunId) -> Result<OutcomeCheck, DbErr> {
        let (rows, problems) = self.rows_of(registered_model::Column::TrainingRunId, run).await?;
        let missing = self.missing(tenant, model_event::Column::TrainingRunId, run).await?;
        self.check_rows(tenant, rows, [problems, missing].concat()).await
    }

    async fn check_rows(
        &self,
        tenant: Tenant,
        rows: Vec<registered_model::Model>,
        mut problems: Vec<String>,
    ) -> Result<OutcomeCheck, DbErr> {
        let mut not_covered = Vec::new();
        for row in &rows {
            problems.extend(self.check_row(tenant, row).await?);
        }
        if !rows.is_empty() {
            not_covered.push("`description` of registered models".to_owned());
        }
        Ok(OutcomeCheck { checked: rows.len() as u64, problems, not_covered })
    }

    /// Where the row of a model differs from its judge, its first event and its artifact.
    pub(super) async fn check_row(
        &self,
        tenant: Tenant,
        row: &registered_model::Model,
    ) -> Result<Vec<String>, DbErr> {
        let mut found = Differences::default();
        let model = row.model_id;
        let owner = tenant.id().to_string();
        found.check("registered_model.tenant_id", row.tenant_id.to_string(), &owner.into(), "the run");
        let origin = match row.comparison_run_id {
            Some(_) => MetricsOrigin::Comparison,
            None => MetricsOrigin::Holdout,
        };
        found.check(
            "registered_model.metrics_origin",
            row.metrics_origin.as_str(),
            &json!(origin),
            "its judge",
        );
        if let Some(comparison) = row.comparison_run_id {
            match self.series_ranking(tenant, comparison, &row.series_name).await {
                Ok(ranking) => against(&mut found, row, comparison, ranking.as_ref()),
                Err(error) => {
                    found.say(format!("the ranking that judged model {model} cannot be read: {error}"));
                }
            }
        }
        self.first_event(&mut found, row).await?;
        self.artifact_row(&mut found, tenant, row).await?;
        Ok(found.into_vec())
    }

    async fn first_event(&self, found: &mut Differences, row: &registered_model::Model) -> Result<(), DbErr> {
        let model = row.model_id;
        let event = model_event::Entity::find_by_id((model, 1)).one(self.db.conn()).await?;
        let Some(event) = event else {
            found.say(format!("model {model} has no first event"));
            return Ok(());
        };
        let mut check = |column: &str, row: Value, event: Value| {
            found.check(format!("registered_model.{column}"), row, &event, "its first event");
        };
        check("registered_by", row.registered_by.as_str().into(), event.changed_by.into());
        check("registered_us", row.registered_us.into(), event.changed_us.into());
        // Events of earlier versions do not say.
        if let Some(training) = event.training_run_id {
            check("training_run_id", json!(row.training_run_id), json!(training));
            check("comparison_run_id", json!(row.comparison_run_id), json!(event.comparison_run_id));
        }
        Ok(())
    }

    async fn artifact_row(
        &self,
        found: &mut Differences,
        tenant: Tenant,
        row: &registered_model::Model,
    ) -> Result<(), DbErr> {
        let Some(run) = runs::find(&self.db, tenant, row.training_run_id).await? else {
            found.say(format!("the training of model {} is gone", row.model_id));
            return Ok(());
        };
        let artifacts = runs::artifacts(&self.db, &run).await?;
        let Some(model) = artifacts.iter().find(|artifact| artifact.name == "model") else {
            found.say(format!("the training of model {} has no artifact `model`", row.model_id));
            return Ok(());
        };
        let mut check = |column: &str, row: Value, artifact: Value| {
            found.check(format!("registered_model.{column}"), row, &artifact, "the training's artifact");
        };
        check("artifact_id", json!(row.artifact_id), json!(model.id));
        check("artifact_size_bytes", row.artifact_size_bytes.into(), model.size_bytes.into());
        Ok(())
    }

    async fn rows_of(&self, column: registered_model::Column, run: RunId) -> Result<Rows, DbErr> {
        let query = registered_model::Entity::find()
            .filter(column.eq(run))
            .order_by_asc(registered_model::Column::ModelId);
        let found: Vec<list::Found<_, ModelId>> = list::rows(self.db.conn(), query, "model_id").await?;
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        for (id, row) in found {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => {
                    let id = id.map(|id| format!(" {id}")).unwrap_or_default();
                    problems.push(format!("the row of model{id} cannot be read: {}", readable(&error)));
                }
            }
        }
        Ok((rows, problems))
    }

    /// Models that were registered of a run and have no row any more.
    async fn missing(
        &self,
        tenant: Tenant,
        column: model_event::Column,
        run: RunId,
    ) -> Result<Vec<String>, DbErr> {
        let events = model_event::Entity::find()
            .filter(model_event::Column::TenantId.eq(tenant.id()))
            .filter(model_event::Column::Version.eq(1))
            .filter(column.eq(run))
            .order_by_asc(model_event::Column::ModelId)
            .all(self.db.conn())
            .await?;
        let mut missing = Vec::new();
        for event in events {
            let row = registered_model::Entity::find_by_id(event.model_id);
            if list::rows::<_, ModelId>(self.db.conn(), row, "model_id").await?.is_empty() {
                missing.push(format!("model {} was registered, and its row is gone", event.model_id));
            }
        }
        Ok(missing)
    }
}

/// What the ranking says of the model's own candidate, on the series that the model learned from.
fn against(
    found: &mut Differences,
    row: &registered_model::Model,
    comparison: RunId,
    ranking: Option<&SeriesRanking>,
) {
    let model = row.model_id;
    let entry = ranking.and_then(|series| {
        let entries = &series.standings.entries;
        entries.iter().find(|entry| i32::try_from(entry.ordinal).ok() == row.candidate_ordinal)
    });
    let Some(entry) = entry else {
        found.say(format!(
            "comparison {comparison} ranked no candidate {} on series `{}`, which model {model} names",
            row.candidate_ordinal.unwrap_or_default(),
            row.series_name
        ));
        return;
    };
    let json = |text: &str| serde_json::from_str::<Value>(text);
    let mut check = |column: &str, row: Value, said: Value| {
        found.check(format!("registered_model.{column} of {model}"), row, &said, "the ranking");
    };
    check("model_type", row.model_type.as_str().into(), json!(entry.model_type));
    check("params", json(&row.params).unwrap_or_else(|_| json!(row.params)), entry.params.clone());
    check("metrics", json(&row.metrics).unwrap_or_else(|_| json!(row.metrics)), json!(entry.metrics));
}
