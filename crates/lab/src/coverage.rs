//! Which tournaments and auctions each model has covered, and which it lacks.

use std::collections::BTreeSet;

use kernel::{RunId, Tenant};
use wire::lab::{
    CalcuttaId, Coverage, CoverageQuery, CoveredCohort, CoveredItem, CoveredModel, LabKind, LabModel,
    ListCalcuttas, ModelCoverage, TournamentId,
};

use crate::Reader;
use crate::catalog::catalog;
use crate::error::LabError;
use crate::ran::{ALL, Ran, combined};

impl Reader {
    /// How many tournaments and auctions each model and each automatic cohort has covered.
    pub async fn coverage(&self, tenant: Tenant) -> Result<Coverage, LabError> {
        let tournament_total = small(self.all_tournaments(tenant).await?.len());
        let calcuttas = self.calcuttas(tenant, &ListCalcuttas::default(), None, ALL).await?;
        let calcutta_total = small(calcuttas.len());
        let catalog = catalog();
        let games = self.ran(tenant, LabKind::GameOutcome).await?;
        let markets = self.ran(tenant, LabKind::MarketShare).await?;
        let bids = self.ran(tenant, LabKind::StrategyGeneration).await?;
        let of_kinds = [
            (LabKind::GameOutcome, catalog.game_outcome_models, tournament_total, &games),
            (LabKind::MarketShare, catalog.market_share_models, calcutta_total, &markets),
            (LabKind::StrategyGeneration, catalog.entry_optimizers, calcutta_total, &bids),
        ];
        let of_kind = |(run_kind, models, total, ran): (LabKind, Vec<LabModel>, u32, &Vec<Ran>)| {
            models.into_iter().map(|model| covered(run_kind, model, total, ran)).collect::<Vec<_>>()
        };
        let models = of_kinds.into_iter().flat_map(of_kind).collect();
        let strategies = combined(&games, &markets, bids);
        let mut cohorts = Vec::new();
        for cohort in self.automatic_cohorts(tenant).await? {
            let Some(auto) = cohort.auto else { continue };
            let own = strategies.iter().filter(|(ran, of)| ran.is_succeeded() && *of == auto);
            let calcuttas: BTreeSet<CalcuttaId> = own.filter_map(|(ran, _)| ran.row.calcutta_id).collect();
            cohorts.push(CoveredCohort {
                cohort_id: cohort.cohort_id,
                name: cohort.name,
                auto,
                covered: small(calcuttas.len()),
                total: calcutta_total,
            });
        }
        Ok(Coverage { tournament_total, calcutta_total, models, cohorts })
    }

    /// Where one model has been run, and where not.
    pub async fn model_coverage(
        &self,
        tenant: Tenant,
        query: &CoverageQuery,
    ) -> Result<ModelCoverage, LabError> {
        let catalog = catalog();
        let known = match query.run_kind {
            LabKind::GameOutcome => catalog.game_outcome_models,
            LabKind::MarketShare => catalog.market_share_models,
            LabKind::StrategyGeneration => catalog.entry_optimizers,
            LabKind::Simulation | LabKind::Evaluation | LabKind::Batch => {
                let message = "has no models; state game_outcome, market_share or strategy_generation";
                return Err(LabError::field("run_kind", message));
            }
        };
        if !known.iter().any(|model| model.id == query.model) {
            return Err(LabError::not_found("model", &query.model));
        }
        let mut ran = self.ran(tenant, query.run_kind).await?;
        ran.retain(|one| one.is_succeeded() && one.is_of(&query.model));
        let items = match query.run_kind {
            LabKind::GameOutcome => self.of_tournaments(tenant, &ran).await?,
            _ => self.of_calcuttas(tenant, &ran).await?,
        };
        let covered = items.iter().filter(|item| !item.run_ids.is_empty()).count();
        let CoverageQuery { run_kind, model } = query.clone();
        Ok(ModelCoverage { run_kind, model, covered: small(covered), total: small(items.len()), items })
    }

    async fn of_tournaments(&self, tenant: Tenant, ran: &[Ran]) -> Result<Vec<CoveredItem>, LabError> {
        let item = |one: wire::lab::TournamentItem| CoveredItem {
            run_ids: ids(ran, |run| run.row.tournament_id == Some(one.tournament_id)),
            tournament_id: one.tournament_id,
            calcutta_id: None,
            name: one.name,
            season: one.season,
        };
        Ok(self.all_tournaments(tenant).await?.into_iter().map(item).collect())
    }

    async fn of_calcuttas(&self, tenant: Tenant, ran: &[Ran]) -> Result<Vec<CoveredItem>, LabError> {
        let item = |(one, season): (wire::lab::CalcuttaItem, i32)| CoveredItem {
            run_ids: ids(ran, |run| run.row.calcutta_id == Some(one.calcutta_id)),
            tournament_id: one.tournament_id,
            calcutta_id: Some(one.calcutta_id),
            name: one.name,
            season,
        };
        Ok(self.all_calcuttas(tenant).await?.into_iter().map(item).collect())
    }
}

fn covered(run_kind: LabKind, model: LabModel, total: u32, ran: &[Ran]) -> CoveredModel {
    let own = ran.iter().filter(|one| one.is_succeeded() && one.is_of(&model.id));
    let covered = match run_kind {
        LabKind::GameOutcome => {
            own.filter_map(|one| one.row.tournament_id).collect::<BTreeSet<TournamentId>>().len()
        }
        _ => own.filter_map(|one| one.row.calcutta_id).collect::<BTreeSet<CalcuttaId>>().len(),
    };
    let LabModel { id, display_name, .. } = model;
    CoveredModel { run_kind, model: id, display_name, covered: small(covered), total }
}

fn ids(ran: &[Ran], is_own: impl Fn(&Ran) -> bool) -> Vec<RunId> {
    ran.iter().filter(|one| is_own(one)).map(|one| one.run.id).collect()
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
