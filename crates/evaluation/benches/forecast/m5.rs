//! All 30 490 series of M5: WRMSSE on the hold-out with the official weights and scales.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use bytes::Bytes;
use evaluation::BLOCK;
use evaluation::choose::candidates::{Candidate, Role};
use evaluation::choose::rule::Loss;
use evaluation::outlook::{Conclusion, Folding, Question, Said, conclude, say};
use forecast::ModelSpec;
use rayon::prelude::*;
use serde_json::json;
use series::columnar::{Compression, OutlookColumns, OutlookWriter, WriteError};
use series::intake::{self, Asked, Rhythm};
use series::{DatedSeries, Frequency, Series};
use wire::model_selection::{Gaps, Interval, StatedFolds};

use crate::clock::{cpu_seconds, peak_bytes, process_cpu_seconds};
use crate::global::Panel;
use crate::report::Report;
use crate::works::{WORKS, Work};
use crate::{spec, table};

/// The twelve levels of M5 as columns to group by.
const LEVELS: [&[usize]; 12] =
    [&[], &[4], &[3], &[2], &[1], &[4, 2], &[4, 1], &[3, 2], &[3, 1], &[0], &[0, 4], &[0, 3]];

/// The level of single series, item by store.
const BOTTOM: usize = 11;

type Group = (String, String);

/// The bottom series of M5 and what the competition judges forecasts of them by.
#[derive(Clone)]
pub(crate) struct M5 {
    pub(crate) train: Vec<Vec<f64>>,
    /// For each level, which of all 42 840 series each bottom series adds to.
    parents: Vec<Vec<usize>>,
    scales: Vec<f64>,
    weights: Vec<f64>,
    tests: Vec<Vec<f64>>,
    /// Store and department of each series.
    pub(crate) groups: Vec<Group>,
    pub(crate) snap: BTreeMap<String, Vec<usize>>,
}

pub(crate) fn measure(data: &Path, report: &mut Report) -> Result<(), Box<dyn Error>> {
    zoo(data, report)?;
    let start = cpu_seconds()?;
    let m5 = load(data)?;
    report.alone(
        "M5 read from Parquet".into(),
        "CPU-s",
        cpu_seconds()? - start,
        "30 490 series of 419 days".into(),
    );
    // The window before the hold-out is where a choice may be made; the hold-out only reports it.
    let panel = Panel::of(&m5, data)?;
    for (m5, window) in [(m5.before(391), "earlier window"), (m5, "hold-out")] {
        race(&panel, &m5, window, report)?;
    }
    Ok(())
}

/// From a Parquet file to a Parquet file, as a forecast of the product goes: every model of the list on every series with
/// five folds and the end, weighed, with intervals, where a season is a week. Models that alone take longer than all
/// others together are timed on their own.
fn zoo(data: &Path, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let asked = Asked {
        start: "2015-03-03".parse().ok(),
        rhythm: Some(Rhythm::Of(Frequency::DAILY)),
        ..Asked::default()
    };
    let is_slow = |work: &&Work| work.is_combination() || matches!(work.key, "ces" | "mstl" | "arima");
    let cheap: Vec<(&Work, ModelSpec)> =
        WORKS.iter().filter(|work| !is_slow(work)).filter_map(|work| Some((work, work.spec(7)?))).collect();
    let start = process_cpu_seconds()?;
    let intake = intake::read(&Bytes::from(std::fs::read(data.join("m5_daily_419d.parquet"))?), &asked)?;
    let on_grid = |one: DatedSeries| one.on_grid(Frequency::DAILY, Gaps::Missing);
    let series = intake.series.into_iter().map(on_grid).collect::<Result<Vec<Series>, _>>()?;
    let read = process_cpu_seconds()? - start;
    let said: Vec<Vec<Option<Said>>> = cheap.iter().map(|(_, spec)| say_all(&series, spec)).collect();
    let raced = process_cpu_seconds()? - start - read;
    let candidate = |spec: &ModelSpec| Candidate { spec: spec.clone(), role: Role::Member, why: "cheap" };
    let candidates: Vec<Candidate> = cheap.iter().map(|(_, spec)| candidate(spec)).collect();
    let conclusion = conclude(&question(&candidates), &series, &said);
    let bytes = written(&series, &conclusion)?;
    let total = process_cpu_seconds()? - start;
    let note = format!(
        "{} models; read {read:.2}, race {raced:.2}, weigh and write {:.2} ({} MB)",
        cheap.len(),
        total - read - raced,
        bytes.len() / 1_000_000
    );
    report.alone("M5 from Parquet to Parquet, 5 folds and the end".into(), "CPU-s", total, note);
    report.alone(
        "the same, most memory held".into(),
        "GiB",
        peak_bytes()? / f64::from(1 << 30),
        String::new(),
    );
    for (work, spec) in &cheap {
        let start = process_cpu_seconds()?;
        std::hint::black_box(say_all(&series, spec));
        let elapsed = process_cpu_seconds()? - start;
        report.alone(format!("of it {}", work.label), "CPU-s", elapsed, String::new());
    }
    Ok(())
}

