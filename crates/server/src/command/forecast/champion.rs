//! `--champion`: an earlier decision, by its run or in a file.

use std::path::Path;

use client::{Client, Error};
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
    // Editors lead a file with the mark of its encoding, which JSON has no place for.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let decision = serde_json::from_slice(text).map_err(|error| {
        let message = format!(
            "--champion: {} is not what --save-champion writes, and no id of a run: {error}",
            named.display()
        );
        Failed::new(Exit::Usage, message)
    })?;
    Ok(Champion::File(decision))
}

/// A refusal of an earlier run that is here, and no forecast, says what it is.
pub(super) async fn explained(client: &Client, champion: Option<RunId>, error: Error) -> anyhow::Error {
    let is_unknown = error.status().is_some_and(|status| status.as_u16() == 404);
    let Some(id) = champion.filter(|_| is_unknown) else { return error.into() };
    let Ok(run) = client.run(id).await else { return error.into() };
    let message = format!(
        "--champion: run {id} is a {}; it takes the run of a forecast, or the file that --save-champion wrote",
        run.item.kind
    );
    Failed::new(Exit::Usage, message).into()
}
