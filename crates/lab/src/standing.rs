//! How models compare by what their bids come to: auction by auction against the same baseline.

mod figures;

use std::collections::BTreeMap;

use kernel::{RunId, Tenant};
use runs::Run;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use wire::lab::{
    CalcuttaId, CandidateId, Combination, EvaluationResult, LabKind, LeaderboardRow, ModelLeaderboard,
    SimulationResult,
};

use self::figures::{Observation, standings};
use crate::Reader;
use crate::error::LabError;
use crate::ran::Ran;
use crate::table::{candidate, snapshot};

/// The model of markets that others are compared with: people bid what teams are worth.
const BASELINE: &str = "naive-ev-baseline";
/// Means within so much of the first prize count as similar.
const SIMILAR_WITHIN: f64 = 0.05;
/// Runs of a kind that are read, newest first.
const MOST: usize = 500;

/// What each combination came to on each auction.
type Observed = BTreeMap<Combination, BTreeMap<CalcuttaId, Vec<Observation>>>;

impl Reader {
    /// Every combination of models whose bids were judged, the best mean first.
    pub async fn model_leaderboard(&self, tenant: Tenant) -> Result<ModelLeaderboard, LabError> {
        let made_by = self.candidates_by_models(tenant).await?;
        let (mut observed, mut runs_read, mut is_cut) = (Observed::new(), 0, false);
        for kind in [LabKind::Simulation, LabKind::Evaluation] {
            let mut ran = self.ran(tenant, kind).await?;
            ran.retain(Ran::is_succeeded);
            is_cut |= ran.len() > MOST;
            for one in ran.iter().rev().take(MOST).filter(|_| !made_by.is_empty()) {
                runs_read += 1;
                self.observe(one, kind, &made_by, &mut observed).await?;
            }
        }
        Ok(ModelLeaderboard {
            baseline: BASELINE.to_owned(),
            similar_within: SIMILAR_WITHIN,
            runs_read,
            is_cut,
            models: standings(&observed, BASELINE, SIMILAR_WITHIN),
        })
    }

    /// The candidates that a strategy made, with its models.
    async fn candidates_by_models(
        &self,
        tenant: Tenant,
    ) -> Result<BTreeMap<CandidateId, Combination>, LabError> {
        let made: BTreeMap<RunId, Combination> =
            self.strategies(tenant).await?.into_iter().map(|(ran, of)| (ran.run.id, of)).collect();
        let query = candidate::Entity::find()
            .filter(candidate::Column::TenantId.eq(tenant.id()))
            .filter(candidate::Column::StrategyRunId.is_not_null());
        let of = |row: candidate::Model| Some((row.id, made.get(&row.strategy_run_id?)?.clone()));
        Ok(query.all(self.db.conn()).await?.into_iter().filter_map(of).collect())
    }

    /// Notes what a run says of such candidates.
    async fn observe(
        &self,
        one: &Ran,
        kind: LabKind,
        made_by: &BTreeMap<CandidateId, Combination>,
        observed: &mut Observed,
    ) -> Result<(), LabError> {
        let Some(calcutta) = one.row.calcutta_id else { return Ok(()) };
        let (rows, entries) = match kind {
            LabKind::Evaluation => self.evaluated(&one.run, one).await?,
            _ => self.played(&one.run).await?,
        };
        for row in rows {
            let Some(of) = row.candidate_id.and_then(|id| made_by.get(&id)) else { continue };
            let of_calcutta = observed.entry(of.clone()).or_default().entry(calcutta).or_default();
            of_calcutta.push(Observation::of(&row, entries));
        }
        Ok(())
    }

    /// The rows of a simulation, and how many entries they are among.
    async fn played(&self, run: &Run) -> Result<(Vec<LeaderboardRow>, usize), LabError> {
        let result: Option<SimulationResult> = self.result(run, LabKind::Simulation).await?;
        let rows = result.map(|result| result.leaderboard).unwrap_or_default();
        let entries = rows.len();
        Ok((rows, entries))
    }

    /// The rows of an evaluation, each of a candidate alone among the entries of the auction.
    async fn evaluated(&self, run: &Run, one: &Ran) -> Result<(Vec<LeaderboardRow>, usize), LabError> {
        let result: Option<EvaluationResult> = self.result(run, LabKind::Evaluation).await?;
        let entries = match one.row.snapshot_id {
            Some(id) => {
                snapshot::Entity::find_by_id(id).one(self.db.conn()).await?.map(|row| row.entry_count)
            }
            None => None,
        };
        let others = usize::try_from(entries.unwrap_or_default()).unwrap_or_default();
        let others = others - usize::from(one.row.excluded_entry_id.is_some() && others > 0);
        let rows = result.map(|result| result.candidates).unwrap_or_default();
        Ok((rows.into_iter().map(|candidate| candidate.row).collect(), others + 1))
    }
}
