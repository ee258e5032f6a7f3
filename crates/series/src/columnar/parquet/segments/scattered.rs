//! Pieces of a table in which the rows of a series are anywhere.
//!
//! The file is decoded once for each piece, which takes the rows of its series: nothing has to be put down between.

use std::collections::HashMap;
use std::ops::Range;

use arrow_array::BooleanArray;
use arrow_select::filter::filter_record_batch;

use super::{FORMAT, Segments, ids_of, next};
use crate::columnar::decode::guarded;
use crate::columnar::error::ColumnarError;
use crate::columnar::lists::write_name;
use crate::fleet::FleetError;
use crate::intake::table::{Lines, Table, place};

/// Which rows are of which piece.
pub(crate) struct Scattered {
    /// Of each row its series, numbered in the order in which they first appear.
    series: Vec<u32>,
    /// The series of the pieces to come, from the last one on.
    pieces: Vec<Range<u32>>,
}

impl Scattered {
    pub(super) fn of(source: &Segments<'_>, ids: &[usize]) -> Result<Self, ColumnarError> {
        let (mut batches, columns) = (source.batches()?, source.named(ids));
        let (mut series, mut rows_of) = (Vec::with_capacity(source.rows), Vec::new());
        let (mut places, mut name) = (HashMap::<String, u32>::new(), String::new());
        while let Some(batch) = next(&mut batches)? {
            let ids = ids_of(&batch, &columns, series.len())?;
            for row in 0..batch.num_rows() {
                name.clear();
                write_name(&ids, row, &mut name);
                let own = places.get(&name).copied().unwrap_or_else(|| {
                    let own = place(rows_of.len());
                    rows_of.push(0);
                    places.insert(name.clone(), own);
                    own
                });
                rows_of[own as usize] += 1;
                series.push(own);
            }
            let limit = source.columns.limits.series;
            if rows_of.len() > limit {
                return Err(FleetError::TooManySeries { limit }.into());
            }
        }
        let mut pieces = runs(&rows_of, source.at_once);
        pieces.reverse();
        Ok(Self { series, pieces })
    }

    /// The rows of the series of the next piece.
    pub(super) fn next(&mut self, source: &Segments<'_>) -> Result<Option<Table>, ColumnarError> {
        let Some(wanted) = self.pieces.pop() else { return Ok(None) };
        let (mut batches, mut gathered) = (source.batches()?, source.gathered());
        let (mut before, mut lines) = (0, Lines::from(1));
        while let Some(batch) = next(&mut batches)? {
            let own = &self.series[before..before + batch.num_rows()];
            let kept = own.iter().enumerate().filter(|(_, one)| wanted.contains(one));
            for (row, (at, _)) in (gathered.rows()..).zip(kept) {
                lines.note(row, (before + at) as u64 + 1);
            }
            let is_kept: BooleanArray = own.iter().map(|one| Some(wanted.contains(one))).collect();
            gathered.add(&guarded(FORMAT, || filter_record_batch(&batch, &is_kept))?)?;
            before += batch.num_rows();
        }
        gathered.finish(lines).map(Some)
    }
}

/// Series that have about so many rows together.
fn runs(rows_of: &[usize], at_once: usize) -> Vec<Range<u32>> {
    let (mut runs, mut from, mut rows) = (Vec::<Range<u32>>::new(), 0, 0);
    for (end, of_one) in (1_u32..).zip(rows_of) {
        rows += of_one;
        if rows >= at_once {
            runs.push(from..end);
            (from, rows) = (end, 0);
        }
    }
    let end = place(rows_of.len());
    match runs.last_mut() {
        // What is left is too little for a piece.
        Some(last) if 2 * rows < at_once => last.end = end,
        _ => runs.push(from..end),
    }
    runs
}
