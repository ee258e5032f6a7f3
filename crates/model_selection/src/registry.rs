//! The registry of trained models: what was trained, by which comparison it was judged, and which alias points where.
//!
//! It only grows. A registered model is the artifact of one training run; its metrics are those of its own candidate
//! in the comparison that judged it, or of the training's hold-out. The current alias is the newest of its moves.

mod alias;
mod error;
mod model;
mod verify;

pub use alias::{Alias, AliasMove, Expected, MoveAlias};
pub use error::Error;
pub use model::{JudgedBy, MetricsOrigin, Register, RegisteredModel};
pub use verify::Verification;

/// Names of aliases and of people are short.
const MAX_NAME: usize = 100;
const MAX_TEXT: usize = 500;

fn is_alias_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    bytes.next().is_some_and(is_word)
        && bytes.all(|byte| is_word(byte) || byte == b'-' || byte == b'_')
        && name.len() <= MAX_NAME
}

/// A name of a person: 1 to 100 characters that are not all blank.
fn is_person(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= MAX_NAME
}

fn is_text(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.chars().count() <= MAX_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_name_is_lower_case_and_short() {
        for name in ["a", "demo-production", "7_days", "x".repeat(100).as_str()] {
            assert!(is_alias_name(name), "{name}");
        }
        for name in ["", "-a", "_a", "A", "a b", "a/b", "ä", "x".repeat(101).as_str()] {
            assert!(!is_alias_name(name), "{name}");
        }
    }
}
