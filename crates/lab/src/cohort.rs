//! Cohorts: what synthetic calcuttas are judged by together.

use kernel::Tenant;
use kernel::row::{number, time};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use wire::lab::{ChangeCohort, Cohort, CohortId, CohortRequest, Combination};

use crate::Lab;
use crate::candidate::next_version;
use crate::check::Wrong;
use crate::error::LabError;
use crate::keep::is_taken;
use crate::reader::Reader;
use crate::simulation::{FEWEST_SIMULATIONS, MOST_SIMULATIONS};
use crate::table::{cohort, synthetic_calcutta};

impl Lab {
    /// Keeps a cohort; its name must be new.
    pub async fn add_cohort(&self, tenant: Tenant, request: CohortRequest) -> Result<Cohort, LabError> {
        let mut wrong = Wrong::default();
        check(
            Some(&request.name),
            request.description.as_deref(),
            Some(request.n_sims),
            Some(request.seed),
            &mut wrong,
        );
        wrong.into_result()?;
        let row = cohort::Model {
            id: CohortId::new(&*self.clock),
            tenant_id: tenant.id(),
            name: request.name,
            description: request.description,
            n_sims: request.n_sims.cast_signed(),
            seed: request.seed.cast_signed(),
            version: 1,
            created_us: self.clock.now_us(),
            game_outcome_model: None,
            market_share_model: None,
            optimizer_key: None,
        };
        let kept = self.write.write("lab.add_cohort", async |tx| {
            cohort::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await
        });
        let name = row.name.clone();
        kept.await.map_err(|error| taken(error, name))?;
        Ok(shown(row, 0)?)
    }

    /// Changes what later runs of a cohort are made with. `expected` is the version the caller knows.
    pub async fn change_cohort(
        &self,
        tenant: Tenant,
        id: CohortId,
        change: ChangeCohort,
        expected: Option<u32>,
    ) -> Result<Cohort, LabError> {
        let mut wrong = Wrong::default();
        let description = change.description.as_deref().filter(|text| !text.is_empty());
        check(change.name.as_deref(), description, change.n_sims, change.seed, &mut wrong);
        wrong.into_result()?;
        let name = change.name.clone().unwrap_or_default();
        let changed = self.write.write("lab.change_cohort", async |tx| {
            let row = find(tx, tenant, id).await?.ok_or_else(|| LabError::not_found("cohort", id))?;
            let version = next_version("cohort", row.version, expected)?;
            let mut row = row.into_active_model();
            if let Some(name) = change.name {
                row.name = Set(name);
            }
            if let Some(text) = change.description {
                row.description = Set(Some(text).filter(|text| !text.is_empty()));
            }
            if let Some(n_sims) = change.n_sims {
                row.n_sims = Set(n_sims.cast_signed());
            }
            if let Some(seed) = change.seed {
                row.seed = Set(seed.cast_signed());
            }
            row.version = Set(version);
            Ok::<_, LabError>(cohort::Entity::update(row).exec(tx).await?)
        });
        match changed.await {
            Err(LabError::Db(error)) => Err(taken(error, name)),
            Err(error) => Err(error),
            Ok(row) => self.reader.cohort_of(row).await,
        }
    }
}

pub(crate) fn taken(error: DbErr, name: String) -> LabError {
    if is_taken(&error) { LabError::Taken { what: "cohort", name } } else { error.into() }
}

fn check(
    name: Option<&str>,
    description: Option<&str>,
    n_sims: Option<u64>,
    seed: Option<u64>,
    wrong: &mut Wrong,
) {
    if let Some(name) = name {
        wrong.name("name", name);
    }
    if let Some(description) = description {
        wrong.text("description", description, 500);
    }
    if let Some(n) = n_sims.filter(|n| !(FEWEST_SIMULATIONS..=MOST_SIMULATIONS).contains(n)) {
        wrong.say("n_sims", format!("must be from {FEWEST_SIMULATIONS} to {MOST_SIMULATIONS}, not {n}"));
    }
    if seed == Some(0) {
        wrong.say("seed", "must be at least 1");
    }
}

async fn find(
    db: &impl ConnectionTrait,
    tenant: Tenant,
    id: CohortId,
) -> Result<Option<cohort::Model>, DbErr> {
    cohort::Entity::find_by_id(id).filter(cohort::Column::TenantId.eq(tenant.id())).one(db).await
}

impl Reader {
    /// One cohort.
    pub async fn cohort(&self, tenant: Tenant, id: CohortId) -> Result<Cohort, LabError> {
        let row = find(self.db.conn(), tenant, id).await?.ok_or_else(|| LabError::not_found("cohort", id))?;
        self.cohort_of(row).await
    }

    /// Cohorts, newest first, older than `before`; at most `limit`.
    pub async fn cohorts(
        &self,
        tenant: Tenant,
        before: Option<CohortId>,
        limit: u64,
    ) -> Result<Vec<Cohort>, LabError> {
        use cohort::{Column, Entity};
        let mut query = Entity::find().filter(Column::TenantId.eq(tenant.id()));
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before));
        }
        let rows = query.order_by_desc(Column::Id).limit(limit).all(self.db.conn()).await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(self.cohort_of(row).await?);
        }
        Ok(items)
    }

    pub(crate) async fn cohort_of(&self, row: cohort::Model) -> Result<Cohort, LabError> {
        use synthetic_calcutta::{Column, Entity};
        let count = Entity::find().filter(Column::CohortId.eq(row.id)).count(self.db.conn()).await?;
        Ok(shown(row, count)?)
    }
}

fn shown(row: cohort::Model, count: u64) -> Result<Cohort, DbErr> {
    let auto = match (row.game_outcome_model, row.market_share_model, row.optimizer_key) {
        (Some(game_outcome_model), Some(market_share_model), Some(optimizer_key)) => {
            Some(Combination { game_outcome_model, market_share_model, optimizer_key })
        }
        _ => None,
    };
    Ok(Cohort {
        auto,
        cohort_id: row.id,
        name: row.name,
        description: row.description,
        n_sims: number("number of simulations", row.n_sims)?,
        seed: row.seed.cast_unsigned(),
        synthetic_calcutta_count: number("count", count.cast_signed())?,
        version: number("version", row.version)?,
        created_at: time(row.created_us)?,
    })
}
