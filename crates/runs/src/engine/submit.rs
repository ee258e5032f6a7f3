//! Submitting a run: its row, its inputs, its place in the ledger and the kind's own rows in one transaction.

use std::collections::BTreeMap;

use frames::Body;
use kernel::{ConversationId, Digest, RunId, Seed, Tenant, canonical_json};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, Set, SqlErr,
};

use super::family::{ACTIVE, is_active};
use super::{Engine, Shared};
use crate::conversation;
use crate::error::SubmitError;
use crate::kind::{AnyKind, RunKind};
use crate::run::{Input, Run};
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
    /// The conversation it joins. Without one: its parent's, or a new one.
    pub conversation_id: Option<ConversationId>,
    /// The run that starts it.
    pub parent: Option<RunId>,
    /// The ended run it repeats.
    pub retry_of: Option<RunId>,
    /// What it is given.
    pub inputs: Vec<Input>,
    /// Higher ones are taken first, -100 to 100.
    pub priority: i32,
    /// At most one active run of the tenant may hold a key: another submit under it is refused.
    pub exclusive_key: Option<String>,
    /// At most one active run of the tenant may hold a key: another submit under it returns that run.
    pub dedup_key: Option<String>,
    /// A second submit of the same request under this key returns the first run, for ever.
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
            parent: None,
            retry_of: None,
            inputs: Vec::new(),
            priority: 0,
            exclusive_key: None,
            dedup_key: None,
            idempotency_key: None,
        }
    }
}

/// A submission with its types erased: the spec is canonical JSON.
struct Order<'a> {
    kind_name: &'a str,
    kind: &'a dyn AnyKind,
    id: RunId,
    tenant: Tenant,
    spec_digest: Digest,
    submit: Submit<String>,
}

impl Engine {
    /// Submits a run; it is queued and durable when this returns.
    pub async fn submit<K: RunKind>(
        &self,
        tenant: Tenant,
        submit: Submit<K::Spec>,
    ) -> Result<RunId, SubmitError> {
        let spec = canonical_json(&submit.spec)?;
        self.order(K::NAME, tenant, submit.with_spec(spec)).await
    }

    /// Submits the spec of an ended run once more.
    pub(super) async fn submit_again(
        &self,
        tenant: Tenant,
        old: &Run,
        inputs: Vec<Input>,
    ) -> Result<RunId, SubmitError> {
        let submit = Submit {
            conversation_id: Some(old.conversation_id),
            retry_of: Some(old.id),
            inputs,
            priority: old.priority,
            ..Submit::new(old.title.clone(), old.seed, old.spec.clone())
        };
        self.submit_as(old, tenant, submit).await
    }

    /// Submits a spec of the kind of another run.
    pub(crate) async fn submit_as(
        &self,
        other: &Run,
        tenant: Tenant,
        submit: Submit<String>,
    ) -> Result<RunId, SubmitError> {
        self.order(&other.kind, tenant, submit).await
    }

    async fn order(
        &self,
        kind_name: &str,
        tenant: Tenant,
        submit: Submit<String>,
    ) -> Result<RunId, SubmitError> {
        let shared = &self.0;
        // What a run starts is handed to the next process with it.
        if shared.closing.is_cancelled() && submit.parent.is_none() {
            return Err(SubmitError::ShuttingDown);
        }
        let kind =
            shared.kinds.get(kind_name).ok_or_else(|| SubmitError::UnknownKind(kind_name.to_owned()))?;
        let id = RunId::new(&*shared.clock);
        let spec_digest = Digest::of(&submit.spec);
        let order = Order { kind_name, kind: kind.as_ref(), id, tenant, spec_digest, submit };
        let written =
            shared.db.write.write("submit run", async |tx| shared.submit_in(tx, &order).await).await;
        let id = match written {
            Err(SubmitError::Db(error)) if is_unique_violation(&error) => {
                shared.lost_race(&order, error).await?
            }
            other => other?,
        };
        shared.queued.notify_one();
        Ok(id)
    }
}

