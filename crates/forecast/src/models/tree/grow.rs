//! Growing one tree, best split first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::binning::{Binned, MISSING};

/// What a tree may become.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) leaves: usize,
    pub(super) depth: usize,
    pub(super) rows_per_leaf: usize,
}

/// A tree over raw feature values.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone)]
enum Node {
    Leaf(f64),
    Split { feature: usize, threshold: f64, missing: Side, left: usize, right: usize },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

impl Tree {
    pub(super) fn at(&self, row: &[f64]) -> f64 {
        let mut at = 0;
        loop {
            match self.nodes[at] {
                Node::Leaf(value) => return value,
                Node::Split { feature, threshold, missing, left, right } => {
                    let cell = row[feature];
                    let side = match cell.is_nan() {
                        true => missing,
                        false if cell <= threshold => Side::Left,
                        false => Side::Right,
                    };
                    at = if side == Side::Left { left } else { right };
                }
            }
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    gradient: f64,
    weight: f64,
    rows: usize,
}

impl Sums {
    fn plus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient + other.gradient,
            weight: self.weight + other.weight,
            rows: self.rows + other.rows,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            weight: self.weight - other.weight,
            rows: self.rows - other.rows,
        }
    }

    fn score(self) -> f64 {
        self.gradient * self.gradient / self.weight
    }
}

/// A split that pays.
#[derive(Debug, Clone, Copy)]
struct Split {
    gain: f64,
    feature: usize,
    /// The last bin that goes left.
    bin: usize,
    missing: Side,
}

/// A node whose best split is known but not made; the heap gives the largest gain first, the oldest on a tie.
struct Open {
    split: Split,
    node: usize,
    depth: usize,
    rows: Vec<usize>,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.split.gain.total_cmp(&other.split.gain).then(other.node.cmp(&self.node))
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

/// Rows with their gradients (`weight ×` the derivative of half the squared error) and weights.
pub(super) struct Problem<'a> {
    pub(super) bins: &'a Binned,
    pub(super) gradients: &'a [f64],
    pub(super) weights: &'a [f64],
    pub(super) limits: Limits,
    /// Share of a leaf's optimum that is taken.
    pub(super) rate: f64,
}

impl Problem<'_> {
    /// Grows a tree on these rows. `leaf_of[row]` becomes the value of the leaf the row ended in.
    pub(super) fn grow(&self, rows: Vec<usize>, leaf_of: &mut [f64]) -> Tree {
        let mut tree = Tree { nodes: Vec::new() };
        let mut open = BinaryHeap::new();
        self.add(&mut tree, &mut open, rows, 0, leaf_of);
        let mut leaves = 1;
        while leaves < self.limits.leaves {
            let Some(best) = open.pop() else { break };
            let (left_rows, right_rows) = self.part(&best);
            let left = self.add(&mut tree, &mut open, left_rows, best.depth + 1, leaf_of);
            let right = self.add(&mut tree, &mut open, right_rows, best.depth + 1, leaf_of);
            let Split { feature, bin, missing, .. } = best.split;
            let threshold = self.bins.thresholds[feature].get(bin).copied().unwrap_or(f64::INFINITY);
            tree.nodes[best.node] = Node::Split { feature, threshold, missing, left, right };
            leaves += 1;
        }
        tree
    }

    /// Adds a leaf with these rows and remembers its best split, if it has one.
    fn add(
        &self,
        tree: &mut Tree,
        open: &mut BinaryHeap<Open>,
        rows: Vec<usize>,
        depth: usize,
        leaf_of: &mut [f64],
    ) -> usize {
        let total = rows.iter().fold(Sums::default(), |sums, &row| sums.plus(self.sums_of(row)));
        let value = if total.weight > 0.0 { -self.rate * total.gradient / total.weight } else { 0.0 };
        for &row in &rows {
            leaf_of[row] = value;
        }
        let node = tree.nodes.len();
        tree.nodes.push(Node::Leaf(value));
        let may_split = depth < self.limits.depth && rows.len() >= 2 * self.limits.rows_per_leaf;
        if let Some(split) = may_split.then(|| self.best_split(&rows, total)).flatten() {
            open.push(Open { split, node, depth, rows });
        }
        node
    }

