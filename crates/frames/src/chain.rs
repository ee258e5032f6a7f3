//! The hash chain over a run's stored bytes.
//!
//! A link covers the run, the frame's number, the link before and the bytes. So a change, a loss, a swap, an
//! insertion and a frame taken from another run all alter every later head.

use kernel::{Digest, Hasher, RunId};

/// Separates these digests from any other use of SHA-256 and names the form of what is hashed.
const DOMAIN: &[u8] = b"assay.frame.v1";

/// The head after the frame with this number, given the head before it. The head before the first is
/// [`Digest::ZERO`].
pub fn link(run: RunId, seq: u64, previous: &Digest, frame_bytes: &[u8]) -> Digest {
    Hasher::default()
        .chain(DOMAIN)
        .chain(run.0.as_bytes())
        .chain(seq.to_be_bytes())
        .chain(previous.as_bytes())
        .chain(frame_bytes)
        .finish()
}

/// A run's chain as far as it has been folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    run: RunId,
    seq: u64,
    head: Digest,
}

impl Chain {
    /// The chain of a run without frames.
    pub const fn new(run: RunId) -> Self {
        Self::resume(run, 0, Digest::ZERO)
    }

    /// The chain of a run whose first `seq` frames lead to this head.
    pub const fn resume(run: RunId, seq: u64, head: Digest) -> Self {
        Self { run, seq, head }
    }

    /// Adds the next frame's bytes and returns the new head.
    pub fn push(&mut self, frame_bytes: &[u8]) -> Digest {
        self.seq += 1;
        self.head = link(self.run, self.seq, &self.head, frame_bytes);
        self.head
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
