//! Parquet and Arrow bytes to cells or fleets, and results into Parquet bytes.
//!
//! Pure functions from bytes: the caller opens files. A table of **lists** has one row per series, whose value column is a
//! list: it is a fleet, its columns found by their usual names or stated in [`Columns`]. Of any other table the cells are
//! read, and [`crate::intake`] decides what they mean.
//!
//! Guarantees: no object per row; limits are checked against what a file declares before memory is spent on it, and again
//! while reading; whatever the bytes are, the result is data or a [`ColumnarError`], never a panic.

mod arrays;
mod calendar;
mod cells;
mod choose;
mod dataset;
mod dates;
mod decode;
mod described;
mod difference;
mod error;
mod ipc;
mod lists;
mod moments;
mod parquet;
mod table;
mod write;

use wire::Moment;
use wire::model_selection::Gaps;

pub use self::dataset::{DatasetFile, DatasetWriter, read_dataset, read_index};
pub use self::decode::is_guarded;
pub(crate) use self::decode::{Read, caught};
pub use self::described::{description, tail};
pub use self::difference::{CellDifference, first_difference};
pub use self::error::{CellProblem, ColumnarError, Role};
pub(crate) use self::ipc::read_arrow;
pub(crate) use self::parquet::{Fleets, Pieces, Segments, read_parquet};
pub use self::table::{Cell, Column, FromCell, Kind, Layout, Row, Rows, Table, TableWriter};
pub use self::write::{Compression, OutlookColumns, OutlookWriter, WriteError, outlook_columns, write_fleet};
use crate::calendar::Frequency;
use crate::fleet::{MAX_FLEET_ROWS, MAX_FLEET_SERIES};

/// The name of the one series of a long table without ids.
pub const ONLY_SERIES: &str = "series";
/// What stands between the parts of a name that is made of several id columns. Inside a part it is written `\/`, and
/// `\` is written `\\`, so that no two rows of different ids have one name.
pub const ID_SEPARATOR: char = '/';

/// Which columns of a table of lists to read and how. The default finds them by their usual names.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The columns that name a series, joined with [`ID_SEPARATOR`]. Empty: `unique_id`, `series`, `series_id`, `id`,
    /// `item_id` or `item`, in this order.
    pub ids: Vec<String>,
    /// The column of first dates. None: `ds`, `date`, `day`, `timestamp` or `start`.
    pub date: Option<String>,
    /// The column of lists. None: `y`, `value`, `values`, `quantity` or `sales`.
    pub value: Option<String>,
    /// How far apart the dates are, which lists do not say.
    pub frequency: Option<Frequency>,
    /// The date of period 0 if the first dates are whole numbers, and of every first value if there are none.
    pub start: Option<Moment>,
    /// What a date without a value means.
    pub gaps: Gaps,
    /// How much to read at most.
    pub limits: Limits,
}

/// How much to read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Values in all lists, or rows of a long table.
    pub rows: usize,
    /// Series.
    pub series: usize,
}

impl Default for Limits {
    /// What a fleet can hold.
    fn default() -> Self {
        Self { rows: MAX_FLEET_ROWS, series: MAX_FLEET_SERIES }
    }
}

impl Limits {
    /// What a column of so many rows can need: an id of half a hundred bytes each, or some more if there are few rows.
    const fn bytes_of_a_column(self) -> u64 {
        (self.rows as u64).saturating_mul(64).saturating_add(1 << 20)
    }
}

/// Adds the `nth` of several parts to a name.
fn add_part(name: &mut String, (nth, parts): (usize, usize), write: impl FnOnce(&mut String)) {
    if nth > 0 {
        name.push(ID_SEPARATOR);
    }
    let from = name.len();
    write(name);
    if parts > 1 && name[from..].contains([ID_SEPARATOR, '\\']) {
        let part = name.split_off(from);
        name.push_str(&part.replace('\\', r"\\").replace(ID_SEPARATOR, r"\/"));
    }
}

#[cfg(test)]
mod tests;
