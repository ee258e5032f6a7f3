//! Text of others on a terminal. Names and titles come from whoever sent them: a carriage return forges a line, an
//! escape sequence rules the terminal, a direction override lets a name read as another one.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with everything escaped that would act instead of being seen.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if acts(c) => {
                let _infallible = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Controls (C0, DEL, C1), line separators, and what has no width of its own: direction marks and overrides, joiners,
/// tags and other invisible marks.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_and_what_is_seen_stays() {
        for seen in ["", "Größe – 日本語 🙂 a\u{301}", "back\\slash \"quoted\"", "عربي"] {
            assert!(matches!(plain(seen), Cow::Borrowed(text) if text == seen), "{seen}");
        }
        for (text, expected) in [
            ("a\rb\nc\td", "a\\rb\\nc\\td"),
            ("\u{1b}[2J\u{7}", "\\u{1b}[2J\\u{7}"),
            ("\u{9b}31m\u{7f}\0", "\\u{9b}31m\\u{7f}\\u{0}"),
            ("gpj\u{202e}exe\u{2069}", "gpj\\u{202e}exe\\u{2069}"),
            ("a\u{200b}b\u{2028}c\u{e0041}", "a\\u{200b}b\\u{2028}c\\u{e0041}"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
