//! Processor time and memory.

use std::ops::Range;

/// Processor seconds of this thread so far: wall time would measure what else the machine does.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    1e-9 * text.split(' ').next().unwrap().parse::<f64>().unwrap()
}

/// Processor seconds that some work takes. They come in ticks, so work should take a tenth of a second.
pub(crate) fn seconds(work: impl FnOnce()) -> f64 {
    let start = cpu_seconds();
    work();
    cpu_seconds() - start
}

/// Processor seconds of some short work, done as often as fills so many seconds: the median of five rounds.
pub(crate) fn seconds_each(filled: f64, mut work: impl FnMut()) -> f64 {
    median(|| {
        let mut times = 1_u32;
        loop {
            let spent = seconds(|| (0..times).for_each(|_| work()));
            if spent >= filled {
                return spent / f64::from(times);
            }
            times *= 2;
        }
    })
}

/// How much of `n` is done a processor second: the median of five.
pub(crate) fn per_second(n: u64, work: impl Fn(Range<u64>)) -> f64 {
    median(|| n as f64 / seconds(|| work(0..n)))
}

fn median(mut measure: impl FnMut() -> f64) -> f64 {
    let mut all: Vec<f64> = (0..5).map(|_| measure()).collect();
    all.sort_unstable_by(f64::total_cmp);
    all[2]
}

/// The most memory that the process has held, in KiB.
pub(crate) fn peak_kib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}
