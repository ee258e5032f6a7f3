//! The search for the order.

use super::difference::Differences;
use super::fit::{Estimate, Problem};
use super::forecast::{Fit, Part};
use super::kernel::Filtered;
use super::order::{Limits, MOST_COEFFICIENTS, Mean, Order};
use crate::smoothing::{Choice, unit, weigh};

/// Rows that are read, or ten seasons if they are more: the cost is bounded, and older rows say little.
const MOST_ROWS: usize = 3000;

/// The most orders one search fits.
const MOST_ORDERS: usize = 94;

/// Fits the orders a stepwise search visits. `None` if the values are too few, or too far apart for their differences
/// to be numbers.
pub(crate) fn search(values: &[f64], period: usize, choice: Choice) -> Option<Fit> {
    let values = &values[values.len().saturating_sub(MOST_ROWS.max(10 * period))..];
    let period = if period > values.len() / 2 { 1 } else { period };
    let differences = Differences::of(values, period);
    let rest = differences.applied(values);
    let largest = rest.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    if !largest.is_finite() || rest.len() < 3 {
        return None;
    }
    let unit = unit(&rest);
    let scaled: Vec<f64> = rest.iter().map(|value| value * unit).collect();
    let mut walk = Walk {
        values: &scaled,
        period,
        limits: limits(scaled.len(), differences),
        seen: Vec::new(),
        buffers: Filtered::default(),
    };
    walk.run();
    let chosen = walk.chosen(choice);
    let part = |(weight, estimate): (f64, Estimate)| {
        (weight, Part::of(values, &scaled, unit, differences, &estimate))
    };
    Some(Fit { parts: chosen.into_iter().map(part).collect() }).filter(|fit| !fit.parts.is_empty())
}

fn limits(rows: usize, differences: Differences) -> Limits {
    let (plain, seasonal) = match differences.period {
        1 => (MOST_COEFFICIENTS, 0),
        period => (period - 1, (rows / 3 / period).min(2)),
    };
    Limits {
        plain: plain.min(rows / 3).min(MOST_COEFFICIENTS),
        seasonal,
        total: MOST_COEFFICIENTS,
        mean: match differences.total() {
            0 => Mean::Always,
            1 => Mean::Chosen,
            _ => Mean::Never,
        },
    }
}

/// A stepwise walk over orders (Hyndman & Khandakar 2008, section 3.2).
struct Walk<'a> {
    values: &'a [f64],
    period: usize,
    limits: Limits,
    /// Orders fitted, with their criterion.
    seen: Vec<(Order, Option<(f64, Estimate)>)>,
    buffers: Filtered,
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut best: Option<(f64, Estimate)> = None;
        for order in self.limits.starts() {
            self.visit(order, &mut best);
        }
        while let Some((_, here)) = best.clone() {
            let neighbours = self.limits.neighbours(here.order);
            let is_better = neighbours.into_iter().any(|order| self.visit(order, &mut best));
            if !is_better || self.seen.len() >= MOST_ORDERS {
                break;
            }
        }
    }

    /// Fits an order that was not seen before; whether it is the best so far.
    fn visit(&mut self, order: Order, best: &mut Option<(f64, Estimate)>) -> bool {
        if self.seen.iter().any(|(seen, _)| *seen == order) || self.seen.len() >= MOST_ORDERS {
            return false;
        }
        let start = match best {
            Some((_, near)) => carried(near, order),
            None => vec![0.0; order.coefficients()],
        };
        let problem = Problem::of(self.values, self.period, order);
        let found = problem
            .solve(&start, &mut self.buffers)
            .map(|estimate| (estimate.criterion(self.values.len()), estimate));
        let found = found.filter(|(criterion, _)| criterion.is_finite());
        self.seen.push((order, found.clone()));
        let Some(found) = found else { return false };
        let is_better = best.as_ref().is_none_or(|(least, _)| found.0 < *least);
        if is_better {
            *best = Some(found);
        }
        is_better
    }

    /// The estimates that count, best first, with weights that sum to one.
    fn chosen(self, choice: Choice) -> Vec<(f64, Estimate)> {
        weigh(self.seen.into_iter().filter_map(|(_, found)| found).collect(), choice)
    }
}

/// The parameters of a fitted order as a start for another: common ones carried over, new ones zero.
fn carried(from: &Estimate, to: Order) -> Vec<f64> {
    let mut rest = from.partials.as_slice();
    let mut start = Vec::with_capacity(to.coefficients());
    for (had, wanted) in from.order.blocks().into_iter().zip(to.blocks()) {
        let (own, others) = rest.split_at(had);
        rest = others;
        start.extend((0..wanted).map(|at| own.get(at).copied().unwrap_or(0.0)));
    }
    start
}
