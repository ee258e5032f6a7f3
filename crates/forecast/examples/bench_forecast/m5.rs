//! All 30 490 series of M5: WRMSSE on the hold-out with the official weights and scales.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use forecast::{Factor, ModelSpec, Profile, phases};
use serde_json::{Value, json};

use crate::table;

/// The twelve levels of M5 as columns to group by.
const LEVELS: [&[usize]; 12] =
    [&[], &[4], &[3], &[2], &[1], &[4, 2], &[4, 1], &[3, 2], &[3, 1], &[0], &[0, 4], &[0, 3]];

#[derive(Clone)]
struct M5 {
    train: Vec<Vec<f64>>,
    /// For each level, which of all 42 840 series each bottom series adds to.
    parents: Vec<Vec<usize>>,
    scales: Vec<f64>,
    weights: Vec<f64>,
    tests: Vec<Vec<f64>>,
    /// Store and department of each series.
    groups: Vec<(String, String)>,
    snap: BTreeMap<String, Factor>,
}

pub(crate) fn wrmsse(data: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let m5 = load(data)?;
    println!("M5 read in {:.2} s", start.elapsed().as_secs_f64());
    for origin in [391, 419] {
        println!("origin {origin}");
        let m5 = if origin == 419 { M5 { ..m5.clone() } } else { m5.before(origin) };
        race(&m5);
    }
    Ok(())
}

fn race(m5: &M5) {
    let mut all: BTreeMap<&str, Vec<Vec<f64>>> = BTreeMap::new();
    for weeks in [16, 26, 52] {
        for snap in [false, true] {
            for name in ["ses", "tsb", "croston"] {
                let start = Instant::now();
                let forecasts = with_profile(m5, &spec(name, &json!({})), snap, weeks);
                report(m5, &format!("{name} x profile of {weeks} weeks, snap {snap}"), &forecasts, start);
                if snap && weeks == 26 {
                    all.insert(name, forecasts);
                }
            }
        }
    }
    let start = Instant::now();
    let forecasts = plain(m5, &spec("ets", &json!({"season": "always"})));
    report(m5, "ets always", &forecasts, start);
    all.insert("ets", forecasts);
    let mean = |members: &[&str]| -> Vec<Vec<f64>> {
        (0..m5.train.len())
            .map(|at| {
                (0..28)
                    .map(|step| {
                        members.iter().map(|name| all[*name][at][step]).sum::<f64>() / members.len() as f64
                    })
                    .collect()
            })
            .collect()
    };
    let start = Instant::now();
    let base = mean(&["ses", "tsb", "ets"]);
    report(m5, "mean of ses, tsb x profile, ets", &base, start);
    let base = mean(&["ses", "tsb", "croston"]);
    report(m5, "mean of ses, tsb, croston x profile", &base, start);
    for (level, label) in [(0, "total"), (2, "store"), (4, "dept"), (7, "store-cat"), (8, "store-dept")] {
        for (name, params) in [("seasonal_average", json!({"lookback_cycles": 4}))] {
            for strength in [0.5, 1.0] {
                let start = Instant::now();
                let scaled = scaled(m5, &base, level, &spec(name, &params), strength);
                report(m5, &format!("base scaled by {label} {name} ^ {strength}"), &scaled, start);
            }
        }
    }
}

