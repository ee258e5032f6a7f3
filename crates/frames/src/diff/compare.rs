//! Rows against rows.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::align::{Mark, pairs};
use super::row::{Row, Said};
use super::text::spans;
use super::{Change, Entry, Field};

/// So many fields of one row are told.
const MAX_FIELDS: usize = 50;
/// The longest value that is told whole.
const MAX_VALUE_BYTES: usize = 4 * 1024;

pub(super) fn lists(left: Vec<Row>, right: Vec<Row>, entries: &mut Vec<Entry>) {
    let pairs = pairs(&marks(&left), &marks(&right));
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let (mut l, mut r) = (0, 0);
    for (l_at, r_at) in pairs {
        left.by_ref().take(l_at - l).for_each(|row| alone(row, Change::Removed, entries));
        right.by_ref().take(r_at - r).for_each(|row| alone(row, Change::Added, entries));
        if let (Some(left), Some(right)) = (left.next(), right.next()) {
            both(left, right, entries);
        }
        (l, r) = (l_at + 1, r_at + 1);
    }
    left.for_each(|row| alone(row, Change::Removed, entries));
    right.for_each(|row| alone(row, Change::Added, entries));
}

fn marks(rows: &[Row]) -> Vec<Mark> {
    let mark = |row: &Row| {
        let (mut name, mut whole) = (DefaultHasher::new(), DefaultHasher::new());
        (row.kind, &row.key).hash(&mut name);
        row.hash_whole(&mut whole);
        Mark { name: name.finish(), whole: whole.finish() }
    };
    rows.iter().map(mark).collect()
}

impl Row {
    /// Everything that is compared: neither where it stands nor which frame told of it.
    fn hash_whole(&self, hasher: &mut DefaultHasher) {
        (self.kind, &self.key, self.said.len(), self.below.len()).hash(hasher);
        for said in &self.said {
            (&said.name, &said.value).hash(hasher);
        }
        self.below.iter().for_each(|row| row.hash_whole(hasher));
    }
}

fn both(left: Row, right: Row, entries: &mut Vec<Entry>) {
    let mut fields = Fields::default();
    for said in &left.said {
        let other = find(&right, &said.name);
        fields.compare(&said.name, Some(&said.value), other);
    }
    for said in right.said.iter().filter(|said| find(&left, &said.name).is_none()) {
        fields.compare(&said.name, None, Some(&said.value));
    }
    let change = if fields.list.is_empty() { Change::Same } else { Change::Changed };
    entries.push(Entry {
        left_seq: left.seq,
        right_seq: right.seq,
        ..entry(change, right.label, right.path, right.kind, fields)
    });
    lists(left.below, right.below, entries);
}

fn alone(row: Row, change: Change, entries: &mut Vec<Entry>) {
    let mut fields = Fields::default();
    for Said { name, value, .. } in &row.said {
        match change {
            Change::Removed => fields.push(name, Some(value), None),
            _ => fields.push(name, None, Some(value)),
        }
    }
    let of = |side: Change| row.seq.filter(|_| change == side);
    let (left_seq, right_seq) = (of(Change::Removed), of(Change::Added));
    let Row { label, path, kind, .. } = row;
    entries.push(Entry { left_seq, right_seq, ..entry(change, label, path, kind, fields) });
    row.below.into_iter().for_each(|row| alone(row, change, entries));
}

fn entry(change: Change, label: String, path: String, kind: super::RowKind, fields: Fields) -> Entry {
    let Fields { list, omitted } = fields;
    let (part, fields_omitted) = (kind.part(), omitted);
    Entry { change, part, kind, label, path, left_seq: None, right_seq: None, fields: list, fields_omitted }
}

fn find<'a>(row: &'a Row, name: &str) -> Option<&'a Value> {
    row.said.iter().find(|said| said.name == name).map(|said| &said.value)
}

#[derive(Default)]
struct Fields {
    list: Vec<Field>,
    omitted: u64,
}

impl Fields {
    /// Goes into values that both have, down to what differs.
    fn compare(&mut self, name: &str, left: Option<&Value>, right: Option<&Value>) {
        match (left, right) {
            (Some(left), Some(right)) if left == right => {}
            (Some(Value::Object(left)), Some(Value::Object(right))) => {
                for key in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
                    self.compare(&format!("{name}.{key}"), left.get(key), right.get(key));
                }
            }
            (Some(Value::Array(left)), Some(Value::Array(right))) => {
                for n in 0..left.len().max(right.len()) {
                    self.compare(&format!("{name}[{n}]"), left.get(n), right.get(n));
                }
            }
            (left, right) => self.push(name, left, right),
        }
    }

    fn push(&mut self, name: &str, left: Option<&Value>, right: Option<&Value>) {
        if self.list.len() == MAX_FIELDS {
            self.omitted += 1;
            return;
        }
        let (spans, mut is_cut) = match (left, right) {
            (Some(Value::String(left)), Some(Value::String(right))) => spans(left, right),
            _ => (Vec::new(), false),
        };
        let mut told = |value: Option<&Value>| {
            let (value, cut) = cut(value?);
            is_cut |= cut;
            Some(value)
        };
        let (left, right) = (told(left), told(right));
        self.list.push(Field { name: name.to_owned(), left, right, spans, is_cut });
    }
}

/// A value, or the beginning of its text where it is large.
fn cut(value: &Value) -> (Value, bool) {
    let beginning = |text: &str| Value::from(&text[..text.floor_char_boundary(MAX_VALUE_BYTES)]);
    match value {
        Value::String(text) if text.len() <= MAX_VALUE_BYTES => (value.clone(), false),
        Value::String(text) => (beginning(text), true),
        Value::Array(_) | Value::Object(_) => {
            let text = value.to_string();
            if text.len() <= MAX_VALUE_BYTES { (value.clone(), false) } else { (beginning(&text), true) }
        }
        _ => (value.clone(), false),
    }
}
