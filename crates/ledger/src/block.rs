//! A block: what one group commit wrote for one run, or a part of it.

use kernel::Digest;

/// Large enough that a block costs little beside its bytes, small enough that reading one frame stays cheap. A larger
/// frame has a block of its own.
pub(crate) const MAX_BLOCK_BYTES: usize = 256 * 1024;

/// Bounds a block of tiny frames, and with it how far from a frame its block can begin.
pub(crate) const MAX_BLOCK_FRAMES: u64 = 4096;

/// The first bytes of every link are kept too. They let `verify` name the first bad frame inside a block; the proof
/// itself rests on the whole digest after the block.
pub(crate) const MARK_BYTES: usize = 4;

/// Consecutive frames, joined by `\n`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub first_seq: u64,
    pub last_seq: u64,
    pub body: String,
    /// The chain after `last_seq`.
    pub head: Digest,
    /// [`MARK_BYTES`] of the link after each frame.
    pub marks: Vec<u8>,
}

impl Block {
    pub(crate) fn opened(seq: u64, frame: &str, link: Digest) -> Self {
        Self {
            first_seq: seq,
            last_seq: seq,
            body: frame.to_owned(),
            head: link,
            marks: mark(&link).to_vec(),
        }
    }

    pub(crate) fn has_room_for(&self, frame: &str) -> bool {
        self.body.len() + 1 + frame.len() <= MAX_BLOCK_BYTES
            && self.last_seq - self.first_seq + 1 < MAX_BLOCK_FRAMES
    }

    pub(crate) fn add(&mut self, frame: &str, link: Digest) {
        self.last_seq += 1;
        self.body.push('\n');
        self.body.push_str(frame);
        self.head = link;
        self.marks.extend(mark(&link));
    }

    /// Each frame under its seq.
    pub(crate) fn frames(&self) -> impl Iterator<Item = (u64, &str)> {
        (self.first_seq..).zip(self.body.split('\n'))
    }

    /// Whether the body has as many lines as the block has seqs.
    pub(crate) fn is_complete(&self) -> bool {
        let line_ends = self.body.bytes().filter(|byte| *byte == b'\n').count();
        self.last_seq.checked_sub(self.first_seq) == Some(line_ends as u64)
    }
}

pub(crate) fn mark(link: &Digest) -> [u8; MARK_BYTES] {
    *link.as_bytes().first_chunk().expect("a digest is longer than a mark")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_full_by_bytes_or_by_frames() {
        let mut block = Block::opened(1, "x", Digest::ZERO);
        assert!(block.has_room_for(&"y".repeat(MAX_BLOCK_BYTES - 2)));
        assert!(!block.has_room_for(&"y".repeat(MAX_BLOCK_BYTES - 1)));
        for _ in 1..MAX_BLOCK_FRAMES {
            assert!(block.has_room_for("x"));
            block.add("x", Digest::ZERO);
        }
        assert!(!block.has_room_for("x"));
        assert_eq!(block.frames().last(), Some((MAX_BLOCK_FRAMES, "x")));
        assert!(block.is_complete());
        block.last_seq += 1;
        assert!(!block.is_complete());
    }
}
