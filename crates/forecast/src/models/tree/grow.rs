//! Growing one tree, best split first.
//!
//! The rows a tree is grown on are copied once, with only the features it may use, and then *moved*: a split sorts
//! the rows of its node into those that go left and those that go right, so every later pass reads memory in order.
//! Of two siblings only the smaller is summed up; the other's histogram is the parent's less that.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::binning::Binned;
use super::histogram::{Histogram, Layout, Split};
use super::rows::Rows;

/// What a tree may become.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) leaves: usize,
    pub(crate) depth: usize,
    pub(crate) least: Least,
    /// Added to a leaf's weight, so that few rows move little (the `λ` of Chen & Guestrin 2016, equation 5).
    pub(crate) ridge: f64,
}

/// The least a leaf must hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Least {
    /// Rows. They are counted, which costs a third of the speed.
    Rows(u32),
    /// Weight: the number of rows where each weighs 1.
    Weight(f64),
}

/// A tree over raw feature values.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy)]
enum Node {
    Leaf(f64),
    Split {
        feature: usize,
        bin: u8,
        missing_bin: u8,
        missing: Side,
        threshold: f64,
        left: usize,
        right: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Tree {
    /// The value of a row of raw features; `NaN` is missing.
    pub(crate) fn at(&self, row: &[f64]) -> f64 {
        self.walk(|feature, _, _, threshold| {
            let cell = row[feature];
            (!cell.is_nan()).then_some(cell <= threshold)
        })
    }

    /// The value of a row of bins.
    pub(super) fn at_bins(&self, row: &[u8]) -> f64 {
        self.walk(|feature, bin, missing_bin, _| {
            let cell = row[feature];
            (cell != missing_bin).then_some(cell <= bin)
        })
    }

    fn walk(&self, is_left: impl Fn(usize, u8, u8, f64) -> Option<bool>) -> f64 {
        let mut at = 0;
        loop {
            match self.nodes[at] {
                Node::Leaf(value) => return value,
                Node::Split { feature, bin, missing_bin, missing, threshold, left, right } => {
                    let goes_left = is_left(feature, bin, missing_bin, threshold);
                    at = if goes_left.unwrap_or(missing == Side::Left) { left } else { right };
                }
            }
        }
    }
}

/// Sums over rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) gradient: f64,
    pub(super) weight: f64,
    /// Counted only under [`Least::Rows`].
    pub(super) rows: u32,
}

impl Sums {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient + other.gradient,
            weight: self.weight + other.weight,
            rows: self.rows + other.rows,
        }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            weight: self.weight - other.weight,
            rows: self.rows - other.rows,
        }
    }
}

impl Limits {
    pub(super) fn score(&self, sums: Sums) -> f64 {
        sums.gradient * sums.gradient / (sums.weight + self.ridge)
    }

    /// Whether a leaf may hold this.
    pub(super) fn allows(&self, sums: Sums) -> bool {
        const LEAST_WEIGHT: f64 = 1e-3;
        match self.least {
            Least::Rows(rows) => sums.rows >= rows && sums.weight >= LEAST_WEIGHT,
            Least::Weight(weight) => sums.weight >= weight.max(LEAST_WEIGHT),
        }
    }

    /// Whether a node of this may become two leaves.
    fn allows_two(&self, sums: Sums, depth: usize) -> bool {
        depth < self.depth
            && match self.least {
                Least::Rows(rows) => sums.rows >= 2 * rows,
                Least::Weight(weight) => sums.weight >= 2.0 * weight,
            }
    }
}

/// A node whose best split is known but not made; the heap gives the largest gain first, the oldest on a tie.
struct Open {
    split: Split,
    node: usize,
    depth: usize,
    rows: Range<usize>,
    histogram: Histogram,
}

/// A gain without the digits that are rounding, so that equal ones are a tie.
const fn coarse(gain: f64) -> f64 {
    const DROPPED: u32 = 24;
    f64::from_bits((gain.to_bits() + (1 << (DROPPED - 1))) >> DROPPED << DROPPED)
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        coarse(self.split.gain).total_cmp(&coarse(other.split.gain)).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open {}

/// Rows with their gradients (`weight ×` the derivative of half the squared error, or of another loss) and weights
/// (the second derivatives), in the order of the rows of `bins`.
pub(crate) struct Problem<'a> {
    pub(crate) bins: &'a Binned,
    pub(crate) gradients: &'a [f64],
    pub(crate) weights: &'a [f64],
    pub(crate) limits: Limits,
    /// Share of a leaf's optimum that is taken.
    pub(crate) rate: f64,
}

/// A leaf to be added to the tree.
struct Leaf {
    rows: Range<usize>,
    total: Sums,
    depth: usize,
}

