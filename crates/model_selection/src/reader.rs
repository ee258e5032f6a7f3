//! The reading half: what can be known of comparisons, trainings and the registry.

use kernel::ReadDb;

/// Reads; there is no way from here to a writing handle. Clones share everything.
#[derive(Clone)]
pub struct Reader {
    pub(crate) db: ReadDb,
    pub(crate) store: artifacts::Reader,
}

impl Reader {
    /// Reads rows from the database and artifacts from the store.
    pub const fn new(db: ReadDb, store: artifacts::Reader) -> Self {
        Self { db, store }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
