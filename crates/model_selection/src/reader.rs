//! The reading half: what can be known of comparisons, trainings and the registry.

use kernel::ReadDb;

/// Reads; there is no way from here to a writing handle. Clones share everything.
#[derive(Clone)]
pub struct Reader {
    pub(crate) db: ReadDb,
    pub(crate) store: artifacts::Reader,
    pub(crate) datasets: datasets::Reader,
}

impl Reader {
    /// Reads rows from the database and artifacts from the store.
    pub fn new(db: ReadDb, store: artifacts::Reader) -> Self {
        let datasets = datasets::Reader::new(db.clone(), store.clone());
        Self { db, store, datasets }
    }
    /// The data sets that runs read.
    pub const fn datasets(&self) -> &datasets::Reader {
        &self.datasets
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
