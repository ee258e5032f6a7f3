//! Series per second of processor time on one thread: 1 000 daily series of M5 (419 days), 28 days ahead.

use std::error::Error;
use std::path::Path;

use forecast::{Future, History, ModelSpec};
use serde_json::json;

use crate::report::{Report, cpu_seconds};
use crate::{dates, spec, table};

const ROWS: usize = 419;
const HORIZON: usize = 28;
const REPEATS: usize = 3;

pub(crate) fn measure(data: &Path, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let all = table::lists(&data.join("m5_daily_419d.parquet"), "y")?;
    let series: Vec<&[f64]> = all.iter().step_by(30).take(1000).map(Vec::as_slice).collect();
    for (work, name, params) in [
        ("SES", "ses", json!({})),
        ("damped Holt", "damped_holt", json!({})),
        ("automatic ETS", "ets", json!({})),
        ("automatic ETS, best form only", "ets", json!({"selection": "best"})),
        ("Theta", "theta", json!({})),
        ("dynamic optimised Theta", "dynamic_optimized_theta", json!({})),
        ("Croston", "croston", json!({})),
        ("SBA", "sba", json!({})),
        ("TSB", "tsb", json!({})),
        ("ADIDA", "adida", json!({})),
        ("IMAPA", "imapa", json!({})),
        ("combination of ETS and two Theta", "combination", json!({})),
    ] {
        let spec = spec(name, &params);
        report.add(work, "series/s", rate(&series, || once(&series, &spec))?, "fit and forecast");
        let work = format!("{work}, 5 folds refitted and the end");
        report.add(&work, "series/s", rate(&series, || folds(&series, &spec))?, "");
        for (folds, what) in [(0, "the end"), (5, "5 folds refitted and the end")] {
            let work = format!("{}, {what}, in blocks of 64", spec.model_type());
            report.add(&work, "series/s", rate(&series, || blocks(&series, &spec, folds))?, "");
        }
    }
    Ok(())
}

/// The best of some repeats, each long enough for the coarse clock of processor time.
fn rate(series: &[&[f64]], work: impl Fn() -> f64) -> Result<f64, Box<dyn Error>> {
    const LEAST_SECONDS: f64 = 0.3;
    let mut best = 0.0_f64;
    for _ in 0..REPEATS {
        let start = cpu_seconds()?;
        let (mut passes, mut elapsed) = (0.0, 0.0);
        while elapsed < LEAST_SECONDS {
            std::hint::black_box(work());
            passes += 1.0;
            elapsed = cpu_seconds()? - start;
        }
        best = best.max(passes * series.len() as f64 / elapsed);
    }
    Ok(best)
}

fn once(series: &[&[f64]], spec: &ModelSpec) -> f64 {
    let dates = dates(ROWS + HORIZON);
    let (past, ahead) = dates.split_at(ROWS);
    let future = Future { dates: ahead, known: None };
    let forecast = |values: &&[f64]| {
        spec.forecast(&History { values, dates: past, known: None }, &future).map_or(0.0, |points| points[0])
    };
    series.iter().map(forecast).sum()
}

fn folds(series: &[&[f64]], spec: &ModelSpec) -> f64 {
    let dates = dates(ROWS + HORIZON);
    let origins: Vec<usize> = (0..6).rev().map(|fold| ROWS - HORIZON * fold).collect();
    let futures = vec![Future { dates: &dates[..HORIZON], known: None }; origins.len()];
    let forecast = |values: &&[f64]| {
        let history = History { values, dates: &dates[..ROWS], known: None };
        let all = spec.forecast_prefixes(&history, &origins, &futures);
        all.into_iter().map(|points| points.map_or(0.0, |points| points[0])).sum::<f64>()
    };
    series.iter().map(forecast).sum()
}

/// [`folds`] of 64 series at once.
fn blocks(series: &[&[f64]], spec: &ModelSpec, folds: usize) -> f64 {
    let dates = dates(ROWS + HORIZON);
    let origins: Vec<usize> = (0..=folds).rev().map(|fold| ROWS - HORIZON * fold).collect();
    let futures = vec![vec![Future { dates: &dates[..HORIZON], known: None }; origins.len()]; 64];
    let forecast = |block: &[&[f64]]| {
        let past = &dates[..ROWS];
        let histories: Vec<_> =
            block.iter().map(|values| History { values, dates: past, known: None }).collect();
        let all = spec.forecast_block(&histories, &origins, &futures[..block.len()]);
        all.into_iter().flatten().map(|points| points.map_or(0.0, |points| points[0])).sum::<f64>()
    };
    series.chunks(64).map(forecast).sum()
}