impl<S> Submit<S> {
    fn with_spec(self, spec: String) -> Submit<String> {
        Submit {
            spec,
            seed: self.seed,
            title: self.title,
            conversation_id: self.conversation_id,
            parent: self.parent,
            retry_of: self.retry_of,
            inputs: self.inputs,
            priority: self.priority,
            exclusive_key: self.exclusive_key,
            dedup_key: self.dedup_key,
            idempotency_key: self.idempotency_key,
        }
    }
}

/// What a run inherits.
struct Origin {
    conversation: ConversationId,
    root: RunId,
}

impl Shared {
    async fn submit_in(&self, tx: &DatabaseTransaction, order: &Order<'_>) -> Result<RunId, SubmitError> {
        if let Some(known) = known(tx, order).await? {
            return Ok(known);
        }
        if order.submit.parent.is_none() {
            self.has_room(tx, order.tenant).await?;
        }
        let origin = self.origin(tx, order).await?;
        self.row(order, &origin).insert(tx).await?;
        insert_inputs(tx, order.id, &order.submit.inputs).await?;
        self.ledger.open_in(tx, order.tenant, order.id).await?;
        order.kind.prepare(tx, order.tenant, order.id, &order.submit.spec).await?;
        Ok(order.id)
    }

    /// Whether the tenant may have one more active run. Dead letters wait for a person, who may take any time for it.
    async fn has_room(&self, tx: &DatabaseTransaction, tenant: Tenant) -> Result<(), SubmitError> {
        let limit = self.config.max_open_runs;
        let open = run::Entity::find()
            .filter(run::Column::TenantId.eq(tenant.id()))
            .filter(run::Column::State.is_in(ACTIVE))
            .filter(run::Column::ParentRunId.is_null())
            .filter(run::Column::IsDeadLetter.eq(false));
        if open.count(tx).await? < limit { Ok(()) } else { Err(SubmitError::TooManyOpen { limit }) }
    }

    /// PostgreSQL lets two submits pass their look-ups at once; the unique index stops the second, which then sees
    /// the first.
    async fn lost_race(&self, order: &Order<'_>, error: DbErr) -> Result<RunId, SubmitError> {
        let seen =
            self.db.write.write("look at the winner of a race", async |tx| known(tx, order).await).await?;
        seen.ok_or(SubmitError::Db(error))
    }

    async fn origin(&self, tx: &DatabaseTransaction, order: &Order<'_>) -> Result<Origin, SubmitError> {
        let parent = match order.submit.parent {
            Some(id) => Some(self.parent(tx, order.tenant, id).await?),
            None => None,
        };
        let conversation = match (order.submit.conversation_id, &parent) {
            (Some(id), _) => {
                conversation::find(tx, order.tenant, id)
                    .await?
                    .ok_or(SubmitError::UnknownConversation(id))?
                    .conversation_id
            }
            (None, Some(parent)) => parent.conversation_id,
            (None, None) => {
                conversation::open_in(tx, &*self.clock, order.tenant, &order.submit.title).await?.id
            }
        };
        let root = parent.map_or(order.id, |parent| parent.root_run_id);
        Ok(Origin { conversation, root })
    }

    /// A run that has ended, or is to stop, starts nothing.
    async fn parent(&self, tx: &DatabaseTransaction, tenant: Tenant, id: RunId) -> Result<Run, SubmitError> {
        let row = run::Entity::find_by_id(id)
            .filter(run::Column::TenantId.eq(tenant.id()))
            .lock_exclusive()
            .one(tx)
            .await?;
        let parent = Run::try_from(row.ok_or(SubmitError::ParentEnded(id))?)?;
        if is_active(parent.state) && parent.cancel_requested_at.is_none() {
            Ok(parent)
        } else {
            Err(SubmitError::ParentEnded(id))
        }
    }

