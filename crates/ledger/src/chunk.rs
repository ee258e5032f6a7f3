//! What readers get.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::Head;

/// Consecutive frames of a run, at most 1 MiB of them. Clones share the frames and what is rendered of them, so that many
/// viewers of one run cost little more than one.
#[derive(Debug, Clone)]
pub struct Chunk(Arc<Frames>);

#[derive(Debug)]
struct Frames {
    first_seq: u64,
    last_seq: u64,
    /// Where the ledger ended when they were read.
    end_seq: u64,
    /// Joined by `\n`. It was made from text and is sliced at line ends only.
    lines: Bytes,
    events: OnceLock<Bytes>,
}

/// One page of a run's frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Each frame's stored text under its seq.
    pub frames: Vec<(u64, String)>,
    /// Nothing is stored after this page. More may follow as long as `head` is not closed.
    pub is_end: bool,
    /// The ledger's head when the page was read.
    pub head: Head,
}

impl Chunk {
    /// The frames from `first_seq` to `last_seq`, joined by `\n`.
    pub fn new(first_seq: u64, last_seq: u64, lines: String) -> Self {
        Self::of(first_seq, last_seq, last_seq, lines.into())
    }

    pub(crate) fn of(first_seq: u64, last_seq: u64, end_seq: u64, lines: Bytes) -> Self {
        Self(Arc::new(Frames { first_seq, last_seq, end_seq, lines, events: OnceLock::new() }))
    }

    /// The seq of the first frame.
    pub fn first_seq(&self) -> u64 {
        self.0.first_seq
    }

    /// The seq of the last frame.
    pub fn last_seq(&self) -> u64 {
        self.0.last_seq
    }

    /// Whether nothing was stored after these frames when they were read.
    pub fn is_end(&self) -> bool {
        self.0.last_seq >= self.0.end_seq
    }

    /// The frames' stored bytes, joined by `\n`.
    pub fn lines(&self) -> &Bytes {
        &self.0.lines
    }

    /// Each frame's stored text under its seq.
    pub fn frames(&self) -> impl Iterator<Item = (u64, &str)> {
        let text = str::from_utf8(&self.0.lines).expect("a chunk is made from text and cut at line ends");
        (self.0.first_seq..).zip(text.split('\n'))
    }

    /// Each frame's stored bytes, which all share the chunk's memory.
    pub fn texts(&self) -> impl Iterator<Item = Bytes> {
        self.0.lines.split(|byte| *byte == b'\n').map(|frame| self.0.lines.slice_ref(frame))
    }

    /// Each frame as a chunk of its own, which shares this one's memory.
    pub fn each(&self) -> impl Iterator<Item = Self> {
        let end_seq = self.0.end_seq;
        (self.0.first_seq..).zip(self.texts()).map(move |(seq, frame)| Self::of(seq, seq, end_seq, frame))
    }

    /// The part of the chunk from the first frame after `after` to the frame `until`; nothing if it has no such frame.
    #[must_use]
    pub fn part(&self, after: u64, until: u64) -> Option<Self> {
        let Frames { first_seq, last_seq, end_seq, lines, .. } = &*self.0;
        let (first, last) = ((*first_seq).max(after.saturating_add(1)), (*last_seq).min(until));
        if (first, last) == (*first_seq, *last_seq) {
            return Some(self.clone());
        }
        if first > last {
            return None;
        }
        let mut ends = lines.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
        let line = |seq: u64| usize::try_from(seq - first_seq).ok();
        let start = match line(first)?.checked_sub(1) {
            Some(nth) => ends.nth(nth)? + 1,
            None => 0,
        };
        let end = ends.nth(usize::try_from(last - first).ok()?).unwrap_or(lines.len());
        Some(Self::of(first, last, *end_seq, lines.slice(start..end)))
    }

    /// A copy of the first frames, as many as fit into so many bytes but at least one. It shares no memory with the chunk.
    #[must_use]
    pub(crate) fn beginning(&self, bytes: usize) -> Self {
        let Frames { first_seq, end_seq, lines, .. } = &*self.0;
        if lines.len() <= bytes {
            return self.clone();
        }
        let fits = lines[..=bytes].iter().rposition(|byte| *byte == b'\n');
        let end = fits.or_else(|| lines.iter().position(|byte| *byte == b'\n')).unwrap_or(lines.len());
        let n_frames = lines[..end].split(|byte| *byte == b'\n').count() as u64;
        Self::of(*first_seq, first_seq + n_frames - 1, *end_seq, Bytes::copy_from_slice(&lines[..end]))
    }

