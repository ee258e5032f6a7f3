//! The heartbeat: one transaction renews the leases of all runs that execute here, however many they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::RunId;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

use super::{Active, Shared};

/// What a renewal found of a run: its fence, and whether somebody asked it to stop.
type Renewed = BTreeMap<RunId, (i64, bool)>;

/// Renews leases three times as often as they run out, as long as anything executes here.
pub(super) async fn heartbeat_loop(shared: Arc<Shared>) {
    let mut good_until_us = shared.lease_until_us();
    loop {
        tokio::time::sleep(shared.config.lease / 3).await;
        let active = shared.active().clone();
        if active.is_empty() {
            if shared.closing.is_cancelled() {
                return;
            }
            good_until_us = shared.lease_until_us();
            continue;
        }
        let renewed = match shared.renew(&active).await {
            Err(error) if shared.db.write.has_lost_connection(&error) => shared.renew(&active).await,
            renewed => renewed,
        };
        match renewed {
            Ok((renewed, until_us)) => {
                good_until_us = until_us;
                judge(&active, &renewed);
            }
            Err(error) => {
                kernel::warn_seldom!(%error, runs = active.len(), "a heartbeat failed");
                if shared.clock.now_us() > good_until_us {
                    for run in active.values() {
                        run.lost.cancel();
                    }
                }
            }
        }
    }
}

/// A run that was not renewed has another worker by now, or has ended.
fn judge(active: &BTreeMap<RunId, Active>, renewed: &Renewed) {
    for (id, run) in active {
        match renewed.get(id) {
            Some((fence, is_asked)) if *fence == run.fence => {
                if *is_asked {
                    run.cancel.cancel();
                }
            }
            _ => run.lost.cancel(),
        }
    }
}

impl Shared {
    async fn renew(&self, active: &BTreeMap<RunId, Active>) -> Result<(Renewed, i64), DbErr> {
        self.db
            .write
            .write("heartbeat", async |tx| {
                // Counted from when the writer is ours: waiting for it must not shorten the lease.
                let until_us = self.lease_until_us();
                let places: Vec<String> = (0..active.len()).map(|i| format!("${}", i + 3)).collect();
                let sql = format!(
                    "UPDATE run SET lease_until_us = $1
                     WHERE state = 'running' AND lease_owner = $2 AND id IN ({})
                     RETURNING id, fence, cancel_requested_us",
                    places.join(", ")
                );
                let mut values: Vec<Value> = vec![until_us.into(), self.config.worker.clone().into()];
                values.extend(active.keys().map(|id| Value::from(*id)));
                let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
                let mut renewed = Renewed::new();
                for row in tx.query_all_raw(statement).await? {
                    let is_asked = row.try_get_by_index::<Option<i64>>(2)?.is_some();
                    renewed.insert(row.try_get_by_index(0)?, (row.try_get_by_index(1)?, is_asked));
                }
                Ok((renewed, until_us))
            })
            .await
    }
}
