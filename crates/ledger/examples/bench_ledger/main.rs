//! Measures the ledger beside the raw insert and read rate of the same databases.
//!
//! `cargo run --release -p ledger --example bench_ledger -- [--quick] [--postgres URL]`. The address of a durable
//! PostgreSQL server may also stand in `ASSAY_BENCH_POSTGRES_URL`, the file for the rows in `ASSAY_BENCH_JSON`
//! (`target/bench/ledger.json` otherwise). Databases are made for the measurement and removed after it; SQLite's lie
//! beside the results, on a real disk and not in memory.

mod ours;
mod peer;
mod place;
mod report;
mod work;

use std::error::Error;

use place::Place;
use report::Row;
use work::Size;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let size = if arguments.iter().any(|argument| argument == "--quick") { Size::QUICK } else { Size::FULL };
    let mut rows = Vec::new();
    for place in places(&arguments) {
        let scratch = place.scratch().await?;
        let measured = measure(&scratch, size).await;
        scratch.remove().await?;
        rows.extend(measured?);
    }
    report::write(&rows)
}

fn places(arguments: &[String]) -> Vec<Place> {
    let given =
        arguments.iter().position(|argument| argument == "--postgres").map(|at| arguments[at + 1].clone());
    let postgres = given.or_else(|| std::env::var("ASSAY_BENCH_POSTGRES_URL").ok());
    std::iter::once(Place::Sqlite).chain(postgres.map(Place::Postgres)).collect()
}

async fn measure(scratch: &place::Scratch, size: Size) -> Outcome<Vec<Row>> {
    let mut rows = work::appends(scratch, size).await?;
    work::fill(scratch, size).await?;
    rows.extend(work::reads(scratch, size).await?);
    rows.extend(work::pages(scratch, size).await?);
    Ok(rows)
}
