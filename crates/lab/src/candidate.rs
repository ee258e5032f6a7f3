//! Candidates: bids that never change under a name that may.

use kernel::row::{number, time, unreadable};
use kernel::{RunId, Tenant};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use tournament::AuctionRules;
use wire::lab::{
    Bid, Candidate, CandidateId, CandidateRequest, CandidateSource, ChangeCandidate, Entry, EntryId, LabKind,
    ListCandidates, ListLabRuns, StrategyResult, TournamentId,
};

use crate::Lab;
use crate::auction::{bids, written};
use crate::check::Wrong;
use crate::document;
use crate::error::LabError;
use crate::keep::is_taken;
use crate::reader::Reader;
use crate::table::candidate;

impl Lab {
    /// Keeps a candidate. Keeping the bids of one strategy twice gives the first.
    pub async fn add_candidate(
        &self,
        tenant: Tenant,
        request: CandidateRequest,
    ) -> Result<Candidate, LabError> {
        let mut wrong = Wrong::default();
        wrong.name("display_name", &request.display_name);
        let is_of_strategy = request.source_kind == CandidateSource::Strategy;
        if is_of_strategy != request.strategy_generation_run_id.is_some() {
            wrong.say("strategy_generation_run_id", "goes with the source kind `strategy`, and it with that");
        }
        if is_of_strategy != (request.tournament_id.is_none() && request.bids.is_none()) {
            wrong.say(
                "bids",
                "and tournament_id are given together, and left out for a strategy, which has them",
            );
        }
        wrong.into_result()?;
        let (tournament_id, bids) = match (request.strategy_generation_run_id, request.tournament_id) {
            (Some(run), _) => self.of_strategy(tenant, run).await?,
            (None, Some(id)) => {
                (id, self.stated(tenant, id, request.bids.as_deref().unwrap_or_default()).await?)
            }
            (None, None) => return Err(LabError::field("tournament_id", "is missing")),
        };
        let row = candidate::Model {
            id: CandidateId::new(&*self.clock),
            tenant_id: tenant.id(),
            tournament_id,
            source_kind: request.source_kind.as_str().to_owned(),
            strategy_run_id: request.strategy_generation_run_id,
            display_name: request.display_name,
            bids: kernel::canonical_json(&bids).expect("bids are plain data"),
            version: 1,
            created_us: self.clock.now_us(),
        };
        let kept = self.write.write("lab.add_candidate", async |tx| {
            if let Some(run) = row.strategy_run_id
                && let Some(first) = of_run(tx, run).await?
            {
                return Ok(first);
            }
            candidate::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
            Ok::<_, DbErr>(row.clone())
        });
        let row = match kept.await {
            // PostgreSQL lets two look at once; the second finds the first.
            Err(error) if is_taken(&error) => {
                let first = match row.strategy_run_id {
                    Some(run) => of_run(self.reader.db.conn(), run).await?,
                    None => None,
                };
                first.ok_or(error)?
            }
            kept => kept?,
        };
        Ok(shown(row)?)
    }

    /// The bids of a succeeded strategy.
    async fn of_strategy(&self, tenant: Tenant, run: RunId) -> Result<(TournamentId, Vec<Bid>), LabError> {
        let named = ("strategy_generation_run_id", LabKind::StrategyGeneration);
        let (upstream, _, row) = self.reader.upstream(tenant, named, run, ListLabRuns::default()).await?;
        let result: StrategyResult =
            document::get(&self.store.reader().clone(), "bids", &upstream.digest).await?;
        let bid = |bid: wire::lab::TeamBid| Bid { team_id: bid.team_id, bid_points: bid.bid_points };
        let tournament = row.tournament_id.ok_or_else(|| unreadable("tournament of a strategy"))?;
        Ok((tournament, result.bids.into_iter().map(bid).collect()))
    }

