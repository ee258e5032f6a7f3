//! What the frames of a run show: as of any frame, and beside those of another run.
//!
//! Frames are read in pages and folded, never held: what is kept is what a transcript keeps. Of that there is a limit, and
//! so many folds at a time, so that no number of readers and no run, however long, takes more memory than is set aside.
//! Nothing is written for it: what was folded on the way is kept in this process alone, within a limit of its own, and
//! lost with it.

mod compare;
mod error;
mod fold;
mod snapshots;
mod state;

use std::sync::Arc;

use kernel::ReadDb;
use tokio::sync::Semaphore;

pub use compare::{Compared, Comparing};
pub use error::TranscriptError;
pub use state::{Position, State};

use snapshots::Snapshots;

/// So many folds at a time; others wait for their turn. Each takes a thread, and at most some hundreds of MiB.
const MAX_FOLDS: usize = 2;

/// Reads runs as transcripts; it can write nothing. Clones share everything.
#[derive(Debug, Clone)]
pub struct Transcripts {
    db: ReadDb,
    ledger: ledger::Reader,
    turns: Arc<Semaphore>,
    snapshots: Arc<Snapshots>,
}

impl Transcripts {
    /// Over the runs of one database.
    pub fn new(db: ReadDb, ledger: ledger::Reader) -> Self {
        Self { db, ledger, turns: Arc::new(Semaphore::new(MAX_FOLDS)), snapshots: Arc::default() }
    }
}
