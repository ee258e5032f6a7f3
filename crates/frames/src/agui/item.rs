//! What has begun and not ended: messages, tool calls, reasoning.

use std::collections::BTreeMap;

use crate::body::Item;
use crate::envelope::{Notice, NoticeType, Scope};

/// How many things may be open at once.
pub(super) const MAX_OPEN: usize = 256;

/// How much of a text is kept to be said again when it is complete.
const KEPT_BYTES: usize = 32 << 10;

/// Something that is open.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub item: Item,
    /// The agent within the run that it is of.
    pub scope: Option<Scope>,
    pub what: What,
}

/// What is open.
#[derive(Debug, Clone)]
pub(super) enum What {
    Message,
    /// A message that no frame shows.
    Unsaid,
    Call(Call),
    Reasoning(Reasoning),
}

/// A tool call.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub name: String,
    pub arguments: Kept,
    /// Its arguments are complete.
    pub is_called: bool,
}

/// Reasoning of one or several parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Reasoning {
    pub parts: u64,
    /// The part that is open.
    pub part: Option<Kept>,
    /// It ends with its part, because it began with it.
    pub is_of_one: bool,
}

pub(super) type Items = BTreeMap<String, Open>;

/// The beginning of a text, and how much of it that leaves out.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    pub text: String,
    left_out_bytes: usize,
}

impl Kept {
    pub(super) fn push(&mut self, more: &str) {
        let room = if self.left_out_bytes == 0 { KEPT_BYTES.saturating_sub(self.text.len()) } else { 0 };
        let (kept, rest) = more.split_at(more.floor_char_boundary(room));
        self.text.push_str(kept);
        self.left_out_bytes += rest.len();
    }

    /// Says what is left out, if something is.
    pub(super) fn notices(&self, path: &str) -> Vec<Notice> {
        if self.left_out_bytes == 0 {
            return Vec::new();
        }
        let (kept, whole) = (self.text.len(), self.text.len() + self.left_out_bytes);
        let message = format!("the first {kept} of {whole} bytes; the frames before have the whole");
        vec![Notice { notice_type: NoticeType::Truncated, path: path.to_owned(), message }]
    }
}

/// Events without a frame, by type: how many there were since the last frame, and where.
#[derive(Debug, Clone, Default)]
pub(super) struct Unsaid(BTreeMap<String, (u64, u64, u64)>);

impl Unsaid {
    /// The event that is this value of the stream has no frame.
    pub(super) fn note(&mut self, event_type: &str, value: u64) {
        let (count, _, last) = self.0.entry(event_type.to_owned()).or_insert((0, value, value));
        *count += 1;
        *last = value;
    }

    /// What the next frame says of them.
    pub(super) fn take(&mut self) -> Vec<Notice> {
        let notice = |(event_type, (count, first, last))| Notice {
            notice_type: NoticeType::Truncated,
            path: format!("ag_ui.{event_type}"),
            message: if count == 1 {
                format!("has no frame; it is value {first} of the stream, counted from 0")
            } else {
                format!(
                    "{count} events have no frame; they are among values {first} to {last} of the stream, counted from 0"
                )
            },
        };
        std::mem::take(&mut self.0).into_iter().map(notice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_text_the_beginning_is_kept_and_the_rest_is_told() {
        let mut kept = Kept::default();
        kept.push(&"ü".repeat(KEPT_BYTES / 2 - 1));
        kept.push("xü");
        kept.push("y");
        assert_eq!(kept.text.len(), KEPT_BYTES - 1);
        assert!(!kept.text.ends_with('y'));
        let message = &kept.notices("a")[0].message;
        assert!(
            message.starts_with(&format!("the first {} of {} bytes", KEPT_BYTES - 1, KEPT_BYTES + 2)),
            "{message}"
        );
    }
}
