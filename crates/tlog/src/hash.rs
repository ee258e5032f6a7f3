//! The hashes of RFC 6962, section 2.1. A leaf and a node are told apart by their first byte, so that no node can be
//! shown as a leaf.

use kernel::{Digest, Hasher};

/// The hash of an entry.
pub fn leaf_hash(entry: &[u8]) -> Digest {
    Hasher::default().chain([0]).chain(entry).finish()
}

/// The hash of two neighbours.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Hasher::default().chain([1]).chain(left.as_bytes()).chain(right.as_bytes()).finish()
}

/// The root of a log without entries.
pub fn empty_root() -> Digest {
    Digest::of([])
}

/// The root over complete trees that stand side by side, the largest first.
pub(crate) fn fold(roots: &[Digest]) -> Option<Digest> {
    let (last, before) = roots.split_last()?;
    Some(before.iter().rev().fold(*last, |right, left| node_hash(left, &right)))
}

/// The root of a complete tree over a power of two of hashes.
pub(crate) fn complete_root(hashes: &[Digest]) -> Digest {
    match hashes {
        [] => empty_root(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            node_hash(&complete_root(left), &complete_root(right))
        }
    }
}
