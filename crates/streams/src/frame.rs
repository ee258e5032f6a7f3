//! The frames that streams consist of: a piece of content, when it was written, and by whom.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Producer;
use crate::content::{push_base64, push_values};
use crate::state::Append;

/// Around a piece.
#[derive(Serialize)]
struct Envelope<'a> {
    at: &'a str,
    #[serde(flatten)]
    by: Option<By<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'a str>,
}

#[derive(Serialize)]
struct By<'a> {
    producer: &'a str,
    epoch: u64,
    seq: u64,
}

/// The frames of an append that consists of these pieces; the last of them says by whom.
pub(crate) fn frames_of(append: &Append, pieces: &[String], at: &str) -> Vec<String> {
    let by = append.producer.as_ref();
    let by = by.map(|by| By { producer: &by.id, epoch: by.epoch, seq: by.seq });
    let last = Envelope { at, by, order: append.order.as_deref() };
    let plain = Envelope { at, by: None, order: None };
    let Some((final_piece, pieces)) = pieces.split_last() else {
        // An append without content is stored only for what it says of its producer.
        return if last.by.is_some() { vec![frame(&last, "")] } else { Vec::new() };
    };
    let pieces = pieces.iter().map(|piece| frame(&plain, piece));
    pieces.chain([frame(&last, final_piece)]).collect()
}

/// The frames of a stream's beginning.
pub(crate) fn first_frames(pieces: &[String], at: &str) -> Vec<String> {
    pieces.iter().map(|piece| frame(&Envelope { at, by: None, order: None }, piece)).collect()
}

fn frame(envelope: &Envelope<'_>, piece: &str) -> String {
    let mut frame = serde_json::to_string(envelope).expect("an envelope is plain data");
    if !piece.is_empty() {
        frame.pop();
        frame.push(',');
        frame.push_str(piece);
        frame.push('}');
    }
    frame
}

/// Who wrote a frame.
#[derive(Debug, Deserialize)]
pub(crate) struct Written {
    producer: Option<String>,
    epoch: Option<u64>,
    seq: Option<u64>,
    pub(crate) order: Option<String>,
}

impl Written {
    pub(crate) fn read(frame: &str) -> Option<Self> {
        serde_json::from_str(frame).ok()
    }

    pub(crate) fn by(&mut self) -> Option<Producer> {
        Some(Producer { id: self.producer.take()?, epoch: self.epoch?, seq: self.seq? })
    }
}

/// A frame of JSON values, and when it was written.
#[derive(Deserialize)]
pub(crate) struct Recorded<'a> {
    at: DateTime<Utc>,
    #[serde(borrow, default)]
    json: Vec<&'a RawValue>,
}

impl<'a> Recorded<'a> {
    pub(crate) fn read(frame: &'a str) -> Option<Self> {
        serde_json::from_str(frame).ok()
    }

    pub(crate) const fn at(&self) -> DateTime<Utc> {
        self.at
    }

    pub(crate) fn values(&self) -> Vec<&'a str> {
        self.json.iter().map(|value| value.get()).collect()
    }
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    json: Option<&'a RawValue>,
    text: Option<String>,
    #[serde(borrow)]
    base64: Option<&'a str>,
}

/// Adds what a frame holds to the content of those before it. Nothing if it is no frame of a stream.
pub(crate) fn push_content(into: &mut Vec<u8>, frame: &str) -> Option<()> {
    let Content { json, text, base64 } = serde_json::from_str(frame).ok()?;
    if let Some(array) = json {
        push_values(into, array);
    }
    if let Some(text) = text {
        into.extend_from_slice(text.as_bytes());
    }
    base64.map_or(Some(()), |text| push_base64(into, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    const AT: &str = "2026-11-30T00:00:00.000000Z";

    fn append(pieces: &[&str], producer: Option<Producer>) -> Append {
        let pieces = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        Append { pieces, producer, order: Some("a\"b".to_owned()), closes: false }
    }

    #[test]
    fn the_last_frame_of_an_append_says_by_whom() {
        let by = Producer { id: "p".to_owned(), epoch: 1, seq: 7 };
        let append = append(&[r#""text":"x""#, r#""text":"y""#], Some(by.clone()));
        let frames = frames_of(&append, &append.pieces, AT);
        let last = r#"{"at":"2026-11-30T00:00:00.000000Z","producer":"p","epoch":1,"seq":7,"order":"a\"b","text":"y"}"#;
        assert_eq!(frames, [r#"{"at":"2026-11-30T00:00:00.000000Z","text":"x"}"#, last]);
        let mut written = Written::read(&frames[1]).unwrap();
        assert_eq!((written.by(), written.order.as_deref()), (Some(by), Some("a\"b")));
        assert_eq!(Written::read(&frames[0]).unwrap().by(), None);
    }

    #[test]
    fn an_append_without_content_leaves_a_frame_only_of_a_producer() {
        let by = Producer { id: "p".to_owned(), epoch: 0, seq: 0 };
        assert_eq!(frames_of(&append(&[], Some(by)), &[], AT).len(), 1);
        assert_eq!(frames_of(&append(&[], None), &[], AT).len(), 0);
    }

    proptest::proptest! {
        #[test]
        fn what_is_appended_is_what_is_read(bodies in proptest::collection::vec(proptest::collection::vec(0_u8.., 0..300), 0..8)) {
            let mut read = Vec::new();
            for body in &bodies {
                for frame in frames_of(&append(&[], None), &Kind::Bytes.pieces(body).unwrap(), AT) {
                    proptest::prop_assert!(frame.bytes().all(|byte| byte >= b' '));
                    push_content(&mut read, &frame).unwrap();
                }
            }
            proptest::prop_assert_eq!(read, bodies.concat());
        }
    }
}
