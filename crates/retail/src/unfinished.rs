//! What is being written and cannot be seen yet. Whoever stops in the middle takes it away.

use std::pin::Pin;
use std::time::Duration;

use kernel::{ReadDb, WriteDb};
use sea_orm::DbErr;

use crate::seeder;

/// How long something may stand unfinished and untouched until it is taken for left behind. Its writer touches it with
/// every transaction, several times a second.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A clock that was set back must not make a leftover look alive for ever.
pub(crate) fn is_left_behind(touched_us: i64, now_us: i64) -> bool {
    u128::from(now_us.abs_diff(touched_us)) > PATIENCE.as_micros()
}

/// Whether anything stands unfinished, somebody at work on it or not.
pub async fn is_any_unfinished(read: &ReadDb) -> Result<bool, DbErr> {
    seeder::is_any_unfinished(read).await
}

/// Removes what was begun, unless it is finished: also when whoever asked for it has gone.
pub(crate) struct Unfinished<'a> {
    write: &'a WriteDb,
    removal: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl<'a> Unfinished<'a> {
    pub(crate) fn new(write: &'a WriteDb, removal: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { write, removal: Some(Box::pin(removal)) }
    }

    /// It stays.
    pub(crate) fn finish(mut self) {
        self.removal = None;
    }

    /// It goes, and is gone when this returns.
    pub(crate) async fn remove(mut self) {
        if let Some(removal) = self.begin() {
            // A removal that panics has said so.
            let _said = removal.await;
        }
    }

    fn begin(&mut self) -> Option<tokio::task::JoinHandle<()>> {
        self.write.afterwards(self.removal.take()?)
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        drop(self.begin());
    }
}
