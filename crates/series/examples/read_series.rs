//! Reads a file of series and prints what is said of it, to measure the readers.
//!
//! `time read_series FILE [FREQUENCY START [COPY]]`. With `COPY`, the series are written there as a long CSV.

use std::error::Error;
use std::io::Write;

use series::DatedSeries;
use series::intake::{Asked, Rhythm, read};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, stated @ ..] = &arguments[..] else { return Err("name a file".into()) };
    let mut asked = Asked::default();
    if let [frequency, start, ..] = stated {
        asked.rhythm = Some(Rhythm::Of(serde_json::from_value(frequency.as_str().into())?));
        asked.start = Some(start.parse()?);
    }
    let intake = read(&std::fs::read(file)?.into(), &asked)?;
    let sum: f64 = intake.series.iter().flat_map(|one| &one.values).filter(|value| !value.is_nan()).sum();
    writeln!(std::io::stdout(), "{}\nsum {sum}", serde_json::to_string_pretty(&intake.report)?)?;
    if let [_, _, copy] = stated {
        std::fs::write(copy, csv(&intake.series)?)?;
    }
    Ok(())
}

fn csv(series: &[DatedSeries]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut text = b"unique_id,ds,y\n".to_vec();
    for one in series {
        for (date, value) in one.dates.iter().zip(&one.values) {
            let value = if value.is_nan() { String::new() } else { value.to_string() };
            writeln!(text, "{},{date},{value}", one.name)?;
        }
    }
    Ok(text)
}
