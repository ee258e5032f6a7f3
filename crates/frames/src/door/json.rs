//! Looks through JSON: values under the names of secrets go, and texts are looked at like any text.

use serde_json::{Map, Value};

use super::clerk::Clerk;
use super::key::{Secrecy, secrecy};
use super::{ARGUMENT_CHARS, ARGUMENTS_TEXT_CHARS, REDACTED};
use crate::envelope::NoticeType;

/// How often a text of arguments is looked at.
const MAX_TURNS: usize = 8;

impl Clerk<'_> {
    /// Looks through a value; texts in it may have so many characters.
    pub(super) fn value(&mut self, value: &mut Value, max_chars: usize) {
        match value {
            Value::String(text) => self.text(text, max_chars),
            Value::Array(values) => {
                for (index, value) in values.iter_mut().enumerate() {
                    self.nth(index, |clerk| clerk.value(value, max_chars));
                }
            }
            Value::Object(object) => self.object(object, max_chars),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// As [`Self::value`], of an object.
    pub(super) fn object(&mut self, object: &mut Map<String, Value>, max_chars: usize) {
        for (key, value) in object.iter_mut() {
            self.at(key, |clerk| {
                if clerk.hides() && is_secret(key, value) {
                    *value = Value::String(REDACTED.to_owned());
                    clerk.replaced();
                } else {
                    clerk.value(value, max_chars);
                }
            });
        }
    }

    /// Looks at the arguments of a call as a text: through what it holds if that is JSON, which is written anew only where
    /// something had to go.
    pub(super) fn arguments_text(&mut self, text: &mut String) {
        // What was cut is no JSON any more and is then looked at as the text it is; more turns than that are rare.
        for _ in 0..MAX_TURNS {
            let before = text.clone();
            self.within(text);
            self.text(text, ARGUMENTS_TEXT_CHARS);
            if *text == before {
                return;
            }
        }
    }

    fn within(&mut self, text: &mut String) {
        if !text.trim_start().starts_with(['{', '[']) {
            return;
        }
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return };
        let mut inner = self.another();
        inner.value(&mut value, ARGUMENT_CHARS);
        if inner.has_done(NoticeType::Redacted) {
            self.note(
                NoticeType::Redacted,
                "values that are named or look like secrets were replaced".to_owned(),
            );
        }
        if inner.has_done(NoticeType::Truncated) {
            self.shortened(format!("texts in it were cut to {ARGUMENT_CHARS} characters"));
        }
        if inner.has_done(NoticeType::Redacted) || inner.has_done(NoticeType::Truncated) {
            *text = value.to_string();
        }
    }
}

/// Whether a value must go for its name. What is empty, true or false hides nothing.
fn is_secret(key: &str, value: &Value) -> bool {
    match (secrecy(key), value) {
        (Secrecy::Open, _) | (_, Value::Null | Value::Bool(_)) | (Secrecy::Token, Value::Number(_)) => false,
        (_, Value::String(text)) => !text.is_empty() && text != REDACTED,
        _ => true,
    }
}
