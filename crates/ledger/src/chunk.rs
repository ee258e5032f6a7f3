//! What readers get.

use bytes::Bytes;

use crate::Head;

/// Consecutive frames of a run, at most 1 MiB of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The seq of the first frame.
    pub first_seq: u64,
    /// The seq of the last frame.
    pub last_seq: u64,
    /// The frames' stored bytes, joined by `\n`.
    pub lines: String,
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
    /// Each frame's stored text under its seq.
    pub fn frames(&self) -> impl Iterator<Item = (u64, &str)> {
        (self.first_seq..=self.last_seq).zip(self.lines.split('\n'))
    }

    /// The chunk as server-sent events, `id: 17`, `data: <frame>` and an empty line each, in one allocation.
    pub fn to_sse(&self) -> Bytes {
        const LABELS: usize = "id: \ndata: \n\n".len();
        let frames = usize::try_from(self.last_seq - self.first_seq + 1).expect("a chunk is in memory");
        let digits: usize = (self.first_seq..=self.last_seq).map(|seq| seq.ilog10() as usize + 1).sum();
        // All line breaks between the frames go away: there is one fewer than there are frames.
        let size = self.lines.len() - (frames - 1) + digits + frames * LABELS;
        let mut events = Vec::with_capacity(size);
        for (seq, frame) in self.frames() {
            events.extend_from_slice(b"id: ");
            push_decimal(&mut events, seq);
            events.extend_from_slice(b"\ndata: ");
            events.extend_from_slice(frame.as_bytes());
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
        let last_seq = first_seq + frames.len() as u64 - 1;
        Chunk { first_seq, last_seq, lines: frames.join("\n") }
    }

    #[test]
    fn events_carry_the_stored_bytes_under_their_seq() {
        let events = chunk(9, &["{\"ü\":1}", "{}", r#"{"a":"\n"}"#]).to_sse();
        let expected = "id: 9\ndata: {\"ü\":1}\n\nid: 10\ndata: {}\n\nid: 11\ndata: {\"a\":\"\\n\"}\n\n";
        assert_eq!(events, expected.as_bytes());
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
