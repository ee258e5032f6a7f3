//! A log's tree out of its tiles: its right edge grows, and any part of it has a root.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use kernel::Digest;

use crate::hash::{complete_root, empty_root, fold};
use crate::tile::{TILE_WIDTH, Tile, hashes};

/// Parts of a log, each one that RFC 6962 gives a root: what a proof consists of.
pub type Ranges = Vec<Range<u64>>;

/// Some tiles of a log.
#[derive(Debug, Clone, Default)]
pub struct Tiles(BTreeMap<Tile, Vec<Digest>>);

impl Tiles {
    /// Adds a tile's bytes, 32 for each hash.
    pub fn add(&mut self, tile: Tile, bytes: &[u8]) {
        self.0.insert(tile, hashes(bytes));
    }

    /// The tiles that the roots of these ranges are made from.
    pub fn needed(ranges: &[Range<u64>]) -> BTreeSet<Tile> {
        ranges.iter().flat_map(|range| complete(range.clone())).map(|tree| tree.place().0).collect()
    }

    /// The root of a part of the log; none where a tile or a hash of one is missing.
    pub fn root(&self, range: Range<u64>) -> Option<Digest> {
        if range.is_empty() {
            return Some(empty_root());
        }
        let roots: Option<Vec<Digest>> = complete(range).map(|tree| self.complete(tree)).collect();
        fold(&roots?)
    }

    fn complete(&self, tree: Complete) -> Option<Digest> {
        let (tile, first, count) = tree.place();
        self.0.get(&tile)?.get(first..first + count).map(complete_root)
    }
}

/// A complete tree: the `index`-th one over 2^`height` entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Complete {
    height: u32,
    index: u64,
}

impl Complete {
    /// Which tile its root can be made from, and from which hashes of it.
    fn place(self) -> (Tile, usize, usize) {
        let level = self.height / 8;
        let count = 1_u64 << (self.height % 8);
        let first = self.index * count;
        let tile = Tile { level: u8::try_from(level).expect("64 / 8 levels"), index: first / TILE_WIDTH };
        let small = |n: u64| usize::try_from(n).expect("a tile has 256 hashes");
        (tile, small(first % TILE_WIDTH), small(count))
    }
}

/// The complete trees that make up a range, from left to right.
fn complete(range: Range<u64>) -> impl Iterator<Item = Complete> {
    let mut next = range.start;
    std::iter::from_fn(move || {
        let rest = range.end.checked_sub(next).filter(|rest| *rest > 0)?;
        let height = next.trailing_zeros().min(rest.ilog2());
        let tree = Complete { height, index: next >> height };
        next += 1 << height;
        Some(tree)
    })
}

/// The right edge of a log: of each level the last tile, as far as it is filled.
#[derive(Debug, Clone)]
pub struct Edge {
    size: u64,
    tiles: Tiles,
    changed: BTreeSet<Tile>,
}

impl Edge {
    /// The tiles that a log of this size has at its edge: those that its next entry goes into, and those that its root
    /// is made from.
    pub fn needed(size: u64) -> BTreeSet<Tile> {
        let partial = (0..=7).map(|level| (level, size >> (8 * u32::from(level))));
        let partial = partial.filter(|(_, in_level)| in_level % TILE_WIDTH > 0);
        let last = partial.map(|(level, in_level)| Tile { level, index: in_level / TILE_WIDTH });
        last.chain(Tiles::needed(std::slice::from_ref(&(0..size)))).collect()
    }

    /// The edge of a log of this size, from the tiles that are [`Self::needed`].
    pub const fn new(size: u64, tiles: Tiles) -> Self {
        Self { size, tiles, changed: BTreeSet::new() }
    }

    /// Adds the hash of the next entry, and the roots of what that completes.
    pub fn push(&mut self, leaf: Digest) {
        let (mut hash, mut place) = (leaf, self.size);
        self.size += 1;
        for level in 0..=7 {
            let tile = Tile { level, index: place / TILE_WIDTH };
            let hashes = self.tiles.0.entry(tile).or_default();
            hashes.push(hash);
            self.changed.insert(tile);
            if hashes.len() < 256 {
                return;
            }
            (hash, place) = (complete_root(hashes), tile.index);
        }
    }

    /// How many entries the log has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the log; none where a tile is missing.
    pub fn root(&self) -> Option<Digest> {
        self.tiles.root(0..self.size)
    }

    /// Each tile that was changed, with all of its bytes.
    pub fn changed(&self) -> impl Iterator<Item = (Tile, Vec<u8>)> {
        self.changed.iter().map(|tile| {
            let hashes = self.tiles.0.get(tile).map_or(&[][..], Vec::as_slice);
            (*tile, hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
        })
    }
}
