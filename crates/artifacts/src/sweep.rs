//! Removing what interrupted uploads left behind, now and then.

use std::time::{Duration, SystemTime};

use kernel::SharedClock;
use tokio_util::sync::CancellationToken;

use crate::Store;

/// No upload takes longer; a younger one may be another process's.
const OLD: Duration = Duration::from_hours(24);
const EVERY: Duration = Duration::from_hours(1);

/// Sweeps at once and then every hour, until the program closes. A sweep that fails is logged and tried again.
pub async fn sweep_loop(store: Store, clock: SharedClock, closing: CancellationToken) {
    loop {
        let before = SystemTime::from(clock.now()) - OLD;
        match store.sweep_unfinished(before).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "removed unfinished uploads"),
            Err(error) => tracing::warn!(%error, "unfinished uploads could not be removed"),
        }
        if closing.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}
