//! Batches of the long layout: one row per date.

use arrow_array::RecordBatch;

use super::arrays::{Coded, Ids, Part};
use super::calendar::Calendar;
use super::choose::{Chosen, Column};
use super::dates::days;
use super::error::ColumnarError;
use super::gather::Gatherer;
use super::{Columns, ONLY_SERIES, add_part};
use crate::fleet::Fleet;

/// Takes batch after batch of a long table.
pub(super) struct Long<'a> {
    columns: &'a Columns,
    ids: Vec<Column>,
    date: Column,
    value: Column,
    calendar: Calendar,
    gatherer: Gatherer,
    rows: u64,
}

impl<'a> Long<'a> {
    /// `header` names the columns of the file, `chosen` those of the batches.
    pub(super) fn new(
        columns: &'a Columns,
        chosen: Chosen,
        header: &[String],
    ) -> Result<Self, ColumnarError> {
        Ok(Self {
            columns,
            date: chosen.date(header)?.clone(),
            ids: chosen.ids,
            value: chosen.value,
            calendar: Calendar::of(columns),
            gatherer: Gatherer::new(columns.limits),
            rows: 0,
        })
    }

    /// The next rows.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), ColumnarError> {
        self.gatherer.check_room(batch.num_rows())?;
        let rows_before = self.rows;
        let part = |column| part(batch, column, rows_before);
        let days = days(&part(&self.date), self.calendar)?;
        let values = part(&self.value).numbers()?;
        let ids = self.ids.iter().map(|id| part(id).ids()).collect::<Result<Vec<_>, _>>()?;
        self.gatherer.extend(&days, &values);
        self.rows += batch.num_rows() as u64;
        match &ids[..] {
            [Ids::Coded(coded)] => add_coded(&mut self.gatherer, coded),
            ids => add_named(&mut self.gatherer, ids, batch.num_rows()),
        }
    }

    /// The fleet of all rows.
    pub(super) fn finish(self) -> Result<Fleet, ColumnarError> {
        Ok(self.gatherer.finish()?.into_fleet(self.columns.frequency, self.columns.gaps)?)
    }
}

/// A column of a batch.
pub(super) fn part<'a>(batch: &'a RecordBatch, column: &'a Column, rows_before: u64) -> Part<'a> {
    Part { column, array: batch.column(column.at).as_ref(), rows_before }
}

/// Looks each entry of the dictionary up once.
fn add_coded(gatherer: &mut Gatherer, coded: &Coded<'_>) -> Result<(), ColumnarError> {
    let mut known = vec![None; coded.entry_count];
    for keys in coded.keys.chunk_by(|a, b| a == b) {
        let key = keys[0];
        let series = match known[key] {
            Some(series) => series,
            None => gatherer.series(coded.entries.get(key))?,
        };
        known[key] = Some(series);
        gatherer.run(series, count(keys.len()));
    }
    Ok(())
}

/// Looks each run of equal ids up once.
fn add_named(gatherer: &mut Gatherer, ids: &[Ids<'_>], rows: usize) -> Result<(), ColumnarError> {
    let mut name = String::new();
    let mut from = 0;
    while from < rows {
        let mut end = from + 1;
        while end < rows && ids.iter().all(|id| id.repeats(end)) {
            end += 1;
        }
        write_name(ids, from, &mut name);
        let series = gatherer.series(&name)?;
        gatherer.run(series, count(end - from));
        from = end;
    }
    Ok(())
}

/// The name of a row's series.
pub(super) fn write_name(ids: &[Ids<'_>], row: usize, name: &mut String) {
    name.clear();
    if ids.is_empty() {
        name.push_str(ONLY_SERIES);
    }
    for (part_idx, id) in ids.iter().enumerate() {
        add_part(name, (part_idx, ids.len()), |name| id.write(row, name));
    }
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).expect("the room for the rows was checked")
}
