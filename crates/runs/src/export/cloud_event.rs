//! Frames as CloudEvents 1.0: the source is the run, the id is the seq, the data are the stored bytes.

use chrono::{DateTime, Utc};
use kernel::RunId;
use serde::Deserialize;
use serde_json::value::RawValue;
use wire::export::{CloudEvent, RemovedFrame};

use super::{ExportError, digest_of};

const KIND: &str = "assay.frame.";
const REMOVED: &str = "assay.frame.removed";

/// Makes an event of each line of a run's record, in order.
#[derive(Debug)]
pub struct CloudEvents {
    source: String,
    seq: u64,
}

/// What an event repeats of its frame. Whatever the frame says else is in its data.
#[derive(Deserialize)]
struct Head {
    kind: String,
    server_timestamp: DateTime<Utc>,
}

impl CloudEvents {
    /// Of a run, from its first frame on.
    pub fn of(run: RunId) -> Self {
        Self { source: format!("urn:uuid:{run}"), seq: 0 }
    }

    /// The next line as an event.
    pub fn event(&mut self, line: &str) -> Result<CloudEvent, ExportError> {
        self.seq += 1;
        let seq = self.seq;
        let unreadable = |reason: String| ExportError::Unreadable { seq, reason };
        let (event_type, time, data) = if let Some(digest) = digest_of(line) {
            let digest = digest.parse().map_err(|_| unreadable("its digest is none".to_owned()))?;
            let removed = serde_json::value::to_raw_value(&RemovedFrame { digest });
            (REMOVED.to_owned(), None, removed)
        } else {
            let head: Head = serde_json::from_str(line).map_err(|error| unreadable(error.to_string()))?;
            let event_type = KIND.to_owned() + &head.kind;
            (event_type, Some(head.server_timestamp), RawValue::from_string(line.to_owned()))
        };
        Ok(CloudEvent {
            specversion: "1.0".to_owned(),
            id: seq.to_string(),
            source: self.source.clone(),
            event_type,
            time,
            // A seq has no more digits than that.
            sequence: format!("{seq:020}"),
            datacontenttype: "application/json".to_owned(),
            data: data.map_err(|error| unreadable(error.to_string()))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_an_event_with_its_own_bytes_and_one_that_went_an_event_with_its_digest() {
        let run = RunId(uuid::Uuid::from_u128(1));
        let mut events = CloudEvents::of(run);
        let frame = r#"{"kind":"progress","x":1.10,"server_timestamp":"2026-01-05T08:00:00.000001Z"}"#;
        let first = events.event(frame).unwrap();
        assert_eq!((first.data.get(), first.event_type.as_str()), (frame, "assay.frame.progress"));
        assert_eq!(first.source, "urn:uuid:00000000-0000-0000-0000-000000000001");
        let digest = kernel::Digest::of("x");
        let second = events.event(&format!("{}{digest}", frames::chain::DIGEST_LINE)).unwrap();
        assert_eq!((second.id.as_str(), second.sequence.as_str()), ("2", "00000000000000000002"));
        assert_eq!((second.event_type.as_str(), second.time), (REMOVED, None));
        assert_eq!(second.data.get(), format!(r#"{{"digest":"{digest}"}}"#));
        let error = events.event("{}").unwrap_err().to_string();
        assert!(error.starts_with("frame 3 cannot be read: "), "{error}");
    }
}
