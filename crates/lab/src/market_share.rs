//! The run kind `market_share`: which share of all bids each team draws.

use std::collections::BTreeSet;

use kernel::{FieldError, RunId, Seed, Tenant};
use runs::{Failure, Input, RunContext, Submission, Submit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tournament::{Ownership, Ridge, Season, naive, oracle};
use wire::lab::{
    CalcuttaId, EntryId, Field, GameOutcomeResult, LabKind, Lineage, ListLabRuns, MarketShareModel,
    MarketShareRequest, MarketShareResult, SnapshotContent, SnapshotId, TeamShare, TournamentId,
};

use crate::auction::Auction;
use crate::check::Wrong;
use crate::document::{Pinned, held};
use crate::error::LabError;
use crate::field::Playing;
use crate::kind::{Given, Kind, Stands, Work};
use crate::lineage::Described;
use crate::tell::{RunError, leave};
use crate::upstream::{Upstream, artifact_name, spec_of};
use crate::{Lab, Reader};

/// Predicts a market.
#[derive(Debug)]
pub struct MarketShare;

/// What it is pinned to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    pub(crate) calcutta_id: CalcuttaId,
    pub(crate) auction: PinnedAuction,
    model: MarketShareModel,
    game_outcome: Option<Upstream>,
    train: Vec<PinnedAuction>,
    pub(crate) excluded_entry_id: Option<EntryId>,
}

/// An auction with its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PinnedAuction {
    pub(crate) tournament: Pinned<TournamentId>,
    pub(crate) snapshot: Pinned<SnapshotId>,
}

impl PinnedAuction {
    /// Its field and its auction, as a run reads them.
    pub(crate) async fn held(&self, cx: &RunContext) -> Result<(Playing, Auction), Failure<RunError>> {
        let field = held::<Field>(cx, self.tournament.digest).await?.map_err(RunError::unreadable)?;
        let content =
            held::<SnapshotContent>(cx, self.snapshot.digest).await?.map_err(RunError::unreadable)?;
        let playing = Playing::read(Field::clone(&field)).map_err(RunError::unreadable)?;
        let auction = Auction::read(&content, &playing).map_err(RunError::unreadable)?;
        Ok((playing, auction))
    }

    pub(crate) fn inputs(&self, prefix: &str) -> [Input; 2] {
        let mut inputs = [self.tournament.input("tournament"), self.snapshot.input("snapshot")];
        for input in &mut inputs {
            input.role = format!("{prefix}{}", input.role);
        }
        inputs
    }
}

impl Stands for Spec {
    fn described(&self) -> Described {
        let lineage = Lineage {
            tournament_id: Some(self.auction.tournament.id),
            calcutta_id: Some(self.calcutta_id),
            snapshot_id: Some(self.auction.snapshot.id),
            game_outcome_run_id: self.game_outcome.map(|upstream| upstream.run_id),
            excluded_entry_id: self.excluded_entry_id,
            ..Lineage::default()
        };
        Described { kind: LabKind::MarketShare, model: Some(self.model.id().to_owned()), lineage }
    }
}

impl Spec {
    fn inputs(&self) -> Vec<Input> {
        let trained = self.train.iter().flat_map(|auction| auction.inputs("train_"));
        let upstream = self.game_outcome.iter().map(|upstream| upstream.input("game_outcome"));
        self.auction.inputs("").into_iter().chain(trained).chain(upstream).collect()
    }
}

/// Nothing is drawn.
const SEED: Seed = Seed(1);

impl Lab {
    /// Submits a run; it is queued and durable when this returns.
    pub async fn submit_market_share(
        &self,
        tenant: Tenant,
        submission: Submission<MarketShareRequest>,
    ) -> Result<RunId, LabError> {
        let Submission { request, parent, idempotency_key } = submission;
        let ready = self.ready_market_share(tenant, request).await?;
        let submit = Submit { parent, idempotency_key, ..ready };
        Ok(self.engine.submit::<Kind<MarketShare>>(tenant, submit).await?)
    }

