//! Which old runs can go, and why the others stay.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{RunId, Tenant};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use wire::runs::{InputSource, RetentionRequest, StayingRun};

use super::{DAY_US, METRICS};
use crate::engine::Shared;
use crate::query::is_retired_in;
use crate::run::{Artifact, Run};
use crate::table::{artifact, input, run};

/// Runs that one request looks at.
const MOST_RUNS: u64 = 1000;
/// Values of one question to the database.
const VALUES: usize = 500;

/// A run that can go, with the artifacts that go with it.
pub(super) struct Going {
    pub(super) run: Run,
    pub(super) artifacts: Vec<Artifact>,
}

/// What can go and what stays.
pub(super) struct Plan {
    pub(super) going: Vec<Going>,
    pub(super) staying: Vec<StayingRun>,
    pub(super) is_cut: bool,
}

/// Before when runs must have ended: those of some kinds, and those of the others.
pub(super) struct Cutoffs {
    kinds: BTreeMap<String, i64>,
    /// Nothing where the other kinds stay.
    pub(super) others_us: Option<i64>,
}

impl Cutoffs {
    pub(super) fn of(request: &RetentionRequest, now_us: i64) -> Self {
        let before = |days: u32| now_us - i64::from(days) * DAY_US;
        let kinds = request.ages.iter().map(|age| (age.kind.clone(), before(age.older_than_days)));
        Self { kinds: kinds.collect(), others_us: request.older_than_days.map(before) }
    }

    /// The latest of them.
    pub(super) fn latest_us(&self) -> Option<i64> {
        self.kinds.values().copied().chain(self.others_us).max()
    }

    fn condition(&self) -> Condition {
        use run::Column;
        let both = |kinds: Expr, before: i64| Condition::all().add(kinds).add(Column::EndedUs.lt(before));
        let of_kind = |(kind, before): (&String, &i64)| both(Column::Kind.eq(kind), *before);
        let named = self.kinds.iter().map(of_kind).fold(Condition::any(), Condition::add);
        match self.others_us {
            Some(before) => named.add(both(Column::Kind.is_not_in(self.kinds.keys().cloned()), before)),
            None => named,
        }
    }
}

impl Shared {
    pub(super) async fn plan(
        &self,
        tenant: Tenant,
        request: &RetentionRequest,
        cutoffs: &Cutoffs,
    ) -> Result<Plan, DbErr> {
        let mut old = self.old(tenant, request, cutoffs).await?;
        let is_cut = old.len() as u64 > MOST_RUNS;
        old.truncate(usize::try_from(MOST_RUNS).expect("a small number"));
        let held = self.held(tenant, &old).await?;
        let newest = self.newest(tenant, request.keep, &old).await?;
        let (mut going, mut staying) = (BTreeMap::new(), Vec::new());
        for run in old {
            let is_newest = newest.get(&run.kind).is_some_and(|first| run.id >= *first);
            if is_newest {
                staying
                    .push(self::staying(&run, format!("is among the newest {} of its kind", request.keep))?);
            } else if let Some(what) = held.get(&run.id) {
                staying.push(self::staying(&run, what.clone())?);
            } else {
                let artifacts = self.artifacts_that_go(run.id).await?;
                going.insert(run.id, Going { run, artifacts });
            }
        }
        self.keep_what_is_stood_on(&mut going, &mut staying).await?;
        staying.sort_by_key(|one| (one.ended_at, one.run_id));
        let mut going: Vec<Going> = going.into_values().collect();
        going.sort_by_key(|one| (one.run.ended_at, one.run.id));
        Ok(Plan { going, staying, is_cut })
    }

    /// Runs that have ended before, the oldest first, and were not let go of; one more than are looked at.
    async fn old(
        &self,
        tenant: Tenant,
        request: &RetentionRequest,
        cutoffs: &Cutoffs,
    ) -> Result<Vec<Run>, DbErr> {
        use run::{Column, Entity};
        let mut query = Entity::find().filter(Column::TenantId.eq(tenant.id())).filter(cutoffs.condition());
        if let Some(kind) = &request.kind {
            query = query.filter(Column::Kind.eq(kind));
        }
        let subject = if self.db.read.backend() == sea_orm::DatabaseBackend::Postgres {
            "uuid_send(\"run\".\"id\")"
        } else {
            "\"run\".\"id\""
        };
        let is_whole = format!(
            "NOT EXISTS (SELECT 1 FROM retention_release WHERE retention_release.kind = 'run' AND subject = {subject})"
        );
        let query = query.filter(Expr::cust(is_whole));
        let rows = query.order_by_asc(Column::EndedUs).order_by_asc(Column::Id).limit(MOST_RUNS + 1);
        rows.all(self.db.read.conn()).await?.into_iter().map(Run::try_from).collect()
    }

