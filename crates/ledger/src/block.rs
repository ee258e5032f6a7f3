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

/// Consecutive frames on their way into the database, joined by `\n`.
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

/// A block as it was read. Nothing about it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub first_seq: u64,
    pub last_seq: u64,
    /// The stored chain after `last_seq`; none if what is stored is no digest.
    pub head: Option<Digest>,
    pub marks: Vec<u8>,
    pub size_bytes: u64,
    pub content: Content,
}

/// What is left of a block's frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// The frames, joined by `\n`.
    Frames(String),
    /// The digest of each: the frames were let go.
    Digests(Vec<u8>),
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
}

impl Stored {
    pub(crate) fn is_pruned(&self) -> bool {
        matches!(self.content, Content::Digests(_))
    }

    /// The digest of each frame under its seq, from the frame itself where it is there.
    pub(crate) fn digests(&self) -> impl Iterator<Item = (u64, Digest)> {
        let (body, digests): (Option<&str>, &[u8]) = match &self.content {
            Content::Frames(body) => (Some(body), &[]),
            Content::Digests(digests) => (None, digests),
        };
        let of_frames = body.into_iter().flat_map(|body| body.split('\n').map(Digest::of));
        let (kept, _) = digests.as_chunks::<32>();
        (self.first_seq..).zip(of_frames.chain(kept.iter().copied().map(Digest::from_bytes)))
    }

    /// The frames, if there are as many of them as the block has seqs.
    pub(crate) fn whole_body(&self) -> Option<&str> {
        let Content::Frames(body) = &self.content else { return None };
        let line_ends = body.bytes().filter(|byte| *byte == b'\n').count();
        (self.last_seq.checked_sub(self.first_seq) == Some(line_ends as u64)).then_some(body)
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
    }

    #[test]
    fn a_block_that_lost_or_won_a_line_is_not_whole() {
        let stored = |last_seq, body: &str| Stored {
            first_seq: 3,
            last_seq,
            head: None,
            marks: Vec::new(),
            size_bytes: 1,
            content: Content::Frames(body.to_owned()),
        };
        assert_eq!(stored(4, "a\nb").whole_body(), Some("a\nb"));
        for last_seq in [0, 2, 3, 5] {
            assert_eq!(stored(last_seq, "a\nb").whole_body(), None);
        }
        let pruned = Stored { content: Content::Digests(vec![7; 64]), ..stored(4, "") };
        assert_eq!((pruned.whole_body(), pruned.is_pruned()), (None, true));
        let digest = Digest::from_bytes([7; 32]);
        assert_eq!(pruned.digests().collect::<Vec<_>>(), [(3, digest), (4, digest)]);
        assert_eq!(stored(4, "a\nb").digests().last(), Some((4, Digest::of("b"))));
    }
}
