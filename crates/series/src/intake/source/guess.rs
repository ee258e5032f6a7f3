//! What the bytes of a text that is no UTF-8 could stand for.
//!
//! One byte a character is read as some character by every such encoding, so that a wrong one is never told by an error, only
//! by words that nobody writes. Windows-1252 is believed where its words could be of the west of Europe and a detector that knows
//! the languages of the others comes to the same characters; otherwise a person is asked.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, GBK, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

use crate::outside::short;

/// What a text could be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// Words of the west of Europe in Windows-1252.
    Western,
    /// One of these: each by its label, with a word of the text as it would read.
    OneOf {
        /// The first byte that is not plain.
        at: usize,
        /// The likeliest first.
        readings: Vec<(&'static str, String)>,
    },
}

/// So much of the lines that are not plain is looked at.
const SAMPLE: usize = 1 << 16;
/// So many encodings are named.
const NAMED: usize = 4;
/// So many letters with accents in a row are in no word of the west of Europe.
const RUN: usize = 3;

/// What a text with some bytes beyond ASCII could be.
pub(super) fn of(bytes: &[u8]) -> Guess {
    let sample = sample(bytes);
    let mut detector = EncodingDetector::new();
    detector.feed(&sample, true);
    let likely = detector.guess(None, false);
    let western = read(&sample, WINDOWS_1252);
    let is_western = !has_no_character(bytes) && !has_long_run(bytes);
    if is_western && (likely == WINDOWS_1252 || read(&sample, likely) == western) {
        return Guess::Western;
    }
    let mut readings: Vec<(&'static str, String)> = Vec::new();
    for encoding in [likely, WINDOWS_1252, WINDOWS_1250, WINDOWS_1251, SHIFT_JIS, GBK] {
        let is_possible = encoding != WINDOWS_1252 || !has_no_character(bytes);
        if let Some(word) = read(&sample, encoding).as_deref().and_then(word).filter(|_| is_possible)
            && readings.iter().all(|(_, other)| *other != word)
        {
            readings.push((encoding.name(), word));
        }
    }
    readings.truncate(NAMED);
    let at = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    Guess::OneOf { at, readings }
}

/// The lines with something beyond ASCII, as many as fit.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        if sample.len() + line.len() > SAMPLE {
            if sample.is_empty() {
                sample.extend_from_slice(&line[..SAMPLE]);
            }
            break;
        }
        sample.extend_from_slice(line);
    }
    sample
}

/// Five bytes are no character of Windows-1252.
fn has_no_character(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D))
}

fn has_long_run(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte < 0xC0).any(|run| run.len() >= RUN)
}

/// The sample in an encoding, if every byte of it is a character there.
fn read(sample: &[u8], encoding: &'static Encoding) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(sample).map(std::borrow::Cow::into_owned)
}

/// The first word with something beyond ASCII.
fn word(text: &str) -> Option<String> {
    let is_part = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric();
    let word = text.split(|c| !is_part(c)).find(|word| !word.is_ascii());
    word.map(short)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{EUC_KR, WINDOWS_1253};

    use super::*;

    fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        let (bytes, _, is_broken) = encoding.encode(text);
        assert!(!is_broken, "{text}");
        bytes.into_owned()
    }

    #[test]
    fn words_of_the_west_are_read() {
        for text in [
            "datum;gr\u{f6}\u{df}e\n2024-01-01;5\n",
            "Filiale;Menge\nM\u{fc}nchen;5\nK\u{f6}ln;6\nD\u{fc}sseldorf;7\n",
            "pays;ventes\nC\u{f4}te d'Ivoire;5\n\u{c9}tats-Unis;6\nFrance m\u{e9}tropolitaine;7\nfor\u{ea}t cr\u{e9}\u{e9}e;8\n",
            "regi\u{f3}n;ventas\nEspa\u{f1}a;5\nM\u{e1}laga;6\nA Coru\u{f1}a;7\n",
            "cidade;a\u{e7}\u{f5}es\nS\u{e3}o Paulo;5\nBras\u{ed}lia;6\n",
            "butik;antal\nG\u{f6}teborg;5\nMalm\u{f6};6\n\u{c5}re;7\n",
            "item;price\nbread;\u{20ac} 5\n",
        ] {
            assert_eq!(of(&encoded(text, WINDOWS_1252)), Guess::Western, "{text}");
        }
    }

    #[test]
    fn words_of_others_are_asked_with_how_they_would_read() {
        let check = |text: &str, encoding: &'static Encoding, word: &str| {
            let Guess::OneOf { readings, .. } = of(&encoded(text, encoding)) else { panic!("{text}") };
            let named = readings.iter().find(|(label, _)| *label == encoding.name());
            assert_eq!(named.map(|(_, word)| word.as_str()), Some(word), "{readings:?}");
        };
        check("город;продажи\nМосква;5\nКазань;6\n", WINDOWS_1251, "город");
        check("miasto;sprzedaż\nŁódź;5\nKraków;6\nGdańsk;7\nWrocław;8\n", WINDOWS_1250, "sprzedaż");
        check("πόλη;πωλήσεις\nΑθήνα;5\nΠάτρα;6\n", WINDOWS_1253, "πόλη");
        check("店舗;売上\n東京;5\n大阪;6\nカメラ;7\n", SHIFT_JIS, "店舗");
        check("城市;销售\n北京;5\n上海;6\n", GBK, "城市");
        check("도시;판매\n서울;5\n부산;6\n", EUC_KR, "도시");
    }
}
