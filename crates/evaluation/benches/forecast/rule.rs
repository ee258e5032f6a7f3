//! The default rule beside what else can be made of folds: champions, means, medians, weights.
//!
//! `bench_forecast rule`: at most 400 series of a group, 200 of M4 hourly, in equal steps. Seasons, candidates and
//! folds are what
//! `evaluation::choose` gives. Each rule is judged on the last three windows before the hold-out, where the rule was
//! chosen, and on the hold-out. The reference is the better of the mean of ETS, dynamic Theta and CES and of the
//! best of our combinations (mean and median of these, and of these with ARIMA).

mod cases;
mod coverage;
mod rules;

use std::error::Error;
use std::path::Path;

use evaluation::choose::rule::Loss;

use crate::clock::process_cpu_seconds;
use crate::report::Report;
use crate::score::Score;
use cases::{Case, Judged, Sample, samples};
use coverage::{Coverage, From};

/// How many windows of a horizon before the end a judgement lies.
const WINDOWS: [(&str, usize); 4] =
    [("three windows before", 3), ("two windows before", 2), ("window before", 1), ("hold-out", 0)];

pub(crate) fn measure(data: &Path, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut against: [Vec<f64>; WINDOWS.len()] = Default::default();
    for sample in samples(data)? {
        let start = process_cpu_seconds()?;
        let judged = sample.judge(&WINDOWS.map(|(_, back)| back));
        eprintln!("{}: {:.1} CPU-s, {}", sample.name, process_cpu_seconds()? - start, judged.said);
        for (at, (window, _)) in WINDOWS.iter().enumerate() {
            against[at].push(rules_of(&sample, &judged, at, window, report));
            coverage_of(&sample, &judged, at, window, report);
        }
    }
    for ((window, _), differences) in WINDOWS.iter().zip(&against) {
        let mean = differences.iter().sum::<f64>() / differences.len() as f64;
        let worst = differences.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let note = format!("{window}, worst group {worst:+.2} %");
        report.alone("default rule to the reference, mean over groups".into(), "%", mean, note);
    }
    Ok(())
}

/// Every rule on one window; by how many per cent the default is worse than the reference.
fn rules_of(sample: &Sample, judged: &Judged, at: usize, window: &str, report: &mut Report) -> f64 {
    let cases = &judged.windows[at];
    let found = rules::all(cases, &judged.candidates, sample.loss());
    let errors: Vec<f64> = found.iter().map(|rule| mean(sample, cases, &rule.points)).collect();
    let named = |name: &str| found.iter().position(|rule| rule.name == name);
    let of = |name: &str| named(name).map_or(f64::INFINITY, |at| errors[at]);
    let reference = rules::REFERENCE.iter().map(|name| of(name)).fold(f64::INFINITY, f64::min);
    let worse = |error: f64| 100.0 * (error / reference - 1.0);
    for (rule, error) in found.iter().zip(&errors) {
        let owa = owa(sample, cases, &rule.points);
        let note = format!(
            "{window}, {} series, {:+.2} % to the reference{owa}{}",
            cases.len(),
            worse(*error),
            rule.note
        );
        report.alone(format!("{} {}", sample.name, rule.name), sample.unit(), *error, note);
    }
    worse(of(rules::DEFAULT))
}

/// The intervals of the default rule and of ETS on one window.
fn coverage_of(sample: &Sample, judged: &Judged, at: usize, window: &str, report: &mut Report) {
    let (cases, candidates) = (&judged.windows[at], &judged.candidates);
    let mut add = |name: &str, Coverage { inside: [half, most, nearly], width, score }| {
        let (half, nearly) = (100.0 * half, 100.0 * nearly);
        let note =
            format!("{window}, at 50 % {half:.1}, at 95 % {nearly:.1}, width {width:.2}, score {score:.2}");
        report.alone(format!("{} 80 % intervals of {name}", sample.name), "%", 100.0 * most, note);
    };
    let of = |from: From| coverage::of_default(cases, candidates, sample.loss(), sample.period, from);
    add(rules::DEFAULT, of(From::Fleet));
    add("default rule, each series alone", of(From::Own));
    let ets = candidates.iter().position(|one| one.spec.model_type() == "ets");
    if let Some(ets) = ets {
        add("ETS", coverage::of_one(cases, ets, sample.period));
    }
}

impl Sample {
    /// Articles are judged as M5 does, by squares.
    fn unit(&self) -> &'static str {
        if self.loss() == Loss::Squared { "RMSSE" } else { "MASE" }
    }
}

fn mean(sample: &Sample, cases: &[Case], points: &[Vec<f64>]) -> f64 {
    let errors = cases.iter().zip(points).map(|(case, points)| case.error(points, sample.loss()));
    errors.sum::<f64>() / cases.len() as f64
}

/// The overall weighted average as a note; none where Naive2 is not defined.
fn owa(sample: &Sample, cases: &[Case], points: &[Vec<f64>]) -> String {
    if sample.loss() == Loss::Squared {
        return String::new();
    }
    let score = |case: &Case, points: &[f64]| Score::of(&case.history, &case.actuals, points, sample.period);
    let ours = Score::mean(cases.iter().zip(points).map(|(case, points)| score(case, points)));
    let naive = Score::mean(cases.iter().map(|case| score(case, &case.naive2)));
    format!(", OWA {:.3}", 0.5 * (ours.smape / naive.smape + ours.mase / naive.mase))
}
