//! Files that are made up, and the program that reads them: for tests of what is printed.

use std::fmt::Write;

use bytes::Bytes;
use chrono::{Days, Months, NaiveDate};
use kernel::Seed;
use tempfile::TempDir;
use wire::datasets::{Dataset, ImportQuery};
use wire::model_selection::{ComparisonRequest, RankingMetric, StatedFolds};

use crate::cli::Place;
use crate::system::System;

/// The program, on data of its own.
pub(super) struct Program {
    pub(super) system: System,
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

    /// The data set of a case.
    pub(super) async fn import(&self, case: &Case) -> Dataset {
        let query = ImportQuery { name: format!("case {}", case.seed), ..case.reading() };
        self.system.client.import_dataset(&query, Bytes::from(case.file())).await.unwrap()
    }
}

/// One file and what is asked of it.
pub(super) struct Case {
    pub(super) seed: u64,
    at: usize,
    pub(super) series: usize,
    pub(super) horizon: usize,
    /// The dates of the file, and what its rows are.
    pub(super) step: (Step, &'static str),
}

#[derive(Clone, Copy)]
pub(super) enum Step {
    Day,
    Week,
    Month,
}

impl Case {
    pub(super) fn of(seed: u64) -> Self {
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

    /// Whether a column of the file is known beforehand, for the dates to forecast too.
    fn has_known(&self) -> bool {
        self.at % 7 == 3
    }

    fn reading(&self) -> ImportQuery {
        ImportQuery { known: self.has_known().then(|| "promo".to_owned()), ..ImportQuery::default() }
    }

    fn file(&self) -> String {
        let promo = if self.has_known() { ",promo" } else { "" };
        let ahead = if self.has_known() { self.horizon } else { 0 };
        let mut text = format!("series,date,value{promo}\n");
        let first = NaiveDate::from_ymd_opt(2015, 1, 5).unwrap();
        let rows = (0..self.series).flat_map(|series| (0..self.rows() + ahead).map(move |row| (series, row)));
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
            let is_known = row < self.rows() && !value.is_nan();
            let value = if is_known { value.to_string() } else { String::new() };
            let promo =
                if self.has_known() { format!(",{}", usize::from(row % 5 == 2)) } else { String::new() };
            writeln!(text, "s{series},{date},{value}{promo}").unwrap();
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

    /// What is asked of it.
    pub(super) fn request(&self, dataset: wire::datasets::DatasetId) -> ComparisonRequest {
        const MODELS: [&str; 7] =
            ["naive", "seasonal_naive", "moving_average", "weighted_moving_average", "ses", "naive", "theta"];
        let known = self.has_known().then_some("prophet_like");
        let models = MODELS[..=(self.at * 3) % 7].iter().copied().chain(known).map(str::to_owned);
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

/// What stands between two texts.
pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    rest.find(after).map(|end| &rest[..end])
}

/// The rows of the table whose head begins so, cut where there are two spaces.
pub(super) fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let lines = text.lines().skip_while(|line| !line.trim_start().starts_with(head)).skip(1);
    let cells = |line: &str| {
        let cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
        cells.map(str::to_owned).collect()
    };
    lines.take_while(|line| !line.is_empty() && !line.contains(" is not ranked: ")).map(cells).collect()
}