const AHEAD: usize = 28;
const FOLDS: StatedFolds =
    StatedFolds { n_splits: Some(5), min_train_size: Some(279), gap: None, step: None };
const FOLDING: Folding = Folding { horizon: AHEAD, season: 7, stated: FOLDS };

fn question(candidates: &[Candidate]) -> Question<'_> {
    Question {
        candidates,
        folding: FOLDING,
        season: 7,
        loss: Loss::Absolute,
        is_fleet: true,
        given: None,
        levels: &Interval::USUAL_LEVELS,
    }
}

/// What a model says of every series, in blocks of the product's size on all threads.
fn say_all(series: &[Series], spec: &ModelSpec) -> Vec<Option<Said>> {
    let of_block = |block: &[Series]| {
        let block: Vec<&Series> = block.iter().collect();
        let said = say(&block, spec, &FOLDING, AHEAD, &|| false).expect("nobody cancels");
        said.into_iter().map(Result::ok).collect::<Vec<_>>()
    };
    series.par_chunks(BLOCK).flat_map_iter(of_block).collect()
}

fn written(series: &[Series], conclusion: &Conclusion) -> Result<Vec<u8>, WriteError> {
    let mut columns = OutlookColumns::new(&Interval::USUAL_LEVELS);
    for (one, outlook) in series.iter().zip(&conclusion.series) {
        let Some(outlook) = outlook else { continue };
        let bounds = outlook.intervals.iter().map(|interval| (&interval.lower[..], &interval.upper[..]));
        let bounds: Vec<_> = bounds.collect();
        columns.push(one.name(), &one.future_dates(AHEAD), &outlook.points, &bounds);
    }
    let mut file = OutlookWriter::new(Compression::Zstd);
    let mut bytes = file.add(&columns)?;
    bytes.extend(file.finish(&Interval::USUAL_LEVELS)?);
    Ok(bytes)
}

fn race(panel: &Panel, m5: &M5, window: &str, report: &mut Report) -> Result<(), Box<dyn Error>> {
    for (name, params) in [
        ("pooled_profile", json!({})),
        ("pooled_profile", json!({"level": "tsb"})),
        ("pooled_profile", json!({"level": "ses"})),
        ("ets", json!({"season": "always"})),
        ("dynamic_optimized_theta", json!({})),
        ("seasonal_naive", json!({})),
    ] {
        let start = cpu_seconds()?;
        let forecasts = panel.forecast(m5, &spec(name, &params));
        let note = format!("{:.2} CPU-s, {params}, {window}", cpu_seconds()? - start);
        report.alone(format!("M5 {name}, {window}"), "WRMSSE", m5.wrmsse(&forecasts), note);
    }
    Ok(())
}

