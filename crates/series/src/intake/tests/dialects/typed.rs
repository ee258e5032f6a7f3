//! The same table in files whose cells have types, and as lists of values.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use arrow_array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, StreamWriter};

use super::{Case, Frequency, Lies};

pub(super) fn parquet(case: &Case) -> Vec<u8> {
    let batch = batch(case);
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

pub(super) fn arrow_file(case: &Case) -> Vec<u8> {
    let batch = batch(case);
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

pub(super) fn arrow_stream(case: &Case) -> Vec<u8> {
    let batch = batch(case);
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// As the Monash archive has it: a list of values a line.
pub(super) fn tsf(case: &Case) -> Vec<u8> {
    let frequency = if case.frequency == Frequency::MONTHLY { "monthly" } else { "daily" };
    let start = case.dates[0].format("%Y-%m-%d 00-00-00");
    let word =
        |value: &Option<i64>| value.map_or("?".to_owned(), |cents| case.text.number(cents).to_string());
    let line = |(name, column): (&String, &Vec<Option<i64>>)| {
        format!("{name}:{start}:{}\n", column.iter().map(word).collect::<Vec<_>>().join(","))
    };
    let lines: String = case.names.iter().zip(&case.columns).map(line).collect();
    let head = "@relation sales\n@attribute series_name string\n@attribute start_timestamp date";
    format!("# sales\n{head}\n@frequency {frequency}\n@missing true\n@equallength true\n@data\n{lines}")
        .into_bytes()
}

fn batch(case: &Case) -> RecordBatch {
    let columns: Vec<(String, ArrayRef)> = match case.layout {
        Lies::Long => long(case),
        Lies::Columns => {
            let own = case.names.iter().zip(&case.columns);
            let dates: ArrayRef = Arc::new(days(case, 0..case.dates.len()));
            let series = own.map(|(name, column)| (name.clone(), numbers(case, column.iter().copied())));
            std::iter::once(("date".to_owned(), dates)).chain(series).collect()
        }
        Lies::Rows => {
            let names: ArrayRef = Arc::new(StringArray::from(case.names.clone()));
            let at = |at: usize| numbers(case, case.columns.iter().map(move |column| column[at]));
            let name = |at: usize| case.dates[at].format(case.text.form.1).to_string();
            let dated = (0..case.dates.len()).map(|row| (name(row), at(row)));
            std::iter::once(("series".to_owned(), names)).chain(dated).collect()
        }
    };
    let nullable = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(nullable).unwrap()
}

fn long(case: &Case) -> Vec<(String, ArrayRef)> {
    let rows: Vec<(usize, usize)> =
        (0..case.names.len()).flat_map(|one| (0..case.dates.len()).map(move |at| (one, at))).collect();
    let names: Vec<&str> = rows.iter().map(|row| case.names[row.0].as_str()).collect();
    let values = numbers(case, rows.iter().map(|row| case.columns[row.0][row.1]));
    vec![
        ("series".to_owned(), Arc::new(StringArray::from(names))),
        ("date".to_owned(), Arc::new(days(case, rows.iter().map(|row| row.1)))),
        ("value".to_owned(), values),
    ]
}

fn days(case: &Case, rows: impl Iterator<Item = usize>) -> Date32Array {
    rows.map(|at| Some(case.dates[at].to_epoch_days())).collect()
}

fn numbers(case: &Case, cents: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(cents.map(|cents| cents.map(|cents| case.text.number(cents))).collect::<Float64Array>())
}