    /// Bids that somebody states: of teams in the field, one each. Whether they keep the rules of an auction is looked at
    /// when they join one.
    async fn stated(&self, tenant: Tenant, id: TournamentId, told: &[Bid]) -> Result<Vec<Bid>, LabError> {
        let item = self.reader.tournament_item(tenant, id).await?;
        let playing = self.reader.playing(&item).await?;
        let most = AuctionRules::MOST_POINTS;
        let any = AuctionRules {
            budget_points: most,
            min_teams: 1,
            max_teams: item.team_count,
            min_bid_points: 1,
            max_bid_points: most,
        };
        let entry = Entry {
            entry_id: EntryId::new(&*self.clock),
            display_name: "candidate".to_owned(),
            candidate_id: None,
            bids: told.to_vec(),
        };
        let mut wrong = Wrong::default();
        let checked = bids(&any, &entry, &playing, "", &mut wrong);
        wrong.into_result()?;
        Ok(written(&checked.unwrap_or_default(), &playing))
    }

    /// Gives a candidate another name. `expected` is the version the caller knows.
    pub async fn rename_candidate(
        &self,
        tenant: Tenant,
        id: CandidateId,
        change: ChangeCandidate,
        expected: Option<u32>,
    ) -> Result<Candidate, LabError> {
        let mut wrong = Wrong::default();
        wrong.name("display_name", &change.display_name);
        wrong.into_result()?;
        let changed = self.write.write("lab.rename_candidate", async |tx| {
            let row = find(tx, tenant, id).await?.ok_or_else(|| LabError::not_found("candidate", id))?;
            let version = next_version("candidate", row.version, expected)?;
            let mut row = row.into_active_model();
            row.display_name = Set(change.display_name);
            row.version = Set(version);
            Ok::<_, LabError>(candidate::Entity::update(row).exec(tx).await?)
        });
        Ok(shown(changed.await?)?)
    }
}

/// The version after this one, if it is the one the caller knows.
pub(crate) fn next_version(what: &'static str, version: i32, expected: Option<u32>) -> Result<i32, LabError> {
    let found: u32 = number("version", version)?;
    match expected {
        Some(expected) if expected != found => Err(LabError::Stale { what, expected, found }),
        _ => Ok(version + 1),
    }
}

async fn find(
    db: &impl ConnectionTrait,
    tenant: Tenant,
    id: CandidateId,
) -> Result<Option<candidate::Model>, DbErr> {
    use candidate::{Column, Entity};
    Entity::find_by_id(id).filter(Column::TenantId.eq(tenant.id())).one(db).await
}

async fn of_run(db: &impl ConnectionTrait, run: RunId) -> Result<Option<candidate::Model>, DbErr> {
    candidate::Entity::find().filter(candidate::Column::StrategyRunId.eq(run)).one(db).await
}

impl Reader {
    /// One candidate.
    pub async fn candidate(&self, tenant: Tenant, id: CandidateId) -> Result<Candidate, LabError> {
        let row = find(self.db.conn(), tenant, id).await?;
        Ok(shown(row.ok_or_else(|| LabError::not_found("candidate", id))?)?)
    }

    /// Candidates, newest first, older than `before`; at most `limit`.
    pub async fn candidates(
        &self,
        tenant: Tenant,
        filter: &ListCandidates,
        before: Option<CandidateId>,
        limit: u64,
    ) -> Result<Vec<Candidate>, LabError> {
        use candidate::{Column, Entity};
        let mut query = Entity::find().filter(Column::TenantId.eq(tenant.id()));
        if let Some(id) = filter.tournament_id {
            query = query.filter(Column::TournamentId.eq(id));
        }
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before));
        }
        let rows = query.order_by_desc(Column::Id).limit(limit).all(self.db.conn()).await?;
        Ok(rows.into_iter().map(shown).collect::<Result<_, _>>()?)
    }
}

pub(crate) fn shown(row: candidate::Model) -> Result<Candidate, DbErr> {
    Ok(Candidate {
        candidate_id: row.id,
        display_name: row.display_name,
        source_kind: row.source_kind.parse().map_err(|_| unreadable("source kind"))?,
        tournament_id: row.tournament_id,
        strategy_generation_run_id: row.strategy_run_id,
        bids: serde_json::from_str(&row.bids).map_err(|_| unreadable("bids"))?,
        version: number("version", row.version)?,
        created_at: time(row.created_us)?,
    })
}
