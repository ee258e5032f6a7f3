//! Rows to series, on the one frequency of their file.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::Datelike;
use kernel::counted;
use wire::Moment;
use wire::datasets::Frequency as Word;

use super::error::IntakeError;
use super::rows::{Rows, Trouble};
use super::seen::Seen;
use super::table::{Lines, place};
use super::{Asked, Handed, Rhythm};
use crate::calendar::{Frequency, last_day};
use crate::dated::{DatedSeries, Use, uses};
use crate::fleet::{Rhythms, first_off_grid};
use crate::outside::short;

/// The longest name of a series, in characters.
pub const MAX_NAME_CHARS: usize = 200;

/// The rows of a file by series, and what was found out about them.
pub(super) struct Grouped {
    ordered: Ordered,
    /// The series that can be used.
    usable: Vec<usize>,
    /// What the columns beside the values are used as.
    pub(super) uses: Vec<Use>,
    /// Series that cannot be used, by name, with the reason.
    pub(super) left_out: Vec<(String, String)>,
    /// The frequency of all of them; `None` if each has its own.
    pub(super) frequency: Option<Frequency>,
    /// What it was inferred from, unless it was stated.
    pub(super) rhythms: Rhythms,
    /// Whether some series has a date more than once.
    pub(super) repeats: bool,
    pub(super) notes: Vec<String>,
}

/// Rows of each series together, in the order of their dates.
struct Ordered {
    rows: Rows,
    /// Rows of the series, one series after the other.
    order: Vec<u32>,
    /// Where each series ends in `order`.
    ends: Vec<usize>,
}

/// The series of these rows.
pub(super) fn group(mut rows: Rows, lines: &Lines, asked: &Asked) -> Result<Grouped, IntakeError> {
    rows.settle_times(lines, asked)?;
    let mut ordered = Ordered::of(rows);
    let mut notes = std::mem::take(&mut ordered.rows.notes);
    let repeats = ordered.settle_repeats(lines, asked.sum_duplicates, &mut notes);
    ordered.become_months(asked, &mut notes);
    let mut left_out = Vec::new();
    let usable = ordered.usable(&mut left_out);
    let (frequency, rhythms) = match asked.rhythm {
        Some(Rhythm::Of(frequency)) => (Some(frequency), Rhythms::default()),
        Some(Rhythm::Each) => (None, Rhythms::default()),
        None => {
            let (usual, rhythms) = ordered.usual(&usable)?;
            (Some(usual), rhythms)
        }
    };
    let uses = ordered.uses();
    Ok(Grouped { ordered, usable, uses, left_out, frequency, rhythms, repeats, notes })
}

impl Grouped {
    /// The names of all series, usable or not.
    pub(super) fn names(&self) -> &[String] {
        &self.ordered.rows.names
    }

    /// The dates of all rows.
    pub(super) fn dates(&self) -> &[Moment] {
        &self.ordered.rows.dates
    }

    /// Hands over one series after the other, each once it is seen.
    pub(super) fn each<E>(
        self,
        asked: &Asked,
        seen: &mut Seen,
        hand: &mut dyn FnMut(Handed) -> Result<(), E>,
    ) -> Result<(), E> {
        seen.left_out.extend(self.left_out);
        for at in self.usable {
            let dated = self.ordered.dated(at, self.frequency, &self.uses);
            if let (Some(Rhythm::Of(stated)), Some(date)) = (asked.rhythm, dated.off_grid_date) {
                let reason = format!("{date} does not fit {stated} dates, which were stated");
                seen.off_grid.push((short(&dated.name), reason));
            } else {
                seen.see(&dated);
                hand(Handed::Series(dated))?;
            }
        }
        Ok(())
    }
}

impl Ordered {
    /// A counting sort by series, and a sort by date of those that are not in order.
    fn of(rows: Rows) -> Self {
        let mut next = vec![0_usize; rows.names.len()];
        for &series in &rows.series {
            next[series as usize] += 1;
        }
        let mut total = 0;
        for count in &mut next {
            total += std::mem::replace(count, total);
        }
        let mut order = vec![0_u32; rows.series.len()];
        for (row, &series) in rows.series.iter().enumerate() {
            order[next[series as usize]] = place(row);
            next[series as usize] += 1;
        }
        let mut from = 0;
        for &end in &next {
            let own = &mut order[from..end];
            if !own.is_sorted_by_key(|&row| rows.dates[row as usize]) {
                own.sort_by_key(|&row| rows.dates[row as usize]);
            }
            from = end;
        }
        Self { rows, order, ends: next }
    }

    fn range(&self, at: usize) -> Range<usize> {
        at.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[at]
    }

    fn dates(&self, at: usize) -> Vec<Moment> {
        self.order[self.range(at)].iter().map(|&row| self.rows.dates[row as usize]).collect()
    }

