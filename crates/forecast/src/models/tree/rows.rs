//! The rows of a tree, sorted by the node they are in.

use std::ops::Range;

use super::grow::{Problem, Sums};
use super::histogram::{Histogram, Layout};

/// Rows of a tree with the features it may use.
pub(super) struct Rows {
    features: usize,
    cells: Vec<u8>,
    /// Gradient and weight.
    slopes: Vec<[f64; 2]>,
    ids: Vec<u32>,
    /// The rows that go right, while a node is parted.
    scratch: (Vec<u8>, Vec<[f64; 2]>, Vec<u32>),
}

impl Rows {
    pub(super) fn gather(problem: &Problem<'_>, rows: &[usize], features: &[usize]) -> Self {
        let mut cells = Vec::with_capacity(rows.len() * features.len());
        for &row in rows {
            let all = problem.bins.row(row);
            cells.extend(features.iter().map(|&feature| all[feature]));
        }
        let id = |&row: &usize| u32::try_from(row).expect("there are fewer than 2^32 rows");
        Self {
            features: features.len(),
            cells,
            slopes: rows.iter().map(|&row| [problem.gradients[row], problem.weights[row]]).collect(),
            ids: rows.iter().map(id).collect(),
            scratch: (Vec::new(), Vec::new(), Vec::new()),
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.ids.len()
    }

    /// The rows' places in the problem.
    pub(super) fn ids(&self, rows: Range<usize>) -> &[u32] {
        &self.ids[rows]
    }

    pub(super) fn total(&self, rows: Range<usize>) -> Sums {
        let count = u32::try_from(rows.len()).expect("there are fewer than 2^32 rows");
        self.slopes[rows].iter().fold(Sums { rows: count, ..Sums::default() }, |sums, slope| Sums {
            gradient: sums.gradient + slope[0],
            weight: sums.weight + slope[1],
            ..sums
        })
    }

    /// Moves the rows that go left before those that go right, keeping their order; where the right ones begin.
    pub(super) fn part(&mut self, rows: Range<usize>, goes_left: impl Fn(&[u8]) -> bool) -> usize {
        let width = self.features;
        let (cells, slopes, ids) = &mut self.scratch;
        cells.clear();
        slopes.clear();
        ids.clear();
        let mut to = rows.start;
        for row in rows.clone() {
            let own = row * width..(row + 1) * width;
            if goes_left(&self.cells[own.clone()]) {
                self.cells.copy_within(own, to * width);
                self.slopes[to] = self.slopes[row];
                self.ids[to] = self.ids[row];
                to += 1;
            } else {
                cells.extend_from_slice(&self.cells[own]);
                slopes.push(self.slopes[row]);
                ids.push(self.ids[row]);
            }
        }
        self.cells[to * width..rows.end * width].copy_from_slice(cells);
        self.slopes[to..rows.end].copy_from_slice(slopes);
        self.ids[to..rows.end].copy_from_slice(ids);
        to
    }

    /// Adds these rows to a histogram.
    pub(super) fn sum_up(&self, rows: Range<usize>, layout: &Layout, histogram: &mut Histogram) {
        let cells = &self.cells[rows.start * self.features..rows.end * self.features];
        let offsets = layout.offsets();
        for (cells, slope) in cells.chunks_exact(self.features).zip(&self.slopes[rows]) {
            for (&cell, &offset) in cells.iter().zip(offsets) {
                let sums = &mut histogram.slopes[offset + usize::from(cell)];
                sums[0] += slope[0];
                sums[1] += slope[1];
            }
            if !histogram.counts.is_empty() {
                for (&cell, &offset) in cells.iter().zip(offsets) {
                    histogram.counts[offset + usize::from(cell)] += 1;
                }
            }
        }
    }
}
