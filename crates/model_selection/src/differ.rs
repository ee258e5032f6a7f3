//! Putting stored rows beside what a run's record says, and saying where they differ.

use std::fmt::Display;

use serde_json::Value;

/// The differences found so far.
#[derive(Debug, Default)]
pub(crate) struct Differences(Vec<String>);

impl Differences {
    pub(crate) fn say(&mut self, difference: String) {
        self.0.push(difference);
    }

    /// Compares a column with what the record has in its place.
    pub(crate) fn check(&mut self, column: impl Display, row: impl Into<Value>, record: &Value, says: &str) {
        let row = row.into();
        if row != *record {
            self.0.push(format!("{column} is {}, {says} says {}", shown(&row), shown(record)));
        }
    }

    pub(crate) fn into_vec(self) -> Vec<String> {
        self.0
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}