    /// Adds up the values of one date, if that is wished; otherwise a series that repeats a date is in trouble. Whether any
    /// is.
    fn settle_repeats(&mut self, lines: &Lines, adds_up: bool, notes: &mut Vec<String>) -> bool {
        if !self.has_repeats() {
            return false;
        }
        let (mut kept, mut ends) =
            (Vec::with_capacity(self.order.len()), Vec::with_capacity(self.ends.len()));
        for at in 0..self.ends.len() {
            let from = kept.len();
            for nth in self.range(at) {
                let row = self.order[nth] as usize;
                let before = kept[from..].last().map(|&row: &u32| row as usize);
                let Some(before) = before.filter(|&before| self.rows.dates[before] == self.rows.dates[row])
                else {
                    kept.push(place(row));
                    continue;
                };
                if adds_up {
                    self.rows.values[before] = sum(self.rows.values[before], self.rows.values[row]);
                } else {
                    let [first, second] = [before, row].map(|row| lines.of(self.rows.from[row] as usize));
                    let date = self.rows.dates[row];
                    let clocks = if date.is_time() && !self.rows.is_utc {
                        "if clocks were set back there, state the time zone; "
                    } else {
                        ""
                    };
                    let what = format!(
                        "{date} is there more than once, on lines {first} and {second}; {clocks}if these are single sales, add them up"
                    );
                    self.rows.troubles.push(Trouble { series: place(at), row: self.rows.from[row], what });
                }
            }
            ends.push(kept.len());
        }
        let fewer = self.order.len() - kept.len();
        if adds_up && fewer > 0 {
            notes.push(format!(
                "{} were added up to {}.",
                counted(self.order.len(), "row", "rows"),
                counted(kept.len(), "date", "dates")
            ));
        }
        (self.order, self.ends) = (kept, ends);
        !adds_up && fewer > 0
    }

    fn has_repeats(&self) -> bool {
        let date = |row: &u32| self.rows.dates[*row as usize];
        let mut series = (0..self.ends.len()).map(|at| &self.order[self.range(at)]);
        series.any(|own| own.windows(2).any(|pair| date(&pair[0]) == date(&pair[1])))
    }

    /// Dates that are one in every month, but not on one day of it (the last working day), become the months' last days, or
    /// their first where they are early.
    fn become_months(&mut self, asked: &Asked, notes: &mut Vec<String>) {
        let is_wished = matches!(asked.rhythm, None | Some(Rhythm::Of(Frequency::MONTHLY)));
        if !is_wished || !(0..self.ends.len()).any(|at| self.is_uneven_months(at)) {
            return;
        }
        let own = |at: usize| {
            self.ends.len() == 1
                || self.is_uneven_months(at)
                || self.dates(at).len() < 2
                || self.is_monthly(at)
        };
        if !(0..self.ends.len()).all(own) {
            return;
        }
        let days: Vec<Moment> = self.order.iter().map(|&row| self.rows.dates[row as usize]).collect();
        let is_late = days.iter().all(|day| day.day() > 20);
        for (&row, day) in self.order.iter().zip(&days) {
            let to = if is_late { last_day(*day) } else { 1 };
            self.rows.dates[row as usize] = day.with_day(to).unwrap_or(*day);
        }
        let to = if is_late { "last" } else { "first" };
        notes.push(format!("There is one date a month, not always on the same day: each is read as the {to} day of its month."));
    }

    fn is_monthly(&self, at: usize) -> bool {
        first_off_grid(&self.dates(at), Frequency::MONTHLY).is_none()
    }

    /// At most one date a month, in most of the months, and no grid.
    fn is_uneven_months(&self, at: usize) -> bool {
        let dates = self.dates(at);
        let months: Vec<i32> =
            dates.iter().map(|date| date.year() * 12 + date.month0().cast_signed()).collect();
        let ascends = months.windows(2).all(|pair| pair[0] < pair[1]);
        let span = months.last().zip(months.first()).map_or(0, |(last, first)| last - first + 1);
        months.len() > 3
            && ascends
            && 3 * months.len() >= 2 * usize::try_from(span).unwrap_or(usize::MAX)
            && Frequency::infer(&dates).is_err()
    }

    /// The series that can be used, by what is known before they are on a grid; the others are told.
    fn usable(&mut self, left_out: &mut Vec<(String, String)>) -> Vec<usize> {
        let mut troubles: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for Trouble { series, what, .. } in std::mem::take(&mut self.rows.troubles) {
            troubles.entry(series).or_default().push(what);
        }
        let mut usable = Vec::new();
        for at in (0..self.ends.len()).filter(|at| !self.rows.total_names.contains(&place(*at))) {
            match self.obstacle(at, troubles.get(&place(at))) {
                None => usable.push(at),
                Some(reason) => left_out.push((short(&self.rows.names[at]), reason)),
            }
        }
        usable
    }

