//! What retention has removed of runs, as the receipts say.

use std::collections::BTreeMap;

use kernel::row::{time, unreadable};
use kernel::{ReadDb, RunId};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use serde::Deserialize;
use wire::runs::{Removed, RemovedArtifact};

/// Values of one question to the database.
const VALUES: usize = 500;

/// The receipt's own words for what went.
#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    artifacts: Vec<RemovedArtifact>,
}

/// What was removed of these runs; those that are whole are left out.
pub async fn removed(db: &ReadDb, runs: &[RunId]) -> Result<BTreeMap<RunId, Removed>, DbErr> {
    let mut found = BTreeMap::new();
    for runs in runs.chunks(VALUES) {
        let places: Vec<String> = (1..=runs.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT subject, receipt_id, reason, removed, created_us FROM retention_release
             JOIN retention_receipt ON retention_receipt.id = receipt_id
             WHERE kind = 'run' AND subject IN ({})",
            places.join(", ")
        );
        let values = runs.iter().map(|run| Value::from(run.0.as_bytes().to_vec()));
        let statement = Statement::from_sql_and_values(db.backend(), sql, values);
        for row in db.conn().query_all_raw(statement).await? {
            found.extend([read(&row)?]);
        }
    }
    Ok(found)
}

fn read(row: &QueryResult) -> Result<(RunId, Removed), DbErr> {
    let subject: Vec<u8> = row.try_get("", "subject")?;
    let run = uuid::Uuid::from_slice(&subject).map_err(|_| unreadable("released run"))?;
    let words: String = row.try_get("", "removed")?;
    let words: Words = serde_json::from_str(&words).map_err(|_| unreadable("receipt of retention"))?;
    let removed = Removed {
        receipt_id: row.try_get("", "receipt_id")?,
        reason: row.try_get("", "reason")?,
        removed_at: time(row.try_get("", "created_us")?)?,
        artifacts: words.artifacts,
    };
    Ok((RunId(run), removed))
}
