//! The rows, and the few statements that write them.

use frames::LedgerId;
use kernel::{RunId, TenantId, chunk_rows};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, DbBackend, QueryOrder, QuerySelect, Set, Statement, Value};

use crate::Head;
use crate::block::Block;

pub(crate) mod ledger {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: RunId,
        pub tenant_id: TenantId,
        pub ledger_id: LedgerId,
        pub fence: i64,
        pub seq: i64,
        pub head: Vec<u8>,
        pub is_closed: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod frame_block {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "frame_block")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: RunId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub first_seq: i64,
        pub last_seq: i64,
        pub head: Vec<u8>,
        pub size_bytes: i64,
        pub marks: Vec<u8>,
        /// Of each frame, once the body is gone.
        pub digests: Option<Vec<u8>>,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A step of one ledger from the state it was locked in.
#[derive(Debug)]
pub(crate) struct Advance {
    pub run: RunId,
    pub fence: i64,
    pub from_seq: u64,
    pub to: Head,
}

/// The database has no unsigned integers; a run never gets near 2^63 frames.
pub(crate) fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// The ledgers of these runs, locked until the transaction ends and in one order, so that two groups that lock the
/// same ledgers wait for each other instead of dead-locking.
pub(crate) async fn lock(
    tx: &DatabaseTransaction,
    runs: impl Iterator<Item = RunId>,
) -> Result<Vec<ledger::Model>, DbErr> {
    let runs: Vec<RunId> = runs.collect();
    let mut rows = Vec::new();
    for runs in runs.chunks(chunk_rows(1)) {
        let found = ledger::Entity::find().filter(ledger::Column::RunId.is_in(runs.iter().copied()));
        rows.extend(found.order_by_asc(ledger::Column::RunId).lock_exclusive().all(tx).await?);
    }
    Ok(rows)
}

pub(crate) async fn insert_blocks(
    tx: &DatabaseTransaction,
    blocks: impl Iterator<Item = (RunId, Block)>,
) -> Result<(), DbErr> {
    let mut rows = blocks.map(|(run, block)| frame_block::ActiveModel {
        run_id: Set(run),
        first_seq: Set(signed(block.first_seq)),
        last_seq: Set(signed(block.last_seq)),
        head: Set(block.head.as_bytes().to_vec()),
        size_bytes: Set(signed(block.body.len() as u64)),
        marks: Set(block.marks),
        digests: Set(None),
        body: Set(block.body),
    });
    loop {
        let chunk: Vec<_> = rows.by_ref().take(chunk_rows(8)).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        frame_block::Entity::insert_many(chunk).exec_without_returning(tx).await?;
    }
}

/// Moves each head on, if token and seq are still those it was locked with and it is open. The row locks make sure of
/// it already; comparing again costs nothing and makes a mistake loud.
pub(crate) async fn advance(tx: &DatabaseTransaction, steps: &[Advance]) -> Result<(), DbErr> {
    for steps in steps.chunks(chunk_rows(6)) {
        let moved = tx.execute_raw(advance_statement(tx, steps)).await?.rows_affected();
        if moved != steps.len() as u64 {
            return Err(DbErr::RecordNotUpdated);
        }
    }
    Ok(())
}

fn advance_statement(tx: &DatabaseTransaction, steps: &[Advance]) -> Statement {
    let backend = tx.get_database_backend();
    let rows: Vec<String> = (0..steps.len()).map(|row| placeholders(backend, row)).collect();
    let sql = format!(
        "WITH step (run_id, fence, from_seq, seq, head, is_closed) AS (VALUES {rows})
         UPDATE ledger SET seq = step.seq, head = step.head, is_closed = step.is_closed FROM step
         WHERE ledger.run_id = step.run_id AND ledger.fence = step.fence AND ledger.seq = step.from_seq
            AND NOT ledger.is_closed",
        rows = rows.join(", "),
    );
    let values = steps.iter().flat_map(|step| -> [Value; 6] {
        [
            step.run.into(),
            step.fence.into(),
            signed(step.from_seq).into(),
            signed(step.to.seq).into(),
            step.to.digest.as_bytes().to_vec().into(),
            step.to.is_closed.into(),
        ]
    });
    Statement::from_sql_and_values(backend, sql, values)
}

/// SQLite looks numbered parameters up in a list, which takes the square of their number.
fn placeholders(backend: DbBackend, row: usize) -> String {
    let n = row * 6;
    match backend {
        DbBackend::Postgres => {
            format!("(${}, ${}, ${}, ${}, ${}, ${})", n + 1, n + 2, n + 3, n + 4, n + 5, n + 6)
        }
        _ => "(?, ?, ?, ?, ?, ?)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Db, Tenant};
    use migration::{Migrator, MigratorTrait};
    use test_support::on_both_databases;
    use uuid::Uuid;

    use super::*;
    use crate::Ledger;

    on_both_databases! {
        async fn the_schema_goes_down_and_up_again_and_is_the_one_of_the_entities(db: TestDb) {
            let conn = Db::open_for_migration(&db.url).await.unwrap();
            Migrator::down(&conn, None).await.unwrap();
            Migrator::up(&conn, None).await.unwrap();
            conn.close().await.unwrap();
            let (ledger, run) = (Ledger::open(db.db.clone()), RunId(Uuid::from_u128(1)));
            db.db.write.write("test", async |tx| ledger.open_in(tx, Tenant::LOCAL, run).await).await.unwrap();
            let head = ledger.append(run, 0, 1, vec!["{}".to_owned(), "[]".to_owned()]).await.unwrap();
            let head_bytes = head.digest.as_bytes().to_vec();
            let (tenant_id, read) = (Tenant::LOCAL.id(), db.db.read.conn());
            let rows = ledger::Entity::find().all(read).await.unwrap();
            let row = ledger::Model { run_id: run, tenant_id, ledger_id: run.into(), fence: 0, seq: 2, head: head_bytes, is_closed: false };
            assert_eq!(rows, [row]);
            let blocks = frame_block::Entity::find().all(read).await.unwrap();
            let [frame_block::Model { run_id, first_seq: 1, last_seq: 2, size_bytes: 5, head, marks, digests: None, body }] =
                &blocks[..]
            else {
                panic!("{blocks:?}")
            };
            assert_eq!((*run_id, body.as_str(), marks.len()), (run, "{}\n[]", 8));
            assert_eq!((head, &marks[4..]), (&rows[0].head, &head[..4]));
        }
    }
}
