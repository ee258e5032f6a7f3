//! `assay data`: files of series, before anything is made of them.

use std::io::Write;

use wire::datasets::Report;

use super::{close, open, open_for_reading, print_json};
use crate::cli::{Data, Inspect, Place};
use crate::exit::Exit;
use crate::input;
use crate::plain::plain;
use crate::system::System;
use crate::table::{self, Align};

pub(crate) async fn run(place: &Place, Data::Inspect(options): &Data) -> anyhow::Result<Exit> {
    let file = input::read(&options.series.file)?;
    // Where there is no data yet the program is opened as by any other command.
    let system = match open_for_reading(place).await {
        Ok(system) => system,
        Err(_) => open(place).await?,
    };
    let ended = inspect(&system, options, file).await;
    close(system, ended).await
}

async fn inspect(system: &System, options: &Inspect, file: bytes::Bytes) -> anyhow::Result<Exit> {
    let report = input::inspect(&system.client, &options.series, file).await?;
    if options.output.json {
        print_json(&report)?;
    } else {
        print(&report)?;
    }
    Ok(Exit::Ok)
}

fn print(report: &Report) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}\n", plain(&input::summary(report)))?;
    let facts = [
        ("separator", report.separator.as_deref()),
        ("decimal mark", report.decimal.as_deref()),
        ("dates", report.date_format.as_deref()),
    ];
    for (name, fact) in facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))) {
        writeln!(out, "{name}: {}", plain(fact))?;
    }
    writeln!(out, "layout: {}\n", report.layout)?;
    if !report.columns.is_empty() {
        let columns = [("column", Align::Left), ("read as", Align::Left)];
        let rows: Vec<Vec<String>> =
            report.columns.iter().map(|one| vec![plain(&one.name).into(), one.role.to_string()]).collect();
        table::print(&mut out, &columns, &rows)?;
        writeln!(out)?;
    }
    for note in &report.notes {
        writeln!(out, "{}", plain(note))?;
    }
    for one in &report.left_out {
        writeln!(out, "{} is left out: {}", plain(&one.name), plain(&one.reason))?;
    }
    Ok(())
}
