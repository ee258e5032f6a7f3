//! Rows in any order to rows grouped by series.
//!
//! Rows are kept in columns as they come, beside runs of rows of one series. A table sorted by series has one run for
//! each and is left as it is; of any other, the runs are dealt out in one pass, which keeps the order within a series.

use std::collections::HashMap;

use super::Limits;
use super::error::ColumnarError;
use crate::fleet::{FleetError, Rows};

/// Rows as they come.
pub(super) struct Gatherer {
    limits: Limits,
    names: Vec<String>,
    /// Never iterated, so that its order reaches nothing.
    by_name: HashMap<String, u32>,
    runs: Vec<Run>,
    days: Vec<i32>,
    values: Vec<f64>,
}

/// Successive rows of one series.
#[derive(Clone, Copy)]
struct Run {
    series: u32,
    /// Its last row, exclusive.
    end: u32,
}

impl Gatherer {
    pub(super) fn new(limits: Limits) -> Self {
        let (names, runs, days, values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { limits, names, by_name: HashMap::new(), runs, days, values }
    }

    /// The series of this name, new if it was not there.
    pub(super) fn series(&mut self, name: &str) -> Result<u32, ColumnarError> {
        if let Some(run) = self.runs.last()
            && self.names[run.series as usize] == name
        {
            return Ok(run.series);
        }
        if let Some(&series) = self.by_name.get(name) {
            return Ok(series);
        }
        if self.names.len() >= self.limits.series {
            return Err(FleetError::TooManySeries { limit: self.limits.series }.into());
        }
        let series = u32::try_from(self.names.len()).map_err(|_| self.too_many_rows())?;
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), series);
        Ok(series)
    }

    /// Refuses more rows than there may be, before there is memory for them.
    pub(super) fn check_room(&self, more: usize) -> Result<(), ColumnarError> {
        let rows = self.days.len().saturating_add(more);
        if rows > self.limits.rows || u32::try_from(rows).is_err() {
            return Err(self.too_many_rows());
        }
        Ok(())
    }

    fn too_many_rows(&self) -> ColumnarError {
        FleetError::TooManyRows { limit: self.limits.rows }.into()
    }

    /// The columns of successive rows. The caller has checked the room and adds a run for each row.
    pub(super) fn extend(&mut self, days: &[i32], values: &[f64]) {
        debug_assert_eq!(days.len(), values.len(), "columns of a table are equally long");
        self.days.extend_from_slice(days);
        self.values.extend_from_slice(values);
    }

    /// One row, for which the caller has checked the room.
    pub(super) fn push(&mut self, series: u32, day: i32, value: f64) {
        self.days.push(day);
        self.values.push(value);
        self.run(series, 1);
    }

    /// The next so many rows are of this series.
    pub(super) fn run(&mut self, series: u32, rows: u32) {
        let end = self.runs.last().map_or(0, |run| run.end);
        match self.runs.last_mut() {
            Some(run) if run.series == series => run.end += rows,
            _ => self.runs.push(Run { series, end: end + rows }),
        }
    }

    /// The rows of each series together, in the order of their dates.
    pub(super) fn finish(self) -> Result<Rows, ColumnarError> {
        if self.days.is_empty() {
            return Err(ColumnarError::NoRows);
        }
        let mut rows = if self.runs.len() == self.names.len() { self.unmoved() } else { self.dealt_out() };
        sort_each(&mut rows);
        Ok(rows)
    }

    fn unmoved(self) -> Rows {
        let ends = self.runs.iter().map(|run| run.end as usize).collect();
        Rows { names: self.names, ends, days: self.days, values: self.values }
    }

    /// A counting sort by series.
    fn dealt_out(self) -> Rows {
        let mut next = vec![0; self.names.len()];
        let mut from = 0;
        for run in &self.runs {
            next[run.series as usize] += (run.end - from) as usize;
            from = run.end;
        }
        let mut total = 0;
        for slot in &mut next {
            total += std::mem::replace(slot, total);
        }
        let (mut days, mut values) = (vec![0; total], vec![0.0; total]);
        let mut from = 0;
        for run in &self.runs {
            let end = run.end as usize;
            let at = next[run.series as usize];
            days[at..at + end - from].copy_from_slice(&self.days[from..end]);
            values[at..at + end - from].copy_from_slice(&self.values[from..end]);
            next[run.series as usize] += end - from;
            from = end;
        }
        // Each slot has moved from the beginning of its series to its end.
        Rows { names: self.names, ends: next, days, values }
    }
}

/// Brings the rows of each series into the order of their dates; most are.
fn sort_each(rows: &mut Rows) {
    let mut from = 0;
    let mut sorted: Vec<(i32, f64)> = Vec::new();
    for &end in &rows.ends {
        let (days, values) = (&mut rows.days[from..end], &mut rows.values[from..end]);
        from = end;
        if days.is_sorted() {
            continue;
        }
        sorted.clear();
        sorted.extend(days.iter().copied().zip(values.iter().copied()));
        sorted.sort_by_key(|row| row.0);
        for ((day, value), row) in days.iter_mut().zip(values).zip(&sorted) {
            (*day, *value) = *row;
        }
    }
}
