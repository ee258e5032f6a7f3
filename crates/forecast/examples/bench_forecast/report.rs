//! The rows of the bench's table.

use std::error::Error;
use std::path::PathBuf;

use serde_json::{Value, json};

/// Rows so far and the peer's figures.
pub(crate) struct Report {
    rows: Vec<Value>,
    peers: Value,
    path: Option<PathBuf>,
}

impl Report {
    pub(crate) fn open() -> Result<Self, Box<dyn Error>> {
        let peers = match std::env::var_os("ASSAY_BENCH_PEERS") {
            Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
            None => Value::Null,
        };
        Ok(Self { rows: Vec::new(), peers, path: std::env::var_os("ASSAY_BENCH_JSON").map(PathBuf::from) })
    }

    /// Adds a row; the peer's figure is looked up by the work's name.
    pub(crate) fn add(&mut self, work: &str, unit: &str, ours: f64, note: &str) {
        let peer_value = self.peers["values"][work].as_f64();
        let ratio = peer_value.map(|peer| ours / peer);
        println!("{work:56} {ours:12.4} {unit:12} peer {peer_value:?} ratio {ratio:?} {note}");
        let peer = peer_value.and_then(|_| self.peers["peer"].as_str()).unwrap_or("");
        self.rows.push(json!({
            "work": work, "unit": unit, "ours": ours, "peer": peer, "peer_value": peer_value, "ratio": ratio,
            "note": note,
        }));
    }

    pub(crate) fn close(self) -> Result<(), Box<dyn Error>> {
        if let Some(path) = self.path {
            std::fs::write(path, serde_json::to_string_pretty(&self.rows)?)?;
        }
        Ok(())
    }
}

/// Processor seconds of the calling thread so far. Wall time would measure what else the machine does.
pub(crate) fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(1e-9 * nanoseconds)
}
