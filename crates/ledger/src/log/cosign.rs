//! Witnesses: others who have seen a checkpoint, and sign that it does not contradict what they saw before.

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use tlog::{Note, Signature, Verifier};

use super::LogError;
use super::rows::{self, statement};

/// Adds what known witnesses have signed under the newest checkpoint. Returns how many of the lines were such; a second
/// line of one witness changes nothing.
pub(super) async fn add(
    tx: &DatabaseTransaction,
    witnesses: &[Verifier],
    lines: &[Signature],
) -> Result<u64, LogError> {
    rows::lock(tx).await?;
    let last = rows::checkpoint(tx).await?.ok_or(LogError::Empty)?;
    let note: Note = last.note.parse().map_err(|_| LogError::damaged("the newest checkpoint is no note"))?;
    let mut added = 0;
    for line in lines {
        let is_theirs = |key: &&Verifier| key.name() == line.name && key.id() == line.id;
        let Some(witness) = witnesses.iter().find(is_theirs) else { continue };
        if !witness.has_signed(note.text(), &line.bytes) {
            return Err(LogError::NotCosigned {
                witness: witness.name().to_owned(),
                size: last.checkpoint.size,
            });
        }
        added += 1;
        let is_new = !note.is_signed_by(witness);
        if is_new {
            let sql = "INSERT INTO log_cosignature (checkpoint, key, line) VALUES ($1, $2, $3)";
            let values = [last.number.into(), witness.to_string().into(), line.to_string().into()];
            tx.execute_raw(statement(tx, sql, values)).await?;
        }
    }
    Ok(added)
}
