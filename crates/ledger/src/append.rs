//! What waits for the committer, and how much of it: a producer that is faster than the disk is held back here.

use std::sync::Arc;

use kernel::RunId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::{Error, Head};

/// The largest frame: a chunk or page always has room for one.
pub const MAX_FRAME_BYTES: usize = 1 << 20;

/// The largest append: half of what may wait, so that one writer cannot stop all others. The frames of a run's end do not
/// wait, and have no limit as a whole.
pub const MAX_APPEND_BYTES: usize = 4 << 20;

/// How much may wait, which is also the size of the largest group commit.
const WAITING_BYTES: usize = 8 << 20;

/// What a frame costs beside its bytes, so that the number of waiting frames is bounded too (by 65 536).
const FRAME_COST: usize = 128;

/// Frames of one run that wait for the next group commit.
#[derive(Debug)]
pub(crate) struct Append {
    pub run: RunId,
    pub fence: i64,
    pub first_seq: u64,
    pub frames: Vec<String>,
    pub size_bytes: usize,
    pub answer: oneshot::Sender<Result<Head, Error>>,
    /// Given back when the append is answered.
    _room: OwnedSemaphorePermit,
}

/// The way to the committer.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    sender: mpsc::UnboundedSender<Append>,
    room: Arc<Semaphore>,
}

impl Queue {
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Append>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { sender, room: Arc::new(Semaphore::new(WAITING_BYTES)) }, receiver)
    }

    /// Waits for room, then for the commit.
    pub(crate) async fn append(
        &self,
        run: RunId,
        fence: i64,
        first_seq: u64,
        frames: Vec<String>,
    ) -> Result<Head, Error> {
        let size_bytes = check(run, first_seq, &frames)?;
        if size_bytes > MAX_APPEND_BYTES {
            return Err(Error::TooLarge { run, size_bytes, limit_bytes: MAX_APPEND_BYTES });
        }
        let cost = (size_bytes + frames.len() * FRAME_COST).min(WAITING_BYTES);
        let cost = u32::try_from(cost).expect("the cost is capped far below 2^32");
        let room = Arc::clone(&self.room);
        let room = room.acquire_many_owned(cost).await.map_err(|_| Error::Stopped)?;
        let (answer, answered) = oneshot::channel();
        let append = Append { run, fence, first_seq, frames, size_bytes, answer, _room: room };
        self.sender.send(append).map_err(|_| Error::Stopped)?;
        answered.await.map_err(|_| Error::Stopped)?
    }
}

/// Refuses frames that could not be read back as they were given. Returns their size.
pub(crate) fn check(run: RunId, first_seq: u64, frames: &[String]) -> Result<usize, Error> {
    for (frame, seq) in frames.iter().zip(first_seq..) {
        if frame.len() > MAX_FRAME_BYTES {
            return Err(Error::TooLarge { run, size_bytes: frame.len(), limit_bytes: MAX_FRAME_BYTES });
        }
        if !is_line(frame) {
            return Err(Error::NotOneLine { run, seq });
        }
    }
    Ok(frames.iter().map(String::len).sum())
}

/// No line end of any kind (SSE also ends lines at a carriage return) and no NUL (PostgreSQL stores none). The loop
/// has no early exit, so that it compiles to vector instructions.
fn is_line(frame: &str) -> bool {
    !frame.is_empty() && frame.bytes().fold(u8::MAX, u8::min) >= b' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_line_without_control_characters() {
        for good in ["{}", r#"{"a":"x\ny"}"#, "{\"ü\":\"🦀\u{2028}\u{7f}\"}"] {
            assert!(is_line(good), "{good}");
        }
        for bad in ["", "\n", "{}\n", "{\n}", "{}\r", "{\0}", "{\t}"] {
            assert!(!is_line(bad), "{bad:?}");
        }
    }

    #[test]
    fn the_limit_of_a_frame_holds_to_the_byte() {
        let run = RunId(uuid::Uuid::nil());
        let largest = "x".repeat(MAX_FRAME_BYTES);
        assert_eq!(check(run, 1, &vec![largest.clone(); 4]).unwrap(), MAX_APPEND_BYTES);
        let frame = check(run, 1, &[format!("{largest}x")]).unwrap_err();
        assert!(matches!(frame, Error::TooLarge { limit_bytes: MAX_FRAME_BYTES, .. }), "{frame}");
    }
}
