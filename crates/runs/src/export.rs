//! Runs in the words of others: pure projections of what is stored, made anew at each asking, so that nothing is kept twice
//! and nothing can differ from the record.
//!
//! Frames come as the lines of [`ledger::Reader::record`], one by one, and nothing is held but what is open: a run of a
//! million frames leaves in little memory.

mod cloud_event;
mod lineage;
mod span;

pub use cloud_event::CloudEvents;
pub use lineage::{Family, lineage};
pub use span::Spans;

use frames::chain::DIGEST_LINE;

/// What cannot be told in the words of others.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A stored line that is neither a frame nor the digest of one.
    #[error("frame {seq} cannot be read: {reason}")]
    Unreadable {
        /// Which frame.
        seq: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// The digest of a frame that was let go, if a line has one.
fn digest_of(line: &str) -> Option<&str> {
    line.strip_prefix(DIGEST_LINE)
}
