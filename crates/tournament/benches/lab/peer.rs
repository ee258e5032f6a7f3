//! What the peers say of themselves.

use std::path::PathBuf;

use serde::Deserialize;

/// One peer's simulations of the season's field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Peer {
    /// Its name and version.
    pub(crate) name: String,
    /// By processor time of its one thread.
    pub(crate) tournaments_per_second: f64,
    /// How many it played in all.
    pub(crate) simulations: u64,
    /// How often each team won the last game.
    pub(crate) titles: Vec<u64>,
}

/// The peers whose files `ASSAY_BENCH_PEERS` lists as a path does.
pub(crate) fn from_environment() -> Vec<Peer> {
    let paths = std::env::var_os("ASSAY_BENCH_PEERS").unwrap_or_default();
    let read = |path: PathBuf| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    // Nothing is split into one path that is empty.
    std::env::split_paths(&paths).filter(|path| !path.as_os_str().is_empty()).map(read).collect()
}