impl M5 {
    /// The weighted root mean squared scaled error over all twelve levels.
    pub(crate) fn wrmsse(&self, forecasts: &[Vec<f64>]) -> f64 {
        let levels = self.wrmsse_by_level(forecasts);
        levels.iter().sum::<f64>() / levels.len() as f64
    }

    /// The same of each level, from the total of all series down to the single ones.
    pub(crate) fn wrmsse_by_level(&self, forecasts: &[Vec<f64>]) -> Vec<f64> {
        let of_level = |parents: &Vec<usize>| {
            let mut total = 0.0;
            let mut sums: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
            for (&parent, points) in parents.iter().zip(forecasts) {
                let sum = sums.entry(parent).or_insert_with(|| vec![0.0; 28]);
                sum.iter_mut().zip(points).for_each(|(sum, point)| *sum += point.max(0.0));
            }
            for (parent, points) in sums.into_iter().filter(|(parent, _)| self.scales[*parent] > 0.0) {
                let errors = points.iter().zip(&self.tests[parent]).map(|(p, a)| (a - p) * (a - p));
                total += self.weights[parent] * (errors.sum::<f64>() / 28.0 / self.scales[parent]).sqrt();
            }
            // The official weights of all levels together sum to 1.
            LEVELS.len() as f64 * total
        };
        self.parents.iter().map(of_level).collect()
    }

    /// What a bottom series sold on the 28 days after its history.
    pub(crate) fn actuals(&self, at: usize) -> &[f64] {
        let bottom = &self.parents[BOTTOM];
        &self.tests[bottom[at]]
    }

    /// The same data as it was known earlier, tested on the rows that followed.
    pub(crate) fn before(&self, origin: usize) -> Self {
        let mut tests = vec![vec![0.0; 28]; self.tests.len()];
        for parents in &self.parents {
            for (&parent, values) in parents.iter().zip(&self.train) {
                tests[parent].iter_mut().zip(&values[origin..]).for_each(|(sum, value)| *sum += value);
            }
        }
        let train = self.train.iter().map(|values| values[..origin].to_vec()).collect();
        Self { train, tests, ..self.clone() }
    }
}

/// Reads all of it.
pub(crate) fn load(data: &Path) -> Result<M5, Box<dyn Error>> {
    let (daily, scored) = (data.join("m5_daily_419d.parquet"), data.join("m5_wrmsse_42840.parquet"));
    let columns: Vec<Vec<String>> = ["item_id", "dept_id", "cat_id", "store_id", "state_id"]
        .iter()
        .map(|name| table::texts(&daily, name))
        .collect::<Result<_, _>>()?;
    let mut parents = Vec::new();
    let mut first = 0;
    for level in LEVELS {
        let key = |at: usize| level.iter().map(|&column| columns[column][at].as_str()).collect::<Vec<_>>();
        let mut order = BTreeMap::new();
        for at in 0..columns[0].len() {
            order.entry(key(at)).or_insert(0);
        }
        for (place, slot) in order.values_mut().enumerate() {
            *slot = first + place;
        }
        parents.push((0..columns[0].len()).map(|at| order[&key(at)]).collect());
        first += order.len();
    }
    let groups = columns[3].iter().cloned().zip(columns[1].iter().cloned()).collect();
    Ok(M5 {
        train: table::lists(&daily, "y")?,
        parents,
        scales: table::numbers(&scored, "scale_mse_full_history")?,
        weights: table::numbers(&scored, "weight_div12")?,
        tests: table::lists(&scored, "y_test")?,
        groups,
        snap: snap(data)?,
    })
}

/// Per state, whether food benefits are paid on each of the 447 days.
fn snap(data: &Path) -> Result<BTreeMap<String, Vec<usize>>, Box<dyn Error>> {
    let text = std::fs::read_to_string(data.join("m5_calendar_447d.csv"))?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let mut days: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(',')) {
            if let Some(state) = name.strip_prefix("snap_") {
                days.entry(state.to_owned()).or_default().push(usize::from(cell == "True"));
            }
        }
    }
    Ok(days)
}
