//! The log of ends: one Merkle log over the ends of all ledgers, whose checkpoints are signed.
//!
//! A ledger's chain proves its frames against its head; the log proves the head against a checkpoint that somebody else
//! has kept. An entry is added for each closed ledger, once: the database itself notes the end in the transaction that
//! closes the ledger, and a *sequencer* gives what is noted its place, adds it to the tree and signs the new root, in one
//! transaction. Sequencers of several processes take turns. Whoever dies in between leaves the note, and the next
//! sequencer goes on with it.
//!
//! Nothing is signed over tiles that do not have the root of the last checkpoint.

mod audit;
mod cosign;
mod error;
mod read;
mod rows;
mod sequence;

use std::sync::Arc;
use std::time::Duration;

use kernel::{Db, SharedClock, WriteDb};
use tlog::{Signature, Signer, Verifier};
use tokio::sync::Notify;

use crate::Ledger;

pub use audit::Audit;
pub use error::LogError;
pub use read::{LogReader, Proof, Since};
pub use rows::{ListedKey, Signed};

/// Finds the private half of the key that is listed last, or the one to begin with where none is listed.
pub type KeySource = Arc<dyn Fn(Option<&str>) -> Option<Signer> + Send + Sync>;

/// How often a sequencer looks for ends that another process has left.
const LOOK: Duration = Duration::from_secs(2);

/// The log of ends of one database.
#[derive(Clone)]
pub struct Log {
    write: WriteDb,
    reader: LogReader,
    keys: KeySource,
    witnesses: Arc<[Verifier]>,
    clock: SharedClock,
    closed: Arc<Notify>,
}

impl Log {
    /// Opens the log. Nothing runs yet: see [`Self::sequence_loop`].
    pub fn open(db: &Db, ledger: &Ledger, keys: KeySource, clock: SharedClock) -> Self {
        let (write, reader) = (db.write.clone(), LogReader::new(db.read.clone()));
        Self { write, reader, keys, witnesses: Arc::default(), clock, closed: ledger.closed() }
    }

    /// With these witnesses, whose signatures are taken under checkpoints.
    #[must_use]
    pub fn witnessed_by(self, witnesses: impl IntoIterator<Item = Verifier>) -> Self {
        Self { witnesses: witnesses.into_iter().collect(), ..self }
    }

    /// The reading half.
    pub const fn reader(&self) -> &LogReader {
        &self.reader
    }

    /// Adds every ledger that is closed and not in the log yet, and signs. Returns how many there were.
    pub async fn sequence(&self) -> Result<u64, LogError> {
        let mut added = 0;
        loop {
            if !self.reader.is_behind().await? {
                return Ok(added);
            }
            let group = self
                .write
                .write("sequence ends", async |tx| sequence::add(tx, &self.keys, self.clock.now_us()).await);
            added += group.await?;
        }
    }

    /// Sequences whenever a ledger of this process was closed, and now and then for those of others. Never ends.
    pub async fn sequence_loop(self) {
        loop {
            if let Err(error) = self.sequence().await {
                kernel::warn_seldom!(%error, "ends wait for their place in the log");
            }
            // Whoever closes a ledger in the meantime has left a permit.
            tokio::time::timeout(LOOK, self.closed.notified()).await.ok();
        }
    }

    /// Takes what witnesses have signed under the newest checkpoint. Lines of others are passed over. Returns how many
    /// were of witnesses.
    pub async fn cosign(&self, lines: &[Signature]) -> Result<u64, LogError> {
        self.write.write("cosign", async |tx| cosign::add(tx, &self.witnesses, lines).await).await
    }

    /// Lists a new key: it signs from now on, what the log is now included. What the earlier ones signed stays theirs.
    pub async fn list(&self, signer: &Signer) -> Result<(), LogError> {
        let now_us = self.clock.now_us();
        self.write.write("list a key", async |tx| sequence::list(tx, signer, now_us).await).await
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}
