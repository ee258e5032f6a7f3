//! What is measured: models by their names in the catalogue, and the ways to run them.

use forecast::{Future, History, ModelSpec, catalog};
use serde_json::{Value, json};

use crate::data::{HORIZON, ROWS, origins};
use crate::dates;

/// A model with parameters.
pub(crate) struct Work {
    pub(crate) label: &'static str,
    /// What the peers call it: the model's name, unless parameters make it another.
    pub(crate) key: &'static str,
    model: &'static str,
    params: &'static str,
    /// Where a peer's work is less than ours.
    pub(crate) note: &'static str,
}

const fn work(label: &'static str, key: &'static str) -> Work {
    Work { label, key, model: key, params: "{}", note: "" }
}

/// The works of both tables.
pub(crate) const WORKS: &[Work] = &[
    work("SES", "ses"),
    work("Holt", "holt"),
    work("damped Holt", "damped_holt"),
    Work { note: "augurs: without seasons", ..work("automatic ETS", "ets") },
    work("Theta", "theta"),
    work("optimised Theta", "optimized_theta"),
    work("dynamic optimised Theta", "dynamic_optimized_theta"),
    work("CES", "ces"),
    work("MSTL", "mstl"),
    work("ARIMA", "arima"),
    work("Croston", "croston"),
    Work { note: "statsforecast: fixed weights", ..work("SBA", "sba") },
    Work { note: "statsforecast, anofox: fixed weights", ..work("TSB", "tsb") },
    work("ADIDA", "adida"),
    work("IMAPA", "imapa"),
    work("combination, mean", "combination"),
    Work {
        model: "combination",
        params: r#"{"center": "median"}"#,
        ..work("combination, median", "combination_median")
    },
];

impl Work {
    /// The model for a season of so many rows; `None` where the catalogue does not have it.
    pub(crate) fn spec(&self, period: usize) -> Option<ModelSpec> {
        let entry = catalog().into_iter().find(|entry| entry.model_type == self.model && entry.available)?;
        let mut params: Value = serde_json::from_str(self.params).expect("the list holds JSON");
        if entry.parameters.iter().any(|parameter| parameter.name == "season_length") {
            params["season_length"] = json!(period);
        }
        Some(ModelSpec::parse(self.model, &params).expect("the list holds valid parameters"))
    }

    /// Whether it is for demand that is often zero, and not for the series of the competitions.
    pub(crate) fn is_for_counts(&self) -> bool {
        matches!(self.key, "croston" | "sba" | "tsb" | "adida" | "imapa")
    }

    pub(crate) fn is_combination(&self) -> bool {
        self.model == "combination"
    }
}

/// A way to run a model over daily series; the sum of first points keeps the work from being left out.
pub(crate) struct Way {
    pub(crate) label: &'static str,
    /// The peers' way that does the same.
    pub(crate) peer: &'static str,
    pub(crate) run: fn(&[&[f64]], &ModelSpec) -> f64,
}

pub(crate) const WAYS: &[Way] = &[
    Way { label: "", peer: "once", run: once },
    Way { label: ", as a fleet", peer: "once", run: fleet_once },
    Way { label: ", 5 folds refitted and the end", peer: "folds", run: folds },
    Way { label: ", 5 folds refitted and the end, as a fleet", peer: "folds", run: fleet_folds },
];

fn fleet_once(series: &[&[f64]], spec: &ModelSpec) -> f64 {
    fleet(series, spec, &[ROWS])
}

fn fleet_folds(series: &[&[f64]], spec: &ModelSpec) -> f64 {
    fleet(series, spec, &origins())
}

/// Sixty-four series at a time, as `evaluation::outlook::say` hands them out.
fn fleet(series: &[&[f64]], spec: &ModelSpec, origins: &[usize]) -> f64 {
    let dates = dates(ROWS + HORIZON);
    let block = |block: &[&[f64]]| {
        let histories: Vec<History<'_>> = block
            .iter()
            .map(|values| History { values: &values[..ROWS], dates: &dates[..ROWS], known: None })
            .collect();
        let futures = vec![Future { dates: &dates[ROWS..], known: None }; origins.len()];
        let all = spec.forecast_block(&histories, origins, &vec![futures; block.len()]);
        all.into_iter().flatten().map(|points| points.map_or(0.0, |points| points[0])).sum::<f64>()
    };
    series.chunks(64).map(block).sum()
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

pub(crate) fn folds(series: &[&[f64]], spec: &ModelSpec) -> f64 {
    let dates = dates(ROWS + HORIZON);
    let origins = origins();
    let futures = vec![Future { dates: &dates[..HORIZON], known: None }; origins.len()];
    let forecast = |values: &&[f64]| {
        let history = History { values, dates: &dates[..ROWS], known: None };
        let all = spec.forecast_prefixes(&history, &origins, &futures);
        all.into_iter().map(|points| points.map_or(0.0, |points| points[0])).sum::<f64>()
    };
    series.iter().map(forecast).sum()
}
