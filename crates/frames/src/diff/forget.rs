//! What is left of rows when timing or ids do not count: what is not compared is not shown either.

use serde_json::Value;

use super::Ignore;
use super::row::{Row, Sort};

const ID: &str = "<id>";

impl Row {
    pub(super) fn forget(&mut self, ignore: Ignore) {
        self.said.retain(|said| match said.sort {
            Sort::Content => true,
            Sort::Timing => !ignore.timing,
            Sort::Id => !ignore.ids,
        });
        for said in &mut self.said {
            scrub(&mut said.value, ignore);
        }
        if ignore.ids {
            self.key = without_ids(&self.key).unwrap_or_else(|| std::mem::take(&mut self.key));
        }
        self.below.iter_mut().for_each(|row| row.forget(ignore));
    }
}

fn scrub(value: &mut Value, ignore: Ignore) {
    match value {
        Value::String(text) if ignore.ids => {
            if let Some(scrubbed) = without_ids(text) {
                *text = scrubbed;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| scrub(value, ignore)),
        Value::Object(map) => {
            if ignore.timing {
                map.retain(|key, _| !is_time(key));
            }
            map.values_mut().for_each(|value| scrub(value, ignore));
        }
        _ => {}
    }
}

/// Whether a key says that its value is a time or a duration.
fn is_time(key: &str) -> bool {
    ["_ms", "_us", "_ns", "_seconds", "_at"].iter().any(|unit| key.ends_with(unit))
        || matches!(key, "duration" | "elapsed" | "timestamp")
}

/// The text with every UUID and every name of a run's stream replaced; nothing where it has none.
fn without_ids(text: &str) -> Option<String> {
    let mut scrubbed = String::new();
    let (mut from, mut at) = (0, 0);
    while at < text.len() {
        let length = id_length(&text.as_bytes()[at..]);
        if length > 0 {
            scrubbed.push_str(&text[from..at]);
            scrubbed.push_str(ID);
            from = at + length;
        }
        at += length.max(1);
    }
    (from > 0).then(|| scrubbed + &text[from..])
}

/// How long the id is that begins here: `8-4-4-4-12` hexadecimal digits, or `run_` and 32 of them.
fn id_length(bytes: &[u8]) -> usize {
    let is_hex = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let is_uuid = || {
        [8, 13, 18, 23].iter().all(|at| bytes.get(*at) == Some(&b'-'))
            && [0..8, 9..13, 14..18, 19..23, 24..36].into_iter().all(is_hex)
    };
    match bytes.first() {
        Some(b'r') if bytes.starts_with(b"run_") && is_hex(4..36) => 36,
        Some(first) if first.is_ascii_hexdigit() && is_uuid() => 36,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_in_texts_and_times_in_values_go() {
        let id = "019aa1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
        for (text, expected) in [
            (format!("run {id} ended"), Some("run <id> ended")),
            (format!("{id}{id}ü"), Some("<id><id>ü")),
            (format!("run_{}", id.replace('-', "")), Some("<id>")),
            (id[1..].to_owned(), None),
            ("ünothing".to_owned(), None),
        ] {
            assert_eq!(without_ids(&text).as_deref(), expected, "{text}");
        }
        let mut value = json!({"rows": 1, "fit_ms": 3.5, "list": [{"created_at": "now", "id": id}]});
        scrub(&mut value, Ignore { timing: true, ids: true });
        assert_eq!(value, json!({"rows": 1, "list": [{"id": "<id>"}]}));
    }
}
