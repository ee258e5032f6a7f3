//! Models of the whole M5 panel: WRMSSE and processor time by window.
//!
//! `… --bench forecast -- global [WINDOW] [MODEL] [PARAMS]`: a window is `391` (the one before the hold-out, where choices are
//! made, together with `363`, `335` and `307`) or `419` (the hold-out). The note has the WRMSSE of each level as well,
//! from the total of all series down to the single ones: a common bias shows in the first.

use std::error::Error;
use std::path::Path;

use chrono::NaiveDate;
use forecast::{Future, History, Member, ModelSpec};
use series::{Known, Moment};

use crate::clock::cpu_seconds;
use crate::m5::{self, M5};
use crate::report::Report;

const DAYS: usize = 447;
const HORIZON: usize = 28;

pub(crate) fn measure(data: &Path, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = crate::arguments().split_off(1);
    let argument = |at: usize, default: &str| arguments.get(at).map_or(default, String::as_str).to_owned();
    let origin: usize = argument(0, "391").parse()?;
    let params = serde_json::from_str(&argument(2, "{}"))?;
    let spec = ModelSpec::parse(&argument(1, "pooled_profile"), &params)?;
    let full = m5::load(data)?;
    let panel = Panel::of(&full, data)?;
    let m5 = if origin < full.train[0].len() { full.before(origin) } else { full };
    let start = cpu_seconds()?;
    let forecasts = panel.forecast(&m5, &spec);
    let seconds = cpu_seconds()? - start;
    let levels: Vec<String> =
        m5.wrmsse_by_level(&forecasts).iter().map(|level| format!("{level:.3}")).collect();
    let note = format!("{seconds:.1} CPU-s, {params}, by level {}", levels.join(" "));
    let work = format!("M5 {}, origin {origin}", spec.model_type());
    report.alone(work, "WRMSSE", m5.wrmsse(&forecasts), note);
    Ok(())
}

/// What the models are told besides the sales.
pub(crate) struct Panel {
    dates: Vec<Moment>,
    /// Store and department of each series.
    keys: Vec<[String; 2]>,
    /// For each series its place in `known`.
    states: Vec<usize>,
    known: Vec<Known>,
}

impl Panel {
    pub(crate) fn of(m5: &M5, data: &Path) -> Result<Self, Box<dyn Error>> {
        let dates = NaiveDate::from_ymd_opt(2015, 3, 3).ok_or("a date of the calendar")?;
        let names: Vec<&String> = m5.snap.keys().collect();
        let state = |store: &str| names.iter().position(|name| **name == store[..2]);
        let states = m5.groups.iter().map(|(store, _)| state(store).ok_or("an unknown state"));
        let text = std::fs::read_to_string(data.join("m5_calendar_447d.csv"))?;
        let column = |at: usize| -> Result<Vec<f64>, Box<dyn Error>> {
            text.lines()
                .skip(1)
                .map(|line| Ok(line.split(',').nth(at).ok_or("a short line")?.parse()?))
                .collect()
        };
        let (event, kind) = (column(4)?, column(5)?);
        let known = |paid: &Vec<usize>| {
            Known::new(&[Some(1.0); DAYS], vec![false; DAYS], vec![false; DAYS], None)
                .with_days("paid", paid.iter().map(|&paid| paid as f64).collect())
                .with_days("event", event.clone())
                .with_days("event_kind", kind.clone())
        };
        Ok(Self {
            dates: dates.iter_days().take(DAYS).map(Moment::from).collect(),
            keys: m5.groups.iter().map(|(store, department)| [store.clone(), department.clone()]).collect(),
            states: states.collect::<Result<_, _>>()?,
            known: m5.snap.values().map(known).collect(),
        })
    }

    pub(crate) fn forecast(&self, m5: &M5, spec: &ModelSpec) -> Vec<Vec<f64>> {
        let member = |(at, values): (usize, &'_ Vec<f64>)| {
            let (origin, known) = (values.len(), &self.known[self.states[at]]);
            (at, origin, known)
        };
        let members: Vec<Member<'_>> = m5
            .train
            .iter()
            .enumerate()
            .map(|one| {
                let (at, origin, known) = member(one);
                let ahead = origin..origin + HORIZON;
                Member {
                    name: "",
                    groups: &self.keys[at],
                    history: History {
                        values: one.1,
                        dates: &self.dates[..origin],
                        known: Some(known.past(0..origin)),
                    },
                    learned: origin,
                    future: Future { dates: &self.dates[ahead.clone()], known: Some(known.rows(ahead)) },
                }
            })
            .collect();
        let points = spec.forecast_panel(&members, &|| true).expect("nothing stops it");
        points.into_iter().map(|points| points.unwrap_or_else(|_| vec![0.0; HORIZON])).collect()
    }
}
