//! Where two streams part: their transcripts side by side, aligned by what they say.
//!
//! An [`Outline`] is folded from one stream, frame by frame; it keeps what a transcript keeps and where each row was
//! first told, never the frames. [`diff`] makes rows of both transcripts, lays equal ones beside each other, then those
//! of one name, and says of each pair what differs. Numbers of frames take no part in it: a run that stuttered is the
//! run that did not.
//!
//! It does not matter which run is called left: `diff(a, b)` is `diff(b, a)` with the sides changed over.
//! Ids of the stream itself (the run, its stream, conversation and artifacts) always differ and are never compared.

mod align;
mod compare;
mod forget;
mod outline;
mod row;
mod rows;
mod text;

use serde_json::Value;

pub use outline::Outline;
pub use row::{Part, RowKind};

/// What does not count as a difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ignore {
    /// Times and durations, also those that stand in values under a key that says so (`duration_ms`, `created_at`).
    pub timing: bool,
    /// What items, calls, responses and containers are called, and whatever reads like a UUID.
    pub ids: bool,
}

/// How a row of one stream stands to the other stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Both have it.
    Same,
    /// Both have it, and it says something else.
    Changed,
    /// Only the right one has it.
    Added,
    /// Only the left one has it.
    Removed,
}

/// Two streams side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// Every row of either, causes first.
    pub entries: Vec<Entry>,
    /// How many rows the left one has.
    pub left_rows: u64,
    /// How many rows the right one has.
    pub right_rows: u64,
}

/// A row of one stream or of both.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// How they differ in it.
    pub change: Change,
    /// What part of a run it belongs to.
    pub part: Part,
    /// What it is.
    pub kind: RowKind,
    /// What it is called.
    pub label: String,
    /// Where it stands; of a removed row, where it stood.
    pub path: String,
    /// The frame of the left stream that first tells of it.
    pub left_seq: Option<u64>,
    /// The frame of the right stream that first tells of it.
    pub right_seq: Option<u64>,
    /// What differs.
    pub fields: Vec<Field>,
    /// How many fields more there are.
    pub fields_omitted: u64,
}

/// A field of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name, with the path into a value that has parts.
    pub name: String,
    /// What the left row says.
    pub left: Option<Value>,
    /// What the right row says.
    pub right: Option<Value>,
    /// Of two texts, the pieces that both have or only one has.
    pub spans: Vec<Span>,
    /// Whether something of the values was left out.
    pub is_cut: bool,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Whether both texts have it.
    pub change: Change,
    /// The piece.
    pub text: String,
}

/// Compares two streams.
pub fn diff(left: Outline, right: Outline, ignore: Ignore) -> Diff {
    let [left, right] = [left, right].map(|side| {
        let mut rows = side.into_rows();
        for row in &mut rows {
            row.forget(ignore);
        }
        rows
    });
    let count = |rows: &[row::Row]| rows.iter().map(row::Row::count).sum();
    let (left_rows, right_rows) = (count(&left), count(&right));
    let mut entries = Vec::new();
    compare::lists(left, right, &mut entries);
    // Stable: within a part, rows stay in the order in which they are read.
    entries.sort_by_key(|entry| entry.part);
    Diff { entries, left_rows, right_rows }
}

impl Diff {
    /// Whether nothing that counts differs.
    pub fn is_same(&self) -> bool {
        self.entries.iter().all(|entry| entry.change == Change::Same)
    }

    /// How many rows stand so.
    pub fn total(&self, change: Change) -> u64 {
        self.entries.iter().filter(|entry| entry.change == change).count() as u64
    }

    /// The first frames of the left and the right stream that tell of a row that differs.
    pub fn first_difference(&self) -> (Option<u64>, Option<u64>) {
        let different = || self.entries.iter().filter(|entry| entry.change != Change::Same);
        let left = different().filter_map(|entry| entry.left_seq).min();
        (left, different().filter_map(|entry| entry.right_seq).min())
    }
}
