//! Lists of numbers out of Parquet files.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use parquet::column::reader::ColumnReader;
use parquet::file::reader::{FileReader, SerializedFileReader};

/// A column of lists of numbers, one list per row.
pub(crate) fn lists(path: &Path, column: &str) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let mut rows = Vec::new();
    each(path, column, |levels, numbers| {
        let mut numbers = numbers.into_iter();
        for repetition in levels {
            if repetition == 0 {
                rows.push(Vec::new());
            }
            let list: &mut Vec<f64> = rows.last_mut().expect("a column starts with a new row");
            list.extend(numbers.next());
        }
    })?;
    Ok(rows)
}

/// A column of numbers.
pub(crate) fn numbers(path: &Path, column: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut rows = Vec::new();
    each(path, column, |_, numbers| rows.extend(numbers))?;
    Ok(rows)
}

fn each(path: &Path, column: &str, mut take: impl FnMut(Vec<i16>, Vec<f64>)) -> Result<(), Box<dyn Error>> {
    let file = SerializedFileReader::new(File::open(path)?)?;
    let schema = file.metadata().file_metadata().schema_descr();
    let at = (0..schema.num_columns())
        .find(|&at| schema.column(at).path().parts().first().is_some_and(|name| name == column))
        .ok_or_else(|| format!("{} has no column {column}", path.display()))?;
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group)?;
        let (mut definitions, mut repetitions) = (Vec::new(), Vec::new());
        let numbers = match group.get_column_reader(at)? {
            ColumnReader::DoubleColumnReader(mut reader) => {
                let mut values = Vec::new();
                while reader
                    .read_records(
                        usize::MAX / 2,
                        Some(&mut definitions),
                        Some(&mut repetitions),
                        &mut values,
                    )?
                    .0
                    > 0
                {}
                values
            }
            ColumnReader::Int32ColumnReader(mut reader) => {
                let mut values = Vec::new();
                while reader
                    .read_records(
                        usize::MAX / 2,
                        Some(&mut definitions),
                        Some(&mut repetitions),
                        &mut values,
                    )?
                    .0
                    > 0
                {}
                values.into_iter().map(f64::from).collect()
            }
            _ => return Err(format!("{column} holds no numbers").into()),
        };
        take(repetitions, numbers);
    }
    Ok(())
}

/// A column of texts.
pub(crate) fn texts(path: &Path, column: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let file = SerializedFileReader::new(File::open(path)?)?;
    let schema = file.metadata().file_metadata().schema_descr();
    let at = (0..schema.num_columns())
        .find(|&at| schema.column(at).name() == column)
        .ok_or_else(|| format!("{} has no column {column}", path.display()))?;
    let mut rows = Vec::new();
    for group in 0..file.num_row_groups() {
        let ColumnReader::ByteArrayColumnReader(mut reader) =
            file.get_row_group(group)?.get_column_reader(at)?
        else {
            return Err(format!("{column} holds no texts").into());
        };
        let (mut definitions, mut values) = (Vec::new(), Vec::new());
        while reader.read_records(usize::MAX / 2, Some(&mut definitions), None, &mut values)?.0 > 0 {}
        for value in values {
            rows.push(value.as_utf8()?.to_owned());
        }
    }
    Ok(rows)
}
