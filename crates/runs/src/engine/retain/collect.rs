//! Garbage: objects of the store that nothing names, and stored results of pieces of work beyond a size.
//!
//! An object becomes garbage when an upload is given up after its bytes had come, when a process ends between storing bytes
//! and recording what for, or when what named it goes. Receipts are written before the bytes go: whoever ends in between
//! leaves garbage that the next collection takes, and a receipt that names it twice.

use std::collections::BTreeMap;
use std::pin::pin;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use kernel::row::{time, unreadable};
use kernel::{Digest, Tenant};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};
use serde_json::json;
use wire::runs::{Garbage, GarbageRequest, ReceiptId, UnusedObject};

use super::objects::SHARDS;
use super::references::References;
use super::{Engine, RetainError, check_reason, receipt_in, wrong};
use crate::engine::Shared;
use crate::shard_result::USE_STEP_US;
use crate::table::{run, shard_result};

const MOST_HOURS: u32 = 87_600;
const HOUR_US: i64 = 3_600_000_000;
/// Objects of one request.
const MOST_OBJECTS: usize = 10_000;
/// Objects of one receipt.
const OBJECTS: usize = 500;
const REASON: &str = "nothing names it";

impl Engine {
    /// Says what of the store is garbage, of all tenants, and removes it where that is asked for.
    pub async fn collect(&self, tenant: Tenant, request: &GarbageRequest) -> Result<Garbage, RetainError> {
        if !(1..=MOST_HOURS).contains(&request.grace_hours) {
            return Err(wrong("grace_hours", format!("must be 1 to {MOST_HOURS}")));
        }
        check_reason(request.reason.as_deref())?;
        let shared = &self.0;
        let began_us = shared.oldest_unfinished().await?;
        let long_ago = shared.clock.now_us() - i64::from(request.grace_hours) * HOUR_US;
        let unused_since = time(began_us.unwrap_or(i64::MAX).min(long_ago))?;
        let mut garbage = shared.unused(unused_since).await?;
        garbage.is_applied = request.apply;
        let reason = request.reason.as_deref().unwrap_or(REASON);
        if request.apply {
            shared.remove_unused(tenant, &mut garbage, reason).await?;
        }
        garbage.object_bytes = garbage.objects.iter().map(|object| object.size_bytes).sum();
        garbage.object_bytes_kept -= garbage.object_bytes;
        garbage.objects_kept -= garbage.objects.len() as u64;
        shared.collect_shards(tenant, request, began_us, &mut garbage).await?;
        Ok(garbage)
    }
}

impl Shared {
    /// When the oldest run was submitted that has not ended: it may rely on what was stored since.
    async fn oldest_unfinished(&self) -> Result<Option<i64>, DbErr> {
        use run::Column;
        let oldest = run::Entity::find()
            .filter(Column::EndedUs.is_null())
            .filter(Column::IsDeadLetter.eq(false))
            .select_only()
            .column(Column::CreatedUs)
            .order_by_asc(Column::CreatedUs)
            .limit(1);
        oldest.into_tuple().one(self.db.read.conn()).await
    }

    /// What is stored, all of it counted as kept, and what of it nothing names.
    async fn unused(&self, since: DateTime<Utc>) -> Result<Garbage, RetainError> {
        let mut unnamed: BTreeMap<Digest, u64> = BTreeMap::new();
        let (mut objects_kept, mut object_bytes_kept) = (0, 0);
        let mut listed = pin!(self.store.reader().list());
        while let Some(object) = listed.try_next().await? {
            objects_kept += 1;
            object_bytes_kept += object.size_bytes;
            if object.modified < SystemTime::from(since) {
                unnamed.insert(object.digest, object.size_bytes);
            }
        }
        let conn = self.db.read.conn();
        References::load(conn).await?.strike(conn, &mut unnamed).await?;
        let is_cut = unnamed.len() > MOST_OBJECTS;
        let objects = unnamed.into_iter().map(|(digest, size_bytes)| UnusedObject { digest, size_bytes });
        Ok(Garbage {
            is_applied: false,
            unused_since: since,
            objects: objects.take(MOST_OBJECTS).collect(),
            object_bytes: 0,
            is_cut,
            objects_kept,
            object_bytes_kept,
            shard_results: 0,
            shard_result_bytes: 0,
            shard_results_kept: 0,
            shard_result_bytes_kept: 0,
            receipt_ids: Vec::new(),
        })
    }

