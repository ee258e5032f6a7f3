//! Proofs: that an entry is in a log, and that one log is the beginning of another.

use std::ops::Range;

use kernel::Digest;

use crate::hash::{empty_root, node_hash};
use crate::tree::Ranges;

/// The parts whose roots, in this order, prove that the entry at `index` is in a log of `size` (RFC 6962, 2.1.1); none
/// where it is not.
pub fn inclusion(index: u64, size: u64) -> Option<Ranges> {
    let mut path = Vec::new();
    let mut whole = 0..size;
    if index >= size {
        return None;
    }
    while whole.end - whole.start > 1 {
        let (left, right) = split(&whole);
        if index < left.end {
            path.push(right);
            whole = left;
        } else {
            path.push(left);
            whole = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The parts whose roots, in this order, prove that a log of `old` entries is the beginning of one of `size` (RFC 6962,
/// 2.1.2); none where it cannot be. The empty log is the beginning of all, and needs no proof.
pub fn consistency(old: u64, size: u64) -> Option<Ranges> {
    let mut path = Vec::new();
    let mut whole = 0..size;
    if old > size {
        return None;
    }
    if old == 0 || old == size {
        return Some(path);
    }
    while whole.end != old {
        let (left, right) = split(&whole);
        if old <= left.end {
            path.push(right);
            whole = left;
        } else {
            path.push(left);
            whole = right;
        }
    }
    // The root of all that was there before is known to whoever asks.
    if whole.start > 0 {
        path.push(whole);
    }
    path.reverse();
    Some(path)
}

/// At the largest power of two that is smaller than the range.
const fn split(range: &Range<u64>) -> (Range<u64>, Range<u64>) {
    let at = range.start + (1 << (range.end - range.start - 1).ilog2());
    (range.start..at, at..range.end)
}

/// Whether the path leads from a leaf at `index` to the root of a log of `size` (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(index: u64, size: u64, leaf: &Digest, path: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut found = *leaf;
    for hash in path {
        if last == 0 {
            return false;
        }
        if is_right(&mut place, &mut last) {
            found = node_hash(hash, &found);
        } else {
            found = node_hash(&found, hash);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && found == *root
}

/// Whether the path proves that a log of `old` entries with this root is the beginning of the other (RFC 9162, 2.1.4.2).
pub fn verify_consistency(old: (u64, &Digest), new: (u64, &Digest), path: &[Digest]) -> bool {
    let ((old_size, old_root), (size, root)) = (old, new);
    if old_size > size {
        return false;
    }
    if old_size == 0 {
        return path.is_empty() && *old_root == empty_root();
    }
    if old_size == size {
        return path.is_empty() && old_root == root;
    }
    // The root of a complete tree is a part of the other log itself.
    let (first, rest) = if old_size.is_power_of_two() {
        (old_root, path)
    } else {
        match path.split_first() {
            Some(split) => split,
            None => return false,
        }
    };
    let (mut place, mut last) = (old_size - 1, size - 1);
    let trailing = place.trailing_ones();
    (place, last) = (place >> trailing, last >> trailing);
    let (mut found_old, mut found) = (*first, *first);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if is_right(&mut place, &mut last) {
            found_old = node_hash(hash, &found_old);
            found = node_hash(hash, &found);
        } else {
            found = node_hash(&found, hash);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && found_old == *old_root && found == *root
}

/// Whether what the path has reached is a right child. A last one without a neighbour is first taken up to where it has.
const fn is_right(place: &mut u64, last: &mut u64) -> bool {
    if *place & 1 == 0 && *place != *last {
        return false;
    }
    while *place & 1 == 0 && *place != 0 {
        *place >>= 1;
        *last >>= 1;
    }
    true
}
