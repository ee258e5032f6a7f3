//! Secrets that are known by how they begin.

use std::ops::Range;

/// How a secret begins, and of what and how many letters the rest is.
struct Form {
    begins: &'static [u8],
    rest: fn(u8) -> bool,
    min: usize,
    /// Whether the rest must hold a digit: words may begin like this one.
    has_digit: bool,
}

const fn form(begins: &'static str, rest: fn(u8) -> bool, min: usize) -> Form {
    Form { begins: begins.as_bytes(), rest, min, has_digit: true }
}

/// Keys and tokens of services that mark theirs.
const FORMS: &[Form] = &[
    form("sk-", is_word, 16),
    form("sk_live_", is_word, 10),
    form("sk_test_", is_word, 10),
    form("rk_live_", is_word, 10),
    Form { begins: b"AKIA", rest: is_upper, min: 16, has_digit: false },
    Form { begins: b"ASIA", rest: is_upper, min: 16, has_digit: false },
    form("AIza", is_word, 30),
    form("ghp_", is_alphanumeric, 20),
    form("gho_", is_alphanumeric, 20),
    form("ghu_", is_alphanumeric, 20),
    form("ghs_", is_alphanumeric, 20),
    form("ghr_", is_alphanumeric, 20),
    form("github_pat_", is_word, 20),
    form("glpat-", is_word, 16),
    form("xoxb-", is_word, 10),
    form("xoxp-", is_word, 10),
    form("xoxa-", is_word, 10),
    form("xoxr-", is_word, 10),
    form("xoxs-", is_word, 10),
    form("hf_", is_alphanumeric, 20),
    form("npm_", is_alphanumeric, 30),
    form("pypi-", is_word, 30),
];

/// Letters that words, keys and the parts of a JSON Web Token are made of. None of the forms begins behind one, so no
/// text is looked at more than a few times.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

const fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

const fn is_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

/// What an authorization may be made of.
const fn is_credential(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'=')
}

/// The secret that begins at the beginning of this word, if one does.
pub(super) fn at(text: &[u8], start: usize) -> Option<Range<usize>> {
    match text[start] {
        b's' | b'r' | b'A' | b'g' | b'x' | b'h' | b'n' | b'p' => known(text, start),
        b'e' => web_token(text, start),
        b'b' | b'B' => authorization(text, start),
        _ => None,
    }
}

fn known(text: &[u8], start: usize) -> Option<Range<usize>> {
    let form = FORMS.iter().find(|form| text[start..].starts_with(form.begins))?;
    let from = start + form.begins.len();
    let end = run(text, from, form.rest);
    let holds_digit = text[from..end].iter().any(u8::is_ascii_digit);
    (end - from >= form.min && (holds_digit || !form.has_digit)).then_some(start..end)
}

/// Three parts of base64 with dots between; the first is an object and so begins with `eyJ`.
fn web_token(text: &[u8], start: usize) -> Option<Range<usize>> {
    if !text[start..].starts_with(b"eyJ") {
        return None;
    }
    let header = run(text, start, is_word);
    let payload = run(text, (text.get(header) == Some(&b'.')).then_some(header + 1)?, is_word);
    let end = run(text, (text.get(payload) == Some(&b'.')).then_some(payload + 1)?, is_word);
    (header - start >= 8 && payload - header > 8 && end - payload > 8).then_some(start..end)
}

/// What follows `Bearer` or `Basic`, if it is long enough to be no word of a sentence.
fn authorization(text: &[u8], start: usize) -> Option<Range<usize>> {
    const MIN: usize = 16;
    let scheme = ["bearer", "basic"].into_iter().find(|scheme| begins(text, start, scheme))?;
    let behind = start + scheme.len();
    let from = run(text, behind, |byte| matches!(byte, b' ' | b'\t'));
    let end = run(text, from, is_credential);
    let holds_digit = text[from..end].iter().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    (from > behind && end - from >= MIN && holds_digit).then_some(from..end)
}

/// Whether the text goes on with this word, in letters of either case.
pub(super) fn begins(text: &[u8], start: usize, word: &str) -> bool {
    text.get(start..start + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
}

/// Where what begins here ends.
pub(super) fn run(text: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    text[from..].iter().position(|byte| !belongs(*byte)).map_or(text.len(), |length| from + length)
}
