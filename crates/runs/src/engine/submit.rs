//! Submitting a run: its row, its inputs, its place in the ledger and the kind's own rows in one transaction.

use frames::Body;
use kernel::{Digest, RunId, Seed, Tenant, canonical_json};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, Set, SqlErr,
};

use super::Engine;
use crate::error::SubmitError;
use crate::kind::RunKind;
use crate::run::Input;
use crate::state::RunState;
use crate::table::{input, run};

/// A run to be submitted.
#[derive(Debug, Clone)]
pub struct Submit<S> {
    /// The pinned spec.
    pub spec: S,
    /// The seed of all its randomness.
    pub seed: Seed,
    /// What a person calls it.
    pub title: String,
    /// The conversation it joins; its own when `None`.
    pub conversation_id: Option<String>,
    /// The failed run it repeats.
    pub retry_of: Option<RunId>,
    /// What it is given.
    pub inputs: Vec<Input>,
    /// At most one active run of the tenant may hold a key.
    pub exclusive_key: Option<String>,
    /// A second submit of the same request under this key returns the first run.
    pub idempotency_key: Option<String>,
}

impl<S> Submit<S> {
    /// A run of this spec without inputs, keys or company.
    pub fn new(title: impl Into<String>, seed: Seed, spec: S) -> Self {
        Self {
            spec,
            seed,
            title: title.into(),
            conversation_id: None,
            retry_of: None,
            inputs: Vec::new(),
            exclusive_key: None,
            idempotency_key: None,
        }
    }
}

impl Engine {
    /// Submits a run; it is queued and durable when this returns.
    pub async fn submit<K: RunKind>(
        &self,
        tenant: Tenant,
        submit: Submit<K::Spec>,
    ) -> Result<RunId, SubmitError> {
        let shared = &self.0;
        if shared.closing.is_cancelled() {
            return Err(SubmitError::ShuttingDown);
        }
        let spec = canonical_json(&submit.spec)?;
        let spec_digest = Digest::of(&spec);
        let kind = &shared.kinds[K::NAME];
        let id = RunId::new(&*shared.clock);
        let row = self.row::<K>(tenant, id, &submit, spec.clone(), spec_digest);
        let written = shared
            .db
            .write
            .write("submit run", async |tx| {
                if let Some(earlier) = earlier(tx, tenant, submit.idempotency_key.as_ref()).await? {
                    return same_request(&earlier, K::NAME, spec_digest);
                }
                if let Some(holder) = holder(tx, tenant, submit.exclusive_key.as_ref()).await? {
                    return Err(SubmitError::Exclusive { holder });
                }
                row.clone().insert(tx).await?;
                insert_inputs(tx, id, &submit.inputs).await?;
                shared.ledger.open_in(tx, tenant, id).await?;
                kind.prepare(tx, tenant, id, &spec).await?;
                Ok(id)
            })
            .await;
        let id = match written {
            Err(SubmitError::Db(error)) if is_unique_violation(&error) => {
                self.lost_race::<K>(tenant, &submit, spec_digest, error).await?
            }
            other => other?,
        };
        shared.queued.notify_one();
        Ok(id)
    }

    fn row<K: RunKind>(
        &self,
        tenant: Tenant,
        id: RunId,
        submit: &Submit<K::Spec>,
        spec: String,
        spec_digest: Digest,
    ) -> run::ActiveModel {
        let kind = &self.0.kinds[K::NAME];
        let now_us = self.0.clock.now_us();
        let int = |n: u32| i32::try_from(n).expect("versions and attempts are small");
        run::ActiveModel {
            id: Set(id),
            tenant_id: Set(tenant.id()),
            kind: Set(K::NAME.to_owned()),
            kind_version: Set(int(kind.version())),
            title: Set(submit.title.clone()),
            state: Set(RunState::Queued.as_str().to_owned()),
            spec: Set(spec),
            spec_digest: Set(spec_digest.as_bytes().to_vec()),
            seed: Set(submit.seed.0.cast_signed()),
            conversation_id: Set(submit.conversation_id.clone().unwrap_or_else(|| id.to_string())),
            retry_of: Set(submit.retry_of),
            exclusive_key: Set(submit.exclusive_key.clone()),
            idempotency_key: Set(submit.idempotency_key.clone()),
            attempt: Set(0),
            max_attempts: Set(int(kind.max_attempts())),
            fence: Set(0),
            not_before_us: Set(now_us),
            is_dead_letter: Set(false),
            created_us: Set(now_us),
            ..Default::default()
        }
    }

