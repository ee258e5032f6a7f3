//! Work that grows with data: it leaves the threads of the runtime, a few at a time, and ends with whoever asked for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

/// Whether somebody still waits for the work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked(Arc<AtomicBool>);

impl Asked {
    /// Nobody does: the request was dropped, and the result will be thrown away.
    pub(crate) fn is_dropped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

struct DropGuard(Asked);

impl Drop for DropGuard {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Runs it on a thread for such work. A panic of it goes on here. Long work asks between its parts whether it is
/// still wanted.
pub(crate) async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce(&Asked) -> T + Send + 'static) -> T {
    let asked = Asked::default();
    let guard = DropGuard(asked.clone());
    let done = kernel::off_the_runtime(move || work(&asked)).await;
    drop(guard);
    done
}

/// So many requests load their series at once; each may hold a hundred megabytes. The others wait, and those whose
/// caller goes leave the queue.
const LOADS: usize = 2;

/// Whose turn it is to load series.
#[derive(Debug, Clone)]
pub(crate) struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LOADS)))
    }
}

impl Turns {
    pub(crate) async fn take(&self) -> SemaphorePermit<'_> {
        self.0.acquire().await.expect("nobody closes it")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn work_whose_caller_is_gone_stops_between_its_parts() {
        let (begun, has_begun) = mpsc::channel();
        let (ended, has_ended) = mpsc::channel();
        let work = off_the_runtime(move |asked| {
            begun.send(()).unwrap();
            let mut parts = 0_u64;
            while !asked.is_dropped() {
                parts += 1;
                std::hint::spin_loop();
            }
            ended.send(parts).unwrap();
        });
        let caller = tokio::spawn(work);
        tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        // Would never come from work that does not notice.
        tokio::task::spawn_blocking(move || has_ended.recv().unwrap()).await.unwrap();
    }
}
