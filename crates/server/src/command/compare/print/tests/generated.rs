//! Comparisons of files that are made up, as the command line prints them.

use std::fmt::Write;

use bytes::Bytes;
use chrono::{Days, Months, NaiveDate};
use kernel::Seed;
use tempfile::TempDir;
use wire::datasets::ImportQuery;
use wire::model_selection::{ComparisonRequest, RankingMetric, StatedFolds};

use super::super::Page;
use crate::cli::{Output, Place, Shown};
use crate::command::compare::all_series;
use crate::command::follow::follow;
use crate::names::Names;
use crate::system::System;

/// So many files, of which few are refused.
pub(super) const CASES: u64 = 120;

/// What was printed, and what was asked for.
#[derive(Debug, Clone)]
pub(super) struct Printed {
    pub(super) seed: u64,
    pub(super) horizon: usize,
    pub(super) series: usize,
    /// What its rows are, in the plural.
    pub(super) rows: &'static str,
    pub(super) text: String,
}

/// The program, on data of its own.
pub(super) struct Program {
    system: System,
    _dir: TempDir,
}

impl Program {
    pub(super) async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = Some(dir.path().to_owned());
        let place = Place { data, database_url: None, artifacts: None, log_name: None, lease_ms: 10_000 };
        let system = System::open(&place, api::Hosts::loopback()).await.unwrap();
        system.engine.start();
        Self { system, _dir: dir }
    }

    pub(super) async fn close(self) {
        self.system.close(std::time::Duration::from_secs(5)).await.unwrap();
    }

    /// What is printed of the comparison with this number; `None` where it is refused.
    pub(super) async fn printed(&self, seed: u64) -> Option<Printed> {
        let client = &self.system.client;
        let case = Case::of(seed);
        let query = ImportQuery { name: format!("case {seed}"), ..ImportQuery::default() };
        let dataset = client.import_dataset(&query, Bytes::from(case.file())).await.unwrap();
        let id = client.compare(&case.request(dataset.dataset_id)).await.ok()?.run_id;
        follow(client, id, |_| {}).await.unwrap();
        let ranking = client.ranking(id).await.unwrap();
        let series = all_series(client, &ranking).await.unwrap();
        let names = Names::of(client).await.unwrap();
        let shown = Shown { all: false, out: None, output: Output { json: false } };
        let mut out = Vec::new();
        let page = Page { ranking: &ranking, series: &series, names: &names, shown: &shown, asked: None };
        page.print(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let Case { horizon, series, .. } = case;
        Some(Printed { seed, horizon, series, rows: case.step.1, text })
    }
}

/// One file and what is asked of it.
struct Case {
    seed: u64,
    at: usize,
    series: usize,
    horizon: usize,
    /// The dates of the file, and what its rows are.
    step: (Step, &'static str),
}

#[derive(Clone, Copy)]
enum Step {
    Day,
    Week,
    Month,
}

impl Case {
    fn of(seed: u64) -> Self {
        let at = usize::try_from(seed).unwrap();
        let steps = [(Step::Day, "days"), (Step::Week, "weeks"), (Step::Month, "months")];
        Self {
            seed,
            at,
            series: [1, 1, 2, 6, 1, 12, 3, 24][at % 8],
            horizon: [14, 7, 3][at % 3],
            step: steps[(at / 3) % 3],
        }
    }

    fn file(&self) -> String {
        let mut text = "series,date,value\n".to_owned();
        let first = NaiveDate::from_ymd_opt(2015, 1, 5).unwrap();
        let rows = (0..self.series).flat_map(|series| (0..self.rows()).map(move |row| (series, row)));
        for (series, row) in rows {
            let date = match self.step.0 {
                Step::Day => first + Days::new(row as u64),
                Step::Week => first + Days::new(7 * row as u64),
                Step::Month => first + Months::new(u32::try_from(row).unwrap()),
            };
            // In every fifth file the first series is as large as all others a thousand times.
            let factor = if series == 0 && self.at.is_multiple_of(5) { 1e6 } else { 1.0 };
            let shape = self.at / 4 + if self.at.is_multiple_of(3) { series } else { 0 };
            let value = factor * self.value(shape, series, row);
            let value = if value.is_nan() { String::new() } else { value.to_string() };
            writeln!(text, "s{series},{date},{value}").unwrap();
        }
        text
    }

    fn rows(&self) -> usize {
        [60, 90, 140, 40][self.at % 4]
    }

    /// A shape of demand, by its number.
    fn value(&self, shape: usize, series: usize, row: usize) -> f64 {
        let seed = self.seed.wrapping_mul(100_000) + (series * 1000 + row) as u64;
        let draw = Seed(seed).stream("printed").index(1000) as f64 / 1000.0;
        let season = 10.0 * (row % 7 + 1) as f64;
        match shape % 10 {
            0 => 100.0 * draw,
            1 => season,
            2 => season + 5.0 * draw,
            3 => season + 80.0 * draw,
            4 => 42.0,
            5 if row < self.rows() / 2 => draw,
            5 => 0.0,
            6 => row as f64 + 3.0 * draw,
            // Nothing is known of some rows before the end.
            7 if (self.rows() - 16..self.rows() - 1).contains(&row) => f64::NAN,
            7 => season + draw,
            8 if draw < 0.8 => 0.0,
            8 => 10.0 * draw,
            _ => 1e-9 * (season + 30.0 * draw),
        }
    }

    fn request(&self, dataset: wire::datasets::DatasetId) -> ComparisonRequest {
        const MODELS: [&str; 7] =
            ["naive", "seasonal_naive", "moving_average", "weighted_moving_average", "ses", "naive", "theta"];
        let models = MODELS[..=(self.at * 3) % 7].iter().map(|model| (*model).to_owned());
        let metric = RankingMetric::ALL[self.at % RankingMetric::ALL.len()];
        let folds = StatedFolds { n_splits: Some(2 + self.at % 6), ..StatedFolds::default() };
        ComparisonRequest {
            ranking_metric: Some(metric).filter(|_| !self.at.is_multiple_of(4)),
            folds: Some(folds).filter(|_| self.at.is_multiple_of(2)),
            season_length: (self.at % 6 == 5).then_some(4),
            ..ComparisonRequest::of_dataset(dataset, self.horizon, models)
        }
    }
}
