//! sMAPE, MASE and OWA on M3 and on the weekly and hourly series of M4.

use std::error::Error;
use std::path::Path;

use forecast::{Future, History, ModelSpec};

use crate::data::{self, Group};
use crate::dates;
use crate::naive2::naive2;
use crate::report::{Beside, Report, Row, Table};
use crate::score::Score;
use crate::works::Work;

/// What the M4 competition published of Naive2 (sMAPE, MASE), and of M3 what its data give under M4's rules.
const PUBLISHED: [(&str, f64, f64); 3] =
    [("M3 yearly", 17.88, 3.172), ("M4 weekly", 9.161, 2.777), ("M4 hourly", 18.383, 2.395)];

pub(crate) fn measure(data: &Path, works: &[&Work], report: &mut Report) -> Result<(), Box<dyn Error>> {
    for group in data::groups(data)? {
        let naive = group.scores(|train, steps| naive2(train, group.period, steps));
        report.add(naive_row(&group, &naive));
        let mut single: Option<(f64, &str)> = None;
        for work in works.iter().filter(|work| !work.is_for_counts()) {
            // A decomposition into seasons has nothing to do where there is none.
            let Some(spec) = work.spec(group.period).filter(|_| work.key != "mstl" || group.period > 1)
            else {
                continue;
            };
            let judged = Judged {
                group: &group,
                naive: &naive,
                ours: group.scores(|train, steps| points(&spec, train, steps)),
            };
            let ours = judged.owa(1);
            let mut note = judged.mean(1).to_string();
            if work.is_combination() {
                note.push_str(&against_singles(ours, single));
            } else if single.is_none_or(|(best, _)| ours < best) {
                single = Some((ours, work.label));
            }
            report.add(judged.row(work, &report.peers, note));
        }
    }
    Ok(())
}

/// The overall weighted average: the mean of both errors relative to those of Naive2.
fn owa(score: Score, naive2: Score) -> f64 {
    0.5 * (score.smape / naive2.smape + score.mase / naive2.mase)
}

fn against_singles(ours: f64, single: Option<(f64, &str)>) -> String {
    match single {
        Some((best, label)) if ours < best => format!("; beats every single model (best: {label} {best:.3})"),
        Some((best, label)) => format!("; {label} alone is better: {best:.3}"),
        None => String::new(),
    }
}

fn points(spec: &ModelSpec, train: &[f64], steps: usize) -> Vec<f64> {
    let dates = dates(train.len() + steps);
    let (past, ahead) = dates.split_at(train.len());
    let history = History { values: train, dates: past, known: None };
    let points = spec.forecast(&history, &Future { dates: ahead, known: None });
    // A series the model refuses is forecast by its last value, so that no model is spared the hard ones.
    points.unwrap_or_else(|_| vec![train[train.len() - 1]; steps])
}

fn naive_row(group: &Group, scores: &[Score]) -> Row {
    let ours = Score::mean(scores.iter().copied());
    let published = PUBLISHED.iter().find(|(name, ..)| *name == group.name);
    let note = published.map(|(_, smape, mase)| format!("; published {smape} / {mase}")).unwrap_or_default();
    Row {
        table: Table::Accuracy,
        work: format!("{} Naive2", group.name),
        unit: "OWA",
        ours: 1.0,
        peers: Vec::new(),
        note: format!("{ours}{note}"),
    }
}

impl Group {
    fn scores(&self, forecast: impl Fn(&[f64], usize) -> Vec<f64>) -> Vec<Score> {
        let series = self.train.iter().zip(&self.test);
        let score = |(train, test): (&Vec<f64>, &Vec<f64>)| {
            Score::of(train, test, &forecast(train, test.len()), self.period)
        };
        series.map(score).collect()
    }
}

/// A model's errors on every series of a group beside those of Naive2.
struct Judged<'a> {
    group: &'a Group,
    naive: &'a [Score],
    ours: Vec<Score>,
}

impl Judged<'_> {
    fn mean(&self, every: usize) -> Score {
        Score::mean(self.ours.iter().copied().step_by(every))
    }

    /// On one series in so many.
    fn owa(&self, every: usize) -> f64 {
        owa(self.mean(every), Score::mean(self.naive.iter().copied().step_by(every)))
    }

    fn row(&self, work: &Work, peers: &[serde_json::Value], note: String) -> Row {
        let beside = |peer: &serde_json::Value| {
            let found = &peer["accuracy"][self.group.name][work.key];
            let score = Score { smape: found["smape"].as_f64()?, mase: found["mase"].as_f64()? };
            let every = usize::try_from(found["every"].as_u64()?).ok()?;
            let naive = Score::mean(self.naive.iter().copied().step_by(every));
            let sample = if every > 1 { format!(", 1 series in {every}") } else { String::new() };
            Some(Beside { value: owa(score, naive), ours: self.owa(every), note: format!("{score}{sample}") })
        };
        Row {
            table: Table::Accuracy,
            work: format!("{} {}", self.group.name, work.label),
            unit: "OWA",
            ours: self.owa(1),
            peers: peers.iter().map(beside).collect(),
            note,
        }
    }
}
