//! Speed and accuracy of the forecast engine on public data, beside peers' figures measured before it.
//!
//! `cargo bench -p evaluation --bench forecast -- [speed|accuracy|champion|rule|fev|m5]... [MODEL]...` or `… global [WINDOW] [MODEL] [PARAMS]`: speed
//! and accuracy of the models named alone, or of all. Reads `ASSAY_BENCH_FORECAST_DATA` (a folder of Parquet files), the
//! peers' figures from the files listed in `ASSAY_BENCH_PEERS` if set, and writes rows to `ASSAY_BENCH_JSON` if set.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench reports to its reader")]

mod accuracy;
mod champion;
mod clock;
mod data;
mod fev;
mod global;
mod m5;
mod naive2;
mod report;
mod rule;
mod score;
mod speed;
mod table;
mod works;

use std::error::Error;
use std::path::PathBuf;

use forecast::ModelSpec;
use report::Report;
use serde_json::Value;
use series::Moment;
use works::{WORKS, Work};

fn main() -> Result<(), Box<dyn Error>> {
    let data = std::env::var_os("ASSAY_BENCH_FORECAST_DATA").map_or("data/forecast".into(), PathBuf::from);
    if !data.is_dir() {
        println!("skipped: there is no folder {}; set ASSAY_BENCH_FORECAST_DATA", data.display());
        return Ok(());
    }
    let mut report = Report::open()?;
    let wanted = arguments();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let is_named = |work: &&Work| wanted.iter().any(|wanted| wanted == work.key);
    let named: Vec<&Work> = WORKS.iter().filter(is_named).collect();
    let works = if named.is_empty() { WORKS.iter().collect() } else { named };
    if wants("speed") {
        speed::measure(&data, &works, &mut report)?;
    }
    if wants("accuracy") {
        accuracy::measure(&data, &works, &mut report)?;
    }
    if wants("champion") {
        champion::measure(&data, &mut report)?;
    }
    // Slow models on five folds take minutes of processor time as well.
    if wanted.iter().any(|wanted| wanted == "rule") {
        rule::measure(&data, &mut report)?;
    }
    // So does the default rule on all of M5.
    if wanted.iter().any(|wanted| wanted == "fev") {
        fev::measure(&data, &mut report)?;
    }
    if wants("m5") {
        m5::measure(&data, &mut report)?;
    }
    // The global model takes minutes of processor time, so it is measured only when asked for.
    if wanted.first().is_some_and(|wanted| wanted == "global") {
        global::measure(&data, &mut report)?;
    }
    report.close()
}

/// What was asked for; Cargo adds `--bench` to it.
fn arguments() -> Vec<String> {
    std::env::args().skip(1).filter(|argument| argument != "--bench").collect()
}

fn spec(name: &str, params: &Value) -> ModelSpec {
    ModelSpec::parse(name, params).expect("the bench's parameters are valid")
}

fn dates(count: usize) -> Vec<Moment> {
    (0..).filter_map(Moment::from_epoch_days).take(count).collect()
}
