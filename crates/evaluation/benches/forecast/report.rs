//! The rows of the bench, as tables for people and as JSON.

use std::error::Error;
use std::path::PathBuf;

use serde_json::{Value, json};

/// The tables there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Speed,
    Accuracy,
    M5,
}

/// A peer's figure of the same work.
pub(crate) struct Beside {
    pub(crate) value: f64,
    /// Ours on what the peer was measured on.
    pub(crate) ours: f64,
    pub(crate) note: String,
}

pub(crate) struct Row {
    pub(crate) table: Table,
    pub(crate) work: String,
    pub(crate) unit: &'static str,
    pub(crate) ours: f64,
    /// One per peer of the report, in its order; may be shorter.
    pub(crate) peers: Vec<Option<Beside>>,
    pub(crate) note: String,
}

/// Rows so far and what the peers measured.
pub(crate) struct Report {
    pub(crate) peers: Vec<Value>,
    rows: Vec<Row>,
}

impl Report {
    /// `ASSAY_BENCH_PEERS` lists the peers' files as a path does.
    pub(crate) fn open() -> Result<Self, Box<dyn Error>> {
        let paths = std::env::var_os("ASSAY_BENCH_PEERS").unwrap_or_default();
        let read = |path: PathBuf| -> Result<Value, Box<dyn Error>> {
            Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
        };
        let paths = std::env::split_paths(&paths).filter(|path| path.is_file());
        Ok(Self { peers: paths.map(read).collect::<Result<_, _>>()?, rows: Vec::new() })
    }

    pub(crate) fn add(&mut self, row: Row) {
        let ratio = row.ratio().map_or(String::new(), |ratio| format!(" ({ratio:.2} of the better peer)"));
        eprintln!("{}: {} {}{ratio}", row.work, figure(row.ours), row.unit);
        self.rows.push(row);
    }

    /// A row no peer has.
    pub(crate) fn alone(&mut self, work: String, unit: &'static str, ours: f64, note: String) {
        self.add(Row { table: Table::M5, work, unit, ours, peers: Vec::new(), note });
    }

    /// Writes the tables to `ASSAY_BENCH_TABLES`, or prints them, and the rows to `ASSAY_BENCH_JSON` if set.
    pub(crate) fn close(self) -> Result<(), Box<dyn Error>> {
        let mut text = machine();
        for (table, title) in [
            (Table::Speed, "Speed: series of 419 days, 28 ahead, per CPU-second; ratio to the faster peer"),
            (
                Table::Accuracy,
                "Accuracy: OWA (1 = Naive2), sMAPE / MASE in the note; ratio to the better peer",
            ),
            (Table::M5, "M5"),
        ] {
            text.push_str(&self.table(table, title));
        }
        match std::env::var_os("ASSAY_BENCH_TABLES") {
            Some(path) => std::fs::write(path, text)?,
            None => print!("{text}"),
        }
        if let Some(path) = std::env::var_os("ASSAY_BENCH_JSON") {
            let rows: Vec<Value> = self.rows.iter().flat_map(|row| row.to_json(&self.peers)).collect();
            std::fs::write(path, serde_json::to_string_pretty(&rows)?)?;
        }
        Ok(())
    }

    fn table(&self, table: Table, title: &str) -> String {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.table == table).collect();
        // A peer without a figure in the table has no column in it.
        let has_figure = |at: &usize| rows.iter().any(|row| matches!(row.peers.get(*at), Some(Some(_))));
        let peers: Vec<usize> = (0..self.peers.len()).filter(has_figure).collect();
        if rows.is_empty() {
            return String::new();
        }
        let mut header = vec!["work".to_owned(), "ours".to_owned()];
        header.extend(peers.iter().map(|&at| name(&self.peers[at]).to_owned()));
        header.extend(["ratio", "note"].map(str::to_owned));
        let mut lines = vec![header];
        lines.extend(rows.iter().map(|row| row.cells(&peers)));
        format!("\n{title}\n{}", aligned(&lines))
    }
}

impl Row {
    /// Ours over the peer that is hardest to beat: above one is better in speed and worse in accuracy.
    fn ratio(&self) -> Option<f64> {
        let ratios = self.peers.iter().flatten().map(|peer| peer.ours / peer.value);
        let hardest = if self.table == Table::Speed { f64::min } else { f64::max };
        ratios.reduce(hardest)
    }

    fn cells(&self, peers: &[usize]) -> Vec<String> {
        let shown = |at: &usize| match self.peers.get(*at) {
            Some(Some(peer)) => {
                format!("{}{}", figure(peer.value), if peer.note.contains(" in ") { "*" } else { "" })
            }
            _ => "–".to_owned(),
        };
        let ratio = self.ratio();
        let is_behind = ratio.is_some_and(|ratio| match self.table {
            Table::Speed => ratio < 0.99,
            _ => ratio > 1.01,
        });
        let flag = if is_behind { " !" } else { "" };
        let mut cells = vec![self.work.clone(), figure(self.ours)];
        cells.extend(peers.iter().map(shown));
        cells.push(ratio.map_or("–".to_owned(), |ratio| format!("{}{flag}", figure(ratio))));
        cells.push(self.note.clone());
        cells
    }

    /// One row for each peer that has the work, or one without a peer.
    fn to_json(&self, peers: &[Value]) -> Vec<Value> {
        let row = |ours: f64, peer: &str, value: Option<f64>, note: &str| {
            let ratio = value.map(|value| ours / value);
            json!({
                "work": self.work, "unit": self.unit, "ours": ours, "peer": peer, "peer_value": value, "ratio": ratio,
                "note": note,
            })
        };
        let named = peers.iter().zip(&self.peers);
        let mut rows: Vec<Value> = named
            .filter_map(|(peer, beside)| {
                let beside = beside.as_ref()?;
                let notes = [self.note.as_str(), beside.note.as_str()];
                let notes: Vec<&str> = notes.into_iter().filter(|note| !note.is_empty()).collect();
                Some(row(beside.ours, name(peer), Some(beside.value), &notes.join("; peer ")))
            })
            .collect();
        if rows.is_empty() {
            rows.push(row(self.ours, "", None, &self.note));
        }
        rows
    }
}

fn name(peer: &Value) -> &str {
    peer["peer"].as_str().unwrap_or("peer")
}

/// Four significant digits, with thousands apart.
fn figure(value: f64) -> String {
    if value.abs() < 1000.0 {
        let digits = if value.abs() >= 100.0 {
            1
        } else if value.abs() >= 10.0 {
            2
        } else {
            3
        };
        return format!("{value:.digits$}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// The first and the last column to the left, figures to the right.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines[0].len();
    let width = |column: usize| lines.iter().map(|cells| cells[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for cells in lines {
        let padded = cells.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column == 0 || column + 1 == columns {
                format!("{cell:width$}")
            } else {
                format!("{cell:>width$}")
            }
        });
        text.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// The processor, our registers on it, and how busy it is.
fn machine() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!(
        "{}, {count} processors, {}, load {}",
        model.trim_start_matches([' ', '\t', ':']),
        forecast::simd_path(),
        load.join(" ")
    )
}