    fn row(&self, order: &Order<'_>, origin: &Origin) -> run::ActiveModel {
        let Order { kind_name, kind, id, tenant, spec_digest, submit } = order;
        let now_us = self.clock.now_us();
        let int = |n: u32| i32::try_from(n).expect("versions and attempts are small");
        let program = &self.config.program;
        run::ActiveModel {
            id: Set(*id),
            tenant_id: Set(tenant.id()),
            scopes: Set(tenant.scopes().bits()),
            kind: Set((*kind_name).to_owned()),
            kind_version: Set(int(kind.version())),
            title: Set(submit.title.clone()),
            state: Set(RunState::Queued.as_str().to_owned()),
            spec: Set(submit.spec.clone()),
            spec_digest: Set(spec_digest.as_bytes().to_vec()),
            seed: Set(submit.seed.0.cast_signed()),
            program_version: Set(program.version.clone()),
            program_commit: Set(program.commit.clone()),
            conversation_id: Set(origin.conversation),
            parent_run_id: Set(submit.parent),
            root_run_id: Set(origin.root),
            retry_of: Set(submit.retry_of),
            priority: Set(submit.priority.clamp(-100, 100)),
            exclusive_key: Set(submit.exclusive_key.clone()),
            dedup_key: Set(submit.dedup_key.clone()),
            idempotency_key: Set(submit.idempotency_key.clone()),
            max_attempts: Set(int(kind.max_attempts())),
            not_before_us: Set(now_us),
            created_us: Set(now_us),
            ..Default::default()
        }
    }
}

/// The run that stands for this submission already, or the refusal of a key that is taken.
async fn known(tx: &DatabaseTransaction, order: &Order<'_>) -> Result<Option<RunId>, SubmitError> {
    let of_tenant = || run::Entity::find().filter(run::Column::TenantId.eq(order.tenant.id()));
    if let Some(key) = &order.submit.idempotency_key {
        let earlier = of_tenant().filter(run::Column::IdempotencyKey.eq(key)).one(tx).await?;
        if let Some(earlier) = earlier {
            return same_request(&earlier, order).map(Some);
        }
    }
    if let Some(key) = &order.submit.dedup_key {
        let active = run::Column::State.is_in(ACTIVE);
        let twin = of_tenant().filter(run::Column::DedupKey.eq(key)).filter(active).one(tx).await?;
        if let Some(twin) = twin {
            return same_request(&twin, order).map(Some);
        }
    }
    if let Some(key) = &order.submit.exclusive_key {
        let active = run::Column::State.is_in(ACTIVE);
        let holder = of_tenant().filter(run::Column::ExclusiveKey.eq(key)).filter(active).one(tx).await?;
        if let Some(holder) = holder {
            return Err(SubmitError::Exclusive { holder: holder.id });
        }
    }
    Ok(None)
}

fn same_request(earlier: &run::Model, order: &Order<'_>) -> Result<RunId, SubmitError> {
    if earlier.kind == order.kind_name && earlier.spec_digest == order.spec_digest.as_bytes() {
        Ok(earlier.id)
    } else {
        Err(SubmitError::KeyReused { earlier: earlier.id })
    }
}

/// Inputs of one role keep the order they were given in.
pub(super) async fn insert_inputs(
    tx: &DatabaseTransaction,
    run_id: RunId,
    inputs: &[Input],
) -> Result<(), DbErr> {
    let mut next: BTreeMap<&str, i32> = BTreeMap::new();
    let mut rows = Vec::with_capacity(inputs.len());
    for given in inputs {
        let ordinal = next.entry(&given.role).or_default();
        rows.push(input::ActiveModel {
            run_id: Set(run_id),
            role: Set(given.role.clone()),
            ordinal: Set(*ordinal),
            source: Set(given.source.as_str().to_owned()),
            source_id: Set(given.source_id.clone()),
            digest: Set(given.digest.as_bytes().to_vec()),
        });
        *ordinal += 1;
    }
    for chunk in rows.chunks(kernel::chunk_rows(6)) {
        input::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// The first frame of every run.
pub(super) fn opening(run: &Run, inputs: &[Input]) -> Body {
    Body::RunOpened(frames::RunOpened {
        run_id: run.id.to_string(),
        run_kind: run.kind.clone(),
        run_kind_version: run.kind_version,
        seed: run.seed.0,
        spec_digest: run.spec_digest.to_string(),
        title: Some(run.title.clone()),
        parent_run_id: run.parent_run_id.map(|parent| parent.to_string()),
        program: Some(run.program.to_string()),
        inputs: inputs
            .iter()
            .map(|input| frames::RunInput {
                role: input.role.clone(),
                source: Some(input.source.as_str().to_owned()),
                id: input.source_id.clone(),
                digest: input.digest.to_string(),
            })
            .collect(),
        request_digest: Some(run.request_digest().to_string()),
    })
}
