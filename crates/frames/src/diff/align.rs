//! Which rows of two lists are the same row.
//!
//! The pairs are those of a heaviest common subsequence, in which a pair of equal rows weighs more than one of rows that
//! are only called the same. Equal beginnings and ends are never worse than any other choice and are taken first, so two
//! runs that differ in one row cost no table at all. What is left and too large for a table is cut at rows that occur
//! once in each; where there are none, rows of one place are paired.

use std::collections::HashMap;

/// What is known of a row: how it is called, and all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub name: u64,
    pub whole: u64,
}

/// 16 MiB of weights.
const MAX_CELLS: usize = 4 << 20;
const EQUAL: u32 = 3;
const NAMED: u32 = 1;

/// Pairs of places, rising in both. It does not matter which list comes first.
pub(super) fn pairs(left: &[Mark], right: &[Mark]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    // Among several heaviest ones the choice depends on the order of the lists, so that order is made one.
    if left <= right {
        Alignment { left, right, pairs: &mut pairs }.span((0, left.len()), (0, right.len()));
    } else {
        Alignment { left: right, right: left, pairs: &mut pairs }.span((0, right.len()), (0, left.len()));
        for pair in &mut pairs {
            *pair = (pair.1, pair.0);
        }
    }
    pairs.sort_unstable();
    pairs
}

struct Alignment<'a> {
    left: &'a [Mark],
    right: &'a [Mark],
    pairs: &'a mut Vec<(usize, usize)>,
}

type Range = (usize, usize);

impl Alignment<'_> {
    fn span(&mut self, (mut l, mut l_end): Range, (mut r, mut r_end): Range) {
        while l < l_end && r < r_end && self.left[l].whole == self.right[r].whole {
            self.pairs.push((l, r));
            (l, r) = (l + 1, r + 1);
        }
        while l < l_end && r < r_end && self.left[l_end - 1].whole == self.right[r_end - 1].whole {
            (l_end, r_end) = (l_end - 1, r_end - 1);
            self.pairs.push((l_end, r_end));
        }
        if l == l_end || r == r_end {
            return;
        }
        if (l_end - l + 1).saturating_mul(r_end - r + 1) <= MAX_CELLS {
            return self.table((l, l_end), (r, r_end));
        }
        let anchors = self.anchors((l, l_end), (r, r_end));
        if anchors.is_empty() {
            return self.in_place((l, l_end), (r, r_end));
        }
        for (l_at, r_at) in anchors {
            self.span((l, l_at), (r, r_at));
            self.pairs.push((l_at, r_at));
            (l, r) = (l_at + 1, r_at + 1);
        }
        self.span((l, l_end), (r, r_end));
    }

    /// The heaviest common subsequence, by the weights of all pairs of ends.
    fn table(&mut self, (l, l_end): Range, (r, r_end): Range) {
        let (rows, columns) = (l_end - l, r_end - r);
        let at = |i: usize, j: usize| i * (columns + 1) + j;
        let mut weights = vec![0_u32; (rows + 1) * (columns + 1)];
        for i in (0..rows).rev() {
            for j in (0..columns).rev() {
                let apart = weights[at(i + 1, j)].max(weights[at(i, j + 1)]);
                let weight = weight(self.left[l + i], self.right[r + j]);
                let together = if weight > 0 { weights[at(i + 1, j + 1)] + weight } else { 0 };
                weights[at(i, j)] = apart.max(together);
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < rows && j < columns {
            let weight = weight(self.left[l + i], self.right[r + j]);
            if weight > 0 && weights[at(i, j)] == weights[at(i + 1, j + 1)] + weight {
                self.pairs.push((l + i, r + j));
                (i, j) = (i + 1, j + 1);
            } else if weights[at(i, j)] == weights[at(i + 1, j)] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }

    /// Equal rows that occur once in each range, as many of them as follow each other in both.
    fn anchors(&self, l: Range, r: Range) -> Vec<(usize, usize)> {
        let (of_left, of_right) = (single(self.left, l), single(self.right, r));
        let common = (l.0..l.1).filter(|at| of_left.get(&self.left[*at].whole) == Some(&Some(*at)));
        let common = common.filter_map(|at| Some((at, (*of_right.get(&self.left[at].whole)?)?)));
        longest_rising(&common.collect::<Vec<_>>())
    }

    fn in_place(&mut self, (l, l_end): Range, (r, r_end): Range) {
        let both = (l..l_end).zip(r..r_end);
        self.pairs.extend(both.filter(|(l, r)| weight(self.left[*l], self.right[*r]) > 0));
    }
}

fn weight(left: Mark, right: Mark) -> u32 {
    if left.whole == right.whole {
        EQUAL
    } else if left.name == right.name {
        NAMED
    } else {
        0
    }
}

/// Where each row of a range is, if it is there once.
fn single(marks: &[Mark], (start, end): Range) -> HashMap<u64, Option<usize>> {
    let mut places = HashMap::new();
    for (at, mark) in marks.iter().enumerate().take(end).skip(start) {
        places.entry(mark.whole).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places
}

/// The longest run of pairs whose second places rise; the first ones rise already.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best run of each length, and the pair before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; pairs.len()];
    for (at, (_, second)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *second);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut run = Vec::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        run.push(pairs[at]);
        next = before[at];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<Mark> {
        // Letters of either case are called the same.
        text.chars().map(|c| Mark { name: c.to_ascii_lowercase().into(), whole: c.into() }).collect()
    }

    fn check(left: &str, right: &str, expected: &[(usize, usize)]) {
        let (left, right) = (marks(left), marks(right));
        assert_eq!(pairs(&left, &right), expected);
        let mirrored: Vec<_> = expected.iter().map(|(l, r)| (*r, *l)).collect();
        assert_eq!(pairs(&right, &left), mirrored);
    }

    #[test]
    fn equal_rows_are_paired_before_those_that_are_only_called_the_same() {
        check("abc", "abc", &[(0, 0), (1, 1), (2, 2)]);
        check("abc", "aBc", &[(0, 0), (1, 1), (2, 2)]);
        check("abc", "ac", &[(0, 0), (2, 1)]);
        check("Aa", "a", &[(1, 0)]);
        check("abx", "yab", &[(0, 1), (1, 2)]);
        check("", "ab", &[]);
    }

    #[test]
    fn what_is_too_large_for_a_table_is_cut_at_what_occurs_once() {
        let row = |n: u64| Mark { name: 0, whole: n };
        let left: Vec<Mark> = (0..6000).map(row).collect();
        let mut right: Vec<Mark> = (3000..6000).chain(10_000..13_000).map(row).collect();
        right.insert(1500, row(77_777));
        let found = pairs(&left, &right);
        let equal = found.iter().filter(|(l, r)| left[*l].whole == right[*r].whole).count();
        assert_eq!(equal, 3000);
        let mirrored: Vec<_> = pairs(&right, &left).into_iter().map(|(r, l)| (l, r)).collect();
        assert_eq!(mirrored, found);
    }

    proptest::proptest! {
        #[test]
        fn pairs_rise_and_mirror(left in "[abAB]{0,30}", right in "[abAB]{0,30}") {
            let (left, right) = (marks(&left), marks(&right));
            let found = pairs(&left, &right);
            proptest::prop_assert!(found.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
            let mirrored: Vec<_> = pairs(&right, &left).into_iter().map(|(r, l)| (l, r)).collect();
            proptest::prop_assert_eq!(mirrored, found);
        }
    }
}
