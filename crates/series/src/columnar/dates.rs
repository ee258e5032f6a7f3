//! First dates of series out of Arrow arrays of dates, moments, texts or periods.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_schema::{DataType, TimeUnit};
use wire::Moment;

use super::arrays::{Coded, Part, Texts, whole_numbers};
use super::calendar::{self, Calendar};
use super::error::{CellProblem, ColumnarError, Role};

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// The date of each row.
pub(super) fn dates(part: &Part<'_>, calendar: Calendar) -> Result<Vec<Moment>, ColumnarError> {
    part.check_complete()?;
    match part.array.data_type() {
        DataType::Date32 => each(part, part.array.as_primitive::<Date32Type>().values(), |&count| {
            calendar::day_of_count(i64::from(count))
        }),
        DataType::Date64 => moments::<Date64Type>(part, calendar, 1_000),
        DataType::Timestamp(TimeUnit::Second, _) => moments::<TimestampSecondType>(part, calendar, 1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            moments::<TimestampMillisecondType>(part, calendar, 1_000)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            moments::<TimestampMicrosecondType>(part, calendar, 1_000_000)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            moments::<TimestampNanosecondType>(part, calendar, 1_000_000_000)
        }
        _ => dates_of_texts(part, calendar),
    }
}

fn dates_of_texts(part: &Part<'_>, calendar: Calendar) -> Result<Vec<Moment>, ColumnarError> {
    if let Some(coded) = Coded::of(part.array) {
        return coded_dates(part, &coded, calendar);
    }
    if let Some(texts) = Texts::of(part.array) {
        let rows: Vec<&str> = (0..part.array.len()).map(|row| texts.get(row)).collect();
        return each(part, &rows, |text| calendar.date_of_text(text.as_bytes()));
    }
    match whole_numbers(part.array) {
        Some(periods) if calendar.has_periods() => {
            each(part, &periods, |&period| calendar.date_of_period(period))
        }
        Some(_) => {
            let (column, missing) = (part.column.name.clone(), calendar.missing());
            Err(ColumnarError::NoCalendar { column, missing })
        }
        None => Err(part.wrong_type(Role::Date)),
    }
}

/// Reads an entry of the dictionary when the first row uses it: a dictionary may be larger than its batch.
fn coded_dates(part: &Part<'_>, coded: &Coded<'_>, calendar: Calendar) -> Result<Vec<Moment>, ColumnarError> {
    let mut known = vec![None; coded.entry_count];
    let mut days = Vec::with_capacity(coded.keys.len());
    for (row, &key) in coded.keys.iter().enumerate() {
        let day = match known[key] {
            Some(day) => day,
            None => calendar
                .date_of_text(coded.entries.get(key).as_bytes())
                .map_err(|problem| part.cell(row, problem))?,
        };
        known[key] = Some(day);
        days.push(day);
    }
    Ok(days)
}

fn moments<T: ArrowPrimitiveType<Native = i64>>(
    part: &Part<'_>,
    calendar: Calendar,
    units_per_second: i64,
) -> Result<Vec<Moment>, ColumnarError> {
    let units_per_day = SECONDS_PER_DAY * units_per_second;
    each(part, part.array.as_primitive::<T>().values(), |&moment| {
        calendar::date_of_moment(calendar, moment, units_per_day)
    })
}

fn each<T>(
    part: &Part<'_>,
    cells: &[T],
    date: impl Fn(&T) -> Result<Moment, CellProblem>,
) -> Result<Vec<Moment>, ColumnarError> {
    let cells = cells.iter().enumerate();
    cells.map(|(row, cell)| date(cell).map_err(|problem| part.cell(row, problem))).collect()
}
