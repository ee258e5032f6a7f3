//! Processor time.

use std::error::Error;

/// Processor seconds of the calling thread so far. Wall time would measure what else the machine does.
pub(crate) fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(1e-9 * nanoseconds)
}
