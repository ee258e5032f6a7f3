//! The training rows: simulated forecasts of the past.

use kernel::Seed;

use super::level_at;
use super::loss::Tweedie;
use super::panel::Panel;
use super::view::View;
use crate::models::pooled::Level;
use crate::models::tree::{Binned, Cuts};
use crate::panel::Member;

/// Bins of a feature; more were not better on M5, and fewer are faster.
const BINS: usize = 127;
/// Origins of one series at most: neighbours tell the same.
const MOST_ORIGINS: usize = 40;
/// Rows of an origin where rows are scarce.
const STEPS_PER_ORIGIN: usize = 4;

/// How many rows are drawn.
pub(super) struct Plan {
    /// Steps to learn to forecast.
    horizon: usize,
    /// Rows to draw from each series.
    rows_per_series: usize,
    seed: Seed,
}

impl Plan {
    pub(super) fn of(panel: &Panel<'_>, rows: usize, seed: Seed) -> Self {
        let horizon = panel.members.iter().map(|member| member.future.steps()).max().unwrap_or(0);
        // One that is only forecast gives no rows.
        let only_forecast = |member: &&Member<'_>| member.learned == 0 && !member.history.values.is_empty();
        let learned = panel.members.len() - panel.members.iter().filter(only_forecast).count();
        Self { horizon, rows_per_series: rows.div_ceil(learned.max(1)), seed }
    }

    /// Origins of a series, ascending, each with the rows to forecast from it.
    fn draw(&self, at: usize, origins: std::ops::Range<usize>) -> Vec<(usize, Vec<usize>)> {
        let rows = origins.end;
        let mut stream = self.seed.indexed("global_boosting.rows", at as u64);
        let mut choose = |from: std::ops::Range<usize>, count: usize| {
            let mut all: Vec<usize> = from.collect();
            stream.shuffle(&mut all);
            all.truncate(count);
            all.sort_unstable();
            all
        };
        let count = self.rows_per_series.div_ceil(STEPS_PER_ORIGIN).min(MOST_ORIGINS).min(origins.len());
        let steps = self.rows_per_series / count.max(1);
        let chosen = choose(origins, count);
        chosen
            .into_iter()
            .map(|origin| (origin, choose(origin..rows.min(origin + self.horizon), steps)))
            .collect()
    }
}

/// Training rows.
pub(super) struct Sample {
    pub(super) bins: Binned,
    pub(super) loss: Tweedie,
}

impl Sample {
    /// `None` once `keep_going`, asked before each series, says no.
    pub(super) fn draw(
        panel: &Panel<'_>,
        plan: &Plan,
        level: &Level,
        power: f64,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Self> {
        const ROWS_TO_CUT_BY: usize = 100_000;
        let members = panel.members.len();
        let stride = (members * plan.rows_per_series / ROWS_TO_CUT_BY).clamp(1, members.max(1));
        let mut first: Vec<Vec<f64>> = Vec::new();
        // The series looked at may all be too short; then all others are looked at as well.
        for stride in [stride, 1] {
            for at in (0..if first.is_empty() { members } else { 0 }).step_by(stride) {
                if !keep_going() {
                    return None;
                }
                rows(panel, plan, level, at, &mut |features, _, _| first.push(features.to_vec()));
            }
        }
        let features = first.first().map_or(0, Vec::len);
        let mut bins = Binned::new(Cuts::of(&first.iter().map(Vec::as_slice), features, BINS));
        let mut loss = Tweedie { power, ..Tweedie::default() };
        for at in 0..members {
            if !keep_going() {
                return None;
            }
            rows(panel, plan, level, at, &mut |features, value, base| {
                bins.push(features);
                loss.ratios.push((value / base).min(MOST_RATIO));
                loss.weights.push(base);
            });
        }
        weigh(&mut loss);
        Some(Self { bins, loss })
    }
}

/// Demand over its base forecast is bounded so that no row overflows a sum.
const MOST_RATIO: f64 = 1e6;

/// Turns base forecasts into weights with the mean 1, bounded so that no series is all or nothing.
fn weigh(loss: &mut Tweedie) {
    const BOUNDS: (f64, f64) = (1e-3, 1e3);
    let n = loss.weights.len() as f64;
    let mean: f64 = loss.weights.iter().map(|base| base / n).sum();
    for weight in &mut loss.weights {
        *weight = (*weight / mean).powf(2.0 - loss.power).clamp(BOUNDS.0, BOUNDS.1);
    }
    let mean: f64 = loss.weights.iter().map(|weight| weight / n).sum();
    loss.weights.iter_mut().for_each(|weight| *weight /= mean);
}

/// Gives each training row of a series: its features, its value, its base forecast.
fn rows(panel: &Panel<'_>, plan: &Plan, rule: &Level, at: usize, take: &mut impl FnMut(&[f64], f64, f64)) {
    let member = &panel.members[at];
    let view = View::of(panel, at);
    let start = view.first_demand + 2 * panel.season;
    let values = &member.history.values[..member.learned];
    if start >= values.len() {
        return;
    }
    let mut features = Vec::new();
    for (origin, rows) in plan.draw(at, start..values.len()) {
        let level = level_at(rule, &view, member, origin);
        let Some(origin) = level.ok().and_then(|level| view.at(origin, level)) else { continue };
        let is_open = |row: usize| !panel.profiles.is_closed(at, member.history.dates[row]);
        for row in rows.into_iter().filter(|&row| !values[row].is_nan() && is_open(row)) {
            view.features(&origin, row, &mut features);
            let base = origin.level * view.effects[row];
            if base.is_finite() && base > 0.0 {
                take(&features, values[row].max(0.0), base);
            }
        }
    }
}
