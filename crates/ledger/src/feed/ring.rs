//! The latest chunks of one run, and how it ended.

use std::collections::VecDeque;

use crate::{Chunk, Error};

/// What is kept for viewers that are a little late. The newest chunk is kept whatever its size.
const MAX_BYTES: usize = 1 << 20;

/// What a viewer finds.
#[derive(Debug)]
pub(crate) enum Next {
    /// The frames that follow.
    Chunk(Chunk),
    /// They are no longer here, but they are stored.
    Rows,
    /// Nothing yet.
    Wait,
    /// Nothing will come.
    End(Result<(), Error>),
}

#[derive(Debug)]
pub(super) struct Ring {
    chunks: VecDeque<Chunk>,
    bytes: usize,
    /// The last frame that was here.
    seq: u64,
    end: Option<Result<(), Error>>,
    is_fresh: bool,
    is_abandoned: bool,
}

impl Ring {
    pub(super) fn after(seq: u64) -> Self {
        let chunks = VecDeque::new();
        Self { chunks, bytes: 0, seq, end: None, is_fresh: false, is_abandoned: false }
    }

    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    pub(super) fn push(&mut self, chunk: Chunk) {
        self.seq = chunk.last_seq();
        self.bytes += chunk.lines().len();
        self.chunks.push_back(chunk);
        while self.bytes > MAX_BYTES && self.chunks.len() > 1 {
            self.bytes -= self.chunks.pop_front().map_or(0, |chunk| chunk.lines().len());
        }
        self.is_fresh = true;
    }

    pub(super) fn next(&self, after: u64) -> Next {
        let at = self.chunks.partition_point(|chunk| chunk.last_seq() <= after);
        match self.chunks.get(at) {
            Some(chunk) if chunk.first_seq() <= after + 1 => {
                chunk.part(after, u64::MAX).map_or(Next::Rows, Next::Chunk)
            }
            Some(_) => Next::Rows,
            None if after < self.seq => Next::Rows,
            None => self.end.clone().map_or(Next::Wait, Next::End),
        }
    }

    pub(super) fn end(&mut self, end: Result<(), Error>) {
        self.end = Some(end);
    }

    /// Lets go of what has been here since the last call: of a run that says nothing, nothing is kept. Returns the last
    /// frame that was here.
    pub(super) fn rest(&mut self) -> u64 {
        if !std::mem::take(&mut self.is_fresh) {
            self.chunks = VecDeque::new();
            self.bytes = 0;
        }
        self.seq
    }

    pub(super) fn abandon(&mut self) {
        self.is_abandoned = true;
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.is_abandoned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(first_seq: u64, last_seq: u64, frame: &str) -> Chunk {
        let lines: Vec<&str> = (first_seq..=last_seq).map(|_| frame).collect();
        Chunk::new(first_seq, last_seq, lines.join("\n"))
    }

    fn seqs(next: &Next) -> Option<(u64, u64)> {
        match next {
            Next::Chunk(chunk) => Some((chunk.first_seq(), chunk.last_seq())),
            _ => None,
        }
    }

    #[test]
    fn a_viewer_takes_what_follows_waits_at_the_end_and_reads_rows_when_it_is_late() {
        let mut ring = Ring::after(4);
        assert!(matches!(ring.next(3), Next::Rows));
        assert!(matches!(ring.next(4), Next::Wait));
        assert!(matches!(ring.next(9), Next::Wait), "it may be ahead of the feed");
        ring.push(chunk(5, 7, "{}"));
        ring.push(chunk(8, 8, "{}"));
        assert_eq!(seqs(&ring.next(4)), Some((5, 7)));
        assert_eq!(seqs(&ring.next(5)), Some((6, 7)));
        assert_eq!(seqs(&ring.next(7)), Some((8, 8)));
        assert!(matches!(ring.next(3), Next::Rows));
        ring.end(Ok(()));
        assert_eq!(seqs(&ring.next(6)), Some((7, 7)));
        assert!(matches!(ring.next(8), Next::End(Ok(()))));
    }

    #[test]
    fn it_keeps_a_bounded_number_of_bytes_and_always_the_newest_chunk() {
        let mut ring = Ring::after(0);
        for seq in 1..=40 {
            ring.push(chunk(seq, seq, &"x".repeat(100_000)));
            assert!(ring.bytes <= MAX_BYTES);
        }
        assert_eq!(ring.chunks.len(), 10);
        assert!(matches!(ring.next(29), Next::Rows));
        assert_eq!(seqs(&ring.next(30)), Some((31, 31)));
        ring.push(chunk(41, 41, &"x".repeat(MAX_BYTES + 1)));
        assert_eq!(ring.chunks.len(), 1);
    }

    #[test]
    fn of_a_silent_run_nothing_is_kept() {
        let mut ring = Ring::after(0);
        ring.push(chunk(1, 3, "{}"));
        assert_eq!((ring.rest(), ring.chunks.len()), (3, 1));
        assert_eq!((ring.rest(), ring.chunks.len(), ring.bytes), (3, 0, 0));
        assert!(matches!(ring.next(2), Next::Rows));
        assert!(matches!(ring.next(3), Next::Wait));
    }
}
