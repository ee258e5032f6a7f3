//! How the dates of series lie on a grid.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use chrono::Datelike;
use wire::Moment;

use crate::calendar::Frequency;

/// The frequency most rows are in, the finer one if two are equal: in a fleet of sparse daily series some happen to have
/// all their rows on one weekday. Working days are those of a file only if none of its series has a weekend. Series of one row,
/// or of rows too irregular to tell, do not count. If there is none, the first irregular series, with its first date that does
/// not fit the others. Dates ascend.
pub(crate) fn usual_frequency<Dates: Borrow<[Moment]>>(
    series: impl Iterator<Item = Dates> + Clone,
) -> Result<Frequency, (usize, Moment)> {
    let (rhythms, irregular) = Rhythms::of(series);
    rhythms.usual().map_or_else(|| irregular.map_or(Ok(Frequency::DAILY), Err), Ok)
}

/// How many rows are in which frequency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rhythms {
    rows_of: BTreeMap<Frequency, usize>,
    /// Whether beside series of working days there are others with weekends.
    has_weekends: bool,
}

impl Rhythms {
    /// Those of series whose dates ascend, and the first irregular one with its first odd date.
    pub(crate) fn of<Dates: Borrow<[Moment]>>(
        mut series: impl Iterator<Item = Dates> + Clone,
    ) -> (Self, Option<(usize, Moment)>) {
        let (mut own, mut irregular) = (Self::default(), None);
        for (place, dates) in series.clone().enumerate() {
            let dates = dates.borrow();
            if dates.len() < 2 {
                continue;
            }
            match frequency_of(dates) {
                Ok(found) => *own.rows_of.entry(found).or_default() += dates.len(),
                Err((date, _)) => {
                    irregular.get_or_insert((place, date));
                }
            }
        }
        let is_weekend = |date: &Moment| !Frequency::BUSINESS_DAILY.has(*date);
        own.has_weekends = own.rows_of.contains_key(&Frequency::BUSINESS_DAILY)
            && series.any(|dates| dates.borrow().iter().any(is_weekend));
        (own, irregular)
    }

    /// Adds those of other series.
    pub(crate) fn add(&mut self, other: &Self) {
        for (frequency, rows) in &other.rows_of {
            *self.rows_of.entry(*frequency).or_default() += rows;
        }
        self.has_weekends |= other.has_weekends;
    }

    /// The frequency most rows are in, if any is.
    pub(crate) fn usual(&self) -> Option<Frequency> {
        // Of equals the last one is taken.
        match self.rows_of.iter().rev().max_by_key(|(_, rows)| **rows)? {
            (&Frequency::BUSINESS_DAILY, _) if self.has_weekends => Some(Frequency::DAILY),
            (&frequency, _) => Some(frequency),
        }
    }
}

fn frequency_of(dates: &[Moment]) -> Result<Frequency, (Moment, Frequency)> {
    let mut distinct = dates.to_vec();
    distinct.dedup();
    Frequency::infer(&distinct)
}

/// The first of these ascending dates that is not on the grid of the others.
pub(crate) fn first_off_grid(dates: &[Moment], frequency: Frequency) -> Option<Moment> {
    let &first = dates.first()?;
    let anchor = anchor_day(dates);
    dates.iter().copied().find(|&date| frequency.steps_between(first, anchor, date).is_none())
}

/// Grid steps from the first of these ascending dates to the last, both on the grid.
pub(crate) fn span(dates: &[Moment], frequency: Frequency) -> usize {
    let ends = dates.first().zip(dates.last());
    let steps = ends.and_then(|(&first, &last)| frequency.steps_between(first, anchor_day(dates), last));
    steps.and_then(|steps| usize::try_from(steps).ok()).unwrap_or(0)
}

/// The day of the month that dates aim at, of which a short month has its last day.
fn anchor_day(dates: &[Moment]) -> u32 {
    dates.iter().map(Datelike::day).max().unwrap_or(1)
}
