//! A parser of `text/event-stream`, as the HTML standard defines it: comments are skipped, several `data:` lines are
//! joined, line ends may be LF, CRLF or CR, and an event that breaks off at the end is not an event.

use std::collections::VecDeque;

use crate::Error;

/// No frame is larger than this, so a server that never ends a line cannot fill the memory.
const MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// The last `id:` seen, which outlives its event.
    pub(crate) id: Option<String>,
    /// The `data:` lines, joined by line feeds.
    pub(crate) data: String,
}

/// Turns pieces of a body into events.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    line: Vec<u8>,
    ends_in_cr: bool,
    id: Option<String>,
    data: Option<String>,
    events: VecDeque<Event>,
}

impl Parser {
    /// Adds a piece of the body, cut anywhere.
    pub(crate) fn push(&mut self, mut piece: &[u8]) -> Result<(), Error> {
        if piece.is_empty() {
            return Ok(());
        }
        if self.ends_in_cr && piece.first() == Some(&b'\n') {
            piece = &piece[1..];
        }
        self.ends_in_cr = piece.last() == Some(&b'\r');
        while let Some(end) = piece.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.extend_from_slice(&piece[..end]);
            let is_crlf = piece[end] == b'\r' && piece.get(end + 1) == Some(&b'\n');
            piece = &piece[end + 1 + usize::from(is_crlf)..];
            self.end_line()?;
        }
        self.line.extend_from_slice(piece);
        if self.line.len() + self.data.as_ref().map_or(0, String::len) > MAX_EVENT_BYTES {
            return Err(Error::BrokenStream { what: "an event is larger than 16 MiB" });
        }
        Ok(())
    }

    /// The next whole event.
    pub(crate) fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    fn end_line(&mut self) -> Result<(), Error> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            if let Some(data) = self.data.take() {
                self.events.push_back(Event { id: self.id.clone(), data });
            }
            return Ok(());
        }
        let line = String::from_utf8(line)
            .map_err(|_| Error::BrokenStream { what: "an event is not UTF-8 text" })?;
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            // A comment (an empty field name), `event`, `retry` or a field of a later standard.
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parsed = Vec<(Option<String>, String)>;

    fn parse(pieces: &[&[u8]]) -> Parsed {
        let mut parser = Parser::default();
        let mut events = Vec::new();
        for piece in pieces {
            parser.push(piece).unwrap();
            events.extend(std::iter::from_fn(|| parser.next_event()).map(|event| (event.id, event.data)));
        }
        events
    }

    fn event(id: Option<&str>, data: &str) -> (Option<String>, String) {
        (id.map(str::to_owned), data.to_owned())
    }

    #[test]
    fn events_are_read_as_the_standard_says() {
        let cases: &[(&str, Parsed)] = &[
            ("id: 1\ndata: {}\n\n", vec![event(Some("1"), "{}")]),
            ("data:a\ndata: b\n\n", vec![event(None, "a\nb")]),
            (": heartbeat\n\ndata: x\r\n\r\n", vec![event(None, "x")]),
            ("id: 7\rdata: x\r\rdata: y\r\r", vec![event(Some("7"), "x"), event(Some("7"), "y")]),
            ("event: e\nretry: 5\ndata\n\n", vec![event(None, "")]),
            ("data: whole\n\ndata: broken off", vec![event(None, "whole")]),
        ];
        for (text, expected) in cases {
            assert_eq!(&parse(&[text.as_bytes()]), expected, "{text:?}");
        }
    }

    #[test]
    fn every_cut_of_the_body_gives_the_same_events() {
        let text = "id: 1\r\ndata: größe\r\n\r\n: beat\r\n\r\nid: 2\r\ndata: b\r\n\r\n".as_bytes();
        let whole = parse(&[text]);
        assert_eq!(whole.len(), 2);
        for cut in 0..=text.len() {
            assert_eq!(parse(&[&text[..cut], &text[cut..]]), whole, "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(parse(&bytes), whole);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut parser = Parser::default();
        let piece = vec![b'x'; 1 << 20];
        let refused = (0..32).find_map(|_| parser.push(&piece).err());
        assert!(matches!(refused, Some(Error::BrokenStream { .. })));
    }
}
