//! Batches of a table with one row per date, or per series, to cells whose meaning is decided later.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Schema, TimeUnit};
use chrono::Datelike;
use wire::Moment;

use super::Limits;
use super::arrays::{Coded, Texts, numbers, whole_numbers};
use super::error::ColumnarError;
use crate::fleet::FleetError;
use crate::intake::table::{Cells, Column, Lines, NO_DATE, Table, Word, place};
use crate::zone::Zone;

/// Whole numbers up to here are exact as `f64`; an id beyond stays a text.
const EXACT: u64 = 1 << 53;

/// Takes batch after batch.
pub(super) struct Gathered {
    columns: Vec<Growing>,
    rows: usize,
    limits: Limits,
}

/// A column that grows.
struct Growing {
    name: String,
    /// Where it is in the batches.
    at: usize,
    cells: Cells,
    /// Where each text is among the words; never iterated, so that its order reaches nothing.
    places: HashMap<String, u32>,
}

/// Whether cells of this type are read.
pub(super) fn is_read(data_type: &DataType) -> bool {
    use DataType::{
        Boolean, Date32, Date64, Decimal128, Dictionary, LargeUtf8, Null, Timestamp, Utf8, Utf8View,
    };
    match data_type {
        Dictionary(_, values) => matches!(**values, Utf8 | LargeUtf8 | Utf8View),
        Boolean | Date32 | Date64 | Decimal128(..) | LargeUtf8 | Null | Timestamp(..) | Utf8 | Utf8View => {
            true
        }
        DataType::Float16 => false,
        other => {
            other.is_numeric()
                && !matches!(
                    other,
                    DataType::Decimal256(..) | DataType::Decimal32(..) | DataType::Decimal64(..)
                )
        }
    }
}

impl Gathered {
    /// The columns of a schema that are read; the batches have these and no others.
    pub(super) fn new(schema: &Schema, limits: Limits) -> Self {
        let fields = schema.fields().iter().filter(|field| is_read(field.data_type()));
        let column = |(at, field): (usize, &arrow_schema::FieldRef)| Growing {
            name: field.name().trim().to_owned(),
            at,
            cells: empty(field.data_type()),
            places: HashMap::new(),
        };
        Self { columns: fields.enumerate().map(column).collect(), rows: 0, limits }
    }

    /// The next rows.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), ColumnarError> {
        self.rows += batch.num_rows();
        if self.rows > self.limits.rows || u32::try_from(self.rows).is_err() {
            return Err(FleetError::TooManyRows { limit: self.limits.rows }.into());
        }
        for column in &mut self.columns {
            column.add(batch.column(column.at).as_ref());
        }
        Ok(())
    }

    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// The table, whose rows are on these lines.
    pub(super) fn finish(self, lines: Lines) -> Result<Table, ColumnarError> {
        if self.rows == 0 {
            return Err(ColumnarError::NoRows);
        }
        let columns =
            self.columns.into_iter().map(|column| Column { name: column.name, cells: column.cells });
        Ok(Table { columns: columns.collect(), rows: self.rows, lines })
    }
}

fn empty(data_type: &DataType) -> Cells {
    match data_type {
        DataType::Timestamp(_, Some(zone)) => {
            Cells::Dates { dates: Vec::new(), zone: Some(Zone::named(zone).unwrap_or(Zone::UTC)) }
        }
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
            Cells::Dates { dates: Vec::new(), zone: None }
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
            Cells::Words { words: Vec::new(), of_row: Vec::new() }
        }
        _ => Cells::Numbers(Vec::new()),
    }
}

impl Growing {
    fn add(&mut self, array: &dyn Array) {
        match &mut self.cells {
            Cells::Dates { dates, .. } => add_dates(array, dates),
            Cells::Words { .. } => self.add_texts(array),
            Cells::Numbers(_) if has_large(array) => {
                self.become_words();
                self.add_texts(array);
            }
            Cells::Numbers(own) => own.extend(numbers_or_flags(array)),
        }
    }

    /// Numbers so far become the texts that a person would write.
    fn become_words(&mut self) {
        let Cells::Numbers(numbers) =
            std::mem::replace(&mut self.cells, Cells::Words { words: Vec::new(), of_row: Vec::new() })
        else {
            return;
        };
        for number in numbers {
            self.push(&if number.is_nan() { String::new() } else { number.to_string() });
        }
    }

