//! Bytes that nothing refers to any more, and stored results of pieces of work that nobody uses.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use kernel::{Digest, RunId, Tenant};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};
use serde_json::json;
use wire::runs::{ReceiptId, RetentionRequest};

use super::references::References;
use super::{METRICS, RetainError, receipt_in, release_in};
use crate::engine::Shared;
use crate::engine::family::ACTIVE;
use crate::engine::foreign::Kind;
use crate::run::Artifact;
use crate::table::{artifact, input, run, shard_result};

/// Bytes in the store.
pub(super) struct Object {
    pub(super) digest: Digest,
    pub(super) size_bytes: u64,
}

/// Stored results of one receipt.
pub(super) const SHARDS: u64 = 500;

impl Shared {
    /// The bytes of these artifacts that nothing refers to once the artifacts of `going` are gone.
    pub(super) async fn unreferred<'a>(
        &self,
        artifacts: impl Iterator<Item = &'a Artifact>,
        going: &BTreeSet<RunId>,
        references: &References,
    ) -> Result<Vec<Object>, DbErr> {
        let sizes: BTreeMap<Digest, u64> = artifacts.map(|one| (one.digest, one.size_bytes)).collect();
        let mut objects = Vec::new();
        for (digest, size_bytes) in sizes {
            if !self.is_referred_to(&digest, going, references).await? {
                objects.push(Object { digest, size_bytes });
            }
        }
        Ok(objects)
    }

    /// Whether an artifact that stays, an input of a run that was not let go of, an object or a row of a domain has these
    /// bytes.
    pub(super) async fn is_referred_to(
        &self,
        digest: &Digest,
        going: &BTreeSet<RunId>,
        references: &References,
    ) -> Result<bool, DbErr> {
        let (conn, bytes) = (self.db.read.conn(), digest.as_bytes().to_vec());
        let rows =
            artifact::Entity::find().filter(artifact::Column::Digest.eq(bytes.clone())).all(conn).await?;
        if rows.iter().any(|row| row.name == METRICS || !going.contains(&row.run_id)) {
            return Ok(true);
        }
        let inputs = input::Entity::find().filter(input::Column::Digest.eq(bytes)).all(conn).await?;
        for input in inputs.iter().filter(|input| !going.contains(&input.run_id)) {
            if !crate::query::is_retired_in(conn, input.run_id).await? {
                return Ok(true);
            }
        }
        references.others_name(conn, digest).await
    }

    /// Deletes bytes, unless something names them, a run may come to them, or somebody has stored them lately. Says whether
    /// they are gone.
    pub(super) async fn delete_unreferred(
        &self,
        digest: &Digest,
        going: &BTreeSet<RunId>,
        references: &References,
    ) -> Result<bool, RetainError> {
        // Whoever stores the same bytes meanwhile relies on those that are there.
        let before = SystemTime::from(self.clock.now()) - self.config.grace;
        let stays = self.is_busy().await? || self.is_referred_to(digest, going, references).await?;
        Ok(!stays && self.store.delete_unused(digest, before).await?)
    }

    /// Whether any run is queued or executes: it may come to bytes that are there already, and rely on them. Those that
    /// others write come to none: what is stored for their ends has their own ids in it.
    pub(super) async fn is_busy(&self) -> Result<bool, DbErr> {
        let active = run::Entity::find()
            .filter(run::Column::State.is_in(ACTIVE))
            .filter(run::Column::Kind.is_not_in(Kind::ALL.map(Kind::as_str)))
            .filter(run::Column::IsDeadLetter.eq(false));
        Ok(active.count(self.db.read.conn()).await? > 0)
    }

    /// Bytes that earlier retentions have let go of and left where they were, and that nothing refers to still.
    pub(super) async fn pending(
        &self,
        going: &BTreeSet<RunId>,
        references: &References,
    ) -> Result<Vec<Digest>, RetainError> {
        let sql = "SELECT subject FROM retention_release WHERE kind = 'artifact'";
        let rows =
            self.db.read.conn().query_all_raw(Statement::from_string(self.db.read.backend(), sql)).await?;
        let mut pending = Vec::new();
        for row in rows {
            let digest = kernel::row::digest(&row.try_get::<Vec<u8>>("", "subject")?)?;
            if self.store.reader().size(&digest).await?.is_some()
                && !self.is_referred_to(&digest, going, references).await?
            {
                pending.push(digest);
            }
        }
        Ok(pending)
    }

    /// How many stored results nobody has used since, and their bytes; deletes them where that is asked for.
    pub(super) async fn let_go_of_shards(
        &self,
        tenant: Tenant,
        cutoff_us: i64,
        request: &RetentionRequest,
    ) -> Result<(u64, u64), RetainError> {
        use shard_result::{Column, Entity};
        let (mut count, mut bytes) = (0, 0);
        let mut after: Option<Vec<u8>> = None;
        loop {
            let mut query = Entity::find().filter(Column::UsedUs.lt(cutoff_us));
            if let Some(after) = after {
                query = query.filter(Column::ShardKey.gt(after));
            }
            let page = query
                .select_only()
                .columns([Column::ShardKey, Column::SizeBytes])
                .order_by_asc(Column::ShardKey)
                .limit(SHARDS);
            let page: Vec<(Vec<u8>, i64)> = page.into_tuple().all(self.db.read.conn()).await?;
            let Some(last) = page.last() else { return Ok((count, bytes)) };
            after = Some(last.0.clone());
            count += page.len() as u64;
            bytes += page.iter().map(|row| row.1.unsigned_abs()).sum::<u64>();
            if request.apply {
                let keys = page.into_iter().map(|row| row.0).collect();
                let reason = request.reason.as_deref().unwrap_or("unused for long enough");
                self.delete_shards(tenant, keys, reason).await?;
            }
        }
    }

    /// Deletes stored results under a receipt.
    pub(super) async fn delete_shards(
        &self,
        tenant: Tenant,
        keys: Vec<Vec<u8>>,
        reason: &str,
    ) -> Result<ReceiptId, DbErr> {
        let receipt = ReceiptId::new(&*self.clock);
        let removed = json!({"shard_results": keys.len()}).to_string();
        let deleted = self.db.write.write("let go of shard results", async |tx| {
            receipt_in(tx, tenant, receipt, (reason, &removed), self.clock.now_us()).await?;
            for key in &keys {
                release_in(tx, receipt, "shard_result", key.clone()).await?;
            }
            let these = shard_result::Entity::delete_many()
                .filter(shard_result::Column::ShardKey.is_in(keys.clone()));
            these.exec(tx).await.map(|_| receipt)
        });
        deleted.await
    }
}
