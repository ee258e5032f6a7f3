//! Automatic cohorts: one for each combination of models, under an id that follows from their names alone.

use std::collections::BTreeSet;

use kernel::{Hasher, Tenant};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use wire::lab::{CohortId, CohortSync, Combination, LabModel};

use crate::catalog::catalog;
use crate::cohort::taken;
use crate::error::LabError;
use crate::table::cohort;
use crate::{Lab, Reader};

/// What simulations of an automatic cohort are made with, until somebody changes it.
const SIMULATIONS: i64 = 5000;
const SEED: i64 = 42;

/// Every combination of models that are not deprecated, in the order of the catalogue.
pub(crate) fn combinations() -> Vec<Combination> {
    let catalog = catalog();
    let of = |models: &[LabModel]| -> Vec<String> {
        models.iter().filter(|model| !model.deprecated).map(|model| model.id.clone()).collect()
    };
    let (games, markets, optimizers) =
        (of(&catalog.game_outcome_models), of(&catalog.market_share_models), of(&catalog.entry_optimizers));
    let mut all = Vec::with_capacity(games.len() * markets.len() * optimizers.len());
    for game_outcome_model in &games {
        for market_share_model in &markets {
            all.extend(optimizers.iter().map(|optimizer_key| Combination {
                game_outcome_model: game_outcome_model.clone(),
                market_share_model: market_share_model.clone(),
                optimizer_key: optimizer_key.clone(),
            }));
        }
    }
    all
}

/// The id of the cohort of some models: the same in every database. The tenant is in it, because an id is nobody else's.
fn id(tenant: Tenant, of: &Combination) -> CohortId {
    let Combination { game_outcome_model, market_share_model, optimizer_key } = of;
    let name = format!("lab_cohort|go={game_outcome_model}|ms={market_share_model}|opt={optimizer_key}");
    let digest = Hasher::default().chain(tenant.id().to_string()).chain("|").chain(name).finish();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    CohortId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl Lab {
    /// Sees to it that every combination of models has its cohort. Those that are there stay as somebody changed them.
    pub async fn sync_cohorts(&self, tenant: Tenant) -> Result<CohortSync, LabError> {
        let rows: Vec<cohort::Model> =
            combinations().into_iter().map(|of| self.automatic(tenant, of)).collect();
        let ids: Vec<CohortId> = rows.iter().map(|row| row.id).collect();
        let mut name = String::new();
        let synced = self.write.write("lab.sync_cohorts", async |tx| {
            let there = cohort::Entity::find().filter(cohort::Column::Id.is_in(ids.clone())).all(tx).await?;
            let there: BTreeSet<CohortId> = there.into_iter().map(|row| row.id).collect();
            let mut created = 0;
            for row in rows.iter().filter(|row| !there.contains(&row.id)) {
                name.clone_from(&row.name);
                let row = row.clone().into_active_model();
                cohort::Entity::insert(row).exec_without_returning(tx).await?;
                created += 1;
            }
            Ok(created)
        });
        let created = synced.await.map_err(|error| taken(error, name))?;
        Ok(CohortSync { created, cohorts: self.reader.automatic_cohorts(tenant).await? })
    }

    fn automatic(&self, tenant: Tenant, of: Combination) -> cohort::Model {
        let Combination { game_outcome_model, market_share_model, optimizer_key } = &of;
        cohort::Model {
            id: id(tenant, &of),
            tenant_id: tenant.id(),
            name: format!("AUTO: {game_outcome_model} + {market_share_model} + {optimizer_key}"),
            description: None,
            n_sims: SIMULATIONS,
            seed: SEED,
            version: 1,
            created_us: self.clock.now_us(),
            game_outcome_model: Some(of.game_outcome_model),
            market_share_model: Some(of.market_share_model),
            optimizer_key: Some(of.optimizer_key),
        }
    }
}

impl Reader {
    /// The automatic cohorts that there are, in the order of the catalogue.
    pub(crate) async fn automatic_cohorts(&self, tenant: Tenant) -> Result<Vec<wire::lab::Cohort>, LabError> {
        let ids: Vec<CohortId> = combinations().iter().map(|of| id(tenant, of)).collect();
        let found = cohort::Entity::find().filter(cohort::Column::Id.is_in(ids.clone()));
        let mut rows = found.all(self.db.conn()).await?;
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        let mut cohorts = Vec::with_capacity(rows.len());
        for row in rows {
            cohorts.push(self.cohort_of(row).await?);
        }
        Ok(cohorts)
    }
}
