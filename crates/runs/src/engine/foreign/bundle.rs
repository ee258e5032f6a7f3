//! A bundle that was brought here: a line with the proof of a run's end, and a line for each of its frames.
//!
//! Nothing it says of itself is believed. The frames are held to the contract and folded into the chain from the ledger's
//! own id on, the head they lead to must be the one of the proof, the end made from both an entry of the log that the
//! checkpoint is of, and the checkpoint must be signed. What is wrong is named by the first frame that is.

use frames::{Body, Chain, End, Frame, LedgerId, RunOpened, Validator, chain};
use kernel::{Class, Digest, Fault, FieldError};
use tlog::{Checkpoint, Note, Verifier};
use wire::log::Proof;

/// No bundle has more frames.
pub const MAX_FRAMES: usize = 1_000_000;

/// So many hex digits of each link stand in the proof of a bundle.
const MARK: usize = 8;

/// A bundle was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Its first line is no proof, or it is no text.
    #[error("this is no bundle as `GET /runs/ID/bundle` writes it: {reason}")]
    Malformed {
        /// Why.
        reason: String,
    },
    /// More frames than are taken at once.
    #[error("a bundle of more than {MAX_FRAMES} frames is not taken")]
    TooLong,
    /// A frame that no stream can have there.
    #[error("frame {seq} is not one that a run can have there: {reason}")]
    Frame {
        /// Which.
        seq: u64,
        /// Why.
        reason: String,
    },
    /// A frame that is not the one the chain was made from.
    #[error("frame {seq} is not the one that was recorded: from it on the chain is another one")]
    Changed {
        /// Which.
        seq: u64,
    },
    /// The digest of a frame stands where the frame should.
    #[error(
        "frame {seq} was let go under retention, so that only its digest is in the bundle: a run is imported whole"
    )]
    Pruned {
        /// The first.
        seq: u64,
    },
    /// Frames are missing at the end.
    #[error("the bundle breaks off before frame {seq}: the run has {frames}")]
    Cut {
        /// The first that is missing.
        seq: u64,
        /// How many there should be.
        frames: u64,
    },
    /// There are frames behind the end.
    #[error("frame {seq} is one too many: the run has {frames}")]
    Surplus {
        /// The first that is too many.
        seq: u64,
        /// How many there should be.
        frames: u64,
    },
    /// The frames do not lead to the head, and nothing says which one is wrong.
    #[error(
        "frames 1 to {frames} do not lead to the head {head}: one of them, the head or the ledger's id was changed"
    )]
    Head {
        /// How many there are.
        frames: u64,
        /// Where they should lead to.
        head: Digest,
    },
    /// The end is no entry of the log.
    #[error("the end of these frames is not entry {index} of the log that the checkpoint is of")]
    NotInLog {
        /// Where it should be.
        index: u64,
    },
    /// The checkpoint is signed by none of the keys.
    #[error("the checkpoint is not signed by {by}")]
    NotSigned {
        /// By whom it should be.
        by: String,
    },
}

impl BundleError {
    /// The first frame that is wrong, missing or too many, as far as one can tell.
    pub const fn first_bad_seq(&self) -> Option<u64> {
        match self {
            Self::Frame { seq, .. }
            | Self::Changed { seq }
            | Self::Pruned { seq }
            | Self::Cut { seq, .. }
            | Self::Surplus { seq, .. } => Some(*seq),
            Self::Head { .. } => Some(1),
            Self::Malformed { .. } | Self::TooLong | Self::NotInLog { .. } | Self::NotSigned { .. } => None,
        }
    }
}

impl Fault for BundleError {
    fn class(&self) -> Class {
        match self {
            Self::TooLong => Class::TooLarge,
            Self::Malformed { .. } => Class::Invalid,
            _ => Class::Unprocessable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "BUNDLE_MALFORMED",
            Self::TooLong => "BUNDLE_TOO_LARGE",
            Self::Frame { .. } => "BUNDLE_FRAME",
            Self::Changed { .. } => "BUNDLE_CHANGED",
            Self::Pruned { .. } => "BUNDLE_PRUNED",
            Self::Cut { .. } => "BUNDLE_CUT",
            Self::Surplus { .. } => "BUNDLE_SURPLUS",
            Self::Head { .. } => "BUNDLE_HEAD",
            Self::NotInLog { .. } => "BUNDLE_NOT_IN_LOG",
            Self::NotSigned { .. } => "BUNDLE_NOT_SIGNED",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = self.first_bad_seq().map_or_else(|| "bundle".to_owned(), |seq| format!("frame {seq}"));
        vec![FieldError::new(field, self.to_string())]
    }
}

/// A bundle that holds.
#[derive(Debug, Clone)]
pub struct Bundle {
    pub(super) proof: Proof,
    pub(super) frames: Vec<String>,
    /// What its first frame says, where it is one that opens a run.
    pub(super) opened: Option<RunOpened>,
    pub(super) terminal: Frame,
    pub(super) signed: Signed,
}

/// What the checkpoint of a proof says, and who has signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) by: String,
    /// Whoever asks has named the key; otherwise it came with the proof.
    pub(crate) is_key_given: bool,
}