    fn add_texts(&mut self, array: &dyn Array) {
        let nulls = array.logical_nulls();
        let is_there = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        if let Some(coded) = Coded::of(array) {
            let mut known: Vec<Option<u32>> = vec![None; coded.entry_count];
            for (row, &key) in coded.keys.iter().enumerate() {
                if !is_there(row) {
                    self.push("");
                } else if let Some(place) = known[key] {
                    self.repeat(place);
                } else {
                    self.push(coded.entries.get(key).trim());
                    known[key] = self.last();
                }
            }
        } else if let Some(texts) = Texts::of(array) {
            for row in 0..array.len() {
                self.push(if is_there(row) { texts.get(row).trim() } else { "" });
            }
        } else if let Some(whole) = whole_texts(array) {
            for (row, text) in whole.iter().enumerate() {
                self.push(if is_there(row) { text } else { "" });
            }
        }
    }

    fn push(&mut self, text: &str) {
        let Cells::Words { words, of_row } = &mut self.cells else { return };
        let place = *self.places.entry(text.to_owned()).or_insert_with_key(|text| {
            words.push(Word::Text(text.clone()));
            place(words.len() - 1)
        });
        of_row.push(place);
    }

    fn repeat(&mut self, place: u32) {
        if let Cells::Words { of_row, .. } = &mut self.cells {
            of_row.push(place);
        }
    }

    fn last(&self) -> Option<u32> {
        match &self.cells {
            Cells::Words { of_row, .. } => of_row.last().copied(),
            _ => None,
        }
    }
}

/// Whether some whole number is too large to be exact as a float.
fn has_large(array: &dyn Array) -> bool {
    match array.data_type() {
        DataType::Int64 => {
            whole_numbers(array).is_some_and(|all| all.iter().any(|number| number.unsigned_abs() > EXACT))
        }
        DataType::UInt64 => array
            .as_primitive::<arrow_array::types::UInt64Type>()
            .values()
            .iter()
            .any(|&number| number > EXACT),
        _ => false,
    }
}

fn whole_texts(array: &dyn Array) -> Option<Vec<String>> {
    match array.data_type() {
        DataType::UInt64 => {
            let all = array.as_primitive::<arrow_array::types::UInt64Type>();
            Some(all.values().iter().map(ToString::to_string).collect())
        }
        _ => whole_numbers(array).map(|all| all.iter().map(ToString::to_string).collect()),
    }
}

fn numbers_or_flags(array: &dyn Array) -> Vec<f64> {
    match array.as_boolean_opt() {
        Some(flags) => {
            flags.iter().map(|flag| flag.map_or(f64::NAN, |flag| f64::from(u8::from(flag)))).collect()
        }
        None => numbers(array).unwrap_or_else(|| vec![f64::NAN; array.len()]),
    }
}

fn add_dates(array: &dyn Array, dates: &mut Vec<Moment>) {
    let nulls = array.logical_nulls();
    let is_there = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
    let mut add = |row: usize, date: Option<Moment>| {
        let date = date.filter(|date| is_there(row) && (1..=9999).contains(&date.year()));
        dates.push(date.unwrap_or(NO_DATE));
    };
    match array.data_type() {
        DataType::Date32 => {
            for (row, &day) in array.as_primitive::<Date32Type>().values().iter().enumerate() {
                add(row, Moment::from_epoch_days(day));
            }
        }
        DataType::Date64 => each_moment::<Date64Type>(array, 1_000, add),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => each_moment::<TimestampSecondType>(array, 1, add),
            TimeUnit::Millisecond => each_moment::<TimestampMillisecondType>(array, 1_000, add),
            TimeUnit::Microsecond => each_moment::<TimestampMicrosecondType>(array, 1_000_000, add),
            TimeUnit::Nanosecond => each_moment::<TimestampNanosecondType>(array, 1_000_000_000, add),
        },
        _ => {}
    }
}

/// Times, without their fractions of a second.
fn each_moment<T: ArrowPrimitiveType<Native = i64>>(
    array: &dyn Array,
    units_per_second: i64,
    mut add: impl FnMut(usize, Option<Moment>),
) {
    for (row, &units) in array.as_primitive::<T>().values().iter().enumerate() {
        add(row, Moment::from_epoch_seconds(units.div_euclid(units_per_second)));
    }
}
