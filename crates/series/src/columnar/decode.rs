//! The decoders of others, held at arm's length.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Schema};

use super::Columns;
use super::choose::Chosen;
use super::error::ColumnarError;
use super::lists::{Lists, is_list};
use super::long::Long;
use crate::fleet::Fleet;

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
    GUARDED.set(true);
    let result = catch_unwind(AssertUnwindSafe(decode));
    GUARDED.set(false);
    match result {
        Ok(result) => result.map_err(|error| ColumnarError::unreadable(format, error)),
        Err(panic) => Err(ColumnarError::unreadable(format, text_of(panic.as_ref()))),
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

/// Whether the chosen values are lists.
pub(super) fn has_lists(schema: &Schema, chosen: &Chosen) -> bool {
    is_list(schema.field(chosen.value.at).data_type())
}

/// Takes the batches of a table of either layout.
pub(super) enum Table<'a> {
    Long(Box<Long<'a>>),
    Lists(Box<Lists<'a>>),
}

impl<'a> Table<'a> {
    /// The table of the chosen columns of a schema; its batches have only these.
    pub(super) fn new(columns: &'a Columns, chosen: Chosen, schema: &Schema) -> Result<Self, ColumnarError> {
        let (header, lists) = (header(schema), has_lists(schema, &chosen));
        let chosen = chosen.projected();
        Ok(if lists {
            Self::Lists(Box::new(Lists::new(columns, chosen, &header)?))
        } else {
            Self::Long(Box::new(Long::new(columns, chosen, &header)?))
        })
    }

    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), ColumnarError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        match self {
            Self::Long(long) => long.add(batch),
            Self::Lists(lists) => lists.add(batch),
        }
    }

    pub(super) fn finish(self) -> Result<Fleet, ColumnarError> {
        match self {
            Self::Long(long) => long.finish(),
            Self::Lists(lists) => lists.finish(),
        }
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