impl Bundle {
    /// Reads a bundle and checks all of it. With a key, the checkpoint must be signed by that one.
    ///
    /// # Errors
    ///
    /// Fails with what is wrong, and where a frame is, with the first.
    pub fn read(text: &str, key: Option<&Verifier>) -> Result<Self, BundleError> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let proof: Proof = serde_json::from_str(first).map_err(|error| BundleError::Malformed {
            reason: format!("its first line is no proof: {error}"),
        })?;
        let lines = (!rest.is_empty()).then(|| rest.split('\n'));
        let record = Record::read(&proof, lines.into_iter().flatten())?;
        let end = End { ledger: LedgerId(proof.ledger_id), frames: proof.frames, head: proof.head };
        let signed = proven(&proof, &end, key)?;
        let Record { frames, opened, terminal, .. } = record;
        let terminal = terminal.ok_or(BundleError::Cut { seq: proof.frames + 1, frames: proof.frames })?;
        Ok(Self { proof, frames, opened, terminal, signed })
    }
}

/// Whether an end is in the log of a proof, and who has signed that.
pub(crate) fn proven(proof: &Proof, end: &End, key: Option<&Verifier>) -> Result<Signed, BundleError> {
    let malformed = |reason: &str| BundleError::Malformed { reason: reason.to_owned() };
    let note: Note = proof.checkpoint.parse().map_err(|_| malformed("its checkpoint is no signed note"))?;
    let checkpoint = Checkpoint::parse(note.text()).ok_or_else(|| malformed("its note is no checkpoint"))?;
    let leaf = tlog::leaf_hash(end.entry().as_bytes());
    let Checkpoint { size, root, .. } = &checkpoint;
    if !tlog::verify_inclusion(proof.index, *size, &leaf, &proof.path, root) {
        return Err(BundleError::NotInLog { index: proof.index });
    }
    let named: Vec<Verifier> = match key {
        Some(key) => vec![key.clone()],
        None => proof.keys.iter().filter_map(|key| key.key.parse().ok()).collect(),
    };
    let has_signed = |key: &&Verifier| key.name() == checkpoint.origin && note.is_signed_by(key);
    let by = named.iter().find(has_signed).map(ToString::to_string);
    let nobody = || match key {
        Some(key) => key.to_string(),
        None => "any of the keys that the bundle names".to_owned(),
    };
    let by = by.ok_or_else(|| BundleError::NotSigned { by: nobody() })?;
    Ok(Signed { checkpoint, by, is_key_given: key.is_some() })
}

/// The frames as far as they were taken in.
#[derive(Default)]
struct Record {
    frames: Vec<String>,
    validator: Validator,
    opened: Option<RunOpened>,
    terminal: Option<Frame>,
}

impl Record {
    fn read<'a>(proof: &Proof, lines: impl Iterator<Item = &'a str>) -> Result<Self, BundleError> {
        let mut record = Self::default();
        let mut chain = Chain::new(LedgerId(proof.ledger_id));
        for (line, seq) in lines.zip(1..) {
            if seq > proof.frames {
                return Err(BundleError::Surplus { seq, frames: proof.frames });
            }
            record.take(seq, line)?;
            let link = chain.push(line.as_bytes());
            if mark(proof, seq).is_some_and(|mark| !link.to_string().starts_with(mark)) {
                return Err(BundleError::Changed { seq });
            }
            record.frames.push(line.to_owned());
        }
        if chain.seq() < proof.frames {
            return Err(BundleError::Cut { seq: chain.seq() + 1, frames: proof.frames });
        }
        if let Err(violation) = record.validator.finish() {
            let (seq, reason) = (chain.seq() + 1, violation.to_string());
            return Err(BundleError::Frame { seq, reason });
        }
        if chain.head() != proof.head {
            return Err(BundleError::Head { frames: proof.frames, head: proof.head });
        }
        Ok(record)
    }

    fn take(&mut self, seq: u64, line: &str) -> Result<(), BundleError> {
        let wrong = |reason: String| BundleError::Frame { seq, reason };
        if self.frames.len() == MAX_FRAMES {
            return Err(BundleError::TooLong);
        }
        if line.starts_with(chain::DIGEST_LINE) {
            return Err(BundleError::Pruned { seq });
        }
        if line.len() > ledger::MAX_FRAME_BYTES {
            return Err(wrong(format!("it has more than {} bytes", ledger::MAX_FRAME_BYTES)));
        }
        if line.bytes().any(|byte| byte < b' ') {
            return Err(wrong("it has a control character".to_owned()));
        }
        let frame = Frame::parse(line).map_err(|error| wrong(error.to_string()))?;
        self.validator.push(&frame).map_err(|violation| wrong(told(&violation)))?;
        match &frame.body {
            Body::RunOpened(opened) => self.opened = Some(opened.clone()),
            _ if frame.is_terminal() => self.terminal = Some(frame),
            _ => {}
        }
        Ok(())
    }
}

/// A violation with its causes.
fn told(violation: &frames::Violation) -> String {
    let mut message = violation.to_string();
    let mut cause = std::error::Error::source(violation);
    while let Some(error) = cause {
        message.push_str(&format!(": {error}"));
        cause = error.source();
    }
    message
}

/// What the proof says of the link after a frame.
fn mark(proof: &Proof, seq: u64) -> Option<&str> {
    let at = usize::try_from(seq - 1).ok()?.checked_mul(MARK)?;
    proof.marks.as_deref()?.get(at..at.checked_add(MARK)?)
}
