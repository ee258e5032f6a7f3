//! Tiles, roots and proofs.

use std::collections::BTreeMap;

use kernel::Digest;
use proptest::prelude::*;
use tlog::{Edge, TILE_WIDTH, Tile, TilePath, Tiles};
use tlog_tiles::{
    Error as Refused, Hash, HashReader, Tile as ForeignTile, TileHashReader, TileReader, check_record,
    check_tree, prove_record, prove_tree, record_hash, stored_hash_index, stored_hashes, tree_hash,
};

/// A log of ours: its tiles as they are stored.
#[derive(Default)]
struct Log {
    size: u64,
    tiles: BTreeMap<Tile, Vec<u8>>,
}

impl Log {
    fn of(size: u64, group: u64) -> Self {
        let mut log = Self::default();
        while log.size < size {
            log.grow(group.min(size - log.size));
        }
        log
    }

    /// As a database does it: the edge is read, grows, and what changed is written.
    fn grow(&mut self, n: u64) {
        let mut edge = Edge::new(self.size, self.tiles(Edge::needed(self.size)));
        for index in self.size..self.size + n {
            edge.push(tlog::leaf_hash(&entry(index)));
        }
        self.tiles.extend(edge.changed());
        self.size = edge.size();
        assert_eq!(edge.root().unwrap(), self.root(self.size));
    }

    fn tiles(&self, needed: impl IntoIterator<Item = Tile>) -> Tiles {
        let mut tiles = Tiles::default();
        needed.into_iter().for_each(|tile| tiles.add(tile, &self.tiles[&tile]));
        tiles
    }

    fn root(&self, size: u64) -> Digest {
        self.roots(std::slice::from_ref(&(0..size)))[0]
    }

    fn roots(&self, ranges: &[std::ops::Range<u64>]) -> Vec<Digest> {
        let tiles = self.tiles(Tiles::needed(ranges));
        ranges.iter().map(|range| tiles.root(range.clone()).unwrap()).collect()
    }
}

impl TileReader for Log {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[ForeignTile]) -> Result<Vec<Vec<u8>>, Refused> {
        let read = |tile: &ForeignTile| {
            let path: TilePath =
                tile.path().trim_start_matches("tile/8/").trim_start_matches("tile/").parse().unwrap();
            let ours = Tile { level: path.level.unwrap(), index: path.index };
            assert_eq!((path.level, path.index), (Some(tile.level()), tile.level_index()));
            self.tiles[&ours][..usize::try_from(path.width).unwrap() * 32].to_vec()
        };
        Ok(tiles.iter().map(read).collect())
    }

    fn save_tiles(&self, _: &[ForeignTile], _: &[Vec<u8>]) {}
}

/// A log of theirs: every hash of the tree.
#[derive(Default)]
struct Foreign(Vec<Hash>);

impl HashReader for Foreign {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Refused> {
        Ok(indexes.iter().map(|at| self.0[usize::try_from(*at).unwrap()]).collect())
    }
}

impl Foreign {
    fn of(size: u64) -> Self {
        let mut log = Self::default();
        for index in 0..size {
            let hashes = stored_hashes(index, &entry(index), &log).unwrap();
            log.0.extend(hashes);
        }
        log
    }
}

fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

fn theirs(digest: &Digest) -> Hash {
    Hash(*digest.as_bytes())
}

fn ours(hash: &Hash) -> Digest {
    Digest::from_bytes(hash.0)
}

#[test]
fn roots_of_all_sizes_are_theirs() {
    let (log, foreign) = (Log::of(520, 7), Foreign::of(520));
    for size in (0..=70).chain(250..=260).chain(505..=520) {
        assert_eq!(theirs(&log.root(size)), tree_hash(size, &foreign).unwrap(), "{size}");
    }
}

#[test]
fn a_log_of_three_levels_is_read_by_their_reader_of_tiles() {
    let size = TILE_WIDTH * TILE_WIDTH + 3 * TILE_WIDTH + 5;
    let (log, foreign) = (Log::of(size, 10_000), Foreign::of(size));
    let root = tree_hash(size, &foreign).unwrap();
    assert_eq!(theirs(&log.root(size)), root);
    let reader = TileHashReader::new(size, root, &log);
    for index in [0, 255, 256, 65_535, 65_536, size - 1] {
        let hash = reader.read_hashes(&[stored_hash_index(0, index)]).unwrap();
        assert_eq!(hash, [record_hash(&entry(index))], "{index}");
        let proof = prove_record(size, index, &reader).unwrap();
        let path = log.roots(&tlog::inclusion(index, size).unwrap());
        assert_eq!(path, proof.iter().map(ours).collect::<Vec<_>>(), "{index}");
    }
}

