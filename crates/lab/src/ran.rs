//! Runs of a kind with what they stand on: what coverage counts, what is proposed from, and what need not be run twice.

use std::collections::BTreeMap;

use kernel::{RunId, Tenant, canonical_json};
use runs::{Filter, Run, RunState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::Value;
use wire::lab::{CalcuttaItem, Combination, LabKind, ListCalcuttas, TournamentId, TournamentItem};

use crate::Reader;
use crate::error::LabError;
use crate::table::run;

/// A run that has succeeded or may still.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) run: Run,
    pub(crate) row: run::Model,
}

impl Ran {
    pub(crate) fn is_succeeded(&self) -> bool {
        self.run.state == RunState::Succeeded
    }

    /// Whether it is of this model.
    pub(crate) fn is_of(&self, model: &str) -> bool {
        self.row.model.as_deref() == Some(model)
    }
}

/// Rows that are read at once.
const PAGE: u64 = 500;
/// Tournaments and auctions there can be, far above what anybody keeps.
pub(crate) const ALL: u64 = 100_000;

impl Reader {
    /// Every run of a kind that has succeeded or may still, oldest first.
    pub(crate) async fn ran(&self, tenant: Tenant, kind: LabKind) -> Result<Vec<Ran>, LabError> {
        use run::{Column, Entity};
        let query =
            Entity::find().filter(Column::TenantId.eq(tenant.id())).filter(Column::RunKind.eq(kind.as_str()));
        let rows = query.all(self.db.conn()).await?;
        let mut rows: BTreeMap<RunId, run::Model> = rows.into_iter().map(|row| (row.run_id, row)).collect();
        let (mut found, mut before) = (Vec::with_capacity(rows.len()), None);
        let filter = Filter { kind: Some(kind.as_str().to_owned()), ..Filter::default() };
        loop {
            let page = runs::list(&self.db, tenant, &filter, before, PAGE).await?;
            let Some(last) = page.last() else { break };
            before = Some(last.id());
            for run in page.iter().filter_map(runs::Listed::run) {
                let is_lost = matches!(run.state, RunState::Failed | RunState::Cancelled);
                if let Some(row) = rows.remove(&run.id).filter(|_| !is_lost) {
                    found.push(Ran { run: run.clone(), row });
                }
            }
        }
        found.reverse();
        Ok(found)
    }

    pub(crate) async fn all_tournaments(&self, tenant: Tenant) -> Result<Vec<TournamentItem>, LabError> {
        let mut all = self.tournaments(tenant, None, ALL).await?;
        all.sort_by_key(|one| (std::cmp::Reverse(one.season), one.tournament_id));
        Ok(all)
    }

    /// The auctions with their seasons, the latest first.
    pub(crate) async fn all_calcuttas(&self, tenant: Tenant) -> Result<Vec<(CalcuttaItem, i32)>, LabError> {
        let seasons: BTreeMap<TournamentId, i32> = self
            .all_tournaments(tenant)
            .await?
            .into_iter()
            .map(|one| (one.tournament_id, one.season))
            .collect();
        let all = self.calcuttas(tenant, &ListCalcuttas::default(), None, ALL).await?;
        let dated = |one: CalcuttaItem| {
            let season = seasons.get(&one.tournament_id).copied().unwrap_or_default();
            (one, season)
        };
        let mut all: Vec<(CalcuttaItem, i32)> = all.into_iter().map(dated).collect();
        all.sort_by_key(|(one, season)| (std::cmp::Reverse(*season), one.calcutta_id));
        Ok(all)
    }

    /// Strategies with the models that they stand on, oldest first.
    pub(crate) async fn strategies(&self, tenant: Tenant) -> Result<Vec<(Ran, Combination)>, LabError> {
        let games = self.ran(tenant, LabKind::GameOutcome).await?;
        let markets = self.ran(tenant, LabKind::MarketShare).await?;
        Ok(combined(&games, &markets, self.ran(tenant, LabKind::StrategyGeneration).await?))
    }
}

/// Strategies with the models that they stand on; one that stands on none of these runs is left out.
pub(crate) fn combined(games: &[Ran], markets: &[Ran], strategies: Vec<Ran>) -> Vec<(Ran, Combination)> {
    let named = |one: &Ran| Some((one.run.id, one.row.model.clone()?));
    let models: BTreeMap<RunId, String> = games.iter().chain(markets).filter_map(named).collect();
    let model = |run: Option<RunId>| run.and_then(|run| models.get(&run).cloned());
    let combined = |one: Ran| {
        let combination = Combination {
            game_outcome_model: model(one.row.game_outcome_run_id)?,
            market_share_model: model(one.row.market_share_run_id)?,
            optimizer_key: one.row.model.clone()?,
        };
        Some((one, combination))
    };
    strategies.into_iter().filter_map(combined).collect()
}

/// What runs of a kind were asked for, so that the very same need not be asked again.
#[derive(Debug)]
pub(crate) struct Asked(BTreeMap<String, RunId>);

impl Asked {
    pub(crate) fn of(ran: &[Ran]) -> Self {
        let spec = |one: &Ran| {
            let spec: Value = serde_json::from_str(&one.run.spec).ok()?;
            Some((text(&spec), one.run.id))
        };
        Self(ran.iter().filter_map(spec).collect())
    }

    /// The run of this very spec.
    pub(crate) fn find(&self, spec: &impl Serialize) -> Option<RunId> {
        self.0.get(&text(spec)).copied()
    }
}

/// A spec in the one way in which it can be written down.
pub(crate) fn text(spec: &impl Serialize) -> String {
    canonical_json(spec).expect("a spec is plain data")
}