    /// What the kinds hold, by run.
    async fn held(&self, tenant: Tenant, old: &[Run]) -> Result<BTreeMap<RunId, String>, DbErr> {
        let kinds: BTreeSet<&str> = old.iter().map(|run| run.kind.as_str()).collect();
        let mut held = BTreeMap::new();
        for kind in kinds {
            if let Some(kind) = self.kinds.get(kind) {
                held.extend(kind.held(&self.db.read, tenant).await?);
            }
        }
        Ok(held)
    }

    /// By kind: the first of the newest that are kept.
    async fn newest(&self, tenant: Tenant, keep: u32, old: &[Run]) -> Result<BTreeMap<String, RunId>, DbErr> {
        use run::{Column, Entity};
        let kinds: BTreeSet<&String> = old.iter().map(|run| &run.kind).collect();
        let mut newest = BTreeMap::new();
        for kind in kinds {
            let Some(behind) = u64::from(keep).checked_sub(1) else { break };
            let ended = Entity::find()
                .filter(Column::TenantId.eq(tenant.id()))
                .filter(Column::Kind.eq(kind))
                .filter(Column::EndedUs.is_not_null());
            // Fewer than that many: all of them are kept.
            let ids = ended.select_only().column(Column::Id).order_by_desc(Column::Id).limit(behind + 1);
            let ids: Vec<RunId> = ids.into_tuple().all(self.db.read.conn()).await?;
            newest.extend(ids.last().map(|first| (kind.clone(), *first)));
        }
        Ok(newest)
    }

    async fn artifacts_that_go(&self, run: RunId) -> Result<Vec<Artifact>, DbErr> {
        let query = crate::query::artifact_rows(run).filter(artifact::Column::Name.ne(METRICS));
        query.all(self.db.read.conn()).await?.into_iter().map(Artifact::try_from).collect()
    }

    /// A run stays with whatever stands on it, and with the run it belongs to, as far as that goes.
    async fn keep_what_is_stood_on(
        &self,
        going: &mut BTreeMap<RunId, Going>,
        staying: &mut Vec<StayingRun>,
    ) -> Result<(), DbErr> {
        loop {
            let ids: BTreeSet<RunId> = going.keys().copied().collect();
            let mut kept = BTreeMap::new();
            for (id, one) in going.iter() {
                if let Some(dependant) = dependant(self.db.read.conn(), one, &ids).await? {
                    kept.insert(*id, format!("is an input of run {dependant}"));
                } else if let Some(parent) = one.run.parent_run_id.filter(|parent| !ids.contains(parent))
                    && !is_retired_in(self.db.read.conn(), parent).await?
                {
                    kept.insert(*id, format!("belongs to run {parent}, which stays"));
                }
            }
            if kept.is_empty() {
                return Ok(());
            }
            for (id, reason) in kept {
                if let Some(one) = going.remove(&id) {
                    staying.push(self::staying(&one.run, reason)?);
                }
            }
        }
    }
}

pub(super) fn staying(run: &Run, reason: String) -> Result<StayingRun, DbErr> {
    Ok(StayingRun {
        run_id: run.id,
        kind: run.kind.clone(),
        title: run.title.clone(),
        ended_at: run.ended_at.ok_or_else(|| kernel::row::unreadable("end of a run"))?,
        reason,
    })
}

/// A run that stands on this one, is not itself going, and was not let go of before.
pub(super) async fn dependant(
    conn: &impl ConnectionTrait,
    one: &Going,
    going: &BTreeSet<RunId>,
) -> Result<Option<RunId>, DbErr> {
    use input::{Column, Entity};
    let source = |source: InputSource, ids: Vec<String>| {
        Condition::all().add(Column::Source.eq(source.as_str())).add(Column::SourceId.is_in(ids))
    };
    let artifacts: Vec<String> = one.artifacts.iter().map(|artifact| artifact.id.to_string()).collect();
    for ids in artifacts.chunks(VALUES).map(<[String]>::to_vec).chain([Vec::new()]) {
        let either = Condition::any()
            .add(source(InputSource::Artifact, ids))
            .add(source(InputSource::Run, vec![one.run.id.to_string()]));
        let query =
            Entity::find().filter(either).select_only().column(Column::RunId).order_by_asc(Column::RunId);
        let found: Vec<RunId> = query.into_tuple().all(conn).await?;
        for run in found.into_iter().filter(|run| !going.contains(run)) {
            if !is_retired_in(conn, run).await? {
                return Ok(Some(run));
            }
        }
    }
    Ok(None)
}