    fn sums_of(&self, row: usize) -> Sums {
        Sums { gradient: self.gradients[row], weight: self.weights[row], rows: 1 }
    }

    fn part(&self, open: &Open) -> (Vec<usize>, Vec<usize>) {
        let column = &self.bins.columns[open.split.feature];
        open.rows.iter().partition(|&&row| match column[row] {
            MISSING => open.split.missing == Side::Left,
            bin => usize::from(bin) <= open.split.bin,
        })
    }

    fn best_split(&self, rows: &[usize], total: Sums) -> Option<Split> {
        let mut best: Option<Split> = None;
        for feature in 0..self.bins.columns.len() {
            let column = &self.bins.columns[feature];
            let mut histogram = vec![Sums::default(); self.bins.bins(feature)];
            let mut missing = Sums::default();
            for &row in rows {
                let cell = match column[row] {
                    MISSING => &mut missing,
                    bin => &mut histogram[usize::from(bin)],
                };
                *cell = cell.plus(self.sums_of(row));
            }
            for split in self.splits(feature, &histogram, missing, total) {
                if best.is_none_or(|best| split.gain > best.gain) {
                    best = Some(split);
                }
            }
        }
        best
    }

    /// Every allowed split of a feature that gains, in a fixed order.
    fn splits(&self, feature: usize, histogram: &[Sums], missing: Sums, total: Sums) -> Vec<Split> {
        let mut splits = Vec::new();
        let mut seen = Sums::default();
        let has_missing = self.bins.has_missing[feature];
        for (bin, &sums) in histogram.iter().enumerate() {
            seen = seen.plus(sums);
            let is_last = bin + 1 == histogram.len();
            if is_last && !has_missing {
                break;
            }
            // Where training never misses, a missing cell goes with the majority.
            let with_majority = if 2 * seen.rows > total.rows { Side::Left } else { Side::Right };
            let side = if has_missing { Side::Right } else { with_majority };
            splits.extend(self.gain(seen, total).map(|gain| Split { gain, feature, bin, missing: side }));
            if has_missing && !is_last {
                let gain = self.gain(seen.plus(missing), total);
                splits.extend(gain.map(|gain| Split { gain, feature, bin, missing: Side::Left }));
            }
        }
        splits
    }

    fn gain(&self, left: Sums, total: Sums) -> Option<f64> {
        const LEAST_WEIGHT: f64 = 1e-3;
        let right = total.minus(left);
        if left.rows.min(right.rows) < self.limits.rows_per_leaf
            || left.weight.min(right.weight) < LEAST_WEIGHT
        {
            return None;
        }
        let gain = left.score() + right.score() - total.score();
        (gain > 0.0 && gain.is_finite()).then_some(gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_found_and_missing_cells_follow_the_gain() {
        let rows: Vec<[f64; 1]> =
            (0..40).map(|t| [if t % 4 == 0 { f64::NAN } else { f64::from(t) }]).collect();
        let target = |t: i32| if t % 4 == 0 || t >= 20 { 10.0 } else { 2.0 };
        let gradients: Vec<f64> = (0..40).map(|t| -target(t)).collect();
        let bins = Binned::of(&rows);
        let limits = Limits { leaves: 2, depth: 4, rows_per_leaf: 1 };
        let problem = Problem { bins: &bins, gradients: &gradients, weights: &[1.0; 40], limits, rate: 1.0 };
        let tree = problem.grow((0..40).collect(), &mut [0.0; 40]);
        for (x, expected) in [(3.0, 2.0), (30.0, 10.0), (f64::NAN, 10.0)] {
            assert!((tree.at(&[x]) - expected).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn too_few_rows_stay_one_leaf() {
        let rows: Vec<[f64; 1]> = (0..39).map(|t| [f64::from(t)]).collect();
        let gradients: Vec<f64> = (0..39).map(|t| -f64::from(t)).collect();
        let limits = Limits { leaves: 31, depth: 6, rows_per_leaf: 20 };
        let bins = Binned::of(&rows);
        let problem = Problem { bins: &bins, gradients: &gradients, weights: &[1.0; 39], limits, rate: 1.0 };
        let tree = problem.grow((0..39).collect(), &mut [0.0; 39]);
        assert_eq!((tree.nodes.len(), tree.at(&[0.0])), (1, 19.0));
    }
}
