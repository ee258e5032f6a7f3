//! What belongs to the run as a whole: its opening, artifacts, approvals, notices and omissions.

use std::collections::HashMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Stamp, Time};
use crate::body::{
    ApprovalDecided, ApprovalRequested, ArtifactCreated, Decision, Level, RunInput, RunNotice, RunOpened,
};
use crate::envelope::NoticeType;
use crate::frame::Frame;

#[derive(Debug, Clone, Serialize)]
pub(super) struct RunHeader {
    run_id: String,
    run_kind: String,
    run_kind_version: u32,
    /// Decimal digits: a browser's numbers lose the low digits of a 64-bit seed.
    seed: String,
    spec_digest: String,
    title: Option<String>,
    inputs: Vec<RunInput>,
    opened_at: Time,
}

impl RunHeader {
    pub(super) fn new(opened: &RunOpened, stamp: Stamp) -> Self {
        Self {
            run_id: opened.run_id.clone(),
            run_kind: opened.run_kind.clone(),
            run_kind_version: opened.run_kind_version,
            seed: opened.seed.to_string(),
            spec_digest: opened.spec_digest.clone(),
            title: opened.title.clone(),
            inputs: opened.inputs.clone(),
            opened_at: stamp.at,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Artifact {
    artifact_id: String,
    name: String,
    media_type: String,
    size_bytes: u64,
    digest: String,
    event_id: u64,
    created_at: Time,
}

impl Artifact {
    pub(super) fn new(created: &ArtifactCreated, stamp: Stamp) -> Self {
        Self {
            artifact_id: created.artifact_id.clone(),
            name: created.name.clone(),
            media_type: created.media_type.clone(),
            size_bytes: created.size_bytes,
            digest: created.digest.clone(),
            event_id: stamp.event_id,
            created_at: stamp.at,
        }
    }
}

/// Questions and their answers, in the order in which they came up.
#[derive(Debug, Clone, Default)]
pub(super) struct Approvals {
    list: Vec<Approval>,
    by_id: HashMap<String, usize>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Approval {
    approval_id: String,
    title: Option<String>,
    detail: Option<String>,
    expires_at: Option<Time>,
    requested_at: Option<Time>,
    decision: Option<Decision>,
    reason: Option<String>,
    decided_at: Option<Time>,
}

impl Approvals {
    pub(super) fn request(&mut self, requested: &ApprovalRequested, stamp: Stamp) {
        let approval = self.entry(&requested.approval_id);
        approval.title = Some(requested.title.clone());
        approval.detail.clone_from(&requested.detail);
        approval.expires_at = requested.expires_at.map(Time);
        approval.requested_at = Some(stamp.at);
    }

    /// Records an answer. The first one counts: a deadline that passes after a click changes nothing.
    pub(super) fn decide(&mut self, decided: &ApprovalDecided, stamp: Stamp) {
        let approval = self.entry(&decided.approval_id);
        if approval.decision.is_none() {
            approval.decision = Some(decided.decision);
            approval.reason.clone_from(&decided.reason);
            approval.decided_at = Some(stamp.at);
        }
    }

    fn entry(&mut self, id: &str) -> &mut Approval {
        let at = *self.by_id.entry(id.to_owned()).or_insert_with(|| {
            self.list.push(Approval { approval_id: id.to_owned(), ..Approval::default() });
            self.list.len() - 1
        });
        &mut self.list[at]
    }
}

impl Serialize for Approvals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.list.serialize(serializer)
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Notice {
    event_id: u64,
    at: Time,
    level: Level,
    code: String,
    message: String,
    data: Option<Map<String, Value>>,
}

impl Notice {
    pub(super) fn new(notice: &RunNotice, stamp: Stamp) -> Self {
        Self {
            event_id: stamp.event_id,
            at: stamp.at,
            level: notice.level,
            code: notice.code.clone(),
            message: notice.message.clone(),
            data: notice.data.clone(),
        }
    }
}

/// Something that was left out of a frame; shown where the frame is shown.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Omission {
    event_id: u64,
    kind: &'static str,
    item_id: Option<String>,
    #[serde(rename = "type")]
    omission_type: NoticeType,
    path: String,
    message: String,
}

impl Omission {
    pub(super) fn of(frame: &Frame, stamp: Stamp) -> impl Iterator<Item = Self> {
        frame.envelope.notices.iter().map(move |notice| Self {
            event_id: stamp.event_id,
            kind: frame.kind(),
            item_id: frame.body.item().map(|item| item.item_id.clone()),
            omission_type: notice.notice_type,
            path: notice.path.clone(),
            message: notice.message.clone(),
        })
    }
}
