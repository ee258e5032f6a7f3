//! Processor time.

use std::error::Error;

/// Processor seconds of the calling thread so far. Wall time would measure what else the machine does.
pub(crate) fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(1e-9 * nanoseconds)
}

/// Processor seconds of all threads of the process so far, in hundredths.
pub(crate) fn process_cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    // The name in brackets may hold spaces; user and system ticks are the twelfth and thirteenth fields after it.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 =
        fields.get(11..13).ok_or("a short line")?.iter().map(|field| field.parse().unwrap_or(0.0)).sum();
    Ok(ticks / 100.0)
}

/// The most memory the process has held, in bytes.
pub(crate) fn peak_bytes() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("there is no peak")?;
    Ok(1024.0 * line.trim().trim_end_matches(" kB").parse::<f64>()?)
}
