//! The classes of days: what their effects depend on, as one number.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::panel::Member;
use series::KnownRows;
use wire::Moment;

/// A day column with more values than this is a number, not a class.
const MOST_CLASSES: usize = 8;
/// Days of a month at most.
pub(super) const MONTH_DAYS: usize = 31;

/// The factors of days and how a row's classes are one number: a digit per factor.
pub(super) struct Classes<'a> {
    /// Seconds of the first date.
    first: i64,
    /// Seconds that all dates are multiples of from there: of days a day.
    unit: i64,
    /// For each such step from the first date: its position among the dates the panel has.
    positions: Vec<usize>,
    season: usize,
    /// The values of each column that counts as a factor, ascending.
    columns: BTreeMap<&'a str, Vec<f64>>,
    /// Classes of each factor: the phase of the season, a holiday or not, the columns, the day of the month.
    pub(super) counts: Vec<usize>,
}

impl<'a> Classes<'a> {
    pub(super) fn of(panel: &[Member<'a>], season: usize) -> Self {
        let seconds = |date: &Moment| date.to_epoch_seconds();
        let dates = || panel.iter().flat_map(|member| member.history.dates.iter().chain(member.future.dates));
        let first = dates().map(seconds).min().unwrap_or(0);
        let unit = dates().fold(DAY, |unit, date| gcd(unit, seconds(date) - first));
        let place = |date: &Moment| offset(seconds(date), first, unit);
        let mut present = vec![false; dates().map(place).max().map_or(0, |last| last + 1)];
        dates().for_each(|date| present[place(date)] = true);
        let mut count = 0;
        let position = |is_present: bool| {
            count += usize::from(is_present);
            count
        };
        let positions = present.into_iter().map(position).collect();
        let columns = columns(panel);
        let of_columns = columns.values().map(|values| values.len() + 1);
        let counts = [season, 2].into_iter().chain(of_columns).chain([MONTH_DAYS]).collect();
        Self { first, unit, positions, season, columns, counts }
    }

    /// A date's place among the dates of the panel, from 1.
    pub(super) fn position(&self, date: Moment) -> usize {
        self.positions[offset(date.to_epoch_seconds(), self.first, self.unit)]
    }

    /// One class number per row of the history and then per step of the future.
    pub(super) fn of_member(&self, member: &Member<'_>) -> Vec<usize> {
        let (history, future) = (&member.history, &member.future);
        let mut classes = Vec::with_capacity(history.dates.len() + future.dates.len());
        self.add(&mut classes, history.dates, history.plan());
        self.add(&mut classes, future.dates, future.known);
        classes
    }

    fn add(&self, classes: &mut Vec<usize>, dates: &[Moment], known: Option<KnownRows<'_>>) {
        let known_days: BTreeMap<&str, &[f64]> = known.iter().flat_map(KnownRows::days).collect();
        let factors: Vec<_> =
            self.columns.iter().map(|(name, values)| (known_days.get(name), values)).collect();
        for (row, &date) in dates.iter().enumerate() {
            // The last factor is the highest digit; "unknown" is a class of its own, after all values.
            let mut class = date.day0() as usize;
            for (column, values) in factors.iter().rev() {
                let digit = column.map_or(values.len(), |column| place(values, column[row]));
                class = class * (values.len() + 1) + digit;
            }
            class = class * 2 + usize::from(known.is_some_and(|known| known.is_holiday[row]));
            classes.push(class * self.season + self.position(date) % self.season);
        }
    }
}

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn offset(seconds: i64, first: i64, unit: i64) -> usize {
    usize::try_from((seconds - first) / unit).expect("no date is before the first")
}

fn place(values: &[f64], value: f64) -> usize {
    values.iter().position(|known| known.total_cmp(&value).is_eq()).unwrap_or(values.len())
}

/// The distinct values of the day columns that have few.
fn columns<'a>(panel: &[Member<'a>]) -> BTreeMap<&'a str, Vec<f64>> {
    let mut columns: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for member in panel {
        for (name, column) in member.history.plan().iter().flat_map(KnownRows::days) {
            let values = columns.entry(name).or_default();
            for &value in column {
                if values.len() <= MOST_CLASSES && place(values, value) == values.len() {
                    values.push(value);
                }
            }
        }
    }
    columns.retain(|_, values| (2..=MOST_CLASSES).contains(&values.len()));
    for values in columns.values_mut() {
        values.sort_by(f64::total_cmp);
    }
    columns
}