    /// A request that was checked, ready to be submitted.
    pub(crate) async fn ready_market_share(
        &self,
        tenant: Tenant,
        request: MarketShareRequest,
    ) -> Result<Submit<Spec>, LabError> {
        let (calcutta_id, auction, content) = self.reader.pinned(tenant, request.snapshot_id).await?;
        let mut wrong = Wrong::default();
        excluded(&content, request.excluded_entry_id, &mut wrong);
        let (game_outcome, train) = match &request.model {
            MarketShareModel::NaiveEvBaseline { game_outcome_run_id } => {
                let near =
                    ListLabRuns { tournament_id: Some(auction.tournament.id), ..ListLabRuns::default() };
                let named = ("model.game_outcome_run_id", LabKind::GameOutcome);
                let (upstream, _, row) =
                    self.reader.upstream(tenant, named, *game_outcome_run_id, near).await?;
                same_tournament(row.tournament_id, auction.tournament.id, "game outcome run")?;
                (Some(upstream), Vec::new())
            }
            MarketShareModel::Ridge { ridge_alpha, train_snapshot_ids } => {
                if !(ridge_alpha.is_finite() && *ridge_alpha > 0.0) {
                    wrong
                        .say("model.ridge_alpha", format!("must be a positive number, and is {ridge_alpha}"));
                }
                (None, self.train(tenant, train_snapshot_ids, auction, &mut wrong).await?)
            }
            MarketShareModel::OracleActualMarket {} => (None, Vec::new()),
        };
        wrong.into_result()?;
        let excluded_entry_id = request.excluded_entry_id;
        let spec =
            Spec { calcutta_id, auction, model: request.model, game_outcome, train, excluded_entry_id };
        Ok(Submit {
            inputs: spec.inputs(),
            ..Submit::new(format!("market shares by {}", spec.model.id()), SEED, spec)
        })
    }

    /// The auctions a model learns from: other ones than it predicts, each once, with a rating for every team.
    async fn train(
        &self,
        tenant: Tenant,
        ids: &[SnapshotId],
        target: PinnedAuction,
        wrong: &mut Wrong,
    ) -> Result<Vec<PinnedAuction>, LabError> {
        if !(1..=100).contains(&ids.len()) {
            wrong.say("model.train_snapshot_ids", format!("must name 1 to 100 snapshots, not {}", ids.len()));
            return Ok(Vec::new());
        }
        let (mut seen, mut train) = (BTreeSet::new(), Vec::with_capacity(ids.len()));
        for id in ids {
            let at = || format!("model.train_snapshot_ids[{id}]");
            let (_, auction, content) = self.reader.pinned(tenant, *id).await?;
            if !seen.insert(*id) {
                wrong.say(at(), "is given twice");
            }
            if auction.tournament.id == target.tournament.id {
                wrong.say(at(), "is of the tournament that is predicted; learn from others");
            }
            if content.entries.is_empty() {
                wrong.say(at(), "has no entries to learn from");
            }
            train.push(auction);
        }
        Ok(train)
    }
}

/// The entry that is left out must be one.
pub(crate) fn excluded(content: &SnapshotContent, id: Option<EntryId>, wrong: &mut Wrong) {
    if let Some(id) = id
        && !content.entries.iter().any(|entry| entry.entry_id == id)
    {
        wrong.say("excluded_entry_id", format!("{id} is no entry of the snapshot"));
    }
}

/// Refuses an upstream of another tournament.
pub(crate) fn same_tournament(
    found: Option<TournamentId>,
    expected: TournamentId,
    what: &str,
) -> Result<(), LabError> {
    if found == Some(expected) {
        return Ok(());
    }
    let found = found.map_or_else(|| "none".to_owned(), |id| id.to_string());
    let what = format!("the {what} stands on tournament {found}, and the snapshot on {expected}");
    Err(LabError::Mismatch { what, of: "tournament" })
}

impl Reader {
    /// A run of a model of markets.
    pub async fn market_share(&self, tenant: Tenant, id: RunId) -> Result<wire::lab::MarketShare, LabError> {
        let (run, item) = self.run_of(tenant, LabKind::MarketShare, id).await?;
        let spec: Spec = spec_of(&run)?;
        let result = self.result(&run, LabKind::MarketShare).await?;
        Ok(wire::lab::MarketShare { run: item, model: spec.model, result })
    }