#[test]
fn every_proof_of_a_small_log_is_theirs_and_holds() {
    let (log, foreign) = (Log::of(70, 70), Foreign::of(70));
    for size in 1..=70 {
        let root = log.root(size);
        for index in 0..size {
            let path = log.roots(&tlog::inclusion(index, size).unwrap());
            let leaf = tlog::leaf_hash(&entry(index));
            let hashes = path.iter().map(theirs).collect();
            check_record(&hashes, size, theirs(&root), index, theirs(&leaf)).unwrap();
            assert_eq!(hashes, prove_record(size, index, &foreign).unwrap());
            assert!(tlog::verify_inclusion(index, size, &leaf, &path, &root));
        }
        for old in 1..=size {
            let path = log.roots(&tlog::consistency(old, size).unwrap());
            let hashes = path.iter().map(theirs).collect();
            let old_root = log.root(old);
            check_tree(&hashes, size, theirs(&root), old, theirs(&old_root)).unwrap();
            assert_eq!(hashes, prove_tree(size, old, &foreign).unwrap());
            assert!(tlog::verify_consistency((old, &old_root), (size, &root), &path));
        }
    }
}

#[test]
fn what_is_not_in_a_log_has_no_proof() {
    assert_eq!((tlog::inclusion(3, 3), tlog::inclusion(0, 0), tlog::consistency(4, 3)), (None, None, None));
    assert_eq!(tlog::consistency(0, 9), Some(Vec::new()));
    let (empty, log) = (tlog::empty_root(), Log::of(3, 3));
    assert!(tlog::verify_consistency((0, &empty), (3, &log.root(3)), &[]));
    assert!(!tlog::verify_consistency((0, &log.root(3)), (3, &log.root(3)), &[]));
    assert!(!tlog::verify_inclusion(0, 0, &empty, &[], &empty));
    assert!(Tiles::default().root(0..3).is_none());
}

proptest! {
    /// Whatever is altered, ours refuses what theirs refuses.
    #[test]
    fn an_altered_proof_is_refused(size in 2_u64..600, at: prop::sample::Index, hash: prop::sample::Index, how in 0..5) {
        let log = Log::of(size, 600);
        let (index, root) = (at.index(usize::try_from(size).unwrap()) as u64, log.root(size));
        let leaf = tlog::leaf_hash(&entry(index));
        let mut path = log.roots(&tlog::inclusion(index, size).unwrap());
        let place = hash.index(path.len());
        let (mut said_index, mut said_size) = (index, size);
        match how {
            0 => { path.remove(place); }
            1 => path.insert(place, Digest::of("more")),
            2 => path[place] = Digest::of("other"),
            3 => said_index = (index + 1) % size,
            _ => said_size += 1,
        }
        let holds = tlog::verify_inclusion(said_index, said_size, &leaf, &path, &root);
        let hashes = path.iter().map(theirs).collect();
        let theirs_holds = check_record(&hashes, said_size, theirs(&root), said_index, theirs(&leaf)).is_ok();
        prop_assert_eq!(holds, theirs_holds);
        // A larger size can have the same path; everything else is altered for good.
        prop_assert!(!holds || how == 4);
    }

    #[test]
    fn a_rewritten_log_does_not_begin_with_the_old_one(old in 1_u64..300, more in 1_u64..300, at: prop::sample::Index) {
        let (before, size) = (Log::of(old, 300), old + more);
        let mut after = Log::default();
        let mut edge = Edge::new(0, Tiles::default());
        let altered = at.index(usize::try_from(old).unwrap()) as u64;
        for index in 0..size {
            let entry = if index == altered { b"other".to_vec() } else { entry(index) };
            edge.push(tlog::leaf_hash(&entry));
        }
        after.tiles.extend(edge.changed());
        let path = after.roots(&tlog::consistency(old, size).unwrap());
        let (old_root, root) = (before.root(old), after.root(size));
        prop_assert!(!tlog::verify_consistency((old, &old_root), (size, &root), &path));
        prop_assert!(tlog::verify_consistency((old, &after.root(old)), (size, &root), &path));
    }
}