    /// Removes objects under receipts; those that somebody has stored or named meanwhile stay.
    async fn remove_unused(
        &self,
        tenant: Tenant,
        garbage: &mut Garbage,
        reason: &str,
    ) -> Result<(), RetainError> {
        let conn = self.db.read.conn();
        let references = References::load(conn).await?;
        let before = SystemTime::from(garbage.unused_since);
        let mut gone = Vec::new();
        for objects in std::mem::take(&mut garbage.objects).chunks(OBJECTS) {
            garbage.receipt_ids.push(self.receipt_of_unused(tenant, objects, reason).await?);
            for object in objects {
                let is_named = references.name(conn, &object.digest).await?;
                if !is_named && self.store.delete_unused(&object.digest, before).await? {
                    gone.push(object.clone());
                }
            }
        }
        garbage.objects = gone;
        Ok(())
    }

    async fn receipt_of_unused(
        &self,
        tenant: Tenant,
        objects: &[UnusedObject],
        reason: &str,
    ) -> Result<ReceiptId, DbErr> {
        let receipt = ReceiptId::new(&*self.clock);
        let removed = json!({ "unused_objects": objects }).to_string();
        let written = self.db.write.write("collect objects", async |tx| {
            receipt_in(tx, tenant, receipt, (reason, &removed), self.clock.now_us()).await
        });
        written.await.map(|()| receipt)
    }

    /// Lets the least recently used results go until the rest is small enough. A use is noted once an hour, so those that a
    /// run may rely on were used an hour before it began at the earliest.
    async fn collect_shards(
        &self,
        tenant: Tenant,
        request: &GarbageRequest,
        began_us: Option<i64>,
        garbage: &mut Garbage,
    ) -> Result<(), RetainError> {
        let (count, bytes) = self.stored_results().await?;
        (garbage.shard_results_kept, garbage.shard_result_bytes_kept) = (count, bytes);
        let Some(most) = request.max_shard_bytes else { return Ok(()) };
        let before_us = began_us.map_or(i64::MAX, |began_us| began_us - USE_STEP_US);
        let reason = request.reason.as_deref().unwrap_or("least recently used, beyond the size that is kept");
        let mut after = None;
        while garbage.shard_result_bytes_kept > most {
            let mut page = self.least_used(after.take(), before_us).await?;
            let mut left = garbage.shard_result_bytes_kept;
            let mut is_needed = |size: i64| {
                let is_needed = left > most;
                left = left.saturating_sub(size.unsigned_abs());
                is_needed
            };
            page.retain(|(_, size, _)| is_needed(*size));
            let Some((key, _, used_us)) = page.last().cloned() else { return Ok(()) };
            after = Some((used_us, key));
            let sizes: u64 = page.iter().map(|(_, size, _)| size.unsigned_abs()).sum();
            garbage.shard_results += page.len() as u64;
            garbage.shard_results_kept -= (page.len() as u64).min(garbage.shard_results_kept);
            garbage.shard_result_bytes += sizes;
            garbage.shard_result_bytes_kept = garbage.shard_result_bytes_kept.saturating_sub(sizes);
            if request.apply {
                let keys = page.into_iter().map(|(key, ..)| key).collect();
                garbage.receipt_ids.push(self.delete_shards(tenant, keys, reason).await?);
            }
        }
        Ok(())
    }

    /// How many results are stored, and their bytes.
    async fn stored_results(&self) -> Result<(u64, u64), DbErr> {
        let sql = "SELECT count(*), CAST(coalesce(sum(size_bytes), 0) AS BIGINT) FROM shard_result";
        let statement = Statement::from_string(self.db.read.backend(), sql);
        let row = self.db.read.conn().query_one_raw(statement).await?;
        let row = row.ok_or_else(|| unreadable("count of stored results"))?;
        let number = |at| row.try_get_by_index::<i64>(at).map(i64::unsigned_abs);
        Ok((number(0)?, number(1)?))
    }

    /// A page of keys, sizes and uses, the least recently used first.
    async fn least_used(
        &self,
        after: Option<(i64, Vec<u8>)>,
        before_us: i64,
    ) -> Result<Vec<(Vec<u8>, i64, i64)>, DbErr> {
        use shard_result::{Column, Entity};
        let mut query = Entity::find().filter(Column::UsedUs.lt(before_us));
        if let Some((used_us, key)) = after {
            let same_time = Condition::all().add(Column::UsedUs.eq(used_us)).add(Column::ShardKey.gt(key));
            query = query.filter(Condition::any().add(Column::UsedUs.gt(used_us)).add(same_time));
        }
        let page = query.select_only().columns([Column::ShardKey, Column::SizeBytes, Column::UsedUs]);
        let page = page.order_by_asc(Column::UsedUs).order_by_asc(Column::ShardKey).limit(SHARDS);
        page.into_tuple().all(self.db.read.conn()).await
    }
}
