//! Mean sMAPE and MASE on M3 and on the weekly and hourly series of M4.

use std::error::Error;
use std::path::Path;

use forecast::metrics::Scale;
use forecast::{Future, History, Metrics, ModelSpec};
use serde_json::json;

use crate::report::Report;
use crate::{dates, spec, table};

struct Group {
    name: &'static str,
    period: usize,
    train: Vec<Vec<f64>>,
    test: Vec<Vec<f64>>,
}

pub(crate) fn measure(data: &Path, report: &mut Report) -> Result<(), Box<dyn Error>> {
    for group in groups(data)? {
        for (label, name) in [
            ("SES", "ses"),
            ("automatic ETS", "ets"),
            ("Theta", "theta"),
            ("dynamic optimised Theta", "dynamic_optimized_theta"),
            ("automatic ARIMA", "arima"),
            ("combination", "combination"),
        ] {
            let params = if name == "ses" { json!({}) } else { json!({"season_length": group.period}) };
            let (smape, mase) = errors(&group, &spec(name, &params));
            report.add(&format!("{} {label}", group.name), "sMAPE", smape, "");
            report.add(&format!("{} {label} (MASE)", group.name), "MASE", mase, "");
        }
    }
    Ok(())
}

fn errors(group: &Group, spec: &ModelSpec) -> (f64, f64) {
    let (mut smape, mut mase) = (0.0, 0.0);
    for (train, test) in group.train.iter().zip(&group.test) {
        let dates = dates(train.len() + test.len());
        let (past, ahead) = dates.split_at(train.len());
        let history = History { values: train, dates: past, known: None };
        let points = spec.forecast(&history, &Future { dates: ahead, known: None });
        // A series the model refuses is forecast by its last value, so that no model is spared the hard ones.
        let points = points.unwrap_or_else(|_| vec![train[train.len() - 1]; test.len()]);
        let metrics = Metrics::of(test, &points, Scale::of(train, group.period));
        smape += metrics.smape.unwrap_or(0.0);
        mase += metrics.mase.unwrap_or(0.0);
    }
    let n = group.train.len() as f64;
    (smape / n, mase / n)
}

fn groups(data: &Path) -> Result<Vec<Group>, Box<dyn Error>> {
    let m3 = data.join("m3.parquet");
    let (mut train, mut test) = (table::lists(&m3, "y")?, table::lists(&m3, "y_test")?);
    let mut groups = Vec::new();
    // The file holds 645 yearly, 756 quarterly, 1 428 monthly and 174 other series, in this order.
    for (name, period, from) in
        [("M3 other", 1, 2829), ("M3 monthly", 12, 1401), ("M3 quarterly", 4, 645), ("M3 yearly", 1, 0)]
    {
        groups.push(Group { name, period, train: train.split_off(from), test: test.split_off(from) });
    }
    groups.reverse();
    for (name, file, period) in
        [("M4 weekly", "m4_weekly.parquet", 1), ("M4 hourly", "m4_hourly.parquet", 24)]
    {
        let path = data.join(file);
        groups.push(Group {
            name,
            period,
            train: table::lists(&path, "y")?,
            test: table::lists(&path, "y_test")?,
        });
    }
    Ok(groups)
}
