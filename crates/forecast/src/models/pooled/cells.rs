//! What a group of series sold per day, beside what the levels of its series let expect.

use std::collections::BTreeSet;

use super::classes::Classes;
use crate::panel::Member;

/// Below this share of what is expected of a day, its group was closed: the day tells nothing of its classes.
const CLOSED_BELOW: f64 = 0.1;

/// The rows of a group on one day with the same classes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cell {
    /// Days before the last day of the group.
    pub(super) age: usize,
    pub(super) class: usize,
    pub(super) sum: f64,
    /// What the mean levels of the series let expect.
    pub(super) expected: f64,
}

/// The cells of the group's last `rows` days and the days on which it was closed, by their places in the panel.
pub(super) fn cells(
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
                let age = end - 1 - classes.position(date);
                day.push(Cell { age, class, ..Cell::default() });
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
