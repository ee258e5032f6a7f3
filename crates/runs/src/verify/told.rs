//! What the frames of a run say about it.

use chrono::{DateTime, TimeDelta, Utc};
use frames::{ApprovalDecided, ApprovalRequested, ArtifactCreated, AttemptStarted, Body, Frame, RunOpened};
use serde_json::Value;

/// What a frame says, when it was written, and whether all of it is there.
#[derive(Debug, Clone)]
pub(super) struct Said<T> {
    pub what: T,
    pub at: DateTime<Utc>,
    pub is_whole: bool,
}

/// What the frames of a run say about it.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub opened: Option<Said<RunOpened>>,
    /// What was too large for the first frame, by its field.
    cut: Vec<String>,
    pub conversation_id: Option<String>,
    pub attempts: Vec<Said<AttemptStarted>>,
    pub artifacts: Vec<Said<ArtifactCreated>>,
    pub questions: Vec<Said<ApprovalRequested>>,
    pub decisions: Vec<Said<ApprovalDecided>>,
    pub terminal: Option<Frame>,
    /// Frames were removed under retention: what is not told may have stood in them.
    pub has_holes: bool,
    newest: Option<DateTime<Utc>>,
    /// A frame is older than one before it: the clock was set back while the run lasted, so its times prove no order.
    pub was_set_back: bool,
}

/// Frames that are emitted side by side may be stamped in another order than they are numbered.
const SIDE_BY_SIDE: TimeDelta = TimeDelta::seconds(1);

impl Told {
    pub(super) fn hear(&mut self, frame: Frame) {
        let at = frame.envelope.server_timestamp;
        self.was_set_back |= self.newest.is_some_and(|newest| at + SIDE_BY_SIDE < newest);
        self.newest = self.newest.max(Some(at));
        self.conversation_id.get_or_insert_with(|| frame.envelope.conversation_id.clone());
        let is_whole = frame.envelope.notices.is_empty();
        match &frame.body {
            Body::RunOpened(opened) => {
                self.opened = Some(Said { what: opened.clone(), at, is_whole });
                self.cut = frame.envelope.notices.iter().map(|notice| notice.path.clone()).collect();
            }
            Body::AttemptStarted(started) => {
                self.attempts.push(Said { what: started.clone(), at, is_whole });
            }
            Body::ArtifactCreated(created) => {
                self.artifacts.push(Said { what: created.clone(), at, is_whole });
            }
            Body::ApprovalRequested(asked) => self.questions.push(Said { what: asked.clone(), at, is_whole }),
            Body::ApprovalDecided(decided) => {
                self.decisions.push(Said { what: decided.clone(), at, is_whole });
            }
            Body::Final(_) | Body::Error(_) => self.terminal = Some(frame),
            _ => {}
        }
    }

    /// Whether a field of the first frame was cut, so that it proves nothing.
    pub(super) fn is_cut(&self, field: &str) -> bool {
        self.cut.iter().any(|path| path == field)
    }

    /// What the last frame says to programs, where all of it is there.
    pub(super) fn structured(&self) -> Option<&Value> {
        let frame = self.terminal.as_ref()?;
        let is_whole =
            !frame.envelope.notices.iter().any(|notice| notice.path.starts_with("final.structured_output"));
        match &frame.body {
            Body::Final(end) => end.structured_output.as_ref().filter(|_| is_whole),
            _ => None,
        }
    }

    /// The text of the last frame.
    pub(super) fn last_words(&self) -> Option<&str> {
        match &self.terminal.as_ref()?.body {
            Body::Final(end) => end.response_text.as_deref(),
            _ => None,
        }
    }
}
