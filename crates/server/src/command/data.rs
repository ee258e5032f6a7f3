//! `assay data`: files of series, before anything is made of them.

use std::io::Write;

use kernel::counted;
use wire::datasets::{ColumnRole, Report, ReportColumn};

use super::{close, open_without_data, print_json};
use crate::cli::{Data, Inspect, Place, SeriesFile};
use crate::exit::Exit;
use crate::input;
use crate::plain::plain;
use crate::system::System;
use crate::table::{self, Column};

pub(crate) async fn run(place: &Place, Data::Inspect(options): &Data) -> anyhow::Result<Exit> {
    let file = input::read(&options.series.file)?;
    let (system, _dir) = open_without_data(place).await?;
    let ended = inspect(&system, options, file).await;
    close(system, ended).await
}

async fn inspect(system: &System, options: &Inspect, file: bytes::Bytes) -> anyhow::Result<Exit> {
    let report = input::inspect(&system.client, &options.series, file).await?;
    if options.output.json {
        print_json(&report)?;
    } else {
        print(&report, &options.series)?;
    }
    Ok(Exit::Ok)
}

/// Columns and series that are told of very many.
const TOLD: usize = 20;

fn print(report: &Report, series: &SeriesFile) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}\n", plain(&input::summary(report)))?;
    let layout = report.layout.to_string();
    let facts = [
        ("layout", Some(layout.as_str())),
        ("encoding", report.encoding.as_deref()),
        ("separator", report.separator.as_deref()),
        ("decimal mark", report.decimal.as_deref()),
        ("dates", report.date_format.as_deref()),
    ];
    for (name, fact) in facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))) {
        writeln!(out, "{name}: {}", plain(fact))?;
    }
    if !report.columns.is_empty() {
        writeln!(out)?;
        let columns = [Column::text("column"), Column::text("read as")];
        let row = |one: &ReportColumn| vec![one.name.clone(), role(one.role).to_owned()];
        let rows: Vec<Vec<String>> = report.columns.iter().take(TOLD).map(row).collect();
        table::print(&mut out, &columns, &rows)?;
        let more = report.columns_total.saturating_sub(rows.len() as u64);
        if more > 0 {
            writeln!(out, "and {}", counted(more, "more column", "more columns"))?;
        }
    }
    if !report.notes.is_empty() {
        writeln!(out)?;
    }
    for note in &report.notes {
        writeln!(out, "- {}", plain(note))?;
    }
    if report.left_out_total > 0 {
        writeln!(out, "\n{}", counted(report.left_out_total, "series is left out", "series are left out"))?;
    }
    for one in report.left_out.iter().take(TOLD) {
        writeln!(out, "  {}: {}", plain(&one.name), plain(&one.reason))?;
    }
    let more = report.left_out_total.saturating_sub(report.left_out.len().min(TOLD) as u64);
    if more > 0 {
        writeln!(out, "  and {more} more")?;
    }
    writeln!(out, "\nnext: assay forecast {} --horizon N", plain(&series.arguments()))?;
    Ok(())
}

/// What a column is for, in words.
const fn role(role: ColumnRole) -> &'static str {
    match role {
        ColumnRole::Id => "names the series",
        ColumnRole::Date => "date",
        ColumnRole::Value => "value",
        ColumnRole::Series => "a series",
        ColumnRole::Known => "known beforehand",
        ColumnRole::Group => "group",
        ColumnRole::Past => "known up to the last value",
        ColumnRole::Unread => "not read",
    }
}
