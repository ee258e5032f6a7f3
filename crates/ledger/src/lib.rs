//! Append, follow, read and verify the frames of a run.
//!
//! A run's frames are numbered 1, 2, 3, … without a gap and kept byte for byte as they were given. A frame that any
//! reader sees is committed: one committer writes what all runs have waiting in one transaction (a *group commit*),
//! and only then answers the writers and wakes the readers. A wake-up carries no data; readers read rows, so a live
//! view is a replay that has reached the end, and a slow reader just reads later. Those who wait at the end of one run
//! share what is read and rendered for them.
//!
//! Every frame is linked to the one before it by a SHA-256 chain that begins with the ledger's own id and whose head
//! stands in the ledger's row. The chain proves that the stored frames are those the head was made from; who can rewrite
//! the whole database can also rewrite the head, so a proof against that person needs something that is kept elsewhere:
//! a checkpoint of the [`Log`] of ends, which has the heads of all closed ledgers.
//! It links digests: frames that were let go under a retention receipt leave theirs, and the proof goes on through them.
//!
//! It does not know what a frame says, which kinds of run exist, or who may see them beyond the tenant.

mod append;
mod block;
mod chunk;
mod commit;
mod error;
mod feed;
mod follow;
mod head;
mod ledger;
mod log;
mod prune;
mod read;
mod reader;
mod record;
mod table;
mod tail;
mod verify;

pub use append::{MAX_APPEND_BYTES, MAX_FRAME_BYTES};
pub use chunk::{Chunk, Page};
pub use error::Error;
pub use frames::LedgerId;
pub use head::Head;
pub use ledger::Ledger;
pub use log::{Audit, KeySource, ListedKey, Log, LogError, LogReader, Proof, Signed, Since};
pub use prune::Pruned;
pub use reader::Reader;
pub use verify::Verdict;