    /// PostgreSQL lets two submits pass their look-ups at once; the unique index stops the second, which then sees
    /// the first.
    async fn lost_race<K: RunKind>(
        &self,
        tenant: Tenant,
        submit: &Submit<K::Spec>,
        spec_digest: Digest,
        error: DbErr,
    ) -> Result<RunId, SubmitError> {
        let seen = self
            .0
            .db
            .write
            .write("look at the winner of a race", async |tx| {
                if let Some(earlier) = earlier(tx, tenant, submit.idempotency_key.as_ref()).await? {
                    return same_request(&earlier, K::NAME, spec_digest).map(Some);
                }
                match holder(tx, tenant, submit.exclusive_key.as_ref()).await? {
                    Some(holder) => Err(SubmitError::Exclusive { holder }),
                    None => Ok(None),
                }
            })
            .await?;
        seen.ok_or(SubmitError::Db(error))
    }
}

async fn earlier(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    key: Option<&String>,
) -> Result<Option<run::Model>, DbErr> {
    let Some(key) = key else { return Ok(None) };
    run::Entity::find()
        .filter(run::Column::TenantId.eq(tenant.id()))
        .filter(run::Column::IdempotencyKey.eq(key))
        .one(tx)
        .await
}

fn same_request(earlier: &run::Model, kind: &str, spec_digest: Digest) -> Result<RunId, SubmitError> {
    if earlier.kind == kind && earlier.spec_digest == spec_digest.as_bytes() {
        Ok(earlier.id)
    } else {
        Err(SubmitError::KeyReused { earlier: earlier.id })
    }
}

async fn holder(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    key: Option<&String>,
) -> Result<Option<RunId>, DbErr> {
    let Some(key) = key else { return Ok(None) };
    let active = [RunState::Queued.as_str(), RunState::Running.as_str()];
    let row = run::Entity::find()
        .filter(run::Column::TenantId.eq(tenant.id()))
        .filter(run::Column::ExclusiveKey.eq(key))
        .filter(run::Column::State.is_in(active))
        .one(tx)
        .await?;
    Ok(row.map(|row| row.id))
}

async fn insert_inputs(tx: &DatabaseTransaction, run_id: RunId, inputs: &[Input]) -> Result<(), DbErr> {
    let rows = inputs.iter().map(|given| input::ActiveModel {
        run_id: Set(run_id),
        role: Set(given.role.clone()),
        source: Set(given.source.as_str().to_owned()),
        source_id: Set(given.source_id.clone()),
        digest: Set(given.digest.as_bytes().to_vec()),
    });
    for row in rows {
        row.insert(tx).await?;
    }
    Ok(())
}

fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// The first frame of every run.
pub(super) fn opening(run: &crate::run::Run, inputs: &[Input]) -> Body {
    Body::RunOpened(frames::RunOpened {
        run_id: run.id.to_string(),
        run_kind: run.kind.clone(),
        run_kind_version: run.kind_version,
        seed: run.seed.0,
        spec_digest: run.spec_digest.to_string(),
        title: Some(run.title.clone()),
        inputs: inputs
            .iter()
            .map(|input| frames::RunInput {
                role: input.role.clone(),
                id: input.source_id.clone(),
                digest: input.digest.to_string(),
            })
            .collect(),
    })
}
