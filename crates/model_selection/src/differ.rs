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

    /// These times follow each other; those that are empty are passed by.
    pub(crate) fn in_order(&mut self, times: &[(&str, Option<i64>)]) {
        let known: Vec<(&str, i64)> = times.iter().filter_map(|(what, us)| Some((*what, (*us)?))).collect();
        for pair in known.windows(2) {
            if let [(earlier, before), (later, after)] = pair
                && before > after
            {
                self.say(format!("{earlier} ({before} us) is after {later} ({after} us)"));
            }
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
