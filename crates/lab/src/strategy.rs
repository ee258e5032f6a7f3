//! The run kind `strategy_generation`: the best bids, exactly, against what others are expected to bid.

use kernel::{ReadDb, RunId, Seed, Tenant};
use runs::{Failure, RunContext, Submission, Submit};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tournament::{AuctionRules, Prospect, best};
use wire::lab::{
    CalcuttaId, GameOutcomeResult, LabKind, Lineage, ListLabRuns, MarketShareResult, Returns, ReturnsQuery,
    StrategyRequest, StrategyResult, TeamBid, TeamReturns,
};

use crate::auction::{Auction, rules};
use crate::catalog::OPTIMIZER;
use crate::document::{self, held};
use crate::error::LabError;
use crate::field::Playing;
use crate::kind::{Given, Kind, Stands, Work};
use crate::lineage::Described;
use crate::market_share::{PinnedAuction, expected_points, same_tournament};
use crate::table::candidate;
use crate::tell::{RunError, leave};
use crate::upstream::{Upstream, artifact_name};
use crate::{Lab, Reader};

/// Finds the best bids.
#[derive(Debug)]
pub struct StrategyGeneration;

/// What it is pinned to: both upstreams are always there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    calcutta_id: CalcuttaId,
    auction: PinnedAuction,
    game_outcome: Upstream,
    market_share: Upstream,
    optimizer_key: String,
}

impl Stands for Spec {
    fn described(&self) -> Described {
        let lineage = Lineage {
            tournament_id: Some(self.auction.tournament.id),
            calcutta_id: Some(self.calcutta_id),
            snapshot_id: Some(self.auction.snapshot.id),
            game_outcome_run_id: Some(self.game_outcome.run_id),
            market_share_run_id: Some(self.market_share.run_id),
            ..Lineage::default()
        };
        Described { kind: LabKind::StrategyGeneration, model: Some(self.optimizer_key.clone()), lineage }
    }
}

/// Nothing is drawn: the optimum is exact.
const SEED: Seed = Seed(1);

/// States of the optimiser (points spent, teams chosen, team), and those times the bids there are: what fits into
/// memory, and a few seconds.
const MOST_STATES: u64 = 20_000_000;
const MOST_STEPS: u64 = 2_000_000_000;

/// Refuses rules that are too large to search exactly.
pub(crate) fn check_size(rules: &AuctionRules, teams: usize) -> Result<(), LabError> {
    let most_teams = u64::from(rules.max_teams).min(teams as u64);
    let states = (u64::from(rules.budget_points) + 1) * (most_teams + 1) * teams as u64;
    let steps = states.saturating_mul(u64::from(rules.max_bid_points.min(rules.budget_points)));
    if states > MOST_STATES || steps > MOST_STEPS {
        let what = format!(
            "the rules (a budget of {} points, {} teams, bids to {}) are too large to search exactly; make a snapshot \
             with a smaller budget, such as in units of ten points",
            rules.budget_points, rules.max_teams, rules.max_bid_points
        );
        return Err(LabError::State { code: "RULES_TOO_LARGE", what });
    }
    Ok(())
}

impl Lab {
    /// Submits a run; it is queued and durable when this returns.
    pub async fn submit_strategy(
        &self,
        tenant: Tenant,
        submission: Submission<StrategyRequest>,
    ) -> Result<RunId, LabError> {
        let Submission { request, parent, idempotency_key } = submission;
        let ready = self.ready_strategy(tenant, request).await?;
        let submit = Submit { parent, idempotency_key, ..ready };
        Ok(self.engine.submit::<Kind<StrategyGeneration>>(tenant, submit).await?)
    }

