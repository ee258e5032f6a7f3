//! Times of a day: on which grid they are, whose clock they show, and when they are days after all.

use std::collections::{BTreeMap, BTreeSet};

use kernel::counted;
use wire::Moment;

use super::error::IntakeError;
use super::rows::{Rows, Trouble};
use super::table::Lines;
use super::{Asked, Rhythm};
use crate::calendar::Frequency;
use crate::fleet::usual_frequency;
use crate::zone::{Instant, Zone};

impl Rows {
    /// Makes local times of a zone to those of UTC, which alone are regular. Where clocks were set back a series has a time
    /// twice: the first one in the order of its rows is the earlier. A time that no clock showed is told.
    pub(super) fn set_to_utc(&mut self, zone: Zone, lines: &Lines) {
        if self.is_utc || !self.dates.iter().any(|date| date.is_time()) {
            return;
        }
        let descends = self.descending();
        let mut twice: BTreeMap<(u32, Moment), Vec<usize>> = BTreeMap::new();
        for at in 0..self.dates.len() {
            match zone.instant(self.dates[at]) {
                Instant::One(utc) => self.dates[at] = utc,
                Instant::Two(..) => twice.entry((self.series[at], self.dates[at])).or_default().push(at),
                Instant::None => {
                    let line = lines.of(self.from[at] as usize);
                    let what =
                        format!("line {line}: clocks never showed {}, they were set forward", self.dates[at]);
                    self.troubles.push(Trouble { series: self.series[at], row: self.from[at], what });
                }
            }
        }
        let mut alone = 0;
        for ((series, local), mut rows) in twice {
            let Instant::Two(first, second) = zone.instant(local) else { continue };
            if descends.contains(&series) {
                rows.reverse();
            }
            alone += usize::from(rows.len() == 1);
            for (nth, at) in rows.into_iter().enumerate() {
                self.dates[at] = if nth == 0 { first } else { second };
            }
        }
        self.is_utc = true;
        self.notes.push(
            "Local times were set to those of UTC, which have no gap in spring and no hour twice in autumn."
                .to_owned(),
        );
        if alone > 0 {
            let times =
                counted(alone, "time that clocks showed twice is", "times that clocks showed twice are");
            self.notes.push(format!("{times} there once, and read as the first."));
        }
    }

    /// Series whose rows go back in time.
    fn descending(&self) -> BTreeSet<u32> {
        let mut ends: BTreeMap<u32, (Moment, Moment)> = BTreeMap::new();
        for (&series, &date) in self.series.iter().zip(&self.dates) {
            ends.entry(series).or_insert((date, date)).1 = date;
        }
        ends.into_iter().filter(|(_, (first, last))| last < first).map(|(series, _)| series).collect()
    }

    /// Keeps times that are on a grid. If values are to be added up, a stated frequency cuts times down to its steps, and times on
    /// no grid are cut down to their days.
    pub(super) fn settle_times(&mut self, lines: &Lines, asked: &Asked) -> Result<(), IntakeError> {
        let stated = asked.frequency();
        let Some(first) = self.dates.iter().position(|date| date.is_time()) else {
            return match stated.filter(|stated| stated.is_within_day()) {
                Some(stated) => Err(IntakeError::NoFrequency {
                    why: format!("the dates are days, and {stated} ones have times; state another frequency"),
                }),
                None => Ok(()),
            };
        };
        let cut = match stated {
            Some(stated) => Some(stated).filter(|stated| asked.sum_duplicates || !stated.is_within_day()),
            None if asked.rhythm == Some(Rhythm::Each) || self.usual_times().is_ok() => None,
            None => Some(Frequency::DAILY),
        };
        let Some(cut) = cut else { return Ok(()) };
        if !asked.sum_duplicates {
            let row = self.usual_times().err().map_or(first, |odd| odd);
            let (line, time) = (lines.of(self.from[row] as usize), self.dates[row]);
            return Err(match stated {
                Some(stated) => {
                    IntakeError::TooFine { line, text: time.to_string(), stated: stated.to_string() }
                }
                None => IntakeError::WithinDay { line, text: time.to_string() },
            });
        }
        for date in &mut self.dates {
            *date = cut_down(*date, cut, asked.time_zone.filter(|_| self.is_utc));
        }
        Ok(())
    }

    /// Whether the times of most rows are on a grid; otherwise a row whose time is on none.
    fn usual_times(&self) -> Result<Frequency, usize> {
        let mut of_series: BTreeMap<u32, BTreeSet<Moment>> = BTreeMap::new();
        for (&series, &date) in self.series.iter().zip(&self.dates) {
            of_series.entry(series).or_default().insert(date);
        }
        let all: Vec<Vec<Moment>> =
            of_series.into_values().map(|dates| dates.into_iter().collect()).collect();
        usual_frequency(all.iter().map(Vec::as_slice))
            .map_err(|(_, odd)| self.dates.iter().position(|date| *date == odd).unwrap_or(0))
    }
}

/// The beginning of the step that a time is in: of its day on the clock, or of so many seconds of it.
fn cut_down(date: Moment, to: Frequency, zone: Option<Zone>) -> Moment {
    match to.seconds() {
        Some(step) => {
            let seconds = date.to_epoch_seconds();
            Moment::from_epoch_seconds(seconds - seconds.rem_euclid(step)).unwrap_or(date)
        }
        None => zone.map_or(date, |zone| zone.local(date)).date().into(),
    }
}
