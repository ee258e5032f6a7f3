//! Ids and numbers out of Arrow arrays of whichever type holds them.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, LargeStringArray, StringArray, StringViewArray};
use arrow_schema::DataType;

use super::choose::Column;
use super::error::{CellProblem, ColumnarError, Role};

/// A column of a batch, with what an error about it needs.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) column: &'a Column,
    pub(super) array: &'a dyn Array,
    /// Rows of the table before this batch.
    pub(super) rows_before: u64,
}

impl<'a> Part<'a> {
    pub(super) fn wrong_type(&self, role: Role) -> ColumnarError {
        let (column, found) = (self.column.name.clone(), self.array.data_type().to_string());
        ColumnarError::WrongType { role, column, found }
    }

    pub(super) fn cell(&self, row: usize, problem: CellProblem) -> ColumnarError {
        let row = self.rows_before + row as u64 + 1;
        ColumnarError::Cell { column: self.column.name.clone(), row, problem }
    }

    /// Refuses an id or a date that is missing.
    pub(super) fn check_complete(&self) -> Result<(), ColumnarError> {
        let nulls = self.array.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        let missing = nulls.and_then(|nulls| nulls.iter().position(|is_there| !is_there));
        missing.map_or(Ok(()), |row| Err(self.cell(row, CellProblem::Empty)))
    }

    /// Its numbers, `NaN` where missing.
    pub(super) fn numbers(&self) -> Result<Vec<f64>, ColumnarError> {
        numbers(self.array).ok_or_else(|| self.wrong_type(Role::Value))
    }

    /// What names the series of each row.
    pub(super) fn ids(&self) -> Result<Ids<'a>, ColumnarError> {
        self.check_complete()?;
        if let Some(texts) = Texts::of(self.array) {
            return Ok(Ids::Texts(texts));
        }
        if let Some(coded) = Coded::of(self.array) {
            return Ok(Ids::Coded(coded));
        }
        whole_numbers(self.array).map(Ids::Whole).ok_or_else(|| self.wrong_type(Role::Id))
    }
}

/// What names the series of each row.
pub(super) enum Ids<'a> {
    Texts(Texts<'a>),
    Coded(Coded<'a>),
    Whole(Vec<i64>),
}

impl Ids<'_> {
    /// Appends the id of a row to a name.
    pub(super) fn write(&self, row: usize, name: &mut String) {
        match self {
            Self::Texts(texts) => name.push_str(texts.get(row)),
            Self::Coded(coded) => name.push_str(coded.entries.get(coded.keys[row])),
            Self::Whole(numbers) => name.push_str(&numbers[row].to_string()),
        }
    }
}

/// Texts in a dictionary.
pub(super) struct Coded<'a> {
    /// The position in the dictionary of each row's text.
    pub(super) keys: Vec<usize>,
    pub(super) entries: Texts<'a>,
    pub(super) entry_count: usize,
}

impl<'a> Coded<'a> {
    pub(super) fn of(array: &'a dyn Array) -> Option<Self> {
        let dictionary = array.as_any_dictionary_opt()?;
        let entries = Texts::of(dictionary.values().as_ref())?;
        // The keys of no rows cannot be asked for if there are no entries.
        let keys = if array.is_empty() { Vec::new() } else { dictionary.normalized_keys() };
        Some(Self { keys, entries, entry_count: dictionary.values().len() })
    }
}

/// Texts in one of three representations.
#[derive(Clone, Copy)]
pub(super) enum Texts<'a> {
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    Views(&'a StringViewArray),
}

impl<'a> Texts<'a> {
    pub(super) fn of(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 => Some(Self::Small(array.as_string())),
            DataType::LargeUtf8 => Some(Self::Large(array.as_string())),
            DataType::Utf8View => Some(Self::Views(array.as_string_view())),
            _ => None,
        }
    }

    pub(super) fn get(&self, row: usize) -> &'a str {
        match self {
            Self::Small(texts) => texts.value(row),
            Self::Large(texts) => texts.value(row),
            Self::Views(texts) => texts.value(row),
        }
    }
}

/// The numbers of an array, `NaN` where missing; `None` if it holds other things.
pub(super) fn numbers(array: &dyn Array) -> Option<Vec<f64>> {
    Some(match array.data_type() {
        DataType::Float64 => each::<Float64Type>(array, |value| value),
        DataType::Float32 => each::<Float32Type>(array, f64::from),
        DataType::Int8 => each::<Int8Type>(array, f64::from),
        DataType::Int16 => each::<Int16Type>(array, f64::from),
        DataType::Int32 => each::<Int32Type>(array, f64::from),
        DataType::Int64 => each::<Int64Type>(array, |value| value as f64),
        DataType::UInt8 => each::<UInt8Type>(array, f64::from),
        DataType::UInt16 => each::<UInt16Type>(array, f64::from),
        DataType::UInt32 => each::<UInt32Type>(array, f64::from),
        DataType::UInt64 => each::<UInt64Type>(array, |value| value as f64),
        DataType::Decimal128(_, scale) => {
            let unit = 10_f64.powi(i32::from(*scale));
            each::<Decimal128Type>(array, |value| value as f64 / unit)
        }
        DataType::Null => vec![f64::NAN; array.len()],
        _ => return None,
    })
}

fn each<T: ArrowPrimitiveType>(array: &dyn Array, to_number: impl Fn(T::Native) -> f64) -> Vec<f64> {
    let array = array.as_primitive::<T>();
    let mut numbers: Vec<f64> = array.values().iter().map(|&value| to_number(value)).collect();
    if let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) {
        for (number, is_there) in numbers.iter_mut().zip(nulls) {
            if !is_there {
                *number = f64::NAN;
            }
        }
    }
    numbers
}

/// The numbers of a column of whole numbers that all fit.
pub(super) fn whole_numbers(array: &dyn Array) -> Option<Vec<i64>> {
    fn whole<T: ArrowPrimitiveType<Native: TryInto<i64>>>(array: &dyn Array) -> Option<Vec<i64>> {
        array.as_primitive::<T>().values().iter().map(|&value| value.try_into().ok()).collect()
    }
    match array.data_type() {
        DataType::Int8 => whole::<Int8Type>(array),
        DataType::Int16 => whole::<Int16Type>(array),
        DataType::Int32 => whole::<Int32Type>(array),
        DataType::Int64 => whole::<Int64Type>(array),
        DataType::UInt8 => whole::<UInt8Type>(array),
        DataType::UInt16 => whole::<UInt16Type>(array),
        DataType::UInt32 => whole::<UInt32Type>(array),
        DataType::UInt64 => whole::<UInt64Type>(array),
        _ => None,
    }
}
