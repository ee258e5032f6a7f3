//! Speed and accuracy of the forecast engine on public data, beside a peer's figures measured before it.
//!
//! `bench_forecast [speed|accuracy|m5]`. Reads `ASSAY_BENCH_FORECAST_DATA` (a folder of Parquet files), the peer's
//! figures from `ASSAY_BENCH_PEERS` if set, and writes rows to `ASSAY_BENCH_JSON` if set.
#![expect(clippy::print_stdout, reason = "a bench reports to its reader")]

mod accuracy;
mod global;
mod m5;
mod report;
mod speed;
mod table;

use std::error::Error;
use std::path::PathBuf;

use chrono::NaiveDate;
use forecast::ModelSpec;
use report::Report;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let data = std::env::var_os("ASSAY_BENCH_FORECAST_DATA").map_or("data/forecast".into(), PathBuf::from);
    if !data.is_dir() {
        println!("skipped: there is no folder {}; set ASSAY_BENCH_FORECAST_DATA", data.display());
        return Ok(());
    }
    let mut report = Report::open()?;
    let wanted = std::env::args().nth(1);
    let wants = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    if wants("speed") {
        speed::measure(&data, &mut report)?;
    }
    if wants("accuracy") {
        accuracy::measure(&data, &mut report)?;
    }
    if wants("m5") {
        m5::measure(&data, &mut report)?;
    }
    if wanted.as_deref() == Some("global") {
        global::measure(&data, &mut report)?;
    }
    report.close()
}

fn spec(name: &str, params: &Value) -> ModelSpec {
    ModelSpec::parse(name, params).expect("the bench's parameters are valid")
}

fn dates(count: usize) -> Vec<NaiveDate> {
    NaiveDate::default().iter_days().take(count).collect()
}
