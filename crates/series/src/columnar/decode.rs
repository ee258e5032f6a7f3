//! The decoders of others, held at arm's length.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Schema};

use super::Columns;
use super::cells::{Gathered, is_read};
use super::choose::Chosen;
use super::error::ColumnarError;
use super::lists::{Lists, is_list};
use crate::fleet::Fleet;
use crate::intake::table::{Lines, Table};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a decoder whose panic is caught and becomes an error. A program's panic hook asks, so
/// that what a damaged file is refused for is not also reported as a defect of the program.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// What a decoder gives back, or its error, or its panic as an error: damaged bytes have made them overflow and index
/// past an end before. Nothing is left behind by such a panic, because the decoder is thrown away.
pub(super) fn guarded<T, E: std::error::Error + Send + Sync + 'static>(
    format: &'static str,
    decode: impl FnOnce() -> Result<T, E>,
) -> Result<T, ColumnarError> {
    caught(decode).map_err(|source| ColumnarError::unreadable(format, source))
}

/// The same for whoever has errors of another type.
pub(crate) fn caught<T, E: std::error::Error + Send + Sync + 'static>(
    decode: impl FnOnce() -> Result<T, E>,
) -> Result<T, Box<dyn std::error::Error + Send + Sync>> {
    GUARDED.set(true);
    let result = catch_unwind(AssertUnwindSafe(decode));
    GUARDED.set(false);
    match result {
        Ok(result) => result.map_err(Into::into),
        Err(panic) => Err(text_of(panic.as_ref()).into()),
    }
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("the decoder gave up").to_owned()
}

/// The names of a table's columns.
pub(super) fn header(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

/// What of a schema is read.
pub(super) enum Wanted {
    /// One row per series, whose values are a list.
    Lists(Chosen),
    /// All columns of cells.
    Cells(Vec<usize>),
}

impl Wanted {
    /// Lists, if the column of values is one.
    pub(super) fn of(columns: &Columns, schema: &Schema) -> Self {
        let is_of_lists = |chosen: &Chosen| is_list(schema.field(chosen.value.at).data_type());
        if let Some(chosen) = Chosen::of(columns, &header(schema)).ok().filter(is_of_lists) {
            return Self::Lists(chosen);
        }
        let fields = schema.fields().iter().enumerate();
        Self::Cells(fields.filter(|(_, field)| is_read(field.data_type())).map(|(at, _)| at).collect())
    }

    /// The positions that are read, ascending.
    pub(super) fn positions(&self) -> Vec<usize> {
        match self {
            Self::Lists(chosen) => chosen.positions(),
            Self::Cells(positions) => positions.clone(),
        }
    }
}

/// What a file holds.
pub(crate) enum Read {
    /// Series, whose values were lists.
    Lists(Fleet),
    /// Cells.
    Cells(Table),
}

/// Takes the batches of a table of either layout.
pub(super) enum Taking<'a> {
    Lists(Box<Lists<'a>>),
    Cells(Gathered),
}

impl<'a> Taking<'a> {
    /// Takes batches that have only what is wanted of a schema.
    pub(super) fn new(columns: &'a Columns, wanted: Wanted, schema: &Schema) -> Result<Self, ColumnarError> {
        Ok(match wanted {
            Wanted::Lists(chosen) => {
                Self::Lists(Box::new(Lists::new(columns, chosen.projected(), &header(schema))?))
            }
            Wanted::Cells(_) => Self::Cells(Gathered::new(schema, columns.limits)),
        })
    }

    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), ColumnarError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        match self {
            Self::Lists(lists) => lists.add(batch),
            Self::Cells(cells) => cells.add(batch),
        }
    }

    pub(super) fn finish(self) -> Result<Read, ColumnarError> {
        Ok(match self {
            Self::Lists(lists) => Read::Lists(lists.finish()?),
            Self::Cells(cells) => Read::Cells(cells.finish(Lines::from(1))?),
        })
    }
}

/// Whether a dictionary is worth asking the decoder for.
pub(super) fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_caught_is_guarded() {
        assert!(!is_guarded());
        assert!(guarded("Parquet", || Ok::<_, std::fmt::Error>(is_guarded())).unwrap());
        assert!(!is_guarded());
        let refused = guarded("Parquet", || -> Result<(), std::fmt::Error> { panic!("past the end") });
        assert!(refused.unwrap_err().to_string().contains("cannot be read as Parquet"));
        assert!(!is_guarded());
    }
}
