//! What goes on although nobody waits for it: it needs the connections, so they are not closed under it.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// No end of a program waits longer. What is not done by then must be something that a later start finds and does.
const PATIENCE: Duration = Duration::from_secs(10);

/// Clones share what they wait for.
#[derive(Debug, Clone, Default)]
pub(super) struct Afterwards(TaskTracker);

impl Afterwards {
    /// From a `drop` there may be no runtime any more.
    pub(super) fn begin(&self, work: impl Future<Output = ()> + Send + 'static) -> Option<JoinHandle<()>> {
        let runtime = Handle::try_current().ok()?;
        Some(self.0.spawn_on(work, &runtime))
    }

    /// Returns when all of it has ended, or has had its time.
    pub(super) async fn ended(&self) {
        self.0.close();
        if tokio::time::timeout(PATIENCE, self.0.wait()).await.is_err() {
            tracing::warn!(tasks = self.0.len(), "the database closes before everything has been tidied up");
        }
    }
}
