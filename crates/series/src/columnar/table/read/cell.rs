//! A cell of a column, as what it is.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type};
use wire::Moment;

use crate::columnar::moments;

/// What a cell can be read as.
pub trait FromCell<'a>: Sized {
    /// The cell at a place of a column; `None` where it is none of these.
    fn from_cell(cells: &'a dyn Array, at: usize) -> Option<Self>;
}

impl<'a, T: FromCell<'a>> FromCell<'a> for Option<T> {
    fn from_cell(cells: &'a dyn Array, at: usize) -> Option<Self> {
        if cells.is_null(at) { Some(None) } else { T::from_cell(cells, at).map(Some) }
    }
}

impl<'a> FromCell<'a> for &'a str {
    fn from_cell(cells: &'a dyn Array, at: usize) -> Option<Self> {
        cells.as_string_opt::<i32>().filter(|cells| cells.is_valid(at)).map(|cells| cells.value(at))
    }
}

impl FromCell<'_> for String {
    fn from_cell(cells: &dyn Array, at: usize) -> Option<Self> {
        <&str>::from_cell(cells, at).map(str::to_owned)
    }
}

impl FromCell<'_> for usize {
    fn from_cell(cells: &dyn Array, at: usize) -> Option<Self> {
        let cells = cells.as_primitive_opt::<UInt32Type>().filter(|cells| cells.is_valid(at))?;
        Self::try_from(cells.value(at)).ok()
    }
}

impl FromCell<'_> for f64 {
    fn from_cell(cells: &dyn Array, at: usize) -> Option<Self> {
        cells
            .as_primitive_opt::<Float64Type>()
            .filter(|cells| cells.is_valid(at))
            .map(|cells| cells.value(at))
    }
}

impl FromCell<'_> for Moment {
    fn from_cell(cells: &dyn Array, at: usize) -> Option<Self> {
        moments::of_cell(cells, at)
    }
}

/// The lists of a column are read cell by cell.
macro_rules! list_of {
    ($item:ty) => {
        impl FromCell<'_> for Vec<$item> {
            fn from_cell(cells: &dyn Array, at: usize) -> Option<Self> {
                let items = cells.as_list_opt::<i32>().filter(|cells| cells.is_valid(at))?.value(at);
                (0..items.len()).map(|at| FromCell::from_cell(&*items, at)).collect()
            }
        }
    };
}

list_of!(String);
list_of!(Option<f64>);
list_of!(f64);
list_of!(Moment);
