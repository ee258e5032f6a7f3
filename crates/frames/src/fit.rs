//! Makes a frame that is too large fit: texts and lists are cut, values for programs are left out, and a notice on the
//! frame says so for each. What names something (an id, a digest, a phase) is never touched: a reader must be able to
//! trust it. Every terminal frame can be made to fit, and so can the one that opens a run.

use kernel::{Class, Fault};
use serde_json::Value;

use crate::envelope::{Notice, NoticeType};
use crate::frame::Frame;

mod field;

use field::{Cut, Field, fields};

/// What no notice needs more of, beside the path and the place it names.
const NOTICE_BYTES: usize = 160;

/// Nothing is gained by cutting what is smaller.
const WORTH_CUTTING: usize = 64;

/// The number of a frame may take this many digits.
const MAX_DIGITS: usize = 20;

/// A frame that is too large and whose size lies in fields that must not be cut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "frame `{kind}` has {size_bytes} bytes where at most {limit_bytes} are taken, and what makes it large cannot be cut: \
     shorten its ids and names"
)]
pub struct Oversized {
    /// The frame's kind.
    pub kind: &'static str,
    /// Its size as a line of JSON.
    pub size_bytes: usize,
    /// The limit.
    pub limit_bytes: usize,
}

impl Fault for Oversized {
    fn class(&self) -> Class {
        Class::TooLarge
    }

    fn code(&self) -> &'static str {
        "FRAME_TOO_LARGE"
    }
}

impl Frame {
    /// The frame itself if it takes at most so many bytes as a line, whatever number it gets; otherwise the frame with
    /// as much cut off as is needed, and notices that say what. `elsewhere` says where the whole can be found, as in
    /// "artifact `metrics`".
    pub fn fit(self, limit_bytes: usize, elsewhere: Option<&str>) -> Result<Self, Oversized> {
        let spare = MAX_DIGITS - self.envelope.event_id.to_string().len();
        let size_bytes = self.to_text().len() + spare;
        if size_bytes <= limit_bytes {
            return Ok(self);
        }
        let oversized = Oversized { kind: self.kind(), size_bytes, limit_bytes };
        let mut cutting = Cutting::new(&self, elsewhere);
        while let excess @ 1.. = (cutting.size_bytes() + spare).saturating_sub(limit_bytes) {
            let Some(field) = cutting.largest(fields(oversized.kind)) else { return Err(oversized) };
            cutting.cut(field, excess);
        }
        Self::read(cutting.finish()).map_err(|_| oversized)
    }
}

struct Cutting<'a> {
    frame: Value,
    elsewhere: Option<&'a str>,
    cuts: Vec<(&'static str, Notice)>,
}

impl<'a> Cutting<'a> {
    fn new(frame: &Frame, elsewhere: Option<&'a str>) -> Self {
        let frame = serde_json::to_value(frame).expect("keys are strings");
        Self { frame, elsewhere, cuts: Vec::new() }
    }

    fn size_bytes(&self) -> usize {
        // Beside the notices themselves: their key, the brackets, and a comma for each.
        let notices: usize = self.cuts.iter().map(|(_, notice)| encoded_len(notice) + 1).sum();
        encoded_len(&self.frame) + if self.cuts.is_empty() { 0 } else { notices + r#","notices":[]"#.len() }
    }

    /// Of the fields that may be cut, the one that takes the most room.
    fn largest(&self, fields: impl Iterator<Item = &'static Field>) -> Option<&'static Field> {
        let sized = fields.filter_map(|field| Some((encoded_len(field.get(&self.frame)?), field)));
        let (size, field) = sized.max_by_key(|(size, _)| *size)?;
        (size > WORTH_CUTTING).then_some(field)
    }

    fn cut(&mut self, field: &'static Field, excess: usize) {
        let excess = excess + NOTICE_BYTES + field.path.len() + self.elsewhere.map_or(0, encoded_text_len);
        let said = match (field.cut, field.get_mut(&mut self.frame)) {
            (_, Some(Value::String(text))) => cut_text(text, excess),
            (Cut::List, Some(Value::Array(items))) => cut_list(items, excess),
            _ => {
                let size = field.get(&self.frame).map_or(0, encoded_len);
                field.drop_from(&mut self.frame);
                format!("{size} bytes were left out")
            }
        };
        let message = match self.elsewhere {
            Some(place) => format!("{said}; the whole is in {place}"),
            None => said,
        };
        let notice = Notice { notice_type: NoticeType::Truncated, path: field.path.to_owned(), message };
        self.cuts.retain(|(path, _)| *path != field.path);
        self.cuts.push((field.path, notice));
    }

    fn finish(mut self) -> Value {
        let cuts = self.cuts.into_iter().map(|(_, notice)| serde_json::to_value(notice).expect("texts only"));
        match self.frame.get_mut("notices").and_then(Value::as_array_mut) {
            Some(notices) => notices.extend(cuts),
            None => self.frame["notices"] = Value::Array(cuts.collect()),
        }
        self.frame
    }
}

/// Shortens a text by at least this many encoded bytes, if it has them.
fn cut_text(text: &mut String, excess: usize) -> String {
    const ELLIPSIS: &str = "…";
    let size = encoded_text_len(text);
    let mut room = size.saturating_sub(excess + ELLIPSIS.len());
    let kept = text.chars().take_while(|letter| {
        let fits = encoded_char_len(*letter) <= room;
        room = room.saturating_sub(encoded_char_len(*letter));
        fits
    });
    let end = kept.map(char::len_utf8).sum();
    text.truncate(end);
    text.push_str(ELLIPSIS);
    format!("cut to the first {end} of {size} bytes")
}

/// Takes items off the end until this many bytes are gone, or all items are.
fn cut_list(items: &mut Vec<Value>, excess: usize) -> String {
    let total = items.len();
    let mut freed = 0;
    while freed < excess
        && let Some(item) = items.pop()
    {
        freed += encoded_len(&item) + 1;
    }
    format!("{} of {total} are here", items.len())
}

fn encoded_len(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).expect("keys are strings and writing to memory does not fail").len()
}

fn encoded_text_len(text: &str) -> usize {
    text.chars().map(encoded_char_len).sum()
}

/// How many bytes a letter takes inside a JSON text.
fn encoded_char_len(letter: char) -> usize {
    match letter {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => letter.len_utf8(),
    }
}
