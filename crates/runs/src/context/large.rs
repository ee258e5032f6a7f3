//! What a frame says beyond the room that a frame has is kept as an artifact of the run, and the frame says which.
//!
//! Artifacts appear with the end of the run. An execution that goes on after another one therefore takes over what the
//! frames before it name.

use artifacts::Stored;
use bytes::Bytes;
use frames::{Frame, door};
use kernel::{Digest, canonical_json};
use serde_json::Value;

use super::{RunContext, Stop};

/// More such artifacts would make the end of the run too large to be written. What comes after is cut, and says so.
const MAX_KEPT: usize = 64;

/// How an artifact begins that keeps what a frame says.
const PREFIX: &str = "frame-";

/// How much of the digest its name holds.
const NAMED_DIGITS: usize = 16;

/// What every frame has, and what is not what it says.
const ENVELOPE: &[&str] =
    &["schema", "event_id", "stream_id", "server_timestamp", "conversation_id", "notices"];

impl RunContext {
    /// Records a frame of which only a part has room, and keeps the whole of what it says.
    pub(super) async fn emit_large(&self, frame: Frame) -> Result<(), Stop> {
        let emitter = &self.0.emitter;
        match self.keep_whole(&frame).await? {
            Some(place) => emitter.emit_fitted(door::shorten(frame, &place), Some(&place)).await?,
            None => emitter.emit_fitted(door::admit(frame), None).await?,
        }
        Ok(())
    }

    /// Takes over what earlier executions kept. Bytes that were let go of meanwhile stay gone.
    pub(crate) async fn take_over_kept(&self) -> Result<(), Stop> {
        for frame in self.history().await? {
            for digest in frame.envelope.notices.iter().filter_map(|notice| named(&notice.message)) {
                if let Some(size_bytes) = self.0.store.reader().size(&digest).await.map_err(Stop::Object)? {
                    self.keep_once(Stored { digest, size_bytes });
                }
            }
        }
        Ok(())
    }

    /// Keeps what a frame says and tells where. None where so much is kept that no more is.
    async fn keep_whole(&self, frame: &Frame) -> Result<Option<String>, Stop> {
        let stored = self.0.store.put(Bytes::from(said(frame))).await?;
        let digest = stored.digest;
        Ok(self.keep_once(stored).then(|| place(&digest)))
    }

    /// Makes it an artifact, unless the same is one. Says whether it is.
    fn keep_once(&self, stored: Stored) -> bool {
        let name = name(&stored.digest);
        let (is_kept, kept) = {
            let artifacts = self.0.artifacts.lock().expect("no holder panics");
            let kept = artifacts.iter().filter(|artifact| artifact.name.starts_with(PREFIX)).count();
            (artifacts.iter().any(|artifact| artifact.name == name), kept)
        };
        if !is_kept && kept < MAX_KEPT {
            self.appear(&name, "application/json", stored);
        }
        is_kept || kept < MAX_KEPT
    }
}

fn name(digest: &Digest) -> String {
    format!("{PREFIX}{}", &digest.to_string()[..NAMED_DIGITS])
}

fn place(digest: &Digest) -> String {
    format!("artifact `{}` with the digest {digest}", name(digest))
}

/// The digest of the artifact that a notice names as the place of the whole.
fn named(message: &str) -> Option<Digest> {
    let (_, place) = message.split_once("; the whole is in artifact `frame-")?;
    place.rsplit(' ').next()?.parse().ok()
}

/// What a frame says, as JSON that is the same whenever and wherever it is said.
fn said(frame: &Frame) -> String {
    let mut value = serde_json::to_value(frame).expect("keys are strings");
    if let Value::Object(members) = &mut value {
        members.retain(|key, _| !ENVELOPE.contains(&key.as_str()));
    }
    canonical_json(&value).expect("it is JSON already")
}
