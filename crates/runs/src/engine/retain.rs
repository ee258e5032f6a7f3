//! Retention: letting go of what old runs left behind, each under a receipt that says what and why.
//!
//! A run that is let go of keeps its row, its inputs, its attempts, its `metrics` and its last frames. Its other artifacts go,
//! and the bodies of its frames give way to their digests. A run stays as it is while something that stays stands on it:
//! another run, a row of a domain, or the run it belongs to. Bytes go last, and only those that nothing refers to and nobody
//! has stored again lately. What nothing names and no retention let go, an upload that was given up for instance, is
//! collected apart from that.

mod collect;
mod objects;
mod plan;
mod references;

use std::collections::BTreeSet;

use kernel::row::time;
use kernel::{Class, Fault, FieldError, RunId, Tenant};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, Statement,
};
use serde_json::json;
use wire::runs::{GoingRun, ReceiptId, Retention, RetentionRequest, StayingRun};

use self::plan::{Cutoffs, Going};
use self::references::References;
use super::{Engine, Shared};
use crate::table::artifact;

/// The artifact that every ended run keeps.
const METRICS: &str = "metrics";
const MOST_DAYS: u32 = 36_500;
const MOST_KEPT: u32 = 1_000_000;
const DAY_US: i64 = 86_400_000_000;

