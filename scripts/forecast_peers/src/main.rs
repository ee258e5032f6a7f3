//! The works of the forecast bench by Rust crates: `forecast_peers anofox|augurs OUT`.
//!
//! Reads `ASSAY_BENCH_FORECAST_DATA` and writes `{"peer", "speed": {"MODEL once|folds": series per CPU-second},
//! "accuracy": {GROUP: {MODEL: {"smape", "mase", "every"}}}}` after each model, and goes on where an earlier run of the same
//! version stopped; `every` is the stride of the sample that a slow work was measured on. Names are those of our catalogue.

mod anofox;
mod augurs;
#[path = "../../../crates/evaluation/benches/forecast/clock.rs"]
#[expect(dead_code, reason = "the bench also measures whole processes")]
mod clock;
#[path = "../../../crates/evaluation/benches/forecast/data.rs"]
mod data;
#[path = "../../../crates/evaluation/benches/forecast/score.rs"]
mod score;
#[path = "../../../crates/evaluation/benches/forecast/table.rs"]
#[expect(dead_code, reason = "the bench reads more kinds of columns")]
mod table;

use std::error::Error;
use std::path::{Path, PathBuf};

use data::{Group, HORIZON};
use score::Score;
use serde_json::{Value, json};

/// A crate with models of our catalogue's names.
trait Peer {
    /// What the crate wants a history to be. Making it is not timed.
    type History;
    /// Its name on crates.io.
    const CRATE: &'static str;
    /// What it has, the slowest last.
    const MODELS: &'static [&'static str];
    fn history(values: &[f64]) -> Self::History;
    /// Fits and forecasts; `None` where the crate refuses.
    fn forecast(model: &str, period: usize, history: &Self::History, steps: usize) -> Option<Vec<f64>>;
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, peer, out] = arguments.as_slice() else {
        return Err("usage: forecast_peers anofox|augurs OUT".into());
    };
    let data = std::env::var_os("ASSAY_BENCH_FORECAST_DATA").map_or("data/forecast".into(), PathBuf::from);
    match peer.as_str() {
        "anofox" => measure::<anofox::Anofox>(&data, Path::new(out)),
        "augurs" => measure::<augurs::Augurs>(&data, Path::new(out)),
        _ => Err(format!("there is no peer {peer}").into()),
    }
}

fn measure<P: Peer>(data: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let peer = format!("{} {}", P::CRATE, version(P::CRATE));
    let earlier =
        std::fs::read_to_string(out).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let earlier = earlier.filter(|earlier| earlier["peer"] == peer.as_str());
    let mut found = earlier.unwrap_or_else(|| json!({"peer": peer, "speed": {}, "accuracy": {}}));
    let series = data::daily(data)?;
    let groups = data::groups(data)?;
    for model in P::MODELS {
        let is_known = |group: &Group| found["accuracy"][group.name].get(model).is_some();
        if found["speed"].get(format!("{model} once")).is_some() || groups.iter().any(is_known) {
            continue;
        }
        for (work, origins) in [("once", vec![data::ROWS]), ("folds", data::origins())] {
            if let Some(rate) = rate::<P>(model, &series, &origins)? {
                found["speed"][format!("{model} {work}")] = rate.into();
            }
        }
        for group in groups.iter().filter(|group| is_judged(model, group)) {
            if let Some(score) = score::<P>(model, group) {
                found["accuracy"][group.name][model] = score;
            }
        }
        std::fs::write(out, serde_json::to_string_pretty(&found)?)?;
        println!("{} {model} {}", P::CRATE, found["speed"][format!("{model} once")]);
    }
    Ok(())
}

/// Series per CPU-second, over as many spread series as a few seconds allow.
fn rate<P: Peer>(model: &str, series: &[Vec<f64>], origins: &[usize]) -> Result<Option<f64>, Box<dyn Error>> {
    const SECONDS: f64 = 3.0;
    // 997 has no factor in common with the thousand series: the order visits all of them, far apart.
    let order = (0..series.len()).map(|at| &series[at * 997 % series.len()]);
    let histories = order.map(|values| origins.iter().map(|&origin| P::history(&values[..origin])).collect());
    let histories: Vec<Vec<P::History>> = histories.collect();
    if P::forecast(model, 7, &histories[0][0], HORIZON).is_none() {
        return Ok(None);
    }
    let start = clock::cpu_seconds()?;
    let (mut count, mut elapsed) = (0, 0.0);
    while elapsed < SECONDS && count < 4 * histories.len() {
        for history in &histories[count % histories.len()] {
            std::hint::black_box(P::forecast(model, 7, history, HORIZON));
        }
        count += 1;
        elapsed = clock::cpu_seconds()? - start;
    }
    Ok(Some(f64::from(u32::try_from(count)?) / elapsed))
}

fn is_judged(model: &str, group: &Group) -> bool {
    !matches!(model, "croston" | "sba" | "tsb" | "adida" | "imapa") && (model != "mstl" || group.period > 1)
}

/// Which series a slow work is measured on: one in so many; `None` for none.
fn stride(model: &str, group: &Group) -> Option<usize> {
    match (model, group.name) {
        ("arima", "M4 hourly") => None,
        ("arima", "M4 weekly") => Some(12),
        ("arima", "M3 monthly") => Some(7),
        ("ets", "M4 hourly") => Some(8),
        _ => Some(1),
    }
}

fn score<P: Peer>(model: &str, group: &Group) -> Option<Value> {
    let every = stride(model, group)?;
    let mut refused = 0;
    let mut one = |(train, test): (&Vec<f64>, &Vec<f64>)| {
        let points = P::forecast(model, group.period, &P::history(train), test.len());
        let points = points.filter(|points| points.iter().all(|point| point.is_finite()));
        // A series the model refuses is forecast by its last value, as ours is.
        let points = points.unwrap_or_else(|| {
            refused += 1;
            vec![train[train.len() - 1]; test.len()]
        });
        Score::of(train, test, &points, group.period)
    };
    let scores: Vec<Score> = group.train.iter().zip(&group.test).step_by(every).map(&mut one).collect();
    if refused == scores.len() {
        return None;
    }
    let Score { smape, mase } = Score::mean(scores.into_iter());
    Some(json!({"smape": smape, "mase": mase, "every": every, "refused": refused}))
}

/// The version that was built, out of the lock file.
fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).map(|(_, after)| after);
    after.and_then(|after| after.split('"').next()).expect("the lock file holds every dependency")
}
