//! Shards: deterministic pure pieces of work, known by the digest of their input.

use kernel::{Digest, Hasher};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Objects;
use crate::context::Stop;

/// A kind of shard. `compute` must depend on nothing but its input and the objects that the input names by digest: the
/// result is stored under the input's digest, and a retry, a re-run or a resumed run takes it from there.
pub trait ShardKind: Send + Sync + 'static {
    /// Its name in the registry.
    const NAME: &'static str;
    /// Raised when `compute` changes its results.
    const VERSION: u32;
    /// What it is computed from.
    type Input: Serialize + DeserializeOwned + Send + 'static;
    /// What it gives.
    type Output: Serialize + DeserializeOwned + Send + 'static;

    /// Computes; asks `keep_going` between folds, rounds or batches and returns `None` as soon as it is false.
    ///
    /// # Panics
    /// May, where the run does not hold an object that the input names (`RunContext::object`): the shard fails.
    fn compute(input: &Self::Input, objects: &Objects, keep_going: &dyn Fn() -> bool)
    -> Option<Self::Output>;

    /// Whether an output has the shape of one for this input. A stored one that has not is computed again.
    fn fits(_input: &Self::Input, _output: &Self::Output) -> bool {
        true
    }
}

/// What becomes of one shard of a fan-out.
#[derive(Debug)]
pub enum ShardEvent<O> {
    /// It began on a worker.
    Started {
        /// Its place in the fan-out.
        index: usize,
    },
    /// It is done; the output may come from an earlier run of the same input.
    Done {
        /// Its place in the fan-out.
        index: usize,
        /// The result.
        output: O,
        /// The digest of the result as it is stored.
        digest: Digest,
    },
    /// It was stopped before or while it ran.
    Stopped {
        /// Its place in the fan-out.
        index: usize,
        /// Why.
        reason: Stop,
    },
    /// It failed: a defect in `compute`, or of the engine.
    Failed {
        /// Its place in the fan-out.
        index: usize,
        /// One sentence.
        message: String,
    },
}

/// Whether stored results may stand for computing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Results {
    /// An equal input's stored result is taken: a retry, a re-run or a resumed run goes on where it was.
    Reuse,
    /// Everything is computed afresh, whatever is stored: it is known to be wrong, and stays, because no stored result changes.
    Ignore,
    /// Everything is computed afresh and compared with what is stored; a difference is an error.
    Recompute,
}

/// Under what a shard's result is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address {
    pub kind: &'static str,
    pub version: u32,
    pub key: Digest,
}

impl Address {
    pub(crate) fn of<S: ShardKind>(input: &str) -> Self {
        Self { kind: S::NAME, version: S::VERSION, key: key(S::NAME, S::VERSION, input) }
    }
}

/// The key of a shard: kind, version and input.
fn key(kind: &str, version: u32, input: &str) -> Digest {
    Hasher::default()
        .chain("assay.shard.v1\0")
        .chain((kind.len() as u64).to_be_bytes())
        .chain(kind)
        .chain(version.to_be_bytes())
        .chain(input)
        .finish()
}