    fn obstacle(&self, at: usize, troubles: Option<&Vec<String>>) -> Option<String> {
        let name = &self.rows.names[at];
        let own = &self.order[self.range(at)];
        if let Some([first, others @ ..]) = troubles.map(Vec::as_slice) {
            let more = if others.is_empty() { String::new() } else { format!(" ({} more)", others.len()) };
            return Some(format!("{first}{more}"));
        }
        if own.is_empty() {
            return Some("it has no row with a date".to_owned());
        }
        if name.trim().is_empty() {
            return Some("its rows have no name".to_owned());
        }
        if name.chars().count() > MAX_NAME_CHARS {
            return Some(format!("its name has more than {MAX_NAME_CHARS} characters"));
        }
        let values = own.iter().filter(|&&row| !self.rows.values[row as usize].is_nan()).count();
        match (own.len(), values) {
            (_, 0) => Some("it has no value".to_owned()),
            (1, _) => Some("it has 1 value".to_owned()),
            _ => None,
        }
    }

    /// The frequency of most rows, or why there is none.
    fn usual(&self, usable: &[usize]) -> Result<(Frequency, Rhythms), IntakeError> {
        let (rhythms, irregular) = Rhythms::of(usable.iter().map(|&at| self.dates(at)));
        match (rhythms.usual(), irregular) {
            (Some(usual), _) => Ok((usual, rhythms)),
            (None, None) => Ok((Frequency::DAILY, rhythms)),
            (None, Some((place, odd))) => {
                let at = usable[place];
                let why = why_irregular(&self.rows.names[at], &self.dates(at), odd);
                Err(IntakeError::NoFrequency { why })
            }
        }
    }

    /// What the columns beside the values are used as, in the order of their names.
    fn uses(&self) -> Vec<Use> {
        let is_either = |number: f64| {
            number.is_nan() || [0.0_f64, 1.0].iter().any(|flag| flag.to_bits() == number.to_bits())
        };
        let is_flag = |column: &[f64]| column.iter().all(|&number| is_either(number));
        let (past, known): (BTreeMap<&str, bool>, BTreeMap<&str, bool>) = self
            .rows
            .known
            .iter()
            .map(|(name, column)| (name.as_str(), is_flag(column)))
            .partition(|(name, _)| self.rows.past.contains(*name));
        let known: Vec<(&str, bool)> = known.into_iter().collect();
        let of_known = known.iter().map(|(name, _)| *name).zip(uses(&known));
        let all: BTreeMap<&str, Use> =
            past.into_keys().map(|name| (name, Use::Past)).chain(of_known).collect();
        all.into_values().collect()
    }

    /// One series. Rows after its last value, where something else is known of them, are its plan.
    fn dated(&self, at: usize, frequency: Option<Frequency>, uses: &[Use]) -> DatedSeries {
        let own = &self.order[self.range(at)];
        let values: Vec<f64> = own.iter().map(|&row| self.rows.values[row as usize]).collect();
        let dates: Vec<Moment> = own.iter().map(|&row| self.rows.dates[row as usize]).collect();
        let known: BTreeMap<String, Vec<f64>> = self
            .rows
            .known
            .iter()
            .map(|(name, column)| (name.clone(), own.iter().map(|&row| column[row as usize]).collect()))
            .collect();
        let last = values.iter().rposition(|value| !value.is_nan()).map_or(0, |last| last + 1);
        let is_planned = uses.iter().any(|used| *used != Use::Past);
        let rows = if is_planned { last } else { dates.len() };
        let (word, off_grid_date) = match frequency {
            Some(frequency) => match first_off_grid(&dates[..rows], frequency) {
                None => (frequency.into(), None),
                Some(odd) => (Word::Irregular, Some(odd)),
            },
            None => match Frequency::infer(&dates[..rows]) {
                Ok(own) => (own.into(), None),
                Err((odd, _)) => (Word::Irregular, Some(odd)),
            },
        };
        DatedSeries {
            name: self.rows.names[at].clone(),
            frequency: word,
            off_grid_date,
            values: values[..rows].to_vec(),
            planned: dates[rows..].to_vec(),
            dates: dates[..rows].to_vec(),
            known,
            uses: uses.to_vec(),
            groups: self.rows.groups.get(at).cloned().unwrap_or_default(),
            holidays: None,
        }
    }
}

/// A missing value beside another counts nothing.
pub(super) fn sum(one: f64, other: f64) -> f64 {
    match (one.is_nan(), other.is_nan()) {
        (true, _) => other,
        (_, true) => one,
        _ => one + other,
    }
}

/// In the words of somebody who looks at the dates.
fn why_irregular(name: &str, dates: &[Moment], odd: Moment) -> String {
    let steps: Vec<i64> = dates.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).collect();
    let name = short(name);
    let mut kinds = steps;
    kinds.sort_unstable();
    kinds.dedup();
    match kinds.as_slice() {
        [only] => format!(
            "every date of `{name}` is {only} days after the one before, which is no frequency; state one (daily, weekly, …) to \
             read the dates between as missing"
        ),
        [one, other] => format!(
            "the dates of `{name}` are {one} and {other} days apart and fit no grid; state a frequency (daily, weekly, …) to read \
             the dates between as missing"
        ),
        _ => format!(
            "{odd} of `{name}` does not fit its other dates, which are on no regular grid; state the frequency, or correct the dates"
        ),
    }
}
