//! What of a data set is to be read, decided from the index of its series before a single point is: names by a set,
//! calendars by arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use evaluation::Fold;
use evaluation::choose::candidates::Candidate;
use kernel::percents;
use series::{Frequency, MAX_ROWS, Series};
use wire::datasets::{DatasetId, SeriesSummary};
use wire::model_selection::Gaps;

use crate::panel::LoadError;

/// The most dates of all series that are in memory together, those without a value included: what a machine has the memory
/// for, two columns of sixteen bytes a date, twice.
pub(crate) const MAX_DATES: u64 = 50_000_000;

/// What series must have to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    /// What a date without a value means.
    pub gaps: Gaps,
    /// So many values, at least.
    pub values: usize,
    /// So many dates of all of them together, at most.
    pub dates: u64,
}

impl Needs {
    /// Any values at all.
    pub(crate) const fn any(gaps: Gaps) -> Self {
        Self { gaps, values: 0, dates: MAX_DATES }
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

/// What becomes of all series or those named, by the place in the data set; `None` for a series that was not asked for.
pub(crate) fn plan(
    dataset: DatasetId,
    series: &[SeriesSummary],
    names: Option<&[String]>,
    needs: Needs,
) -> Result<Vec<Option<Fate>>, LoadError> {
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
    if rows > needs.dates {
        return Err(LoadError::CalendarTooLong { rows, limit: needs.dates });
    }
    Ok(fates)
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

/// The grid of a series by its dates, or why it is on none. Every date is on the grid of days, and where a date without a row
/// is a zero none is missed.
pub(crate) fn grid_of(series: &SeriesSummary, gaps: Gaps) -> Result<Frequency, String> {
    let days = (gaps == Gaps::Zero && !series.first_date.is_time()).then_some(Frequency::DAILY);
    Frequency::of_word(series.frequency).or(days).ok_or_else(|| match series.off_grid_date {
        Some(date) => format!("{date} does not fit its other dates, which are on no regular grid"),
        None => "its dates are on no regular grid".to_owned(),
    })
}

/// Why a series cannot be used where a date without a value is an error.
pub(crate) fn refused_gaps(series: &SeriesSummary, gaps: Gaps) -> Option<String> {
    let calendar = calendar_rows(series);
    (gaps == Gaps::Refuse && calendar > series.values).then(|| {
        let missing = calendar - series.values;
        format!("{missing} of its {calendar} dates have no value, and gaps are refused")
    })
}

/// That knowing the holidays makes no difference to a judgement, where there are some and no test has one.
pub(crate) fn holidays_in_words(sample: &[Series], folds: impl Fn(usize) -> Vec<Fold>) -> Option<String> {
    let flags = || sample.iter().filter_map(|one| Some(&one.known()?.is_holiday));
    let is_tested =
        |flags: &Vec<bool>| folds(flags.len()).iter().any(|fold| flags[fold.test.clone()].contains(&true));
    let has_some = flags().any(|flags| flags.contains(&true));
    (has_some && !flags().any(is_tested)).then(|| {
        "No holiday falls into the tests of the folds, so that they say nothing of what it helps to know the holidays.".to_owned()
    })
}

/// A model by its type, whether it counts what is known beforehand, and what it weighs where it is weighed.
type Counting<'a> = (&'a str, bool, Option<f64>);

/// Which of these models count what is known beforehand: each with whether it does, and its weight where it has one. A forecast is
/// not changed by what nobody reads.
pub(crate) fn counting_in_words(models: &[Counting<'_>]) -> String {
    let (counting, others): (Vec<&Counting<'_>>, Vec<&Counting<'_>>) =
        models.iter().partition(|(_, counts, _)| *counts);
    let weight = |side: &[&Counting<'_>]| side.iter().filter_map(|(.., weight)| *weight).sum::<f64>();
    let weights = [weight(&counting), weight(&others)];
    let shares = percents(&weights);
    let named = |side: &[&Counting<'_>], share: u64| {
        let mut names: Vec<&str> = Vec::new();
        for (name, ..) in side {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let share =
            if weights.iter().any(|weight| *weight > 0.0) { format!(" ({share} %)") } else { String::new() };
        format!("{}{share}", listed(&names))
    };
    match (counting.as_slice(), others.as_slice()) {
        ([], _) => "No model counts what is known beforehand: it changes nothing here.".to_owned(),
        (_, []) => "All models count what is known beforehand.".to_owned(),
        (counting, others) => format!(
            "What is known beforehand is counted by {}, and not by {}.",
            named(counting, shares[0]),
            named(others, shares[1])
        ),
    }
}

/// `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

/// What is proposed, and why, in a sentence.
pub(crate) fn proposed_in_words(candidates: &[Candidate]) -> String {
    let why = |one: &Candidate| format!("{} ({})", one.spec.model_type(), one.why);
    format!("Candidates: {}.", candidates.iter().map(why).collect::<Vec<_>>().join("; "))
}

/// The frequency most dates are in, the finer one if two are equal: of sparse daily series some happen to have all their
/// dates on one weekday.
pub(crate) fn usual(series: impl Iterator<Item = (Frequency, u64)>) -> Option<Frequency> {
    let mut dates: BTreeMap<Frequency, u64> = BTreeMap::new();
    for (found, points) in series {
        *dates.entry(found).or_default() += points;
    }
    // Of equals the last one is taken.
    dates
        .into_iter()
        .rev()
        .filter(|(_, dates)| *dates > 0)
        .max_by_key(|(_, dates)| *dates)
        .map(|(found, _)| found)
}

/// The dates from the first to the last one. Of an irregular series it is the days, or the minutes: the finest grid it can be on.
pub(crate) fn calendar_rows(series: &SeriesSummary) -> u64 {
    let (first, last) = (series.first_date, series.last_date);
    match Frequency::of_word(series.frequency) {
        Some(frequency) => frequency.rows_between(first, last),
        None if first.is_time() => (last - first).num_minutes().unsigned_abs() + 1,
        None => (last - first).num_days().unsigned_abs() + 1,
    }
}

#[cfg(test)]
mod tests {
    use wire::datasets::Frequency as Word;

    use super::*;

    fn series(name: &str, points: u64, frequency: Word, [first, last]: [&str; 2]) -> SeriesSummary {
        let (first_date, last_date) = (first.parse().unwrap(), last.parse().unwrap());
        SeriesSummary {
            name: name.to_owned(),
            points,
            values: points,
            first_date,
            last_date,
            frequency,
            off_grid_date: None,
            planned: 0,
        }
    }

    fn plan(series: &[SeriesSummary], names: Option<&[String]>) -> Result<Vec<Option<Fate>>, LoadError> {
        let dataset = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b".parse().unwrap();
        super::plan(dataset, series, names, Needs { values: 44, ..Needs::any(Gaps::Missing) })
    }

    #[test]
    fn models_are_parted_by_whether_they_count_what_is_known() {
        let models = |counts: [bool; 3], weights: [Option<f64>; 3]| {
            let all = ["ets", "regression", "ets"].into_iter().zip(counts).zip(weights);
            counting_in_words(&all.map(|((name, counts), weight)| (name, counts, weight)).collect::<Vec<_>>())
        };
        let none = [None; 3];
        let of_weights = models([false, true, false], [Some(0.5), Some(0.25), Some(0.25)]);
        assert_eq!(
            of_weights,
            "What is known beforehand is counted by regression (25 %), and not by ets (75 %)."
        );
        let of_three = counting_in_words(&[
            ("a", false, None),
            ("b", false, None),
            ("c", true, None),
            ("d", false, None),
        ]);
        assert_eq!(of_three, "What is known beforehand is counted by c, and not by a, b and d.");
        assert!(models([false; 3], none).starts_with("No model counts what is known beforehand"));
        assert_eq!(models([true; 3], none), "All models count what is known beforehand.");
    }

    #[test]
    fn ten_thousand_years_are_counted_and_not_walked() {
        use Word::Irregular;
        let ages = ["0001-01-01", "9999-12-31"];
        for (frequency, rows) in [
            (Irregular, 3_652_059),
            (Word::DAILY, 3_652_059),
            (Word::WEEKLY, 521_723),
            (Word::MONTHLY, 119_988),
            (Word::YEARLY, 9_999),
        ] {
            assert_eq!(calendar_rows(&series("s", 2, frequency, ages)), rows, "{frequency:?}");
        }
        let fate = |points, gaps| {
            fate(&series("s", points, Irregular, ages), Needs { values: 44, ..Needs::any(gaps) })
        };
        assert_eq!(fate(2, Gaps::Missing), Fate::TooFew { values: 2 });
        assert_eq!(fate(2, Gaps::Zero), Fate::TooLong { rows: 3_652_059 });
        assert_eq!(fate(500, Gaps::Missing), Fate::TooLong { rows: 3_652_059 });
    }

    #[test]
    fn calendars_that_are_too_long_together_are_refused_with_both_numbers() {
        let years = ["1900-01-01", "2020-12-31"];
        let all: Vec<_> = (0..1_200).map(|n| series(&n.to_string(), 1000, Word::DAILY, years)).collect();
        let found = plan(&all, None).unwrap_err();
        assert!(
            matches!(found, LoadError::CalendarTooLong { rows: 53_034_000, limit: MAX_DATES }),
            "{found:?}"
        );
        let one = ["7".to_owned(), "7".to_owned()];
        let fates = plan(&all, Some(&one)).unwrap();
        let chosen: Vec<_> = fates.iter().enumerate().filter(|(_, fate)| fate.is_some()).collect();
        assert_eq!(chosen, [(7, &Some(Fate::Read))]);
    }

    #[test]
    fn of_a_hundred_thousand_names_the_first_unknown_are_told_and_the_others_counted() {
        let day = ["2024-01-01", "2024-06-30"];
        let all: Vec<_> = (0..100_000).map(|n| series(&format!("s{n}"), 1, Word::DAILY, day)).collect();
        let names: Vec<String> = (0..100_000).map(|n| format!("s{}", n + 50)).collect();
        let found = plan(&all, Some(&names)).unwrap_err();
        let LoadError::SeriesNotFound { names, more, .. } = found else { panic!("{found:?}") };
        assert_eq!((names.len(), more), (20, 30));
    }
}
