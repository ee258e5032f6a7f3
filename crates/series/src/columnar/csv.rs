//! CSV text to a fleet.

use super::calendar::Calendar;
use super::cell;
use super::choose::{Chosen, Column};
use super::error::{CellProblem, ColumnarError};
use super::gather::Gatherer;
use super::{Columns, ONLY_SERIES, add_part};
use crate::fleet::Fleet;

const FORMAT: &str = "CSV";
const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Reads a long table from CSV text in UTF-8 with a header. Dates are `YYYY-MM-DD`, at midnight if they have a time;
/// an empty value is missing.
pub fn read_csv(bytes: &[u8], columns: &Columns) -> Result<Fleet, ColumnarError> {
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.byte_headers().map_err(unreadable)?;
    let header: Vec<String> = header.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
    if header.is_empty() {
        return Err(ColumnarError::NoRows);
    }
    let table = Table::new(columns, &header)?;
    let mut gatherer = Gatherer::new(columns.limits);
    let mut record = ::csv::ByteRecord::new();
    let mut name = String::new();
    let mut row = 0;
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        row += 1;
        let (found, expected) = (record.len(), header.len());
        if found != expected {
            return Err(ColumnarError::Ragged { row, found, expected });
        }
        gatherer.check_room(1)?;
        let (day, value) = table.cells(&record, row)?;
        table.write_name(&record, row, &mut name)?;
        let series = gatherer.series(&name)?;
        gatherer.push(series, day, value);
    }
    Ok(gatherer.finish()?.into_fleet(columns.frequency, columns.gaps)?)
}

/// The columns that are read.
struct Table {
    ids: Vec<Column>,
    date: Column,
    value: Column,
    calendar: Calendar,
}

impl Table {
    fn new(columns: &Columns, header: &[String]) -> Result<Self, ColumnarError> {
        let chosen = Chosen::of(columns, header)?;
        let date = chosen.date(header)?.clone();
        Ok(Self { ids: chosen.ids, date, value: chosen.value, calendar: Calendar::of(columns) })
    }

    fn cells(&self, record: &::csv::ByteRecord, row: u64) -> Result<(i32, f64), ColumnarError> {
        let day = self.calendar.day_of_text(&record[self.date.at]);
        let value = cell::number(&record[self.value.at]);
        Ok((day.map_err(at(&self.date, row))?, value.map_err(at(&self.value, row))?))
    }

    fn write_name(
        &self,
        record: &::csv::ByteRecord,
        row: u64,
        name: &mut String,
    ) -> Result<(), ColumnarError> {
        name.clear();
        if self.ids.is_empty() {
            name.push_str(ONLY_SERIES);
        }
        for (part_idx, id) in self.ids.iter().enumerate() {
            let text = std::str::from_utf8(&record[id.at]);
            let text = text.map_err(|_| at(id, row)(CellProblem::NotText))?;
            if text.is_empty() {
                return Err(at(id, row)(CellProblem::Empty));
            }
            add_part(name, (part_idx, self.ids.len()), |name| name.push_str(text));
        }
        Ok(())
    }
}

fn at(column: &Column, row: u64) -> impl FnOnce(CellProblem) -> ColumnarError {
    move |problem| ColumnarError::Cell { column: column.name.clone(), row, problem }
}

/// Bytes in memory can be read as records of any length, so that this does not happen.
fn unreadable(error: ::csv::Error) -> ColumnarError {
    ColumnarError::unreadable(FORMAT, error)
}
