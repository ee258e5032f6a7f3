//! Stored shard results. They only save time: one that cannot be read, or is not what was stored, is computed again.

use kernel::Digest;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, Set, Statement};

use crate::context::Inner;
use crate::shard::Address;
use crate::table::shard_result::{ActiveModel, Column, Entity, Model};

/// A use within this time of the last one is not written down: it would cost a write for each shard of a re-run.
pub(crate) const USE_STEP_US: i64 = 3_600_000_000;

/// The stored output under this key, if its bytes are still those that were stored.
pub(crate) async fn load(cx: &Inner, key: Digest) -> Option<String> {
    let row = Entity::find_by_id(key.as_bytes().to_vec()).one(cx.db.read.conn()).await;
    match row {
        Ok(Some(row)) if is_intact(&row) => {
            touch(cx, &row).await;
            Some(row.output)
        }
        Ok(Some(_)) => {
            tracing::error!(shard.key = %key, "a stored shard result was changed; computing it again");
            None
        }
        Ok(None) => None,
        Err(error) => {
            kernel::warn_seldom!(shard.key = %key, %error, "a stored shard result is unreadable; computing it again");
            None
        }
    }
}

fn is_intact(row: &Model) -> bool {
    Digest::of(&row.output).as_bytes().as_slice() == row.output_digest
}

async fn touch(cx: &Inner, row: &Model) {
    let now_us = cx.clock.now_us();
    if now_us - row.used_us < USE_STEP_US {
        return;
    }
    let sql = "UPDATE shard_result SET used_us = $1 WHERE shard_key = $2";
    let values = [now_us.into(), row.shard_key.clone().into()];
    let statement = Statement::from_sql_and_values(cx.db.write.backend(), sql, values);
    let touched: Result<_, DbErr> =
        cx.db.write.write("touch shard result", async |tx| tx.execute_raw(statement).await).await;
    if let Err(error) = touched {
        kernel::warn_seldom!(%error, "the use of a stored shard result was not noted");
    }
}

/// Keeps an output, and counts the shard as the run's progress.
pub(crate) async fn save(cx: &Inner, address: &Address, output: &str) {
    let saved = cx
        .db
        .write
        .write("save shard result", async |tx| {
            insert(tx, cx, address, output).await?;
            let sql = "UPDATE run SET shards_done = shards_done + 1 WHERE id = $1 AND state = 'running'";
            tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [cx.run.into()]))
                .await
        })
        .await;
    if let Err(error) = saved {
        let error: DbErr = error;
        kernel::warn_seldom!(shard.key = %address.key, %error, "a shard result was not stored");
    }
}

/// Two runs may compute the same shard at once: the first result stays.
async fn insert(tx: &DatabaseTransaction, cx: &Inner, address: &Address, output: &str) -> Result<(), DbErr> {
    let key = address.key.as_bytes().to_vec();
    if Entity::find_by_id(key.clone()).one(tx).await?.is_some() {
        return Ok(());
    }
    let now_us = cx.clock.now_us();
    let row = ActiveModel {
        shard_key: Set(key),
        kind: Set(address.kind.to_owned()),
        version: Set(i32::try_from(address.version).expect("versions are small")),
        output: Set(output.to_owned()),
        output_digest: Set(Digest::of(output).as_bytes().to_vec()),
        size_bytes: Set(i64::try_from(output.len()).expect("an output fits into memory")),
        created_us: Set(now_us),
        used_us: Set(now_us),
    };
    let kept = OnConflict::column(Column::ShardKey).do_nothing().to_owned();
    match Entity::insert(row).on_conflict(kept).exec_without_returning(tx).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error),
    }
}
