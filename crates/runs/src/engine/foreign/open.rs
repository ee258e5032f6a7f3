//! How a run of others begins: its row, its inputs, its ledger and its one attempt, in one transaction.

use frames::LedgerId;
use kernel::{ConversationId, Digest, RunId, Tenant};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, Set};

use super::{Error, Held, Opening, Runs};
use crate::conversation;
use crate::engine::claim::insert_attempt;
use crate::engine::submit::insert_inputs;
use crate::state::{Event, RunState};
use crate::table::run;

/// How long whoever writes a run of others holds it: three thousand years, which no clock is wrong by. The table demands a
/// lease of every running run; this one never runs out by itself.
const HOLD_US: i64 = 100_000_000_000_000_000;

/// What a person calls a run is no longer.
const MAX_TITLE: usize = 200;

impl Runs {
    /// Opens a run of others. It is running, and whoever gets the answer holds it.
    ///
    /// # Errors
    ///
    /// Fails if there is no such conversation.
    pub async fn open_in(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        opening: &Opening,
    ) -> Result<Held, Error> {
        let id = RunId::new(&*self.0.clock);
        self.open_as_in(tx, tenant, (id, LedgerId::from(id)), opening).await
    }

    /// Opens a run of others under an id, whose ledger keeps the id it had elsewhere.
    ///
    /// # Errors
    ///
    /// Fails if there is no such conversation.
    pub async fn open_as_in(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        (id, ledger): (RunId, LedgerId),
        opening: &Opening,
    ) -> Result<Held, Error> {
        let shared = &self.0;
        let conversation = self.conversation_in(tx, tenant, opening).await?;
        let row = self.row(tenant, id, conversation, opening).insert(tx).await?;
        insert_inputs(tx, id, &opening.inputs).await?;
        shared.ledger.open_as_in(tx, tenant, id, ledger).await?;
        let now_us = row.created_us;
        let mut row = run::ActiveModel::from(row);
        row.state = Set(RunState::Queued.next(Event::Claim)?.as_str().to_owned());
        row.fence = Set(1);
        row.attempt = Set(1);
        row.lease_owner = Set(Some(opening.holder.clone()));
        row.lease_us = Set(Some(HOLD_US));
        row.lease_until_us = Set(Some(now_us.saturating_add(HOLD_US)));
        row.started_us = Set(Some(now_us));
        let row = row.update(tx).await?;
        insert_attempt(tx, &row, &opening.holder, now_us).await?;
        let head = shared.ledger.fence_in(tx, id, row.fence).await?;
        Ok(Held { run: id, fence: row.fence, head })
    }

    async fn conversation_in(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        opening: &Opening,
    ) -> Result<ConversationId, Error> {
        match opening.conversation_id {
            Some(id) => conversation::find(tx, tenant, id)
                .await?
                .map(|found| found.conversation_id)
                .ok_or(Error::UnknownConversation(id)),
            None => Ok(conversation::open_in(tx, &*self.0.clock, tenant, &title(opening)).await?.id),
        }
    }

    fn row(
        &self,
        tenant: Tenant,
        id: RunId,
        conversation: ConversationId,
        opening: &Opening,
    ) -> run::ActiveModel {
        let (now_us, program) = (self.0.clock.now_us(), &self.0.config.program);
        run::ActiveModel {
            id: Set(id),
            tenant_id: Set(tenant.id()),
            scopes: Set(tenant.scopes().bits()),
            kind: Set(opening.kind.as_str().to_owned()),
            kind_version: Set(1),
            title: Set(title(opening)),
            state: Set(RunState::Queued.as_str().to_owned()),
            spec: Set(opening.spec.clone()),
            spec_digest: Set(Digest::of(&opening.spec).as_bytes().to_vec()),
            seed: Set(0),
            program_version: Set(program.version.clone()),
            program_commit: Set(program.commit.clone()),
            conversation_id: Set(conversation),
            root_run_id: Set(id),
            priority: Set(0),
            max_attempts: Set(1),
            not_before_us: Set(now_us),
            created_us: Set(now_us),
            ..Default::default()
        }
    }
}

/// What is said of a run of others, which may say nothing or very much of itself.
fn title(opening: &Opening) -> String {
    let title: String = opening.title.trim().chars().take(MAX_TITLE).collect();
    if title.is_empty() { opening.kind.as_str().to_owned() } else { title }
}
