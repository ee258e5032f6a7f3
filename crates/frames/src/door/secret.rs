//! Secrets in free text: in a message, in code, in arguments that are not JSON.
//!
//! The forms are such that a text's beginning holds no secret where the text holds none: a text may be cut after it was
//! looked at. Each letter is looked at a bounded number of times, whatever the text.

use std::borrow::Cow;
use std::ops::Range;

use super::REDACTED;
use super::key::{Secrecy, secrecy};
use super::token::{self, begins, is_word, run};

/// The name of a field is looked for in this many letters.
const NAME_BYTES: usize = 64;

/// The text with its secrets replaced, and how many there were.
pub(super) fn redact(text: &str) -> Option<(String, usize)> {
    let mut redacted = Cow::Borrowed(text);
    let mut count = 0;
    // What stands where two secrets meet may have the form of another one. Each turn leaves fewer letters of the text.
    while let found @ [_, ..] = &secrets(redacted.as_bytes())[..] {
        count += found.len();
        redacted = Cow::Owned(replaced(&redacted, found));
    }
    (count > 0).then(|| (redacted.into_owned(), count))
}

fn replaced(text: &str, found: &[Range<usize>]) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut from = 0;
    for secret in found {
        replaced.push_str(&text[from..secret.start]);
        replaced.push_str(REDACTED);
        from = secret.end;
    }
    replaced.push_str(&text[from..]);
    replaced
}

/// The places of the secrets, in order and apart. All forms begin and end at ASCII letters.
fn secrets(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let secret = match text[at] {
            b':' => address(text, at).or_else(|| named(text, at)),
            b'=' => named(text, at),
            b'-' => private_key(text, at),
            letter if letter.is_ascii_alphabetic() => {
                let is_inside = at > 0 && is_word(text[at - 1]);
                if is_inside { None } else { token::at(text, at) }
            }
            _ => None,
        };
        at = secret.as_ref().map_or(at + 1, |secret| secret.end.max(at + 1));
        found.extend(secret);
    }
    found
}

/// The password of an address such as `postgres://user:password@host`.
fn address(text: &[u8], colon: usize) -> Option<Range<usize>> {
    if !text[colon..].starts_with(b"://") || colon == 0 || !text[colon - 1].is_ascii_alphanumeric() {
        return None;
    }
    let from = colon + 3;
    let ends = |byte: u8| byte.is_ascii_whitespace() || b"/?#\"'<>`,\\".contains(&byte);
    let authority = &text[from..run(text, from, |byte| !ends(byte))];
    let user = &authority[..authority.iter().rposition(|byte| *byte == b'@')?];
    let password = user.iter().position(|byte| *byte == b':')? + 1;
    (password < user.len()).then(|| from + password..from + user.len())
}

/// The body of a private key in PEM, or as much of it as is there.
fn private_key(text: &[u8], start: usize) -> Option<Range<usize>> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    const NAME: &[u8] = b"PRIVATE KEY";
    const LABEL_BYTES: usize = 64;
    if !text[start..].starts_with(BEGIN) {
        return None;
    }
    let from = start + BEGIN.len();
    let label = &text[from..text.len().min(from + LABEL_BYTES)];
    let close = find(label, b"-----").filter(|close| find(&label[..*close], NAME).is_some())?;
    let body = from + close + b"-----".len();
    if is_placeholder(text, body) {
        return None;
    }
    let end = find(&text[body..], b"-----END").map_or(text.len(), |length| body + length);
    text[body..end].iter().any(u8::is_ascii_alphanumeric).then_some(body..end)
}

fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    text.windows(mark.len()).position(|found| found == mark)
}

/// The value behind the name of a secret: `"password": "…"`, `api_key = '…'`, `TOKEN=…`.
fn named(text: &[u8], sign: usize) -> Option<Range<usize>> {
    let (name, is_adjacent) = name_before(text, sign);
    let secrecy = secrecy(std::str::from_utf8(name).ok()?);
    if secrecy == Secrecy::Open {
        return None;
    }
    let is_blank = |byte: u8| matches!(byte, b' ' | b'\t');
    let from = run(text, sign + 1, is_blank);
    let quote = run(text, from, |byte| byte == b'\\');
    if let Some(b'"' | b'\'' | b'`') = text.get(quote) {
        return quoted(text, quote, quote - from);
    }
    let value = behind_scheme(text, from);
    let is_direct = is_adjacent && value.start == sign + 1 && text[sign] == b'=';
    let is_value = !is_placeholder(text, value.start)
        && is_bare_secret(text, &value, secrecy, is_direct.then_some(name));
    is_value.then_some(value)
}

/// A value without quotes; a header names the scheme before it.
fn behind_scheme(text: &[u8], from: usize) -> Range<usize> {
    let scheme = ["bearer ", "basic ", "token "].into_iter().find(|scheme| begins(text, from, scheme));
    let from = scheme.map_or(from, |scheme| from + scheme.len());
    from..run(text, from, is_bare)
}

/// The name that stands before a sign, and whether nothing stands between them.
fn name_before(text: &[u8], sign: usize) -> (&[u8], bool) {
    let least = sign.saturating_sub(NAME_BYTES);
    let back = |from: usize, belongs: fn(u8) -> bool| {
        let before = text[least..from].iter().rposition(|byte| !belongs(*byte));
        before.map_or(least, |at| least + at + 1)
    };
    let end = back(sign, |byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b'\\'));
    let start = back(end, |byte| is_word(byte) || byte == b'.');
    (&text[start..end], end == sign)
}

/// What stands in quotes, up to the end of the line or text where they are not closed. In a text within a text,
/// backslashes stand before the quotes: as many before the last as before the first, and more before those within.
fn quoted(text: &[u8], quote: usize, depth: usize) -> Option<Range<usize>> {
    let from = quote + 1;
    if is_placeholder(text, from) {
        return None;
    }
    let mut at = from;
    let end = loop {
        let behind = run(text, at, |byte| byte == b'\\');
        let slashes = behind - at;
        match text.get(behind) {
            None => break text.len(),
            Some(b'\n') => break behind,
            Some(byte) if *byte == text[quote] && depth == 0 && slashes.is_multiple_of(2) => break behind,
            Some(byte) if *byte == text[quote] && slashes > 0 && slashes <= depth => break at,
            Some(_) => at = behind + 1,
        }
    };
    (end > from).then_some(from..end)
}

const fn is_bare(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'%' | b'@' | b'!' | b'$' | b'*' | b'^')
}

/// Whether a value without quotes is a secret and no word of a sentence or of a program: it holds a digit, or stands
/// in a line of settings.
fn is_bare_secret(text: &[u8], value: &Range<usize>, secrecy: Secrecy, direct: Option<&[u8]>) -> bool {
    let letters = &text[value.clone()];
    let holds = |is: fn(&u8) -> bool| letters.iter().any(is);
    if letters.len() < 4 {
        return false;
    }
    let is_setting = direct
        .is_some_and(|name| text.get(value.end) == Some(&b';') || !name.iter().any(u8::is_ascii_lowercase));
    let is_number = !holds(u8::is_ascii_alphabetic);
    (is_setting && !is_number)
        || (letters.len() >= 6 && holds(u8::is_ascii_digit) && (secrecy == Secrecy::Secret || !is_number))
}

/// What stands for a value without being one: `<redacted>`, `${TOKEN}`, `{{token}}`.
fn is_placeholder(text: &[u8], from: usize) -> bool {
    [&b"<"[..], b"${", b"{{"].iter().any(|mark| text[from..].starts_with(mark))
}
