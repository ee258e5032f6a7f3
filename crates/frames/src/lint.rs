//! Everything that is wrong with a text of frames, line by line.
//!
//! A line is a frame, or an event of a server-sent stream that holds one (`data: {…}`). Each line is held to the rules of
//! one frame; the rules of a stream are followed up to the first that is broken, because behind it they would tell the
//! same fault once more per frame. Nothing is kept of the frames.

use std::error::Error;

use kernel::Fault as _;

use crate::frame::Frame;
use crate::validator::{Validator, Violation};

/// A fault of a text of frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The line, counted from 1; behind the last one where the stream stops too early.
    pub line: u64,
    /// The stable code of the rule.
    pub code: &'static str,
    /// The path of the field that is wrong; empty where it is the frame or the stream as a whole.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

/// What was found out about a text of frames.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lint {
    /// Lines that hold a frame, readable or not.
    pub frames: u64,
    /// The first faults, in the order of their lines.
    pub findings: Vec<Finding>,
    /// How many faults there are.
    pub findings_total: u64,
}

/// Reads a text of frames line by line, however long it is: beside the first faults it keeps what the rules of a stream
/// compare with, and nothing else.
#[derive(Debug)]
pub struct Linter {
    lint: Lint,
    told: usize,
    stream: Option<Validator>,
    line: u64,
    last: u64,
}

impl Lint {
    /// Reads a text of frames to its end and tells so many faults.
    pub fn of(text: &str, told: usize) -> Self {
        let mut linter = Linter::new(told);
        for line in text.lines() {
            linter.push(line);
        }
        linter.finish()
    }
}

impl Linter {
    /// One that tells the first so many faults and counts the others.
    pub fn new(told: usize) -> Self {
        Self { lint: Lint::default(), told, stream: Some(Validator::new()), line: 0, last: 0 }
    }

    /// Takes the next line, without its end.
    pub fn push(&mut self, text: &str) {
        self.line += 1;
        let line = self.line;
        let Some(frame) = frame_of(text) else { return };
        self.lint.frames += 1;
        self.last = line;
        let parsed = Frame::parse(frame);
        if let Err(error) = &parsed {
            self.find(line, error.code(), &error.field, error);
        }
        let followed = self.stream.as_mut().zip(parsed.ok()).map(|(stream, frame)| stream.push(&frame));
        if let Some(Err(violation)) = &followed {
            self.break_rule(line, violation);
        }
        if !matches!(followed, Some(Ok(()))) {
            self.stream = None;
        }
    }

    /// Takes a line that is no text, or longer than any frame.
    pub fn push_unreadable(&mut self, message: &str) {
        self.line += 1;
        self.lint.frames += 1;
        self.last = self.line;
        self.stream = None;
        self.note(Finding {
            line: self.line,
            code: "FRAME_NOT_JSON",
            field: String::new(),
            message: message.to_owned(),
        });
    }

    /// What was found, now that no line follows.
    pub fn finish(mut self) -> Lint {
        if let Some(Err(violation)) = self.stream.take().map(|stream| stream.finish()) {
            self.break_rule(self.last + 1, &violation);
        }
        self.lint
    }

    fn break_rule(&mut self, line: u64, violation: &Violation) {
        let field = violation.fields().into_iter().next().map_or_else(String::new, |error| error.field);
        self.find(line, violation.code(), &field, violation);
    }

    fn find(&mut self, line: u64, code: &'static str, field: &str, error: &dyn Error) {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message.push_str(&format!(": {error}"));
            cause = error.source();
        }
        self.note(Finding { line, code, field: field.to_owned(), message });
    }

    fn note(&mut self, finding: Finding) {
        self.lint.findings_total += 1;
        if self.lint.findings.len() < self.told {
            self.lint.findings.push(finding);
        }
    }
}

/// The frame of a line; none where it is blank, or belongs to an event but is not its data.
fn frame_of(line: &str) -> Option<&str> {
    let line = line.trim();
    if let Some(data) = line.strip_prefix("data:") {
        return Some(data.trim_start());
    }
    let is_of_event = ["event:", "id:", "retry:", ":"].iter().any(|field| line.starts_with(field));
    (!line.is_empty() && !is_of_event).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = r#"{"schema":"public_sse_v1","kind":"message.delta","event_id":1,"stream_id":"chat_1","server_timestamp":"2026-01-01T00:00:00Z","conversation_id":"c","output_index":0,"item_id":"i","content_index":0,"delta":"Hi"}"#;
    const LAST: &str = r#"{"schema":"public_sse_v1","kind":"final","event_id":2,"stream_id":"chat_1","server_timestamp":"2026-01-01T00:00:00Z","conversation_id":"c","final":{"status":"completed","response_text":"Hi"}}"#;

    fn codes(text: &str) -> Vec<(u64, &'static str)> {
        Lint::of(text, 10).findings.iter().map(|finding| (finding.line, finding.code)).collect()
    }

    #[test]
    fn a_stream_without_faults_has_no_findings_as_lines_or_as_events() {
        let lines = format!("{FIRST}\n\n{LAST}\r\n");
        let clean = Lint { frames: 2, ..Lint::default() };
        assert_eq!(Lint::of(&lines, 10), clean);
        let events = format!(": heartbeat\n\nid: 1\nevent: frame\ndata: {FIRST}\n\ndata:{LAST}\n\n");
        assert_eq!(Lint::of(&events, 10), clean);
    }

    #[test]
    fn every_line_is_told_and_a_broken_stream_once() {
        let unknown = FIRST.replace("\"delta\":\"Hi\"", "\"delta\":\"Hi\",\"colour\":1");
        let text = format!("{FIRST}\nno frame\n{unknown}\n{LAST}");
        assert_eq!(codes(&text), [(2, "FRAME_NOT_JSON"), (3, "FRAME_UNKNOWN_KEY")]);
        assert_eq!(Lint::of(&text, 10).findings[1].field, "colour");
        assert_eq!(codes(&format!("{LAST}\n{FIRST}\n{FIRST}")), [(1, "STREAM_NUMBER")]);
    }

    #[test]
    fn the_first_faults_are_told_and_all_are_counted() {
        let lint = Lint::of(&"no frame\n".repeat(100), 3);
        assert_eq!((lint.findings.len(), lint.findings_total, lint.frames), (3, 100, 100));
        let mut linter = Linter::new(10);
        linter.push(FIRST);
        linter.push_unreadable("is longer than any frame");
        linter.push(LAST);
        let lint = linter.finish();
        assert_eq!(
            (lint.frames, lint.findings_total, lint.findings[0].line),
            (3, 1, 2),
            "and the stream is broken there"
        );
    }

    #[test]
    fn a_stream_that_stops_or_never_begins_is_told_behind_its_last_line() {
        assert_eq!(codes(&format!("{FIRST}\n")), [(2, "STREAM_NO_TERMINAL")]);
        assert_eq!(codes("\n"), [(1, "STREAM_EMPTY")]);
    }
}
