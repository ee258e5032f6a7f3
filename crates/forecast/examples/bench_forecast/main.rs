//! Speed and accuracy of the forecast engine on public data.
#![expect(clippy::print_stdout, reason = "a bench reports to its reader")]

mod m5;
mod table;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::NaiveDate;
use forecast::{Future, History, ModelSpec};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let data = std::env::var_os("ASSAY_BENCH_FORECAST_DATA").map_or("data/forecast".into(), PathBuf::from);
    match std::env::args().nth(1).as_deref() {
        Some("speed") => speed(&data),
        Some("accuracy") => accuracy(&data),
        Some("m5") => m5::wrmsse(&data),
        _ => speed(&data).and_then(|()| accuracy(&data)),
    }
}

fn spec(name: &str, params: &Value) -> ModelSpec {
    ModelSpec::parse(name, params).expect("the bench's parameters are valid")
}

fn dates(count: usize) -> Vec<NaiveDate> {
    NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date").iter_days().take(count).collect()
}

fn speed(data: &Path) -> Result<(), Box<dyn Error>> {
    let all = table::lists(&data.join("m5_daily_419d.parquet"), "y")?;
    let series: Vec<&Vec<f64>> = all.iter().step_by(30).take(1000).collect();
    let dates = dates(419 + 28);
    for (name, params) in [
        ("ses", json!({})),
        ("holt", json!({})),
        ("damped_holt", json!({})),
        ("ets", json!({"season": "always"})),
        ("ets", json!({})),
        ("theta", json!({})),
        ("optimized_theta", json!({})),
        ("dynamic_optimized_theta", json!({})),
        ("croston", json!({})),
        ("sba", json!({})),
        ("tsb", json!({})),
        ("adida", json!({})),
        ("imapa", json!({})),
        ("combination", json!({})),
    ] {
        let spec = spec(name, &params);
        let run = || {
            let mut sum = 0.0;
            for values in &series {
                let history = History { values, dates: &dates[..values.len()], known: None };
                let future = Future { dates: &dates[values.len()..values.len() + 28], known: None };
                sum += spec.forecast(&history, &future).map_or(0.0, |points| points[0]);
            }
            sum
        };
        let folds = || {
            let origins: Vec<usize> = (0..6).map(|fold| 419 - 28 * (5 - fold)).collect();
            let mut sum = 0.0;
            for values in &series {
                let history = History { values, dates: &dates[..values.len()], known: None };
                let futures = vec![Future { dates: &dates[..28], known: None }; 6];
                for points in spec.forecast_prefixes(&history, &origins, &futures) {
                    sum += points.map_or(0.0, |points| points[0]);
                }
            }
            sum
        };
        let time = |work: &dyn Fn() -> f64| {
            let runs = (0..5).map(|_| {
                let start = Instant::now();
                std::hint::black_box(work());
                start.elapsed().as_secs_f64()
            });
            series.len() as f64 / runs.fold(f64::INFINITY, f64::min)
        };
        println!("{name} {params}: {:.0} series/s, {:.0} with 5 folds + final", time(&run), time(&folds));
    }
    Ok(())
}

struct Set {
    name: &'static str,
    period: usize,
    train: Vec<Vec<f64>>,
    test: Vec<Vec<f64>>,
}

fn sets(data: &Path) -> Result<Vec<Set>, Box<dyn Error>> {
    let m3 = data.join("m3.parquet");
    let (train, test) = (table::lists(&m3, "y")?, table::lists(&m3, "y_test")?);
    let mut groups = vec![
        Set { name: "M3 yearly", period: 1, train: vec![], test: vec![] },
        Set { name: "M3 quarterly", period: 4, train: vec![], test: vec![] },
        Set { name: "M3 monthly", period: 12, train: vec![], test: vec![] },
        Set { name: "M3 other", period: 1, train: vec![], test: vec![] },
    ];
    // The data set is ordered: 645 yearly, 756 quarterly, 1428 monthly, 174 other series.
    for (at, (train, test)) in train.into_iter().zip(test).enumerate() {
        let group = match at {
            ..645 => 0,
            645..1401 => 1,
            1401..2829 => 2,
            _ => 3,
        };
        groups[group].train.push(train);
        groups[group].test.push(test);
    }
    for (name, file, period) in
        [("M4 weekly", "m4_weekly.parquet", 1), ("M4 hourly", "m4_hourly.parquet", 24)]
    {
        let path = data.join(file);
        let (train, test) = (table::lists(&path, "y")?, table::lists(&path, "y_test")?);
        groups.push(Set { name, period, train, test });
    }
    Ok(groups)
}

fn accuracy(data: &Path) -> Result<(), Box<dyn Error>> {
    for set in sets(data)? {
        for (name, params) in [
            ("naive", json!({})),
            ("ses", json!({})),
            ("holt", json!({})),
            ("damped_holt", json!({})),
            ("holt_winters", json!({"season_length": set.period})),
            ("holt_winters", json!({"season_length": set.period, "season": "multiplicative"})),
            ("ets", json!({"season_length": set.period})),
            ("ets", json!({"season_length": set.period, "selection": "best"})),
            ("theta", json!({"season_length": set.period})),
            ("optimized_theta", json!({"season_length": set.period})),
            ("dynamic_optimized_theta", json!({"season_length": set.period})),
            ("combination", json!({"season_length": set.period})),
            ("combination", json!({"season_length": set.period, "center": "mean"})),
        ] {
            let start = Instant::now();
            let spec = spec(name, &params);
            let (mut smape, mut mase, mut n) = (0.0, 0.0, 0.0);
            for (train, test) in set.train.iter().zip(&set.test) {
                let dates = dates(train.len() + test.len());
                let (past, future) = dates.split_at(train.len());
                let points = spec.forecast(
                    &History { values: train, dates: past, known: None },
                    &Future { dates: future, known: None },
                );
                let points = points.unwrap_or_else(|_| vec![train[train.len() - 1]; test.len()]);
                let scale = forecast::metrics::Scale::of(train, set.period);
                let metrics = forecast::Metrics::of(test, &points, scale);
                smape += metrics.smape.unwrap_or(0.0);
                mase += metrics.mase.unwrap_or(0.0);
                n += 1.0;
            }
            println!(
                "{:14} {name:14} sMAPE {:7.3} MASE {:6.3}  ({:.2} s, {n} series)",
                set.name,
                smape / n,
                mase / n,
                start.elapsed().as_secs_f64()
            );
        }
    }
    Ok(())
}
