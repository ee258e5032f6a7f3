//! The classes of days and what they multiply demand by.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::features::KnownRows;
use crate::panel::Member;

/// A day column with more values than this is a number, not a class.
const MOST_CLASSES: usize = 8;
const ROUNDS: usize = 4;
/// Below this share of what is expected of a day, its group was closed: the day tells nothing of its classes.
const CLOSED_BELOW: f64 = 0.1;
/// The bounds of a ratio, so that a day without sales does not make an outlier of the next one that has some.
const RATIOS: (f64, f64) = (0.02, 50.0);

/// The factors of days and how a row's classes are one number: a digit per factor.
pub(super) struct Classes<'a> {
    first: i32,
    /// For each calendar day from the first: its position among the days the panel has.
    positions: Vec<usize>,
    season: usize,
    /// The values of each column that counts as a factor, ascending.
    columns: BTreeMap<&'a str, Vec<f64>>,
    /// Classes of each factor.
    counts: Vec<usize>,
}

impl<'a> Classes<'a> {
    pub(super) fn of(panel: &[Member<'a>], season: usize) -> Self {
        let day = |date: &NaiveDate| date.num_days_from_ce();
        let dates = || panel.iter().flat_map(|member| member.history.dates.iter().chain(member.future.dates));
        let first = dates().map(day).min().unwrap_or(0);
        let length = dates().map(day).max().map_or(0, |last| offset(last, first) + 1);
        let mut present = vec![false; length];
        dates().for_each(|date| present[offset(day(date), first)] = true);
        let mut count = 0;
        let position = |is_present: bool| {
            count += usize::from(is_present);
            count
        };
        let positions = present.into_iter().map(position).collect();
        let columns = columns(panel);
        let counts = [season, 2].into_iter().chain(columns.values().map(|values| values.len() + 1)).collect();
        Self { first, positions, season, columns, counts }
    }

    /// A date's place among the dates of the panel, from 1.
    pub(super) fn position(&self, date: NaiveDate) -> usize {
        self.positions[offset(date.num_days_from_ce(), self.first)]
    }

    /// One class number per row of the history and then per step of the future.
    pub(super) fn of_member(&self, member: &Member<'_>) -> Vec<usize> {
        let (history, future) = (&member.history, &member.future);
        let mut classes = Vec::with_capacity(history.dates.len() + future.dates.len());
        self.add(&mut classes, history.dates, history.plan());
        self.add(&mut classes, future.dates, future.known);
        classes
    }

    fn add(&self, classes: &mut Vec<usize>, dates: &[NaiveDate], known: Option<KnownRows<'_>>) {
        let known_days: BTreeMap<&str, &[f64]> = known.iter().flat_map(KnownRows::days).collect();
        let factors: Vec<_> =
            self.columns.iter().map(|(name, values)| (known_days.get(name), values)).collect();
        for (row, &date) in dates.iter().enumerate() {
            let mut class = 0;
            // The last factor is the highest digit; "unknown" is a class of its own, after all values.
            for (column, values) in factors.iter().rev() {
                let digit = column.map_or(values.len(), |column| place(values, column[row]));
                class = class * (values.len() + 1) + digit;
            }
            class = class * 2 + usize::from(known.is_some_and(|known| known.is_holiday[row]));
            classes.push(class * self.season + self.position(date) % self.season);
        }
    }
}

fn offset(day: i32, first: i32) -> usize {
    usize::try_from(day - first).expect("no day is before the first")
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

/// The ratio of each class of each factor; a row's effect is their product.
pub(super) struct Effects {
    ratios: Vec<Vec<f64>>,
    /// The dates on which the group was closed.
    pub(super) closed: BTreeSet<usize>,
}

/// The rows of a group on one day with the same classes.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    class: usize,
    sum: f64,
    /// What the levels of the series let expect.
    expected: f64,
}

impl Effects {
    /// The effects in the last `rows` days of the group before its latest origin. A class without demand has the
    /// ratio 1.
    pub(super) fn of(panel: &[Member<'_>], group: &[usize], classes: &Classes<'_>, rows: usize) -> Self {
        let (cells, closed) = cells(panel, group, classes, rows);
        let ratios = classes.counts.iter().map(|&count| vec![1.0; count]).collect();
        let mut effects = Self { ratios, closed };
        // Each factor explains what the others leave; a few rounds settle it.
        for factor in (0..classes.counts.len()).cycle().take(ROUNDS * classes.counts.len()) {
            effects.refine(factor, &cells);
        }
        effects
    }

    /// The effect of a row of this class.
    pub(super) fn at(&self, class: usize) -> f64 {
        let mut rest = class;
        self.ratios.iter().fold(1.0, |effect, ratios| {
            let digit = rest % ratios.len();
            rest /= ratios.len();
            effect * ratios[digit]
        })
    }

    /// Multiplies the ratios of a factor by the mean of each class over the overall mean, of what all factors leave
    /// unexplained.
    fn refine(&mut self, factor: usize, cells: &[Cell]) {
        let stride: usize = self.ratios[..factor].iter().map(Vec::len).product();
        let mut sums = vec![(0.0, 0.0); self.ratios[factor].len()];
        let mut total = (0.0, 0.0);
        for cell in cells {
            let slot = &mut sums[cell.class / stride % self.ratios[factor].len()];
            let expected = cell.expected * self.at(cell.class);
            *slot = (slot.0 + cell.sum, slot.1 + expected);
            total = (total.0 + cell.sum, total.1 + expected);
        }
        let mean = total.0 / total.1;
        for (ratio, (sum, expected)) in self.ratios[factor].iter_mut().zip(sums) {
            let change = sum / expected / mean;
            if change.is_finite() && change >= 0.0 {
                *ratio = (*ratio * change).clamp(RATIOS.0, RATIOS.1);
            }
        }
    }
}

/// What the group sold per day and class, beside what the series' mean levels let expect.
fn cells(
    panel: &[Member<'_>],
    group: &[usize],
    classes: &Classes<'_>,
    rows: usize,
) -> (Vec<Cell>, BTreeSet<usize>) {
    let last = |at: &usize| panel[*at].history.dates.last().map_or(0, |&date| classes.position(date));
    let end = group.iter().map(last).max().unwrap_or(0) + 1;
    let start = end.saturating_sub(rows);
    let mut days: Vec<Vec<Cell>> = vec![Vec::new(); end - start];
    for &at in group {
        let history = &panel[at].history;
        let first = history.dates.partition_point(|&date| classes.position(date) < start);
        let values = &history.values[first..];
        let seen = values.iter().filter(|value| !value.is_nan());
        let (sum, count) = seen.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        let level = sum / count;
        let numbers = classes.of_member(&panel[at]);
        for ((&date, &value), &class) in history.dates[first..].iter().zip(values).zip(&numbers[first..]) {
            if value.is_nan() {
                continue;
            }
            let day = &mut days[classes.position(date) - start];
            let slot = day.iter().position(|cell| cell.class == class).unwrap_or_else(|| {
                day.push(Cell { class, ..Cell::default() });
                day.len() - 1
            });
            day[slot].sum += value;
            day[slot].expected += level;
        }
    }
    let is_closed = |day: &Vec<Cell>| {
        let total = |of: fn(&Cell) -> f64| day.iter().map(of).sum::<f64>();
        total(|cell| cell.sum) < CLOSED_BELOW * total(|cell| cell.expected)
    };
    let closed =
        days.iter().enumerate().filter(|(_, day)| is_closed(day)).map(|(at, _)| start + at).collect();
    days.retain(|day| !is_closed(day));
    (days.into_iter().flatten().collect(), closed)
}
