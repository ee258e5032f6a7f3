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
    /// The faults, in the order of their lines.
    pub findings: Vec<Finding>,
}

impl Lint {
    /// Reads a text of frames to its end.
    pub fn of(text: &str) -> Self {
        let mut lint = Self::default();
        let mut stream = Some(Validator::new());
        let mut last = 0;
        for (line, frame) in (1..).zip(text.lines()).filter_map(|(line, text)| Some((line, frame_of(text)?)))
        {
            lint.frames += 1;
            last = line;
            let parsed = Frame::parse(frame);
            if let Err(error) = &parsed {
                lint.find(line, error.code(), &error.field, error);
            }
            let followed = stream.as_mut().zip(parsed.ok()).map(|(stream, frame)| stream.push(&frame));
            if let Some(Err(violation)) = &followed {
                lint.break_rule(line, violation);
            }
            stream = stream.filter(|_| matches!(followed, Some(Ok(()))));
        }
        if let Some(Err(violation)) = stream.map(|stream| stream.finish()) {
            lint.break_rule(last + 1, &violation);
        }
        lint
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
        self.findings.push(Finding { line, code, field: field.to_owned(), message });
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
        Lint::of(text).findings.iter().map(|finding| (finding.line, finding.code)).collect()
    }

    #[test]
    fn a_stream_without_faults_has_no_findings_as_lines_or_as_events() {
        let lines = format!("{FIRST}\n\n{LAST}\r\n");
        assert_eq!(Lint::of(&lines), Lint { frames: 2, findings: Vec::new() });
        let events = format!(": heartbeat\n\nid: 1\nevent: frame\ndata: {FIRST}\n\ndata:{LAST}\n\n");
        assert_eq!(Lint::of(&events), Lint { frames: 2, findings: Vec::new() });
    }

    #[test]
    fn every_line_is_told_and_a_broken_stream_once() {
        let unknown = FIRST.replace("\"delta\":\"Hi\"", "\"delta\":\"Hi\",\"colour\":1");
        let text = format!("{FIRST}\nno frame\n{unknown}\n{LAST}");
        assert_eq!(codes(&text), [(2, "FRAME_NOT_JSON"), (3, "FRAME_UNKNOWN_KEY")]);
        assert_eq!(Lint::of(&text).findings[1].field, "colour");
        assert_eq!(codes(&format!("{LAST}\n{FIRST}\n{FIRST}")), [(1, "STREAM_NUMBER")]);
    }

    #[test]
    fn a_stream_that_stops_or_never_begins_is_told_behind_its_last_line() {
        assert_eq!(codes(&format!("{FIRST}\n")), [(2, "STREAM_NO_TERMINAL")]);
        assert_eq!(codes("\n"), [(1, "STREAM_EMPTY")]);
    }
}
