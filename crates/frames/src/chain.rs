//! The hash chain over a ledger's stored bytes.
//!
//! A ledger begins with a digest of its own id, its *genesis*. Each link covers the link before, the frame's number and
//! the digest of the frame's bytes. So a change, a loss, a swap, an insertion and a frame taken from another ledger all
//! alter every later head, and a frame whose bytes were let go is still proven by its digest.

use kernel::{Digest, Hasher, RunId};

kernel::id! {
    /// A ledger's own identity. It is what its chain begins with, so a ledger keeps its proof wherever it is stored; that
    /// of a run of this installation has the run's id.
    LedgerId
}

impl From<RunId> for LedgerId {
    fn from(run: RunId) -> Self {
        Self(run.0)
    }
}

/// Separates these digests from any other use of SHA-256 and names the form of what is hashed.
const GENESIS: &[u8] = b"assay.ledger.v2";
const LINK: &[u8] = b"assay.frame.v2";

/// What stands before the digest of a frame that was let go, where frames stand as lines. A frame begins with `{`.
pub const DIGEST_LINE: &str = "sha256:";

/// The head before the first frame.
pub fn genesis(ledger: LedgerId) -> Digest {
    Hasher::default().chain(GENESIS).chain(ledger.0.as_bytes()).finish()
}

/// The head after the frame with this number, given the head before it and the digest of the frame's bytes.
pub fn link(previous: &Digest, seq: u64, frame: &Digest) -> Digest {
    Hasher::default()
        .chain(LINK)
        .chain(previous.as_bytes())
        .chain(seq.to_be_bytes())
        .chain(frame.as_bytes())
        .finish()
}

/// A ledger's chain as far as it has been folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    seq: u64,
    head: Digest,
}

impl Chain {
    /// The chain of a ledger without frames.
    pub fn new(ledger: LedgerId) -> Self {
        Self::resume(0, genesis(ledger))
    }

    /// The chain of a ledger whose first `seq` frames lead to this head.
    pub const fn resume(seq: u64, head: Digest) -> Self {
        Self { seq, head }
    }

    /// Adds the next frame's bytes and returns the new head.
    pub fn push(&mut self, frame_bytes: &[u8]) -> Digest {
        self.push_digest(&Digest::of(frame_bytes))
    }

    /// Adds the next frame, of which only the digest is known, and returns the new head.
    pub fn push_digest(&mut self, frame: &Digest) -> Digest {
        self.seq += 1;
        self.head = link(&self.head, self.seq, frame);
        self.head
    }

    /// Adds the next line of a record: a frame, or the digest of one that was let go. Says whether it was a frame.
    pub fn push_line(&mut self, line: &[u8]) -> bool {
        let digest = line
            .strip_prefix(DIGEST_LINE.as_bytes())
            .and_then(|hex| std::str::from_utf8(hex).ok()?.parse().ok());
        match digest {
            Some(digest) => self.push_digest(&digest),
            None => self.push(line),
        };
        digest.is_none()
    }

    /// How many frames were folded.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// The digest after the last frame.
    pub const fn head(&self) -> Digest {
        self.head
    }
}

#[cfg(test)]
mod tests;