    /// A snapshot with its field, as runs pin them.
    pub(crate) async fn pinned(
        &self,
        tenant: Tenant,
        id: SnapshotId,
    ) -> Result<(CalcuttaId, PinnedAuction, SnapshotContent), LabError> {
        let snapshot = self.snapshot(tenant, id).await?;
        let tournament = self.tournament_item(tenant, snapshot.item.tournament_id).await?;
        let auction = PinnedAuction { tournament: (&tournament).into(), snapshot: (&snapshot.item).into() };
        Ok((snapshot.item.calcutta_id, auction, snapshot.content))
    }
}

impl Work for MarketShare {
    const KIND: LabKind = LabKind::MarketShare;
    type Spec = Spec;

    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Given, Failure<RunError>> {
        let (playing, auction) = spec.auction.held(cx).await?;
        let auction = auction.without(spec.excluded_entry_id);
        let shares = match &spec.model {
            MarketShareModel::NaiveEvBaseline { .. } => {
                let upstream =
                    spec.game_outcome.ok_or_else(|| RunError::unreadable("no game outcomes are pinned"))?;
                let outcome =
                    held::<GameOutcomeResult>(cx, upstream.digest).await?.map_err(RunError::unreadable)?;
                naive(&expected_points(&outcome, &auction))
            }
            MarketShareModel::Ridge { ridge_alpha, .. } => {
                let mut seasons = Vec::with_capacity(spec.train.len());
                for trained in &spec.train {
                    let (playing, auction) = trained.held(cx).await?;
                    let teams = playing.facts().map_err(|wrong| RunError::field(&wrong))?;
                    seasons.push(Season { teams, shares: actual(&playing, &auction) });
                }
                let facts = playing.facts().map_err(|wrong: FieldError| RunError::field(&wrong))?;
                let alpha = *ridge_alpha;
                let fitted = cx.compute(move || Ridge::fit(&seasons, alpha)?.predict(&facts)).await?;
                fitted.map_err(|error| RunError::fault(&error))?
            }
            MarketShareModel::OracleActualMarket {} => actual(&playing, &auction),
        };
        let result = result(&playing, &auction, &shares);
        leave(cx, artifact_name(LabKind::MarketShare), &result).await?;
        let dearest = result.teams.iter().max_by(|a, b| a.predicted_share.total_cmp(&b.predicted_share));
        let summary = dearest.map_or_else(String::new, |team| {
            let percent = kernel::figure(100.0 * team.predicted_share, 1);
            format!("{} draws {percent} % of all bids, more than any other.", team.team_id)
        });
        let metrics = json!({
            "n_teams": result.teams.len(),
            "entry_count": result.entry_count,
            "pool_points": result.pool_points,
            "dearest_team_id": dearest.map(|team| &team.team_id),
        });
        Ok(Given::completed(metrics, summary))
    }
}

/// Points each team is expected to earn under an auction's scoring.
pub(crate) fn expected_points(outcome: &GameOutcomeResult, auction: &Auction) -> Vec<f64> {
    let of = |team: &wire::lab::TeamReach| {
        let levels = team.p_progress.iter().enumerate();
        levels.fold(0.0, |sum, (at, p)| sum + f64::from(auction.points.awarded(at + 1)) * p)
    };
    outcome.teams.iter().map(of).collect()
}

/// The shares as they really were.
fn actual(playing: &Playing, auction: &Auction) -> Vec<f64> {
    let teams = playing.field.teams.len();
    let ownership = Ownership::of(&auction.bids, teams);
    oracle(&(0..teams).map(|team| ownership.bids(team)).collect::<Vec<_>>())
}

fn result(playing: &Playing, auction: &Auction, shares: &[f64]) -> MarketShareResult {
    let entries = auction.entries.len();
    let pool = entries as u64 * u64::from(auction.rules.budget_points);
    let share = |(team, &predicted_share): (&wire::lab::Team, &f64)| TeamShare {
        team_id: team.team_id.clone(),
        predicted_share,
        predicted_points: predicted_share * pool as f64,
    };
    MarketShareResult {
        entry_count: u32::try_from(entries).expect("an auction has few entries"),
        pool_points: pool,
        teams: playing.field.teams.iter().zip(shares).map(share).collect(),
    }
}
