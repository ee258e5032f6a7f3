//! Tables of results: Parquet with a stated layout, written row by row and read by groups of rows.
//!
//! A layout names its columns and says of each what its cells are; the file carries the layout's name and version, and a file
//! of another layout is refused. Rows are written in groups of bounded size, whatever their number. A reader asks for columns
//! and rows, is told which bytes of the file it needs, and reads these alone: nobody holds a table for the sake of some rows.

mod read;
#[cfg(test)]
mod tests;
mod write;

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};

pub use self::read::{FromCell, Row, Rows, Table};
pub use self::write::{Cell, TableWriter};
use super::moments;

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A number of things, 32 bits.
    Count,
    /// A number; one that is not finite is absent.
    Number,
    /// A list of numbers, some of which may be absent.
    Numbers,
    /// A date.
    Date,
    /// A list of dates.
    Dates,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    name: &'static str,
    kind: Kind,
    is_optional: bool,
}

impl Column {
    /// A column whose cells are all there.
    pub const fn of(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, is_optional: false }
    }

    /// A column whose cells may be absent.
    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, is_optional: true }
    }
}

/// The columns of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Names it in the file.
    pub name: &'static str,
    /// Another one where other columns stand.
    pub version: &'static str,
    /// The columns in their order.
    pub columns: &'static [Column],
}

impl Layout {
    /// The names of the columns.
    pub fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|column| column.name).collect()
    }

    /// A table has days or times, never both.
    fn schema(&self, are_times: bool) -> SchemaRef {
        let field =
            |column: &Column| Field::new(column.name, type_of(column.kind, are_times), column.is_optional);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }
}

fn type_of(kind: Kind, are_times: bool) -> DataType {
    let list = |item| DataType::List(Arc::new(Field::new_list_field(item, true)));
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Texts => list(DataType::Utf8),
        Kind::Count => DataType::UInt32,
        Kind::Number => DataType::Float64,
        Kind::Numbers => list(DataType::Float64),
        Kind::Date => moments::type_of(are_times),
        Kind::Dates => list(moments::type_of(are_times)),
    }
}