    /// A request that was checked, ready to be submitted.
    pub(crate) async fn ready_strategy(
        &self,
        tenant: Tenant,
        request: StrategyRequest,
    ) -> Result<Submit<Spec>, LabError> {
        if request.optimizer_key != OPTIMIZER {
            let message = format!("`{}` is no optimiser; there is {OPTIMIZER}", request.optimizer_key);
            return Err(LabError::field("optimizer_key", message));
        }
        let reader = &self.reader;
        let (calcutta_id, auction, content) = reader.pinned(tenant, request.snapshot_id).await?;
        let teams = reader.tournament_item(tenant, auction.tournament.id).await?.team_count;
        check_size(&rules(&content.rules), teams as usize)?;
        let (game_outcome, market_share) = reader
            .both(tenant, (auction, calcutta_id), request.game_outcome_run_id, request.market_share_run_id)
            .await?;
        let optimizer_key = request.optimizer_key;
        let spec = Spec { calcutta_id, auction, game_outcome, market_share, optimizer_key };
        let upstreams = [game_outcome.input("game_outcome"), market_share.input("market_share")];
        Ok(Submit {
            inputs: auction.inputs("").into_iter().chain(upstreams).collect(),
            ..Submit::new("best bids", SEED, spec)
        })
    }
}

impl Reader {
    /// Both upstreams of bids in an auction: of its tournament the one, of the auction itself the other.
    async fn both(
        &self,
        tenant: Tenant,
        (auction, calcutta_id): (PinnedAuction, CalcuttaId),
        game_outcome: RunId,
        market_share: RunId,
    ) -> Result<(Upstream, Upstream), LabError> {
        let near = ListLabRuns { tournament_id: Some(auction.tournament.id), ..ListLabRuns::default() };
        let named = ("game_outcome_run_id", LabKind::GameOutcome);
        let (games, _, row) = self.upstream(tenant, named, game_outcome, near).await?;
        same_tournament(row.tournament_id, auction.tournament.id, "game outcome run")?;
        let near = ListLabRuns { calcutta_id: Some(calcutta_id), ..ListLabRuns::default() };
        let named = ("market_share_run_id", LabKind::MarketShare);
        let (market, _, row) = self.upstream(tenant, named, market_share, near).await?;
        if row.calcutta_id != Some(calcutta_id) {
            let what =
                format!("market share run {market_share} stands on another auction than {calcutta_id}");
            return Err(LabError::Mismatch { what, of: "auction" });
        }
        Ok((games, market))
    }

    /// A run of the optimiser.
    pub async fn strategy(&self, tenant: Tenant, id: RunId) -> Result<wire::lab::Strategy, LabError> {
        let (run, item) = self.run_of(tenant, LabKind::StrategyGeneration, id).await?;
        let result = self.result(&run, LabKind::StrategyGeneration).await?;
        Ok(wire::lab::Strategy { run: item, result })
    }

    /// What every team is worth and what it costs, by two runs.
    pub async fn returns(&self, tenant: Tenant, query: &ReturnsQuery) -> Result<Returns, LabError> {
        let (playing, auction, outcome, market) = self.priced(tenant, query).await?;
        Ok(returns(&playing, &expected_points(&outcome, &auction), &market))
    }

    /// An auction with what two runs say of its teams.
    pub(crate) async fn priced(
        &self,
        tenant: Tenant,
        query: &ReturnsQuery,
    ) -> Result<(Playing, Auction, GameOutcomeResult, MarketShareResult), LabError> {
        let (calcutta_id, auction, content) = self.pinned(tenant, query.snapshot_id).await?;
        let both =
            self.both(tenant, (auction, calcutta_id), query.game_outcome_run_id, query.market_share_run_id);
        let (games, market) = both.await?;
        let outcome: GameOutcomeResult = document::get(&self.store, "game outcomes", &games.digest).await?;
        let market: MarketShareResult = document::get(&self.store, "market shares", &market.digest).await?;
        let item = self.tournament_item(tenant, auction.tournament.id).await?;
        let playing = self.playing(&item).await?;
        let auction = Auction::read(&content, &playing)?;
        Ok((playing, auction, outcome, market))
    }
}

