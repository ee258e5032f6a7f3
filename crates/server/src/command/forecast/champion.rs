//! `--champion`: an earlier decision, by its run or in a file.

use std::path::Path;

use kernel::RunId;
use wire::model_selection::FleetDecision;

use crate::exit::{Exit, Failed};
use crate::input;

/// Whose models and weights are taken.
pub(super) enum Champion {
    /// Of a run that is stored here.
    Run(RunId),
    /// Of a file.
    File(FleetDecision),
}

/// A run by its id, or else a file.
pub(super) fn of(named: &Path) -> anyhow::Result<Champion> {
    if let Some(run) = named.to_str().and_then(|text| text.parse().ok()) {
        return Ok(Champion::Run(run));
    }
    let bytes = input::read(named)?;
    let decision = serde_json::from_slice(&bytes).map_err(|error| {
        let message = format!(
            "--champion: {} is not what --save-champion writes, and no id of a run: {error}",
            named.display()
        );
        Failed::new(Exit::Usage, message)
    })?;
    Ok(Champion::File(decision))
}