/// A tree under construction.
struct Growth<'a> {
    problem: &'a Problem<'a>,
    layout: Layout,
    rows: Rows,
    nodes: Vec<Node>,
    /// The rows of each leaf so far.
    leaves: Vec<(usize, Range<usize>)>,
    open: BinaryHeap<Open>,
    spare: Vec<Histogram>,
}

impl Problem<'_> {
    /// Grows a tree on these rows, ascending, with splits of these features. `step_of[row]` becomes the value of the
    /// leaf the row ended in.
    pub(crate) fn grow(&self, rows: &[usize], features: &[usize], step_of: &mut [f64]) -> Tree {
        let layout = Layout::of(self.bins, features, self.limits.least);
        let mut growth = Growth {
            rows: Rows::gather(self, rows, features),
            problem: self,
            layout,
            nodes: Vec::new(),
            leaves: Vec::new(),
            open: BinaryHeap::new(),
            spare: Vec::new(),
        };
        growth.run();
        for (node, rows) in &growth.leaves {
            let Node::Leaf(value) = growth.nodes[*node] else { continue };
            growth.rows.ids(rows.clone()).iter().for_each(|&row| step_of[row as usize] = value);
        }
        Tree { nodes: growth.nodes }
    }
}

impl Growth<'_> {
    fn run(&mut self) {
        let limits = self.problem.limits;
        let rows = 0..self.rows.len();
        let root = Leaf { total: self.rows.total(rows.clone()), rows, depth: 0 };
        let histogram = limits.allows_two(root.total, 0).then(|| self.sum_up(root.rows.clone()));
        self.add(root, histogram);
        let mut leaves = 1;
        while leaves < limits.leaves {
            let Some(best) = self.open.pop() else { break };
            self.split(best);
            leaves += 1;
        }
    }

    /// Adds a leaf and remembers its best split, if it has one.
    fn add(&mut self, leaf: Leaf, histogram: Option<Histogram>) -> usize {
        let limits = &self.problem.limits;
        let Leaf { rows, total, depth } = leaf;
        let value = -self.problem.rate * total.gradient / (total.weight + limits.ridge);
        let node = self.nodes.len();
        self.nodes.push(Node::Leaf(if value.is_finite() { value } else { 0.0 }));
        self.leaves.push((node, rows.clone()));
        if let Some(histogram) = histogram {
            match self.layout.best_split(&histogram, total, limits) {
                Some(split) => self.open.push(Open { split, node, depth, rows, histogram }),
                None => self.spare.push(histogram),
            }
        }
        node
    }

    fn split(&mut self, best: Open) {
        let Open { split, node, depth, rows, histogram } = best;
        let missing_bin = self.layout.missing_bin(split.column);
        let middle = self.rows.part(rows.clone(), |cells| match cells[split.column] {
            cell if cell == missing_bin => split.missing == Side::Left,
            cell => cell <= split.bin,
        });
        let leaf = |rows: Range<usize>| Leaf { total: self.rows.total(rows.clone()), rows, depth: depth + 1 };
        let (left, right) = (leaf(rows.start..middle), leaf(middle..rows.end));
        let [of_left, of_right] = self.histograms(&left, &right, histogram);
        let left = self.add(left, of_left);
        let right = self.add(right, of_right);
        let feature = self.layout.feature(split.column);
        self.nodes[node] = Node::Split {
            feature,
            bin: split.bin,
            missing_bin,
            missing: split.missing,
            threshold: self.problem.bins.cuts().threshold(feature, usize::from(split.bin)),
            left,
            right,
        };
    }

    /// The histograms of two siblings out of their parent's, where they may be split again.
    fn histograms(&mut self, left: &Leaf, right: &Leaf, mut parent: Histogram) -> [Option<Histogram>; 2] {
        let limits = self.problem.limits;
        let needs = [left, right].map(|leaf| limits.allows_two(leaf.total, leaf.depth));
        let is_left_smaller = left.rows.len() <= right.rows.len();
        let (smaller, needs_smaller, needs_larger) =
            if is_left_smaller { (left, needs[0], needs[1]) } else { (right, needs[1], needs[0]) };
        if !needs_smaller && !needs_larger {
            self.spare.push(parent);
            return [None, None];
        }
        let of_smaller = self.sum_up(smaller.rows.clone());
        let of_larger = if needs_larger {
            parent.subtract(&of_smaller);
            Some(parent)
        } else {
            self.spare.push(parent);
            None
        };
        let of_smaller = if needs_smaller {
            Some(of_smaller)
        } else {
            self.spare.push(of_smaller);
            None
        };
        if is_left_smaller { [of_smaller, of_larger] } else { [of_larger, of_smaller] }
    }

    fn sum_up(&mut self, rows: Range<usize>) -> Histogram {
        let mut histogram = self.spare.pop().unwrap_or_else(|| self.layout.empty());
        histogram.clear();
        self.rows.sum_up(rows, &self.layout, &mut histogram);
        histogram
    }
}

#[cfg(test)]
#[path = "grow/tests.rs"]
mod tests;
