//! Reads a file of series as columns and prints what is in it, to measure the readers.
//!
//! `time read_fleet FILE [FREQUENCY START [COPY]]`: the format is read off the name. With `COPY`, the fleet is written
//! there as long Parquet or, by its name, as CSV.

use std::error::Error;
use std::io::Write;

use series::columnar::{Columns, Compression, read_arrow, read_csv, read_parquet, write_fleet};
use series::{Fleet, Frequency};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, stated @ ..] = &arguments[..] else { return Err("name a file".into()) };
    let mut columns = Columns::default();
    if let [frequency, start, ..] = stated {
        columns.frequency = Some(serde_json::from_value::<Frequency>(frequency.as_str().into())?);
        columns.start = Some(start.parse()?);
    }
    let bytes = std::fs::read(file)?;
    let fleet = match file.rsplit('.').next() {
        Some("parquet") => read_parquet(&bytes.into(), &columns)?,
        Some("csv") => read_csv(&bytes, &columns)?,
        _ => read_arrow(&bytes.into(), &columns)?,
    };
    let sum: f64 = (0..fleet.len()).flat_map(|at| fleet.values(at)).filter(|value| !value.is_nan()).sum();
    let (series, rows) = (fleet.len(), fleet.rows());
    writeln!(std::io::stdout(), "{series} {} series, {rows} rows, sum {sum}", fleet.frequency())?;
    if let [_, _, copy] = stated {
        let bytes = if copy.rsplit('.').next() == Some("csv") {
            csv(&fleet)?
        } else {
            write_fleet(&fleet, Compression::Zstd)?
        };
        std::fs::write(copy, bytes)?;
    }
    Ok(())
}

fn csv(fleet: &Fleet) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut text = b"unique_id,ds,y\n".to_vec();
    for at in 0..fleet.len() {
        for (date, value) in fleet.dates(at).zip(fleet.values(at)) {
            let value = if value.is_nan() { String::new() } else { value.to_string() };
            writeln!(text, "{},{date},{value}", fleet.name(at))?;
        }
    }
    Ok(text)
}
