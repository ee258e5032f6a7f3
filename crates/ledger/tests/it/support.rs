//! A ledger on a fresh database, and short ways to use it.

use futures::TryStreamExt;
use kernel::{Db, RunId, Tenant, TenantId};
use ledger::{Chunk, Error, Head, Ledger};
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr};
use test_support::TestDb;
use uuid::Uuid;

pub(crate) const TENANT: Tenant = Tenant::LOCAL;
pub(crate) const FOREIGN: Tenant = Tenant::verified(TenantId(Uuid::from_u128(99)));
pub(crate) const RUN: RunId = run(1);
pub(crate) const FENCE: i64 = 1;

pub(crate) const fn run(n: u128) -> RunId {
    RunId(Uuid::from_u128(n))
}

pub(crate) struct Fixture {
    pub ledger: Ledger,
    pub db: Db,
    /// Keeps the database's directory.
    _owner: TestDb,
}

impl Fixture {
    /// A ledger with [`RUN`] opened and claimed.
    pub(crate) async fn new(owner: TestDb) -> Self {
        let fixture = Self { ledger: Ledger::open(owner.db.clone()), db: owner.db.clone(), _owner: owner };
        fixture.open(RUN).await;
        fixture
    }

    pub(crate) async fn open(&self, run: RunId) {
        self.write(async |tx| {
            self.ledger.open_in(tx, TENANT, run).await?;
            self.ledger.fence_in(tx, run, FENCE).await
        })
        .await
        .unwrap();
    }

    pub(crate) async fn write<T>(
        &self,
        body: impl AsyncFnOnce(&sea_orm::DatabaseTransaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.db.write.write("test", body).await
    }

    pub(crate) async fn fence(&self, run: RunId, fence: i64) -> Result<Head, Error> {
        self.write(async |tx| self.ledger.fence_in(tx, run, fence).await).await
    }

    pub(crate) async fn append(&self, first_seq: u64, frames: Vec<String>) -> Result<Head, Error> {
        self.ledger.append(RUN, FENCE, first_seq, frames).await
    }

    pub(crate) async fn close(&self, run: RunId, first_seq: u64, frames: &[String]) -> Result<Head, Error> {
        let head =
            self.write(async |tx| self.ledger.close_in(tx, run, FENCE, first_seq, frames).await).await?;
        self.ledger.woken(run);
        Ok(head)
    }

    /// Everything stored now, read page by page.
    pub(crate) async fn stored(&self, run: RunId) -> Vec<String> {
        let mut frames = Vec::new();
        loop {
            let page = self.ledger.reader().page(TENANT, run, frames.len() as u64, 1000).await.unwrap();
            frames.extend(page.frames.into_iter().map(|(_, frame)| frame));
            if page.is_end {
                return frames;
            }
        }
    }

    /// Everything up to the terminal frame; the seqs are checked to be gapless.
    pub(crate) async fn followed(&self, run: RunId, after: u64) -> Result<Vec<String>, Error> {
        let chunks: Vec<Chunk> = self.ledger.reader().follow(TENANT, run, after).try_collect().await?;
        let frames = chunks.iter().flat_map(Chunk::frames);
        Ok(frames
            .zip(after.saturating_add(1)..)
            .map(|((seq, frame), expected)| {
                assert_eq!(seq, expected);
                frame.to_owned()
            })
            .collect())
    }

    pub(crate) async fn execute(&self, sql: &str) -> Result<(), DbErr> {
        self.db.write.write("test", async |tx| tx.execute_unprepared(sql).await.map(drop)).await
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.db.read.backend() == DatabaseBackend::Postgres
    }

    /// Lets anything be done to the stored rows, as an intruder with the database file can.
    pub(crate) async fn disarm(&self) {
        let sql = if self.is_postgres() {
            "ALTER TABLE frame_block DISABLE TRIGGER USER; ALTER TABLE ledger DISABLE TRIGGER USER"
        } else {
            "DROP TRIGGER frame_block_insert; DROP TRIGGER frame_block_update; DROP TRIGGER frame_block_delete;
             DROP TRIGGER ledger_update; DROP TRIGGER ledger_delete"
        };
        self.execute(sql).await.unwrap();
    }
}

/// Frames with these seqs.
pub(crate) fn frames(seqs: impl IntoIterator<Item = u64>) -> Vec<String> {
    seqs.into_iter()
        .map(|seq| format!(r#"{{"event_id":{seq},"text":"grün 🦀 \n\u0000 \"{seq}\""}}"#))
        .collect()
}
