//! What stands beside the digits of values and is not read with them.

use std::collections::BTreeSet;

use super::number::{currency, is_percent};
use super::roles::Layout;
use super::table::{Cells, Table, Word};

/// That there are percents, or several currencies.
pub(super) fn notes(table: &Table, layout: &Layout) -> Vec<String> {
    let (mut has_percents, mut currencies) = (false, BTreeSet::new());
    for word in layout.values().iter().flat_map(|&at| dressed_words(&table.columns[at].cells)) {
        has_percents |= is_percent(word);
        currencies.extend(currency(word));
    }
    let mut notes = Vec::new();
    if has_percents {
        notes.push("Percents are read as parts of one: 12% is 0.12.".to_owned());
    }
    if currencies.len() > 1 {
        let signs: Vec<String> = currencies.iter().map(|sign| format!("`{sign}`")).collect();
        notes.push(format!(
            "There are values in several currencies ({}), which are read as plain numbers.",
            signs.join(", ")
        ));
    }
    notes
}

/// Texts that do not begin and end with a digit.
fn dressed_words(cells: &Cells) -> impl Iterator<Item = &str> {
    let words: &[Word] = match cells {
        Cells::Words { words, .. } => words,
        _ => &[],
    };
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    words.iter().filter_map(move |word| match word {
        Word::Text(text) if !is_digit(text.as_bytes().first()) || !is_digit(text.as_bytes().last()) => {
            Some(text.as_str())
        }
        _ => None,
    })
}
