//! The registry of trained models: what was trained, by which comparison it was judged, and which alias points where.
//!
//! It only grows. A registered model is the artifact of one training run; its metrics are those of its own candidate
//! in the comparison that judged it, or of the training's hold-out. How a model stands is the newest of its events, and
//! where an alias points the newest of its moves. No alias points at an archived model.

mod alias;
mod check;
mod error;
mod event;
mod model;
mod register;
mod verify;

pub use alias::{Expected, MoveAlias};
pub use error::Error;
pub use event::ChangeModel;
pub use model::Listed;
pub(crate) use model::held;
pub use register::Register;

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

const PERSON_RULE: &str = "must name who does it, in 1 to 100 characters without control characters";
const TEXT_RULE: &str = "must have at most 500 characters, and of control characters line breaks alone";

/// A name of a person: 1 to 100 characters that are not all blank.
fn is_person(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control)
}

fn is_text(text: Option<&str>) -> bool {
    let is_plain = |character: char| !character.is_control() || matches!(character, '\n' | '\t');
    text.is_none_or(|text| text.chars().count() <= MAX_TEXT && text.chars().all(is_plain))
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
