//! Work that would hold up a thread of the runtime.

/// Runs it on a thread for such work, from now on and not only once the future is asked for. A panic of it goes on in
/// whoever waits.
pub fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = T> {
    let working = tokio::task::spawn_blocking(work);
    async {
        match working.await {
            Ok(value) => value,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}
