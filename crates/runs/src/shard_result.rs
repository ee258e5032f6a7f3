//! Stored shard results. They only save time: one that cannot be read or written is computed again.

use kernel::{Digest, ReadDb};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DbErr, EntityTrait, Set};

use crate::context::Inner;
use crate::table::shard_result::{ActiveModel, Column, Entity};

pub(crate) async fn load(db: &ReadDb, key: Digest) -> Option<String> {
    let row = Entity::find_by_id(key.as_bytes().to_vec()).one(db.conn()).await;
    match row {
        Ok(row) => row.map(|row| row.output),
        Err(error) => {
            tracing::warn!(shard.key = %key, %error, "a stored shard result is unreadable; computing it again");
            None
        }
    }
}

pub(crate) async fn save(cx: &Inner, key: Digest, kind: &str, version: u32, output: &str) {
    let row = ActiveModel {
        shard_key: Set(key.as_bytes().to_vec()),
        kind: Set(kind.to_owned()),
        version: Set(i32::try_from(version).expect("versions are small")),
        output: Set(output.to_owned()),
        created_us: Set(cx.clock.now_us()),
    };
    let insert =
        Entity::insert(row).on_conflict(OnConflict::column(Column::ShardKey).do_nothing().to_owned());
    let saved =
        cx.db.write.write("save shard result", async |tx| insert.exec_without_returning(tx).await).await;
    if let Err(error) =
        saved.map(drop).or_else(|e: DbErr| if e == DbErr::RecordNotInserted { Ok(()) } else { Err(e) })
    {
        tracing::warn!(shard.key = %key, %error, "a shard result was not stored");
    }
}
