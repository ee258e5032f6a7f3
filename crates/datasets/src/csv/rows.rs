//! Rows, gathered by series and put in order.

use std::collections::HashMap;

use chrono::NaiveDate;
use series::DatedSeries;
use series::columnar::Limits;

use super::cell;
use super::columns::Columns;
use super::error::{CsvError, Problem, ProblemKind, short};
use super::{MAX_PROBLEMS, ONLY_SERIES};
use crate::MAX_SERIES_NAME_CHARS;

pub(super) struct Rows {
    limits: Limits,
    gathered: Vec<Gathered>,
    /// Never iterated: the order of the series is that of their first rows.
    by_name: HashMap<String, usize>,
    /// The series of the row before: files mostly have their series one after the other.
    last: Option<usize>,
    count: usize,
    problems: Problems,
}

/// The rows of one series, as they came.
struct Gathered {
    name: String,
    dates: Vec<NaiveDate>,
    values: Vec<f64>,
    lines: Vec<u32>,
}

impl Rows {
    pub(super) fn new(limits: Limits) -> Self {
        let (gathered, by_name, problems) = (Vec::new(), HashMap::new(), Problems::default());
        Self { limits, gathered, by_name, last: None, count: 0, problems }
    }

    pub(super) fn add(
        &mut self,
        line: u64,
        record: &::csv::StringRecord,
        columns: &Columns,
    ) -> Result<(), CsvError> {
        self.count += 1;
        if self.count > self.limits.rows {
            return Err(CsvError::TooManyRows { limit: self.limits.rows });
        }
        match read(record, columns) {
            Ok((name, date, value)) => {
                let gathered = self.series(name)?;
                gathered.dates.push(date);
                gathered.values.push(value);
                gathered.lines.push(u32::try_from(line).expect("a text of fewer than 4 GiB has fewer lines"));
            }
            Err(kind) => self.problems.add(Problem { line, kind }),
        }
        Ok(())
    }

    fn series(&mut self, name: &str) -> Result<&mut Gathered, CsvError> {
        let index = match self.last.filter(|&last| self.gathered[last].name == name) {
            Some(last) => last,
            None => self.find_or_add(name)?,
        };
        self.last = Some(index);
        Ok(&mut self.gathered[index])
    }

    fn find_or_add(&mut self, name: &str) -> Result<usize, CsvError> {
        if let Some(&index) = self.by_name.get(name) {
            return Ok(index);
        }
        let index = self.gathered.len();
        if index == self.limits.series {
            return Err(CsvError::TooManySeries { limit: self.limits.series });
        }
        self.by_name.insert(name.to_owned(), index);
        self.gathered.push(Gathered {
            name: name.to_owned(),
            dates: Vec::new(),
            values: Vec::new(),
            lines: Vec::new(),
        });
        Ok(index)
    }

    pub(super) fn finish(mut self) -> Result<Vec<DatedSeries>, CsvError> {
        if self.count == 0 {
            return Err(CsvError::NoRows);
        }
        // A series whose rows were refused would be called too short for want of them.
        let judge_lengths = self.problems.count == 0;
        for gathered in &mut self.gathered {
            gathered.sort();
            gathered.report(judge_lengths, &mut self.problems);
        }
        self.problems.finish()?;
        let series = |Gathered { name, dates, values, .. }| DatedSeries { name, dates, values };
        Ok(self.gathered.into_iter().map(series).collect())
    }
}

fn read<'a>(
    record: &'a ::csv::StringRecord,
    columns: &Columns,
) -> Result<(&'a str, NaiveDate, f64), ProblemKind> {
    if record.len() != columns.width {
        return Err(ProblemKind::Cells { found: record.len(), expected: columns.width });
    }
    let name = columns.series.map_or(ONLY_SERIES, |column| record[column].trim());
    if name.is_empty() {
        return Err(ProblemKind::MissingSeries);
    }
    // A name has at most as many characters as bytes, so the count is rarely needed.
    if name.len() > MAX_SERIES_NAME_CHARS && name.chars().count() > MAX_SERIES_NAME_CHARS {
        return Err(ProblemKind::LongSeries { name: short(name) });
    }
    Ok((name, cell::date(&record[columns.date])?, cell::value(&record[columns.value])?))
}

impl Gathered {
    /// Stable, so that of two rows of one date the one that came first stays first.
    fn sort(&mut self) {
        if self.dates.is_sorted() {
            return;
        }
        let mut order: Vec<usize> = (0..self.dates.len()).collect();
        order.sort_by_key(|&row| self.dates[row]);
        self.dates = order.iter().map(|&row| self.dates[row]).collect();
        self.values = order.iter().map(|&row| self.values[row]).collect();
        self.lines = order.iter().map(|&row| self.lines[row]).collect();
    }

    fn report(&self, judge_lengths: bool, problems: &mut Problems) {
        for (row, pair) in self.dates.windows(2).enumerate().filter(|(_, pair)| pair[0] == pair[1]) {
            let (series, other_line) = (short(&self.name), u64::from(self.lines[row]));
            let kind = ProblemKind::DuplicateDate { series, date: pair[1], other_line };
            problems.add(Problem { line: self.lines[row + 1].into(), kind });
        }
        let line = u64::from(self.lines[0]);
        if judge_lengths && self.dates.len() == 1 {
            problems.add(Problem { line, kind: ProblemKind::OneRow { series: short(&self.name) } });
        } else if judge_lengths && self.values.iter().all(|value| value.is_nan()) {
            problems.add(Problem { line, kind: ProblemKind::NoValue { series: short(&self.name) } });
        }
    }
}

/// Counts every problem and keeps the first ones.
#[derive(Default)]
struct Problems {
    count: u64,
    kept: Vec<Problem>,
}

impl Problems {
    fn add(&mut self, problem: Problem) {
        self.count += 1;
        self.kept.push(problem);
        // What is found while reading comes line by line; what is found per series does not.
        if self.kept.len() >= 2 * MAX_PROBLEMS {
            self.keep_first();
        }
    }

    fn keep_first(&mut self) {
        self.kept.sort_by_key(|problem| problem.line);
        self.kept.truncate(MAX_PROBLEMS);
    }

    fn finish(mut self) -> Result<(), CsvError> {
        self.keep_first();
        if self.count == 0 { Ok(()) } else { Err(CsvError::Lines { problems: self.kept, count: self.count }) }
    }
}