fn returns(playing: &Playing, expected: &[f64], market: &MarketShareResult) -> Returns {
    let total_points = expected.iter().fold(0.0, |sum, points| sum + points);
    let of = |(at, share): (usize, &wire::lab::TeamShare)| {
        let (team, points) = (playing.team(at), expected[at]);
        let rational_share = if total_points > 0.0 { points / total_points } else { 0.0 };
        let delta = (share.predicted_share / rational_share - 1.0) * 100.0;
        TeamReturns {
            team_id: team.team_id.clone(),
            name: team.name.clone(),
            region: team.region.clone(),
            seed: team.seed,
            expected_points: points,
            rational_share,
            predicted_share: share.predicted_share,
            delta_percent: kernel::finite(delta),
            expected_market: share.predicted_points,
            predicted_roi: kernel::finite(points / share.predicted_points),
        }
    };
    Returns {
        total_points,
        pool_points: market.pool_points,
        teams: market.teams.iter().enumerate().map(of).collect(),
    }
}

impl Work for StrategyGeneration {
    const KIND: LabKind = LabKind::StrategyGeneration;
    type Spec = Spec;

    async fn held(&self, db: &ReadDb, tenant: Tenant) -> Result<Vec<(RunId, String)>, DbErr> {
        use candidate::{Column, Entity};
        let of_strategies = Column::StrategyRunId.is_not_null();
        let query = Entity::find().filter(Column::TenantId.eq(tenant.id())).filter(of_strategies);
        let held = |row: candidate::Model| {
            Some((row.strategy_run_id?, format!("candidate {} bids as it says", row.id)))
        };
        Ok(query.all(db.conn()).await?.into_iter().filter_map(held).collect())
    }

    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Given, Failure<RunError>> {
        let (_, auction) = spec.auction.held(cx).await?;
        let outcome =
            held::<GameOutcomeResult>(cx, spec.game_outcome.digest).await?.map_err(RunError::unreadable)?;
        let market =
            held::<MarketShareResult>(cx, spec.market_share.digest).await?.map_err(RunError::unreadable)?;
        let result = cx.compute(move || optimum(&auction, &outcome, &market)).await??;
        leave(cx, artifact_name(LabKind::StrategyGeneration), &result).await?;
        let summary = format!(
            "{} points on {} are expected to earn {} points.",
            result.total_bid_points,
            kernel::counted(result.bids.len(), "team", "teams"),
            kernel::figure(result.expected_points, 1)
        );
        let metrics = json!({
            "n_teams": result.bids.len(),
            "total_bid_points": result.total_bid_points,
            "expected_points": result.expected_points,
        });
        Ok(Given::completed(metrics, summary))
    }
}

fn optimum(
    auction: &Auction,
    outcome: &GameOutcomeResult,
    market: &MarketShareResult,
) -> Result<StrategyResult, RunError> {
    let prospect = |(expected_points, share): (f64, &wire::lab::TeamShare)| {
        (share.team_id.clone(), Prospect { expected_points, market_points: share.predicted_points })
    };
    let teams: Vec<_> =
        expected_points(outcome, auction).into_iter().zip(&market.teams).map(prospect).collect();
    sheet(&teams, &auction.rules).ok_or_else(|| RunError::Unfit {
        code: "NO_BIDS",
        message: format!(
            "the field has fewer teams than the {} that must be bid on",
            auction.rules.min_teams
        ),
    })
}

/// The best bids on these teams with their reasons; nothing if none keep the rules.
pub(crate) fn sheet(teams: &[(String, Prospect)], rules: &AuctionRules) -> Option<StrategyResult> {
    let prospects: Vec<Prospect> = teams.iter().map(|team| team.1).collect();
    let plan = best(&prospects, rules)?;
    let bid = |bid: &tournament::Bid| {
        let (team_id, Prospect { expected_points, market_points }) = &teams[bid.team];
        let pool = market_points + f64::from(bid.points);
        TeamBid {
            team_id: team_id.clone(),
            bid_points: bid.points,
            expected_points: *expected_points,
            expected_market: *market_points,
            expected_ownership: f64::from(bid.points) / pool,
            expected_roi: expected_points / pool,
        }
    };
    Some(StrategyResult {
        expected_points: plan.value,
        total_bid_points: plan.bids.iter().map(|bid| bid.points).sum(),
        bids: plan.bids.iter().map(bid).collect(),
    })
}
