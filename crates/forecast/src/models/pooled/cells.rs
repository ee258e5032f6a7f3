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

/// How much the variance of demand grows with demand: one unit sold at a time has its own size.
///
/// The smallest demand that was seen is what is sold at a time, unless a season repeats the last one so well that it must
/// be less. So the effects do not depend on whether demand is counted in pieces, dozens or euros.
pub(super) fn grain(panel: &[Member<'_>], season: usize) -> f64 {
    /// Members looked at.
    const MOST_MEMBERS: usize = 300;
    let stride = panel.len().div_ceil(MOST_MEMBERS).max(1);
    let (mut least, mut squares, mut demand) = (f64::INFINITY, 0.0_f64, 0.0);
    for member in panel.iter().step_by(stride) {
        let values = member.history.values;
        least = values.iter().filter(|value| **value > 0.0).fold(least, |least, value| least.min(*value));
        for (later, earlier) in values.iter().skip(season).zip(values) {
            let difference = later.max(0.0) - earlier.max(0.0);
            if !later.is_nan() && !earlier.is_nan() {
                squares += 0.5 * difference * difference;
                demand += later.max(0.0);
            }
        }
    }
    let spread = squares / demand;
    if spread.is_finite() { least.min(spread) } else { 0.0 }
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
