//! The frequency of dates, as somebody who looks at them would say it.

use std::collections::BTreeMap;

use chrono::Datelike;
use wire::{Moment, Step, Unit};

use super::{Frequency, SECONDS_OF_A_DAY, business_day, last_day, month_index, weeks};

/// Steps from which on "every second week" or "every second month" is no accident.
const LEAST_STEPS: usize = 3;
/// The same of days, of which a product that is seldom sold has any.
const LEAST_STEPS_OF_DAYS: usize = 9;
/// Working days from which on it is no accident that none is on a weekend: two weeks of them.
const LEAST_BUSINESS_DAYS: usize = 10;

impl Frequency {
    /// The frequency of ascending, distinct dates, or the first date that fits none and the grid it was expected on.
    ///
    /// Dates on one day of the month (or on last days) are months, quarters, years or every so many months by the greatest common
    /// divisor of their distances; distances divisible by seven are weeks if a tenth of them are one, every so many weeks if
    /// nearly all are that many, or the periods of a retail year. Dates of Mondays to Fridays alone are working days if three
    /// quarters of these are there; otherwise the dates are days if at least half of the calendar is there or one day is the
    /// most common distance. Times are on the grid of the greatest common divisor of their distances if that divides a day and
    /// half of the grid is there, or half of the distances are one step.
    pub fn infer(dates: &[Moment]) -> Result<Self, (Moment, Self)> {
        if dates.len() < 2 {
            let is_time = dates.first().is_some_and(|date| date.is_time());
            return Ok(if is_time { Self::HOURLY } else { Self::DAILY });
        }
        if dates.iter().any(|date| date.is_time()) {
            return of_times(dates);
        }
        if let Some(months) = months_of(dates) {
            return Ok(months);
        }
        let steps: Vec<i64> = dates.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).collect();
        if steps.iter().all(|step| step % 7 == 0) {
            return of_weeks(dates, &steps);
        }
        of_days(dates, &steps)
    }
}

fn of_weeks(dates: &[Moment], steps: &[i64]) -> Result<Frequency, (Moment, Frequency)> {
    let weeks = steps.iter().filter(|step| **step == 7).count();
    if 10 * weeks >= steps.len() {
        return Ok(Frequency::WEEKLY);
    }
    let every = every(steps, LEAST_STEPS).and_then(|days| Step::every(days, Unit::Day)).map(Frequency::from);
    every.or_else(|| weeks::infer(dates)).ok_or((dates[1], Frequency::WEEKLY))
}

fn of_days(dates: &[Moment], steps: &[i64]) -> Result<Frequency, (Moment, Frequency)> {
    if are_business_days(dates) {
        return Ok(Frequency::BUSINESS_DAILY);
    }
    let every = every(steps, LEAST_STEPS_OF_DAYS).filter(|&days| days > 1);
    if let Some(step) = every.and_then(|days| Step::every(days, Unit::Day)) {
        return Ok(step.into());
    }
    let usual = most_common(steps);
    let span: i64 = steps.iter().sum();
    if usual == 1 || dates.len() as f64 >= 0.5 * span as f64 {
        return Ok(Frequency::DAILY);
    }
    let expected = match usual {
        28..=31 => Frequency::MONTHLY,
        89..=92 => Frequency::QUARTERLY,
        365 | 366 => Frequency::YEARLY,
        step if step % 7 == 0 => Frequency::WEEKLY,
        _ => Frequency::DAILY,
    };
    Err((odd_one(dates, steps, usual), expected))
}

/// Times on a grid that begins anew every day.
fn of_times(dates: &[Moment]) -> Result<Frequency, (Moment, Frequency)> {
    let steps: Vec<i64> = dates.windows(2).map(|pair| (pair[1] - pair[0]).num_seconds()).collect();
    let usual = most_common(&steps);
    let step = steps.iter().fold(0, |all, &step| gcd(all, step.unsigned_abs()));
    let span: i64 = steps.iter().sum();
    let is_dense = 2 * dates.len() as u64 >= span.unsigned_abs() / step.max(1);
    let ones = steps.iter().filter(|one| one.unsigned_abs() == step).count();
    let found = u32::try_from(step).ok().filter(|_| SECONDS_OF_A_DAY.is_multiple_of(step.max(1)));
    let found = found.filter(|_| is_dense || 2 * ones >= steps.len());
    let found = found.and_then(|step| Step::every(step, Unit::Second)).map(Frequency::from);
    found.ok_or_else(|| (odd_one(dates, &steps, usual), Frequency::HOURLY))
}

/// The first date that is not as far from the one before as most.
fn odd_one(dates: &[Moment], steps: &[i64], usual: i64) -> Moment {
    dates[1 + steps.iter().position(|&step| step != usual).unwrap_or(0)]
}

/// The step that all distances are multiples of, if nearly all are one of it.
fn every(steps: &[i64], least: usize) -> Option<u32> {
    let step = steps.iter().fold(0, |all, &step| gcd(all, step.unsigned_abs()));
    let ones = steps.iter().filter(|one| one.unsigned_abs() == step).count();
    (steps.len() >= least && 10 * ones >= 9 * steps.len()).then(|| u32::try_from(step).ok())?
}

/// Mondays to Fridays alone, and three quarters of them.
fn are_business_days(dates: &[Moment]) -> bool {
    let place = |date: &Moment| business_day(date.to_epoch_days().into());
    let ends = dates.first().zip(dates.last());
    let all = ends.map_or(0, |(first, last)| (place(last).0 - place(first).0).unsigned_abs() + 1);
    dates.len() >= LEAST_BUSINESS_DAYS
        && 4 * dates.len() as u64 >= 3 * all
        && dates.iter().all(|date| place(date).1)
}

/// The frequency of dates that lie on one day of the month (a short month: its last day).
fn months_of(dates: &[Moment]) -> Option<Frequency> {
    let anchor = dates.iter().map(Datelike::day).max()?;
    if dates.iter().any(|&date| date.day() != anchor.min(last_day(date))) {
        return None;
    }
    let steps: Vec<i64> = dates.windows(2).map(|pair| month_index(pair[1]) - month_index(pair[0])).collect();
    let every = every(&steps, LEAST_STEPS).and_then(|months| Step::every(months, Unit::Month));
    let step = steps.iter().fold(0, |all, &step| gcd(all, step.unsigned_abs()));
    Some(every.map_or_else(
        || match step {
            step if step % 12 == 0 => Frequency::YEARLY,
            step if step % 3 == 0 => Frequency::QUARTERLY,
            _ => Frequency::MONTHLY,
        },
        Frequency::from,
    ))
}

pub(super) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn most_common(steps: &[i64]) -> i64 {
    let mut counts = BTreeMap::new();
    for &step in steps {
        *counts.entry(step).or_insert(0_usize) += 1;
    }
    // The shortest of the most frequent steps.
    counts.into_iter().max_by_key(|&(step, count)| (count, -step)).map_or(1, |(step, _)| step)
}
