//! Two texts word by word.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::align::{Mark, pairs};
use super::{Change, Span};

/// So many pieces and bytes of them are told.
const MAX_SPANS: usize = 400;
const MAX_BYTES: usize = 32 * 1024;

/// The pieces of two texts in the order in which they are read, and whether there are more.
pub(super) fn spans(left: &str, right: &str) -> (Vec<Span>, bool) {
    let (left, right) = (words(left), words(right));
    let mut spans = Spans::default();
    let (mut l, mut r) = (0, 0);
    for (l_at, r_at) in pairs(&marks(&left), &marks(&right)) {
        // Words are paired by a hash; should two share one, they are different words all the same.
        if left[l_at] == right[r_at] {
            spans.apart(&left[l..l_at], &right[r..r_at]);
            spans.push(Change::Same, left[l_at]);
            (l, r) = (l_at + 1, r_at + 1);
        }
    }
    spans.apart(&left[l..], &right[r..]);
    (spans.list, spans.is_cut)
}

#[derive(Default)]
struct Spans {
    list: Vec<Span>,
    bytes: usize,
    is_cut: bool,
}

impl Spans {
    fn apart(&mut self, left: &[&str], right: &[&str]) {
        for word in left {
            self.push(Change::Removed, word);
        }
        for word in right {
            self.push(Change::Added, word);
        }
    }

    fn push(&mut self, change: Change, word: &str) {
        self.bytes += word.len();
        self.is_cut |= self.bytes > MAX_BYTES;
        let is_full = self.list.len() == MAX_SPANS;
        match self.list.last_mut() {
            _ if self.is_cut => {}
            Some(last) if last.change == change => last.text.push_str(word),
            _ if is_full => self.is_cut = true,
            _ => self.list.push(Span { change, text: word.to_owned() }),
        }
    }
}

/// Runs of letters and digits, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

fn marks(words: &[&str]) -> Vec<Mark> {
    let mark = |word: &&str| {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        let whole = hasher.finish();
        Mark { name: whole, whole }
    };
    words.iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(left: &str, right: &str, expected: &[(Change, &str)]) {
        let (found, is_cut) = spans(left, right);
        let found: Vec<_> = found.iter().map(|span| (span.change, span.text.as_str())).collect();
        assert_eq!((found.as_slice(), is_cut), (expected, false));
    }

    #[test]
    fn a_text_is_told_word_by_word() {
        use Change::{Added, Removed, Same};
        check("it rains", "it snows", &[(Same, "it "), (Removed, "rains"), (Added, "snows")]);
        check("", "ü!", &[(Added, "ü!")]);
        check("a b c", "a c", &[(Same, "a "), (Removed, "b "), (Same, "c")]);
        check("same", "same", &[(Same, "same")]);
    }

    #[test]
    fn a_long_text_is_cut() {
        let (left, right) = ("a ".repeat(40_000), "b ".repeat(40_000));
        let (found, is_cut) = spans(&left, &right);
        assert!(is_cut && found.iter().map(|span| span.text.len()).sum::<usize>() <= MAX_BYTES);
    }

    proptest::proptest! {
        #[test]
        fn the_pieces_are_the_texts(left in "[ab \\n]{0,40}", right in "[ab \\n]{0,40}") {
            let (found, _) = spans(&left, &right);
            let side = |other: Change| -> String {
                found.iter().filter(|span| span.change != other).map(|span| span.text.as_str()).collect()
            };
            proptest::prop_assert_eq!((side(Change::Added), side(Change::Removed)), (left, right));
        }
    }
}