    /// The chunk as server-sent events, `id: 17`, `data: <frame>` and an empty line each. Rendered once, in one
    /// allocation.
    pub fn to_sse(&self) -> Bytes {
        self.0.events.get_or_init(|| self.render()).clone()
    }

    fn render(&self) -> Bytes {
        const LABELS: usize = "id: \ndata: \n\n".len();
        let Frames { first_seq, last_seq, lines, .. } = &*self.0;
        let frames = usize::try_from(last_seq - first_seq + 1).expect("a chunk is in memory");
        let digits: usize = (*first_seq..=*last_seq).map(|seq| seq.ilog10() as usize + 1).sum();
        // All line breaks between the frames go away: there is one fewer than there are frames.
        let size = lines.len() - (frames - 1) + digits + frames * LABELS;
        let mut events = Vec::with_capacity(size);
        for (seq, frame) in (*first_seq..).zip(lines.split(|byte| *byte == b'\n')) {
            events.extend_from_slice(b"id: ");
            push_decimal(&mut events, seq);
            events.extend_from_slice(b"\ndata: ");
            events.extend_from_slice(frame);
            events.extend_from_slice(b"\n\n");
        }
        debug_assert_eq!(events.len(), size, "a full vector becomes bytes without another allocation");
        events.into()
    }
}

fn push_decimal(text: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(number % 10).expect("a remainder of ten is one digit");
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(first_seq: u64, frames: &[&str]) -> Chunk {
        Chunk::new(first_seq, first_seq + frames.len() as u64 - 1, frames.join("\n"))
    }

    fn seen(chunk: &Chunk) -> Vec<(u64, &str)> {
        chunk.frames().collect()
    }

    #[test]
    fn events_carry_the_stored_bytes_under_their_seq() {
        let events = chunk(9, &["{\"ü\":1}", "{}", r#"{"a":"\n"}"#]).to_sse();
        let expected = "id: 9\ndata: {\"ü\":1}\n\nid: 10\ndata: {}\n\nid: 11\ndata: {\"a\":\"\\n\"}\n\n";
        assert_eq!(events, expected.as_bytes());
    }

    #[test]
    fn a_part_is_the_frames_it_names_and_the_whole_is_shared() {
        let chunk = chunk(3, &["a", "bb", "ü", "d"]);
        assert_eq!(seen(&chunk.part(3, 5).unwrap()), [(4, "bb"), (5, "ü")]);
        assert_eq!(seen(&chunk.part(0, 3).unwrap()), [(3, "a")]);
        assert_eq!(seen(&chunk.part(5, u64::MAX).unwrap()), [(6, "d")]);
        assert!(
            chunk.is_end()
                && chunk.part(5, u64::MAX).unwrap().is_end()
                && !chunk.part(0, 5).unwrap().is_end()
        );
        assert!(chunk.part(6, u64::MAX).is_none() && chunk.part(0, 2).is_none());
        assert!(Arc::ptr_eq(&chunk.part(2, 6).unwrap().0, &chunk.0));
        assert_eq!(chunk.to_sse().as_ptr(), chunk.clone().to_sse().as_ptr());
        assert_eq!(chunk.texts().collect::<Vec<_>>(), ["a", "bb", "ü", "d"]);
        let each: Vec<Chunk> = chunk.each().collect();
        assert_eq!(each.iter().flat_map(seen).collect::<Vec<_>>(), seen(&chunk));
        assert_eq!(each.iter().map(Chunk::is_end).collect::<Vec<_>>(), [false, false, false, true]);
    }

    #[test]
    fn a_beginning_has_as_many_frames_as_fit_and_never_none() {
        let chunk = chunk(1, &["aaaa", "bb", "c"]);
        for (bytes, last_seq) in [(1, 1), (4, 1), (6, 1), (7, 2), (8, 2), (9, 3), (100, 3)] {
            let beginning = chunk.beginning(bytes);
            assert_eq!(beginning.last_seq(), last_seq, "{bytes} bytes");
            assert_eq!(seen(&beginning), seen(&chunk.part(0, last_seq).unwrap()));
        }
    }

    proptest::proptest! {
        #[test]
        fn rendering_loses_and_adds_nothing(
            first in 1_u64..=u64::MAX - 50,
            frames in proptest::collection::vec("[^\\p{Cc}]{1,40}", 1..50),
        ) {
            let chunk = chunk(first, &frames.iter().map(String::as_str).collect::<Vec<_>>());
            let events: Vec<String> =
                (first..).zip(&frames).map(|(seq, frame)| format!("id: {seq}\ndata: {frame}\n\n")).collect();
            proptest::prop_assert_eq!(chunk.to_sse(), events.concat());
        }
    }
}