/// Retention that was not done, or not to its end: what was done is done, and the same request does the rest.
#[derive(Debug, thiserror::Error)]
pub enum RetainError {
    /// A field out of its bounds.
    #[error("the request is not valid: {} {}", .0.field, .0.message)]
    Invalid(FieldError),
    /// Frames could not be let go.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// Bytes could not be deleted.
    #[error(transparent)]
    Store(#[from] artifacts::StoreError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for RetainError {
    fn class(&self) -> Class {
        match self {
            Self::Invalid(_) => Class::Invalid,
            Self::Ledger(error) => error.class(),
            Self::Store(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "VALIDATION_ERROR",
            Self::Ledger(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(field) => vec![field.clone()],
            _ => Vec::new(),
        }
    }
}

impl Engine {
    /// Says which old runs can be let go of and why the others stay; lets them go where that is asked for, a run at a time.
    pub async fn retain(&self, tenant: Tenant, request: &RetentionRequest) -> Result<Retention, RetainError> {
        let shared = &self.0;
        shared.check(request)?;
        let cutoffs = Cutoffs::of(request, shared.clock.now_us());
        let plan = shared.plan(tenant, request, &cutoffs).await?;
        let (mut going, mut staying) = (Vec::new(), plan.staying);
        let ids: BTreeSet<RunId> = plan.going.iter().map(|going| going.run.id).collect();
        let mut gone = Vec::new();
        for one in plan.going {
            let frames = shared.ledger.reader().head(tenant, one.run.id).await.map_or(0, |head| head.seq);
            let mut receipt_id = None;
            if request.apply {
                match shared.retire(tenant, &one, frames, &ids, request.reason.as_deref()).await? {
                    Ok(receipt) => receipt_id = Some(receipt),
                    Err(reason) => {
                        staying.push(one.stays(reason)?);
                        continue;
                    }
                }
            }
            going.push(one.told(frames, receipt_id)?);
            gone.push(one);
        }
        let artifacts = gone.iter().flat_map(|one| &one.artifacts);
        let references = References::load(shared.db.read.conn()).await?;
        let objects = shared.unreferred(artifacts, &ids, &references).await?;
        let mut objects_left = 0;
        if request.apply {
            for object in &objects {
                let is_gone = shared.delete_unreferred(&object.digest, &ids, &references).await?;
                objects_left += u64::from(!is_gone);
            }
            for digest in shared.pending(&ids, &references).await? {
                shared.delete_unreferred(&digest, &ids, &references).await?;
            }
        }
        let (shard_results, shard_result_bytes) = match (&request.kind, cutoffs.others_us) {
            (None, Some(cutoff_us)) => shared.let_go_of_shards(tenant, cutoff_us, request).await?,
            _ => (0, 0),
        };
        Ok(Retention {
            is_applied: request.apply,
            ended_before: time(cutoffs.latest_us().unwrap_or_default())?,
            going,
            staying,
            is_cut: plan.is_cut,
            objects: objects.len() as u64,
            object_bytes: objects.iter().map(|object| object.size_bytes).sum(),
            objects_left,
            shard_results,
            shard_result_bytes,
        })
    }
}

impl Shared {
    fn check(&self, request: &RetentionRequest) -> Result<(), RetainError> {
        if request.older_than_days.is_none() && request.ages.is_empty() {
            return Err(wrong("older_than_days", "is missing, and `ages` names no kind either"));
        }
        if request.keep > MOST_KEPT {
            return Err(wrong("keep", format!("may be {MOST_KEPT} at most")));
        }
        self.check_ages(request)?;
        self.check_kind("kind", request.kind.as_deref())?;
        check_reason(request.reason.as_deref())
    }

    fn check_ages(&self, request: &RetentionRequest) -> Result<(), RetainError> {
        let too_many = || format!("may be {MOST_DAYS} at most");
        if request.older_than_days.is_some_and(|days| days > MOST_DAYS) {
            return Err(wrong("older_than_days", too_many()));
        }
        let mut named = BTreeSet::new();
        for (at, age) in request.ages.iter().enumerate() {
            let field = |name: &str| format!("ages.{at}.{name}");
            self.check_kind(&field("kind"), Some(&age.kind))?;
            if !named.insert(&age.kind) {
                return Err(wrong(&field("kind"), format!("`{}` has an age already", age.kind)));
            }
            if age.older_than_days > MOST_DAYS {
                return Err(wrong(&field("older_than_days"), too_many()));
            }
        }
        Ok(())
    }

    fn check_kind(&self, field: &str, kind: Option<&str>) -> Result<(), RetainError> {
        let known = self.kind_names();
        let Some(kind) = kind.filter(|kind| !known.contains(kind)) else { return Ok(()) };
        Err(wrong(field, format!("`{kind}` is not one of {}", known.join(", "))))
    }

    /// Lets go of one run in one transaction; the inner error says why it stays after all.
    async fn retire(
        &self,
        tenant: Tenant,
        one: &Going,
        frames: u64,
        going: &BTreeSet<RunId>,
        reason: Option<&str>,
    ) -> Result<Result<ReceiptId, String>, RetainError> {
        let run = one.run.id;
        let receipt = ReceiptId::new(&*self.clock);
        let artifacts: Vec<_> = one
            .artifacts
            .iter()
            .map(|one| json!({"name": one.name, "digest": one.digest, "size_bytes": one.size_bytes}))
            .collect();
        let removed = json!({"run_id": run, "artifacts": artifacts, "frames_before": frames}).to_string();
        let reason = reason.unwrap_or("ended long enough ago");
        let written = self.db.write.write("retire run", async |tx| {
            // Somebody may have submitted a run on it since.
            if let Some(dependant) = plan::dependant(tx, one, going).await? {
                return Ok(Err(format!("is an input of run {dependant}")));
            }
            receipt_in(tx, tenant, receipt, (reason, &removed), self.clock.now_us()).await?;
            let subject = || run.0.as_bytes().to_vec();
            for (kind, subject) in [("run", subject()), ("frames", subject())] {
                release_in(tx, receipt, kind, subject).await?;
            }
            for artifact in &one.artifacts {
                release_in(tx, receipt, "artifact", artifact.digest.as_bytes().to_vec()).await?;
            }
            let others = artifact::Entity::delete_many()
                .filter(artifact::Column::RunId.eq(run))
                .filter(artifact::Column::Name.ne(METRICS));
            others.exec(tx).await?;
            // The last block stays: it says how the run ended.
            match self.ledger.prune_in(tx, run, 1..=frames.saturating_sub(1)).await {
                // The record of a run that was given up as damaged is never closed, and stays.
                Ok(_) | Err(ledger::Error::Open { .. } | ledger::Error::UnknownRun { .. }) => Ok(Ok(receipt)),
                Err(error) => Err(RetainError::from(error)),
            }
        });
        match written.await {
            Err(RetainError::Ledger(error @ ledger::Error::Damaged { .. })) => Ok(Err(error.to_string())),
            other => other,
        }
    }
}

fn wrong(field: &str, what: impl Into<String>) -> RetainError {
    RetainError::Invalid(FieldError::new(field, what.into()))
}

fn check_reason(reason: Option<&str>) -> Result<(), RetainError> {
    match reason.map(|reason| reason.trim().chars().count()) {
        Some(length) if !(1..=500).contains(&length) => {
            Err(wrong("reason", "must be a text of 1 to 500 characters"))
        }
        _ => Ok(()),
    }
}

impl Going {
    fn stays(&self, reason: String) -> Result<StayingRun, DbErr> {
        plan::staying(&self.run, reason)
    }

    fn told(&self, frames: u64, receipt_id: Option<ReceiptId>) -> Result<GoingRun, DbErr> {
        let run = &self.run;
        Ok(GoingRun {
            run_id: run.id,
            kind: run.kind.clone(),
            title: run.title.clone(),
            ended_at: run.ended_at.ok_or_else(|| kernel::row::unreadable("end of a run"))?,
            artifacts: self.artifacts.len() as u64,
            artifact_bytes: self.artifacts.iter().map(|artifact| artifact.size_bytes).sum(),
            frames,
            receipt_id,
        })
    }
}

async fn receipt_in(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    receipt: ReceiptId,
    (reason, removed): (&str, &str),
    now_us: i64,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO retention_receipt (id, tenant_id, reason, removed, created_us) VALUES ($1, $2, $3, $4, $5)";
    let values = [receipt.into(), tenant.id().into(), reason.into(), removed.into(), now_us.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.map(drop)
}

/// Names something in a receipt, if no earlier one names it: the first stands for ever.
async fn release_in(
    tx: &DatabaseTransaction,
    receipt: ReceiptId,
    kind: &str,
    subject: Vec<u8>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO retention_release (receipt_id, kind, subject) SELECT $1, $2, $3
        WHERE NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = $4 AND subject = $5)";
    let values = [receipt.into(), kind.into(), subject.clone().into(), kind.into(), subject.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.map(drop)
}