/// The base forecasts times the ratio of a level's own forecast to the sum of the base.
fn scaled(m5: &M5, base: &[Vec<f64>], level: usize, spec: &ModelSpec, strength: f64) -> Vec<Vec<f64>> {
    let parents = &m5.parents[level];
    let flat = Profile::of(std::iter::empty(), &[], 0, 0);
    let sum = |rows: &[Vec<f64>]| {
        let mut sums: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (&parent, row) in parents.iter().zip(rows) {
            let sum = sums.entry(parent).or_insert_with(|| vec![0.0; row.len()]);
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        sums
    };
    let (histories, bases) = (sum(&m5.train), sum(base));
    let ratios: BTreeMap<usize, Vec<f64>> = histories
        .into_iter()
        .map(|(parent, values)| {
            let points = flat.forecast(&values, spec, 28).expect("aggregates can be forecast");
            let ratio = |(own, sum): (&f64, &f64)| (own / sum.max(1e-9)).powf(strength);
            (parent, points.iter().zip(&bases[&parent]).map(ratio).collect())
        })
        .collect();
    parents
        .iter()
        .zip(base)
        .map(|(parent, points)| points.iter().zip(&ratios[parent]).map(|(p, r)| p * r).collect())
        .collect()
}

impl M5 {
    /// The same data as it was known earlier, tested on the rows that followed.
    fn before(&self, origin: usize) -> Self {
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

fn spec(name: &str, params: &Value) -> ModelSpec {
    ModelSpec::parse(name, params).expect("the bench's parameters are valid")
}

fn load(data: &Path) -> Result<M5, Box<dyn Error>> {
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

fn with_profile(m5: &M5, spec: &ModelSpec, snap: bool, weeks: usize) -> Vec<Vec<f64>> {
    let mut members: BTreeMap<&(String, String), Vec<&[f64]>> = BTreeMap::new();
    for (group, values) in m5.groups.iter().zip(&m5.train) {
        members.entry(group).or_default().push(values);
    }
    let origin = m5.train[0].len();
    let profile = |(group, values): (&'_ (String, String), Vec<&[f64]>)| {
        let mut factors = vec![phases(7, 447)];
        if snap {
            factors.push(m5.snap[&group.0[..2]].clone());
        }
        Profile::of(values, &factors, origin, 7 * weeks)
    };
    let profiles: BTreeMap<_, Profile> =
        members.into_iter().map(|(group, values)| (group, profile((group, values)))).collect();
    m5.groups
        .iter()
        .zip(&m5.train)
        .map(|(group, values)| profiles[group].forecast(values, spec, 28).unwrap_or_else(|_| vec![0.0; 28]))
        .collect()
}

fn plain(m5: &M5, spec: &ModelSpec) -> Vec<Vec<f64>> {
    let flat = Profile::of(std::iter::empty(), &[], 0, 0);
    m5.train.iter().map(|values| flat.forecast(values, spec, 28).unwrap_or_else(|_| vec![0.0; 28])).collect()
}

/// Per state, whether food benefits are paid on each of the 447 days.
fn snap(data: &Path) -> Result<BTreeMap<String, Factor>, Box<dyn Error>> {
    let text = std::fs::read_to_string(data.join("m5_calendar_447d.csv"))?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let mut days: BTreeMap<String, Factor> = BTreeMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(',')) {
            if let Some(state) = name.strip_prefix("snap_") {
                days.entry(state.to_owned()).or_default().push(usize::from(cell == "True"));
            }
        }
    }
    Ok(days)
}

fn report(m5: &M5, name: &str, forecasts: &[Vec<f64>], start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    let mut total = 0.0;
    let mut bottom = 0.0;
    for (level, parents) in m5.parents.iter().enumerate() {
        let mut sums: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (&parent, points) in parents.iter().zip(forecasts) {
            let sum = sums.entry(parent).or_insert_with(|| vec![0.0; 28]);
            sum.iter_mut().zip(points).for_each(|(sum, point)| *sum += point.max(0.0));
        }
        let mut of_level = 0.0;
        for (parent, points) in sums {
            let errors = points.iter().zip(&m5.tests[parent]).map(|(p, a)| (a - p) * (a - p));
            let error = errors.sum::<f64>() / 28.0;
            if m5.scales[parent] > 0.0 {
                of_level += m5.weights[parent] * (error / m5.scales[parent]).sqrt();
            }
        }
        total += of_level;
        if level == 11 {
            bottom = 12.0 * of_level;
        }
    }
    println!("M5 WRMSSE {total:.4}  L12 {bottom:.3}  {seconds:6.2} s  {name}");
}
