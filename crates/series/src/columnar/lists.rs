//! Batches of the list layout: one row per series.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use wire::Moment;

use super::Columns;
use super::add_part;
use super::arrays::{Ids, Part};
use super::calendar::Calendar;
use super::choose::{Chosen, Column};
use super::dates::dates;
use super::error::{ColumnarError, Role};
use crate::fleet::{Fleet, FleetColumns, FleetError};

/// Whether a column of this type makes a table one of lists.
pub(super) fn is_list(data_type: &DataType) -> bool {
    matches!(data_type, DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..))
}

/// Takes batch after batch of a table of lists.
pub(super) struct Lists<'a> {
    columns: &'a Columns,
    ids: Vec<Column>,
    first_dates: FirstDates,
    value: Column,
    fleet: FleetColumns,
}

/// Where the first date of a series stands.
enum FirstDates {
    Column(Column),
    All(Moment),
}

impl<'a> Lists<'a> {
    /// `header` names the columns of the file, `chosen` those of the batches.
    pub(super) fn new(
        columns: &'a Columns,
        chosen: Chosen,
        header: &[String],
    ) -> Result<Self, ColumnarError> {
        let ids = chosen.ids(header)?.to_vec();
        let without = |missing| ColumnarError::NoCalendar { column: chosen.value.name.clone(), missing };
        let (frequency, first_dates) = match (columns.frequency, chosen.date, columns.start) {
            (Some(frequency), Some(column), _) => (frequency, FirstDates::Column(column)),
            (Some(frequency), None, Some(start)) => (frequency, FirstDates::All(start)),
            (None, Some(_), _) => return Err(without(vec!["frequency"])),
            (_, None, _) => return Err(without(Calendar::of(columns).missing())),
        };
        let (names, starts, ends, values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let fleet = FleetColumns { names, starts, ends, values, frequency, gaps: columns.gaps };
        Ok(Self { columns, ids, first_dates, value: chosen.value, fleet })
    }

    /// The next series.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), ColumnarError> {
        let limits = self.columns.limits;
        let rows_before = self.fleet.names.len();
        if rows_before + batch.num_rows() > limits.series {
            return Err(FleetError::TooManySeries { limit: limits.series }.into());
        }
        let part = |column| part(batch, column, rows_before as u64);
        let (lengths, elements) = elements(&part(&self.value))?;
        if self.fleet.values.len().saturating_add(elements.len()) > limits.rows {
            return Err(FleetError::TooManyRows { limit: limits.rows }.into());
        }
        match &self.first_dates {
            FirstDates::All(start) => self.fleet.starts.extend(vec![*start; batch.num_rows()]),
            FirstDates::Column(column) => {
                self.fleet.starts.extend(dates(&part(column), Calendar::of(self.columns))?);
            }
        }
        let ids = self.ids.iter().map(|id| part(id).ids()).collect::<Result<Vec<_>, _>>()?;
        for (row, length) in lengths.into_iter().enumerate() {
            let mut name = String::new();
            write_name(&ids, row, &mut name);
            self.fleet.names.push(name);
            let end = self.fleet.ends.last().copied().unwrap_or(0);
            self.fleet.ends.push(end + length);
        }
        let list_part = Part { column: &self.value, array: elements.as_ref(), rows_before: 0 };
        self.fleet.values.append(&mut list_part.numbers()?);
        Ok(())
    }

    /// The fleet of all series.
    pub(super) fn finish(self) -> Result<Fleet, ColumnarError> {
        if self.fleet.names.is_empty() {
            return Err(ColumnarError::NoRows);
        }
        Ok(Fleet::of(self.fleet)?)
    }
}

/// A column of a batch.
pub(super) fn part<'a>(batch: &'a RecordBatch, column: &'a Column, rows_before: u64) -> Part<'a> {
    Part { column, array: batch.column(column.at).as_ref(), rows_before }
}

/// The name of a row's series.
pub(super) fn write_name(ids: &[Ids<'_>], row: usize, name: &mut String) {
    for (part_idx, id) in ids.iter().enumerate() {
        add_part(name, (part_idx, ids.len()), |name| id.write(row, name));
    }
}

/// The length of each list, and all elements one list after the other.
fn elements(part: &Part<'_>) -> Result<(Vec<usize>, ArrayRef), ColumnarError> {
    fn cut<O: arrow_array::OffsetSizeTrait>(array: &dyn Array) -> (Vec<usize>, ArrayRef) {
        let lists = array.as_list::<O>();
        let offsets = lists.value_offsets();
        let (from, end) = (offsets[0].as_usize(), offsets[offsets.len() - 1].as_usize());
        let lengths = offsets.windows(2).map(|pair| (pair[1] - pair[0]).as_usize()).collect();
        (lengths, lists.values().slice(from, end - from))
    }
    // A missing list is told apart from an empty one by an error that names its row; an empty one names its series.
    part.check_complete()?;
    Ok(match part.array.data_type() {
        DataType::List(_) => cut::<i32>(part.array),
        DataType::LargeList(_) => cut::<i64>(part.array),
        DataType::FixedSizeList(..) => {
            let lists = part.array.as_fixed_size_list();
            let length = usize::try_from(lists.value_length()).unwrap_or(0);
            (vec![length; lists.len()], Arc::clone(lists.values()))
        }
        _ => return Err(part.wrong_type(Role::Value)),
    })
}
