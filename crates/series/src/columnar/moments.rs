//! Dates as columns of Arrow: days as dates, times as seconds without a zone.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, TimestampSecondType};
use arrow_array::{Array, ArrayRef, Date32Array, TimestampSecondArray};
use arrow_schema::{DataType, TimeUnit};
use wire::Moment;

/// The type of a column of days, or of times.
pub(super) fn type_of(are_times: bool) -> DataType {
    if are_times { DataType::Timestamp(TimeUnit::Second, None) } else { DataType::Date32 }
}

/// A column of days, or of times. A table has one of the two.
pub(super) fn column(dates: impl Iterator<Item = Option<Moment>>, are_times: bool) -> ArrayRef {
    if are_times {
        let seconds = dates.map(|date| date.map(Moment::to_epoch_seconds));
        Arc::new(seconds.collect::<TimestampSecondArray>())
    } else {
        Arc::new(dates.map(|date| date.map(Moment::to_epoch_days)).collect::<Date32Array>())
    }
}

/// The date of a cell; `None` where there is none.
pub(super) fn of_cell(cells: &dyn Array, at: usize) -> Option<Moment> {
    if cells.is_null(at) {
        return None;
    }
    match cells.data_type() {
        DataType::Date32 => Moment::from_epoch_days(cells.as_primitive::<Date32Type>().value(at)),
        DataType::Timestamp(TimeUnit::Second, None) => {
            Moment::from_epoch_seconds(cells.as_primitive::<TimestampSecondType>().value(at))
        }
        _ => None,
    }
}
