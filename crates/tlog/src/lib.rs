//! Merkle logs: what makes a list of entries one that can only grow, and a proof of that short.
//!
//! The forms are those of C2SP, so that foreign programs read and check them: [tlog-tiles](https://c2sp.org/tlog-tiles)
//! for what is stored and served, [tlog-checkpoint](https://c2sp.org/tlog-checkpoint) for how large a log is and what
//! its root is, [signed-note](https://c2sp.org/signed-note) for who says so. Hashes are those of RFC 6962.
//!
//! No I/O, no clock, no randomness: who calls it brings tiles, keys and secrets. The tests hold every part of it against
//! the crates `tlog_tiles` and `signed_note`, which share no line with it.

mod checkpoint;
mod hash;
mod key;
mod note;
mod proof;
mod tile;
mod tree;

pub use checkpoint::Checkpoint;
pub use hash::{empty_root, leaf_hash, node_hash};
pub use key::{KeyError, Signer, Verifier};
pub use note::{Note, NoteError, Signature};
pub use proof::{consistency, inclusion, verify_consistency, verify_inclusion};
pub use tile::{TILE_WIDTH, Tile, TilePath, entries};
pub use tree::{Edge, Ranges, Tiles};
