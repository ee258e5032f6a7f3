//! What of a data set is to be read, decided from the index of its series before a single point is: names by a set,
//! calendars by arithmetic.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use series::MAX_ROWS;
use wire::datasets::{DatasetId, Frequency, SeriesSummary};
use wire::model_selection::Gaps;

use crate::panel::LoadError;

/// The most dates of all series together, those without a value included, of a run that keeps its series as JSON.
const MAX_CALENDAR_ROWS: u64 = 4_000_000;

/// What series must have to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    /// What a date without a value means.
    pub gaps: Gaps,
    /// So many values, at least.
    pub values: usize,
    /// So many dates of all of them together, at most.
    pub rows: u64,
}

impl Needs {
    /// What a run needs that keeps its series as JSON.
    pub(crate) const fn of_run(gaps: Gaps) -> Self {
        Self { gaps, values: 0, rows: MAX_CALENDAR_ROWS }
    }
}

/// What becomes of a chosen series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is read.
    Read,
    /// It has fewer values than any use of it needs.
    TooFew { values: u64 },
    /// Its calendar is longer than a series may be.
    TooLong { rows: u64 },
}

/// The chosen series by ordinal, each with its fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// By the place in the data set; `None` for a series that was not asked for.
    pub fates: Vec<Option<Fate>>,
}

impl Plan {
    /// The places of the series that are read.
    pub(crate) fn to_read(&self) -> Vec<usize> {
        (0..self.fates.len()).filter(|&at| self.fates[at] == Some(Fate::Read)).collect()
    }
}

/// All series or those named, by what each must have.
pub(crate) fn plan(
    dataset: DatasetId,
    series: &[SeriesSummary],
    names: Option<&[String]>,
    needs: Needs,
) -> Result<Plan, LoadError> {
    let asked: Option<BTreeSet<&str>> = names.map(|names| names.iter().map(String::as_str).collect());
    if let Some(asked) = &asked {
        all_known(dataset, series, asked)?;
    }
    let is_asked =
        |series: &&SeriesSummary| asked.as_ref().is_none_or(|asked| asked.contains(series.name.as_str()));
    let of = |series: &SeriesSummary| Some(series).filter(is_asked).map(|series| fate(series, needs));
    let fates: Vec<Option<Fate>> = series.iter().map(of).collect();
    let read = series.iter().zip(&fates).filter(|(_, fate)| **fate == Some(Fate::Read));
    let rows: u64 = read.map(|(series, _)| calendar_rows(series)).sum();
    if rows > needs.rows {
        return Err(LoadError::CalendarTooLong { rows, limit: needs.rows });
    }
    Ok(Plan { fates })
}

/// So many unknown names are told.
const MAX_UNKNOWN: usize = 20;

fn all_known(dataset: DatasetId, series: &[SeriesSummary], asked: &BTreeSet<&str>) -> Result<(), LoadError> {
    let known: BTreeSet<&str> = series.iter().map(|series| series.name.as_str()).collect();
    let mut unknown = asked.difference(&known);
    let names: Vec<String> = unknown.by_ref().take(MAX_UNKNOWN).map(|name| (*name).to_owned()).collect();
    let more = unknown.count();
    if names.is_empty() {
        return Ok(());
    }
    Err(LoadError::SeriesNotFound { dataset, names, more })
}

fn fate(series: &SeriesSummary, needs: Needs) -> Fate {
    let rows = calendar_rows(series);
    // Only where a gap is a zero does it count as a value.
    let values = if needs.gaps == Gaps::Zero { rows } else { series.values };
    if values < needs.values as u64 {
        Fate::TooFew { values }
    } else if rows > MAX_ROWS as u64 {
        Fate::TooLong { rows }
    } else {
        Fate::Read
    }
}

/// The dates from the first to the last one. Of an irregular series it is the days: the finest grid it can be on.
pub(crate) fn calendar_rows(series: &SeriesSummary) -> u64 {
    use Frequency::{Daily, Irregular, Monthly, Quarterly, Weekly, Yearly};
    let days = (series.last_date - series.first_date).num_days().unsigned_abs();
    let month = |date: NaiveDate| u64::try_from(12 * date.year()).unwrap_or(0) + u64::from(date.month0());
    let months = month(series.last_date).saturating_sub(month(series.first_date));
    let steps = match series.frequency {
        Daily | Irregular => days,
        Weekly => days / 7,
        Monthly => months,
        Quarterly => months / 3,
        Yearly => months / 12,
    };
    steps + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, points: u64, frequency: Frequency, [first, last]: [&str; 2]) -> SeriesSummary {
        let (first_date, last_date) = (first.parse().unwrap(), last.parse().unwrap());
        SeriesSummary {
            name: name.to_owned(),
            points,
            values: points,
            first_date,
            last_date,
            frequency,
            off_grid_date: None,
        }
    }

    fn plan(series: &[SeriesSummary], names: Option<&[String]>) -> Result<Plan, LoadError> {
        let dataset = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b".parse().unwrap();
        super::plan(dataset, series, names, Needs { values: 44, ..Needs::of_run(Gaps::Missing) })
    }

    #[test]
    fn ten_thousand_years_are_counted_and_not_walked() {
        use Frequency::{Daily, Irregular, Monthly, Weekly, Yearly};
        let ages = ["0001-01-01", "9999-12-31"];
        for (frequency, rows) in [
            (Irregular, 3_652_059),
            (Daily, 3_652_059),
            (Weekly, 521_723),
            (Monthly, 119_988),
            (Yearly, 9_999),
        ] {
            assert_eq!(calendar_rows(&series("s", 2, frequency, ages)), rows, "{frequency:?}");
        }
        let fate = |points, gaps| {
            fate(&series("s", points, Irregular, ages), Needs { values: 44, ..Needs::of_run(gaps) })
        };
        assert_eq!(fate(2, Gaps::Missing), Fate::TooFew { values: 2 });
        assert_eq!(fate(2, Gaps::Zero), Fate::TooLong { rows: 3_652_059 });
        assert_eq!(fate(500, Gaps::Missing), Fate::TooLong { rows: 3_652_059 });
    }

    #[test]
    fn calendars_that_are_too_long_together_are_refused_with_both_numbers() {
        let years = ["1900-01-01", "2020-12-31"];
        let all: Vec<_> = (0..100).map(|n| series(&n.to_string(), 1000, Frequency::Daily, years)).collect();
        let found = plan(&all, None).unwrap_err();
        assert!(
            matches!(found, LoadError::CalendarTooLong { rows: 4_419_500, limit: MAX_CALENDAR_ROWS }),
            "{found:?}"
        );
        let one = ["7".to_owned(), "7".to_owned()];
        assert_eq!(plan(&all, Some(&one)).unwrap().to_read(), [7]);
    }

    #[test]
    fn of_a_hundred_thousand_names_the_first_unknown_are_told_and_the_others_counted() {
        let day = ["2024-01-01", "2024-06-30"];
        let all: Vec<_> = (0..100_000).map(|n| series(&format!("s{n}"), 1, Frequency::Daily, day)).collect();
        let names: Vec<String> = (0..100_000).map(|n| format!("s{}", n + 50)).collect();
        let found = plan(&all, Some(&names)).unwrap_err();
        let LoadError::SeriesNotFound { names, more, .. } = found else { panic!("{found:?}") };
        assert_eq!((names.len(), more), (20, 30));
    }
}
