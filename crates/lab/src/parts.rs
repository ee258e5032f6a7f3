//! Counting over simulations while somebody waits: off the runtime, in as many parts as there are processors, and a few
//! requests at a time. What is counted are whole numbers, so the parts reach nothing.

use std::ops::Range;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

/// So many requests count at once; the others wait.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Parts of one request.
const MOST_PARTS: u64 = 8;

/// The sum of what is counted over the first `n` simulations.
pub(crate) async fn counted<T: Send + 'static>(
    n: u64,
    count: impl Fn(Range<u64>) -> T + Clone + Send + 'static,
    add: impl Fn(&mut T, &T),
) -> T {
    let _turn = TURNS.acquire().await.expect("nobody closes it");
    let parts = available_parallelism().map_or(1, |found| found.get() as u64).min(MOST_PARTS);
    let part = |at: u64| n * at / parts..n * (at + 1) / parts;
    let begin = |at: u64| {
        let (part, count) = (part(at), count.clone());
        kernel::off_the_runtime(move || count(part))
    };
    let all: Vec<_> = (0..parts).map(begin).collect();
    let mut sum: Option<T> = None;
    for counting in all {
        let found = counting.await;
        match &mut sum {
            Some(sum) => add(sum, &found),
            None => sum = Some(found),
        }
    }
    sum.expect("there is a part at least")
}
