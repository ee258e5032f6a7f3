//! The rows and how they are shown.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::Outcome;

/// One figure beside its peer's.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub work: String,
    pub unit: &'static str,
    pub ours: f64,
    pub peer: &'static str,
    pub peer_value: Option<f64>,
    /// Ours over the peer's.
    pub ratio: Option<f64>,
    pub note: String,
}

impl Row {
    pub(crate) fn new(work: impl Into<String>, unit: &'static str, ours: f64) -> Self {
        Self { work: work.into(), unit, ours, peer: "", peer_value: None, ratio: None, note: String::new() }
    }

    pub(crate) fn beside(self, peer: &'static str, value: f64) -> Self {
        Self { peer, peer_value: Some(value), ratio: Some(self.ours / value), ..self }
    }

    pub(crate) fn noting(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// `target/bench` of the workspace.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench")
}

#[expect(clippy::print_stdout, reason = "the table is the output of this program")]
pub(crate) fn write(rows: &[Row]) -> Outcome<()> {
    let file =
        std::env::var_os("ASSAY_BENCH_JSON").map_or_else(|| directory().join("ledger.json"), PathBuf::from);
    std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
    std::fs::write(&file, serde_json::to_string_pretty(rows)? + "\n")?;
    println!(
        "{:<46} {:>9} {:>12} {:>12} {:>7}  {:<34} note",
        "work", "unit", "ours", "peer", "ratio", "peer is"
    );
    for row in rows {
        let (peer, ratio) = (number(row.peer_value, 0), number(row.ratio, 2));
        let Row { work, unit, ours, peer: of, note, .. } = row;
        println!(
            "{work:<46} {unit:>9} {:>12} {peer:>12} {ratio:>7}  {of:<34} {note}",
            number(Some(*ours), 0)
        );
    }
    Ok(())
}

fn number(value: Option<f64>, digits: usize) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value < 100.0 => format!("{value:.2}"),
        Some(value) => format!("{value:.digits$}"),
    }
}

/// The middle one, or the lower of two.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

pub(crate) fn quantile(values: &mut [f64], q: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index into the values")]
    let at = ((values.len() - 1) as f64 * q) as usize;
    values[at]
}
