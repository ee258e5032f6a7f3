//! Folding the stored frames of a run, page by page and off the runtime.

use frames::{Body, Frame};
use kernel::{RunId, Tenant, off_the_runtime};

use super::{TranscriptError, Transcripts};

/// So much of what frames say may be kept of one run. In memory it takes about three times that, and as a tree of JSON,
/// which a comparison makes of it, about five times.
pub(super) const MAX_KEPT_BYTES: usize = 32 << 20;
/// A page of the ledger ends after 1 MiB anyway.
const PAGE_FRAMES: usize = 4096;

/// Something that is folded from frames, and how far it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Folded<T> {
    pub shown: T,
    pub seq: u64,
    /// How much of what the frames say is kept in it.
    pub kept_bytes: usize,
}

impl Transcripts {
    /// Folds the frames after `folded` up to `until` into it. `seen` looks at it after each page.
    pub(super) async fn fold<T: Send + 'static>(
        &self,
        (tenant, run): (Tenant, RunId),
        mut folded: Folded<T>,
        until: u64,
        apply: fn(&mut T, &Frame),
        mut seen: impl FnMut(&Folded<T>),
    ) -> Result<Folded<T>, TranscriptError> {
        while folded.seq < until {
            let limit = usize::try_from(until - folded.seq).unwrap_or(PAGE_FRAMES).min(PAGE_FRAMES);
            let page = self.ledger.page(tenant, run, folded.seq, limit).await?;
            if page.frames.is_empty() {
                let (frames, seq) = (page.head.seq, until);
                return Err(TranscriptError::BeyondEnd { run, frames, seq });
            }
            folded = off_the_runtime(move || take(run, folded, page.frames, apply)).await?;
            seen(&folded);
        }
        Ok(folded)
    }
}

fn take<T>(
    run: RunId,
    mut folded: Folded<T>,
    frames: Vec<(u64, String)>,
    apply: fn(&mut T, &Frame),
) -> Result<Folded<T>, TranscriptError> {
    for (seq, text) in frames {
        let unreadable = |source| TranscriptError::Unreadable { run, seq, source: Box::new(source) };
        let frame = Frame::parse(&text).map_err(unreadable)?;
        folded.kept_bytes += kept_bytes(&frame, text.len());
        if folded.kept_bytes > MAX_KEPT_BYTES {
            return Err(TranscriptError::TooLarge { run, seq });
        }
        apply(&mut folded.shown, &frame);
        folded.seq = seq;
    }
    Ok(folded)
}

/// How much of a frame of so many bytes a transcript keeps, at most: of streamed text the text, of what replaces what was
/// there before nothing.
fn kept_bytes(frame: &Frame, text_bytes: usize) -> usize {
    match &frame.body {
        Body::MessageDelta(body) => body.delta.len(),
        Body::ReasoningDelta(body) => body.delta.len(),
        Body::RefusalDelta(body) => body.delta.len(),
        Body::ToolArgumentsDelta(body) => body.delta.len(),
        Body::ToolCodeDelta(body) => body.delta.len(),
        Body::ChunkDelta(body) => body.data.len(),
        Body::Progress(_) | Body::Lifecycle(_) => 0,
        _ => text_bytes,
    }
}
