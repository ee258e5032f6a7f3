//! Series per second of processor time on one thread: a thousand daily series of M5, 28 days ahead.

use std::error::Error;
use std::path::Path;

use forecast::ModelSpec;

use crate::clock::cpu_seconds;
use crate::data;
use crate::report::{Beside, Report, Row, Table};
use crate::works::{WAYS, Way, Work};

/// Rows of a season of daily sales.
const WEEK: usize = 7;

pub(crate) fn measure(data: &Path, works: &[&Work], report: &mut Report) -> Result<(), Box<dyn Error>> {
    let all = data::daily(data)?;
    let series: Vec<&[f64]> = all.iter().map(Vec::as_slice).collect();
    for work in works {
        let Some(spec) = work.spec(WEEK) else { continue };
        for way in WAYS {
            let ours = rate(&series, way, &spec)?;
            let key = format!("{} {}", work.key, way.peer);
            let peers = report.peers.iter().map(|peer| {
                let value = peer["speed"][&key].as_f64();
                value.map(|value| Beside { value, ours, note: String::new() })
            });
            report.add(Row {
                peers: peers.collect(),
                table: Table::Speed,
                work: format!("{}{}", work.label, way.label),
                unit: "series/s",
                ours,
                note: work.note.to_owned(),
            });
        }
    }
    Ok(())
}

/// The best of some repeats, over as many series as take long enough for the clock.
fn rate(series: &[&[f64]], way: &Way, spec: &ModelSpec) -> Result<f64, Box<dyn Error>> {
    const REPEATS: usize = 3;
    const LEAST_SECONDS: f64 = 0.3;
    // A slow model is measured on fewer series, spread over all.
    let timed = |some: &[&[f64]]| -> Result<f64, Box<dyn Error>> {
        let start = cpu_seconds()?;
        std::hint::black_box((way.run)(some, spec));
        Ok(cpu_seconds()? - start)
    };
    let few: Vec<&[f64]> = series.iter().copied().step_by(100).collect();
    let affordable = (few.len() as f64 * LEAST_SECONDS / timed(&few)?.max(1e-6)).max(few.len() as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 100")]
    let step = (series.len() as f64 / affordable).clamp(1.0, 100.0) as usize;
    let some: Vec<&[f64]> = series.iter().copied().step_by(step).collect();
    let mut best = 0.0_f64;
    for _ in 0..REPEATS {
        let (mut passes, mut elapsed) = (0.0, 0.0);
        while elapsed < LEAST_SECONDS {
            elapsed += timed(&some)?;
            passes += 1.0;
        }
        best = best.max(passes * some.len() as f64 / elapsed);
    }
    Ok(best)
}
