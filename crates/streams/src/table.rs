//! A row per stream. Private: nothing outside this crate reads it.

use kernel::TenantId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect, Select,
};

use crate::{StreamId, StreamPath};
use stream::{Column, Entity, Model};

pub(crate) mod stream {
    use kernel::{RunId, TenantId};
    use sea_orm::entity::prelude::*;

    use crate::StreamId;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "stream")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: StreamId,
        pub tenant_id: TenantId,
        pub path: String,
        pub content_type: String,
        /// Seconds after the last read or append.
        pub ttl_s: Option<i64>,
        /// As it was given.
        pub expires_at: Option<String>,
        /// When it ends, unless it is read or written before.
        pub dies_us: Option<i64>,
        pub forked_from: Option<StreamId>,
        pub base: i64,
        pub sub_offset: i64,
        pub created_us: i64,
        pub deleted_us: Option<i64>,
        /// Deleted, and nothing was forked from it that still is: the path is free.
        pub is_gone: bool,
        pub memory: String,
        pub memory_seq: i64,
        /// What its values were declared to be.
        pub stream_schema: Option<String>,
        /// The run that is made of them.
        pub run_id: Option<RunId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The stream that has this path. Written so that the index of paths is found, which has no rows that are gone.
fn at(tenant: TenantId, path: &StreamPath) -> Select<Entity> {
    let there = Expr::cust("NOT is_gone");
    Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::Path.eq(path.as_str())).filter(there)
}

/// The stream that has this path, deleted or expired ones included.
pub(crate) async fn find(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    path: &StreamPath,
) -> Result<Option<Model>, DbErr> {
    at(tenant, path).one(conn).await
}

/// As [`find`], locked until the transaction ends.
pub(crate) async fn lock(
    tx: &DatabaseTransaction,
    tenant: TenantId,
    path: &StreamPath,
) -> Result<Option<Model>, DbErr> {
    at(tenant, path).lock_exclusive().one(tx).await
}

/// A stream by its id, locked until the transaction ends.
pub(crate) async fn lock_id(tx: &DatabaseTransaction, id: StreamId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// A stream by its id.
pub(crate) async fn by_id(conn: &impl ConnectionTrait, id: StreamId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Whether a stream that is not gone was forked from this one.
pub(crate) async fn has_forks(conn: &impl ConnectionTrait, id: StreamId) -> Result<bool, DbErr> {
    let forks = Entity::find().filter(Column::ForkedFrom.eq(id)).filter(Expr::cust("NOT is_gone"));
    Ok(forks.one(conn).await?.is_some())
}

#[cfg(test)]
mod tests {
    use kernel::Db;
    use migration::{Migrator, MigratorTrait};
    use sea_orm::EntityTrait;
    use test_support::on_both_databases;

    use super::stream;

    on_both_databases! {
        async fn the_schema_goes_up_down_and_up_again_and_fits_the_entity(test: TestDb) {
            let conn = Db::open_for_migration(&test.url).await.unwrap();
            Migrator::down(&conn, None).await.unwrap();
            Migrator::up(&conn, None).await.unwrap();
            conn.close().await.unwrap();
            let reopened = Db::open(&test.url).await.unwrap();
            assert_eq!(stream::Entity::find().all(reopened.read.conn()).await.unwrap(), []);
        }
    }
}
