//! The rows of the bench.

use serde_json::{Value, json};

/// One figure, and that of whoever does the same.
pub(crate) struct Row {
    pub(crate) work: String,
    pub(crate) unit: &'static str,
    pub(crate) ours: f64,
    pub(crate) peer: Option<(String, f64)>,
    pub(crate) note: String,
}

impl Row {
    fn to_json(&self) -> Value {
        let (peer, value) = self.peer.as_ref().map(|(peer, value)| (peer, value)).unzip();
        let ratio = value.map(|value| self.ours / value);
        json!({
            "work": self.work, "unit": self.unit, "ours": self.ours,
            "peer": peer, "peer_value": value, "ratio": ratio, "note": self.note,
        })
    }
}

/// The rows so far.
#[derive(Default)]
pub(crate) struct Report(Vec<Row>);

impl Report {
    pub(crate) fn add(&mut self, row: Row) {
        eprintln!("{}: {:.4} {}", row.work, row.ours, row.unit);
        self.0.push(row);
    }

    /// A row without a peer.
    pub(crate) fn alone(&mut self, work: String, unit: &'static str, ours: f64, note: String) {
        self.add(Row { work, unit, ours, peer: None, note });
    }

    /// Writes the rows to the file named by `ASSAY_BENCH_JSON`, or prints them.
    pub(crate) fn close(self) {
        let rows: Vec<Value> = self.0.iter().map(Row::to_json).collect();
        match std::env::var_os("ASSAY_BENCH_JSON") {
            Some(path) => std::fs::write(path, serde_json::to_string_pretty(&rows).unwrap()).unwrap(),
            None => rows.iter().for_each(|row| println!("{row}")),
        }
    }
}
