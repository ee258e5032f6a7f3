//! Rows into the bytes of a table.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder, UInt32Builder};
use arrow_array::{ArrayRef, ListArray, RecordBatch};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, Field, SchemaRef};
use wire::Moment;

use super::{Kind, Layout};
use crate::columnar::moments;
use crate::columnar::write::WriteError;

/// A group of rows is closed once it has so many cells, those of lists counted one by one: about a megabyte before it is
/// compressed.
const CELLS_OF_A_GROUP: usize = 1 << 17;

/// What stands in a row under a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing, where the column allows it.
    Absent,
    /// A text.
    Text(&'a str),
    /// Texts.
    Texts(&'a [String]),
    /// So many.
    Count(usize),
    /// A number; absent if it is not finite.
    Number(f64),
    /// Numbers.
    Numbers(Vec<Option<f64>>),
    /// A date.
    Date(Moment),
    /// Dates.
    Dates(&'a [Moment]),
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Absent, Self::Text)
    }
}

impl From<Option<usize>> for Cell<'_> {
    fn from(count: Option<usize>) -> Self {
        count.map_or(Self::Absent, Self::Count)
    }
}

impl From<Option<f64>> for Cell<'_> {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Absent, Self::Number)
    }
}

/// Writes a table; it holds what is written and one group of rows.
#[derive(Debug)]
pub struct TableWriter {
    layout: Layout,
    columns: Vec<Building>,
    cells: usize,
    /// Opened with the first group, whose dates say whether they are times.
    file: Option<File>,
}

#[derive(Debug)]
struct File {
    are_times: bool,
    schema: SchemaRef,
    writer: ArrowWriter<Vec<u8>>,
}

impl TableWriter {
    /// A table without rows.
    pub fn new(layout: &Layout) -> Self {
        let columns = layout.columns.iter().map(|column| Building::of(column.kind)).collect();
        Self { layout: *layout, columns, cells: 0, file: None }
    }

    /// Adds a row: a cell per column, in their order.
    pub fn push(&mut self, row: Vec<Cell<'_>>) -> Result<(), WriteError> {
        if row.len() != self.columns.len() {
            return Err(misfit("a row has another number of cells than there are columns"));
        }
        for (column, cell) in self.columns.iter_mut().zip(row) {
            self.cells += column.push(cell)?;
        }
        if self.cells >= CELLS_OF_A_GROUP { self.close_group() } else { Ok(()) }
    }

    /// The bytes of the table.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        self.close_group()?;
        Ok(self.file.map_or(Ok(Vec::new()), |file| file.writer.into_inner())?)
    }

    fn close_group(&mut self) -> Result<(), WriteError> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::open(&self.layout, self.columns.iter().any(Building::has_time))?),
        };
        let columns = self.columns.iter_mut().map(|column| column.finish(file.are_times));
        let columns = columns.collect::<Result<_, _>>()?;
        file.writer.write(&RecordBatch::try_new(Arc::clone(&file.schema), columns)?)?;
        file.writer.flush()?;
        self.cells = 0;
        Ok(())
    }
}

impl File {
    fn open(layout: &Layout, are_times: bool) -> Result<Self, WriteError> {
        let schema = layout.schema(are_times);
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties(layout)))?;
        Ok(Self { are_times, schema, writer })
    }
}

fn properties(layout: &Layout) -> WriterProperties {
    let key = KeyValue::new(layout.name.to_owned(), layout.version.to_owned());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(vec![key]));
    let numbers = layout.columns.iter().filter(|column| column.kind == Kind::Number);
    // Computed numbers hardly repeat: a dictionary of them is built and then given up.
    numbers
        .fold(properties, |properties, column| {
            properties.set_column_dictionary_enabled(column.name.into(), false)
        })
        .build()
}

fn misfit(what: &str) -> WriteError {
    ArrowError::SchemaError(what.to_owned()).into()
}

/// A column of the group that is being filled.
#[derive(Debug)]
enum Building {
    Text(StringBuilder),
    Texts(ListBuilder<StringBuilder>),
    Count(UInt32Builder),
    Number(Float64Builder),
    Numbers(ListBuilder<Float64Builder>),
    Date(Vec<Option<Moment>>),
    Dates { lengths: Vec<usize>, items: Vec<Option<Moment>> },
}

impl Building {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Texts => Self::Texts(ListBuilder::new(StringBuilder::new())),
            Kind::Count => Self::Count(UInt32Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Numbers => Self::Numbers(ListBuilder::new(Float64Builder::new())),
            Kind::Date => Self::Date(Vec::new()),
            Kind::Dates => Self::Dates { lengths: Vec::new(), items: Vec::new() },
        }
    }

    /// Adds a cell, and says how many it counts for.
    fn push(&mut self, cell: Cell<'_>) -> Result<usize, WriteError> {
        match (self, cell) {
            (Self::Text(column), Cell::Text(text)) => column.append_value(text),
            (Self::Text(column), Cell::Absent) => column.append_null(),
            (Self::Count(column), Cell::Count(count)) => {
                let count = u32::try_from(count).map_err(|_| misfit("a count has more than 32 bits"))?;
                column.append_value(count);
            }
            (Self::Count(column), Cell::Absent) => column.append_null(),
            (Self::Number(column), Cell::Number(number)) => column.append_option(kernel::finite(number)),
            (Self::Number(column), Cell::Absent) => column.append_null(),
            (Self::Date(column), Cell::Date(date)) => column.push(Some(date)),
            (Self::Date(column), Cell::Absent) => column.push(None),
            (column, cell) => return column.push_list(cell),
        }
        Ok(1)
    }

    fn push_list(&mut self, cell: Cell<'_>) -> Result<usize, WriteError> {
        Ok(match (self, cell) {
            (Self::Texts(column), Cell::Texts(texts)) => {
                column.append_value(texts.iter().map(Some));
                texts.len()
            }
            (Self::Numbers(column), Cell::Numbers(numbers)) => {
                let cells = numbers.len();
                column.append_value(numbers.into_iter().map(|number| number.and_then(kernel::finite)));
                cells
            }
            (Self::Dates { lengths, items }, Cell::Dates(dates)) => {
                lengths.push(dates.len());
                items.extend(dates.iter().map(|date| Some(*date)));
                dates.len()
            }
            _ => return Err(misfit("a cell is not of its column's kind")),
        })
    }

    fn has_time(&self) -> bool {
        match self {
            Self::Date(dates) | Self::Dates { items: dates, .. } => {
                dates.iter().flatten().any(|date| date.is_time())
            }
            _ => false,
        }
    }

    fn finish(&mut self, are_times: bool) -> Result<ArrayRef, WriteError> {
        let cells = |dates: &mut Vec<Option<Moment>>| {
            if dates.iter().flatten().any(|date| date.is_time() != are_times) {
                return Err(misfit("some dates are times, and others are days"));
            }
            Ok(moments::column(std::mem::take(dates).into_iter(), are_times))
        };
        Ok(match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Texts(column) => Arc::new(column.finish()),
            Self::Count(column) => Arc::new(column.finish()),
            Self::Number(column) => Arc::new(column.finish()),
            Self::Numbers(column) => Arc::new(column.finish()),
            Self::Date(dates) => cells(dates)?,
            Self::Dates { lengths, items } => {
                let field = Arc::new(Field::new_list_field(moments::type_of(are_times), true));
                let offsets = OffsetBuffer::from_lengths(std::mem::take(lengths));
                Arc::new(ListArray::try_new(field, offsets, cells(items)?, None)?)
            }
        })
    }
}
