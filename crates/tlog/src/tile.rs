//! Tiles: 256 neighbouring hashes of every eighth level of the tree, and the paths that they are served under.

use std::fmt;
use std::str::FromStr;

use kernel::Digest;

/// How many hashes a full tile has.
pub const TILE_WIDTH: u64 = 256;

/// The highest level that a log of 2^63 entries can have.
const MAX_LEVEL: u8 = 7;

/// Which tile: `level` 0 holds the hashes of entries, each next one the roots of full tiles below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// From 0 to 7.
    pub level: u8,
    /// The place among the tiles of its level.
    pub index: u64,
}

impl Tile {
    /// How many hashes it holds in a log of this size.
    pub const fn width(self, size: u64) -> u64 {
        let in_level = size >> (8 * self.level);
        let before = self.index.saturating_mul(TILE_WIDTH);
        let rest = in_level.saturating_sub(before);
        if rest < TILE_WIDTH { rest } else { TILE_WIDTH }
    }
}

/// The path of a tile of hashes or of entries, below `tile/`, such as `0/x001/234` or `entries/067.p/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilePath {
    /// Of hashes its level, of entries none.
    pub level: Option<u8>,
    /// The place in its level.
    pub index: u64,
    /// How many are asked for: 256, or fewer of a partial tile.
    pub width: u64,
}

/// No path of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no path of a tile: expected LEVEL/INDEX or entries/INDEX, as c2sp.org/tlog-tiles writes them"
)]
pub struct InvalidTilePath;

impl FromStr for TilePath {
    type Err = InvalidTilePath;

    fn from_str(text: &str) -> Result<Self, InvalidTilePath> {
        let path = read(text).ok_or(InvalidTilePath)?;
        // One tile has one path: leading zeros and empty groups are refused with what else is written otherwise.
        if path.to_string() == text { Ok(path) } else { Err(InvalidTilePath) }
    }
}

fn read(text: &str) -> Option<TilePath> {
    let (kind, rest) = text.split_once('/')?;
    let level = match kind {
        "entries" => None,
        level => Some(level.parse().ok().filter(|level| *level <= MAX_LEVEL)?),
    };
    let (groups, width) = match rest.split_once(".p/") {
        Some((groups, width)) => {
            (groups, width.parse().ok().filter(|width| (1..TILE_WIDTH).contains(width))?)
        }
        None => (rest, TILE_WIDTH),
    };
    let mut index = 0_u64;
    for group in groups.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok().filter(|group| *group < 1000)?)?;
    }
    Some(TilePath { level, index, width })
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "{level}/")?,
            None => write!(f, "entries/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups.iter().skip(1).rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if self.width < TILE_WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// A bundle of entries: each behind its length in two bytes. `None` where one is too long for that.
pub fn entries<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bundle = Vec::new();
    for entry in entries {
        bundle.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
        bundle.extend(entry);
    }
    Some(bundle)
}

/// The hashes of a tile's bytes.
pub(crate) fn hashes(bytes: &[u8]) -> Vec<Digest> {
    let (hashes, _) = bytes.as_chunks::<32>();
    hashes.iter().copied().map(Digest::from_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_has_one_path() {
        let cases = [
            ("0/000", Some((Some(0), 0, 256))),
            ("1/x001/234", Some((Some(1), 1234, 256))),
            ("0/x123/x456/789.p/3", Some((Some(0), 123_456_789, 3))),
            ("entries/067.p/255", Some((None, 67, 255))),
            ("entries/x001/000", Some((None, 1000, 256))),
        ];
        for (text, expected) in cases {
            let path = text.parse::<TilePath>().ok().map(|path| (path.level, path.index, path.width));
            assert_eq!(path, expected, "{text}");
        }
        let wrong = [
            "",
            "0",
            "0/",
            "0/0",
            "0/0000",
            "8/000",
            "00/000",
            "+0/000",
            "0/001/234",
            "0/x000/001",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/01",
            "0/000.p/",
            "0/x001",
            "data/000",
            "0/x/000",
            "0/-01",
            "0/+01",
            "0/000/",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
        ];
        for text in wrong {
            assert_eq!(text.parse::<TilePath>(), Err(InvalidTilePath), "{text}");
        }
    }

    #[test]
    fn a_tile_is_as_wide_as_the_log_fills_it() {
        let width = |level, index, size| Tile { level, index }.width(size);
        assert_eq!(
            [width(0, 0, 0), width(0, 0, 5), width(0, 0, 256), width(0, 1, 256), width(0, 1, 300)],
            [0, 5, 256, 0, 44]
        );
        assert_eq!(
            [width(1, 0, 255), width(1, 0, 256), width(1, 0, 70_000), width(2, 0, 70_000)],
            [0, 1, 256, 1]
        );
        assert_eq!(width(7, 0, u64::MAX), 256 - 1);
    }
}
