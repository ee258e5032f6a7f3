//! Reads a file of series and prints what is said of it, to measure the readers.
//!
//! `time read_series FILE [id=COLUMN] [date=COLUMN] [value=COLUMN] [format=FORM] [frequency=WORD] [start=DATE] [copy=FILE]`.
//! With `copy`, the series are written there as a long CSV.

use std::error::Error;
use std::io::Write;

use series::DatedSeries;
use series::intake::{Asked, Rhythm, read};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a file")?;
    let (mut asked, mut copy) = (Asked::default(), None);
    for argument in arguments {
        let (option, word) = argument.split_once('=').ok_or("an option is NAME=VALUE")?;
        let word = word.to_owned();
        match option {
            "id" => asked.ids.push(word),
            "date" => asked.date = Some(word),
            "value" => asked.value = Some(word),
            "format" => asked.date_format = Some(word),
            "frequency" => asked.rhythm = Some(Rhythm::Of(serde_json::from_value(word.into())?)),
            "start" => asked.start = Some(word.parse()?),
            "copy" => copy = Some(word),
            other => return Err(format!("`{other}` is no option").into()),
        }
    }
    let intake = read(&std::fs::read(file)?.into(), &asked)?;
    let sum: f64 = intake.series.iter().flat_map(|one| &one.values).filter(|value| !value.is_nan()).sum();
    writeln!(std::io::stdout(), "{}\nsum {sum}", serde_json::to_string_pretty(&intake.report)?)?;
    if let Some(copy) = copy {
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
