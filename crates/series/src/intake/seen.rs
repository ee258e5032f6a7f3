//! What is to be said of the series of a file, of which one is seen after the other and none is kept.

use chrono::Datelike;
use kernel::counted;
use wire::Moment;

use super::error::IntakeError;
use super::totals::is_total;
use crate::calendar::Frequency;
use crate::dated::{DatedSeries, Use};
use crate::fleet::span;
use crate::outside::short;

/// Later dates than this are likely to be mistyped.
const LAST_YEAR: i32 = 2100;
/// A few dates may lie in even steps by chance.
const LEAST_DATES: usize = 8;
/// So many odd names are told.
const NAMED: usize = 3;

/// What the series that were seen have in common, and which are odd.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The frequency of all of them; `None` if each has its own.
    pub(super) frequency: Option<Frequency>,
    /// Series that cannot be used, by name, with the reason.
    pub(super) left_out: Vec<(String, String)>,
    /// Those that are left out because they do not fit what was stated.
    pub(super) off_grid: Vec<(String, String)>,
    pub(super) series: u64,
    /// Values that are not missing.
    pub(super) values: u64,
    /// Dates that have none.
    pub(super) missing_dates: u64,
    /// The first date of all, and the last.
    pub(super) ends: Option<(Moment, Moment)>,
    /// What the columns beside the values are used as, by the first series.
    pub(super) uses: Vec<(String, Use)>,
    /// Values of daily series on each day of the week.
    weekdays: [u64; 7],
    off_the_usual: u64,
    first_off_the_usual: Option<(String, Moment)>,
    coarser: u64,
    first_coarser: Option<(String, Frequency)>,
    totals: Vec<String>,
    late: Vec<(String, Moment)>,
}

impl Seen {
    /// Nothing yet.
    pub(super) fn of(frequency: Option<Frequency>) -> Self {
        Self { frequency, ..Self::default() }
    }

    /// Takes down what the next series is.
    pub(super) fn see(&mut self, one: &DatedSeries) {
        let ends = one.dates.first().zip(one.dates.last());
        let (&first, &last) = ends.expect("a series has dates");
        if self.series == 0 {
            self.uses = one.known.keys().cloned().zip(one.uses.iter().copied()).collect();
        }
        let values = one.observed();
        self.series += 1;
        self.values += values;
        self.missing_dates += missing(one) + one.values.len() as u64 - values;
        self.ends = Some(self.ends.map_or((first, last), |(from, to)| (from.min(first), to.max(last))));
        self.see_weekdays(one);
        self.see_odd(one, last);
        if let Some(own) = self.coarser_than_usual(one) {
            self.coarser += 1;
            self.first_coarser.get_or_insert_with(|| (one.name.clone(), own));
        }
    }

    fn see_weekdays(&mut self, one: &DatedSeries) {
        if one.frequency != wire::datasets::Frequency::DAILY {
            return;
        }
        for (date, _) in one.dates.iter().zip(&one.values).filter(|(_, value)| !value.is_nan()) {
            self.weekdays[date.weekday().num_days_from_monday() as usize] += 1;
        }
    }

    fn see_odd(&mut self, one: &DatedSeries, last: Moment) {
        if let Some(date) = one.off_grid_date {
            self.off_the_usual += 1;
            self.first_off_the_usual.get_or_insert_with(|| (one.name.clone(), date));
        }
        if self.totals.len() < NAMED && is_total(&one.name) {
            self.totals.push(one.name.clone());
        }
        if self.late.len() < NAMED && last.year() > LAST_YEAR {
            self.late.push((one.name.clone(), last));
        }
    }

    /// The frequency of a series whose own dates are farther apart than those of the file, whose frequency they share.
    fn coarser_than_usual(&self, one: &DatedSeries) -> Option<Frequency> {
        let (usual, dates) = (self.frequency?, &one.dates);
        let is_long = one.off_grid_date.is_none() && dates.len() >= LEAST_DATES;
        let is_sparse = || usual.rows_between(dates[0], dates[dates.len() - 1]) >= 2 * dates.len() as u64;
        if !is_long || !is_sparse() {
            return None;
        }
        Frequency::infer(dates).ok().filter(|own| *own > usual)
    }

    /// That there is no series, and why.
    pub(super) fn nothing(self, repeats: bool) -> IntakeError {
        let mut all = self.left_out.into_iter().chain(self.off_grid);
        match all.next() {
            Some((name, reason)) => {
                IntakeError::Nothing { name, reason, others: all.take(20).collect(), repeats }
            }
            None => IntakeError::NoRows,
        }
    }

    /// What a reader should see of the series, though all of them can be used.
    pub(super) fn odd(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let (Some((name, date)), Some(usual)) = (&self.first_off_the_usual, self.frequency) {
            notes.push(format!(
                "{} not {usual} as the file is; the first, `{}`, has {date}. Runs leave such series out, except where dates without a \
                 row are zeros: state the frequency daily, or each for their own.",
                counted(self.off_the_usual, "series is", "series are"),
                short(name)
            ));
        }
        let total = |name: &String| format!("`{}` is called a total, and is read as a series.", short(name));
        notes.extend(self.totals.iter().map(total));
        let late = |(name, last): &(String, Moment)| format!("`{}` has dates up to {last}.", short(name));
        notes.extend(self.late.iter().map(late));
        notes
    }

    /// That series have dates farther apart than the file's.
    pub(super) fn coarser(&self) -> Option<String> {
        let (usual, (name, frequency)) = self.frequency.zip(self.first_coarser.as_ref())?;
        Some(format!(
            "{} farther apart than the file's, which are {usual}; the first, `{}`, looks {frequency}. The dates between are without a \
             value: zeros if gaps are, or state the frequency each.",
            counted(self.coarser, "series has dates", "series have dates"),
            short(name)
        ))
    }

    /// Dates of Monday to Friday alone, which are days with gaps here.
    pub(super) fn weekdays(&self) -> Option<String> {
        let seen = &self.weekdays;
        let is_working = seen[..5].iter().all(|&count| count >= 2) && seen[5] + seen[6] == 0;
        is_working.then(|| {
            "The dates are Monday to Friday: Saturdays and Sundays have no value, a season of a week has 7 dates, and a horizon \
             counts them too."
                .to_owned()
        })
    }
}

/// Dates between the first and the last of a series that have no row.
fn missing(series: &DatedSeries) -> u64 {
    let Some(frequency) = Frequency::of_word(series.frequency) else { return 0 };
    let steps = span(&series.dates, frequency) + 1;
    (steps as u64).saturating_sub(series.dates.len() as u64)
}
