//! Forecasts as a picture: small figures of the first series, each with its last values, what comes next, and the range that
//! should hold four of five outcomes. It follows the theme of whoever looks, and nothing in a name acts.

use std::fmt::Write as _;

use wire::model_selection::{FleetResult, SeriesForecast};

use super::out::models;
use crate::figures::number;
use crate::names::Names;
use crate::plain::plain;
use crate::table::cut;

/// The level of the range that is drawn.
const LEVEL: f64 = 0.8;
/// So many series have a figure.
const SHOWN: usize = 12;
const COLUMNS: usize = 3;

/// A figure with its words, in the picture's units.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 150.0;
/// The plot inside it.
const LEFT: f64 = 48.0;
const TOP: f64 = 40.0;
const PLOT_WIDTH: f64 = 236.0;
const PLOT_HEIGHT: f64 = 84.0;
/// Above the figures.
const HEAD: f64 = 44.0;
/// Letters of a line of words that fit a figure.
const LETTERS: usize = 40;

const STYLE: &str = "\
svg { --ink: #1d2430; --soft: #5d6878; --line: #d9dee6; --past: #2f5d9f; --next: #b4541a; --paper: #ffffff }
@media (prefers-color-scheme: dark) {
svg { --ink: #e7ebf1; --soft: #9aa6b6; --line: #333c49; --past: #7fb0f0; --next: #f0a36b; --paper: #12171e }
}
text { font: 11px system-ui, sans-serif; fill: var(--soft) }
.title { font-size: 14px; font-weight: 600; fill: var(--ink) } .name { font-weight: 600; fill: var(--ink) }
.paper { fill: var(--paper) } .axis { stroke: var(--line) } .band { fill: var(--next); opacity: .22 }
.past, .next { fill: none; stroke-width: 1.6; stroke-linejoin: round } .past { stroke: var(--past) }
.next { stroke: var(--next) }";

/// The picture of a forecast with a result.
pub(super) fn picture(result: &FleetResult, series: &[SeriesForecast], names: &Names) -> String {
    let shown = &series[..series.len().min(SHOWN)];
    let (width, height) =
        (WIDTH * COLUMNS as f64, HEAD + HEIGHT * shown.len().div_ceil(COLUMNS) as f64 + 8.0);
    let types = result.standings.iter().filter_map(|one| one.model_type.as_deref());
    let statement = escaped(&names.sentence(&result.statement, types));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{statement}\">\n\
         <style>\n{STYLE}\n</style>\n<rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n"
    );
    let more = match series.len() - shown.len() {
        0 => String::new(),
        more => format!(", the first {SHOWN} of {}", shown.len() + more),
    };
    let _ = writeln!(
        svg,
        "<text class=\"title\" x=\"16\" y=\"28\">What comes next, with the range for four of five outcomes{more}</text>"
    );
    for (at, one) in shown.iter().enumerate() {
        let (column, row) = (at % COLUMNS, at / COLUMNS);
        let (x, y) = (WIDTH * column as f64, HEAD + HEIGHT * row as f64);
        let _ = writeln!(svg, "<g transform=\"translate({x} {y})\">");
        figure(&mut svg, one, names);
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

fn figure(svg: &mut String, one: &SeriesForecast, names: &Names) {
    let place = Place::of(one);
    let made_of = models(one, |model| names.name(model));
    let (name, made_of) = (escaped(&cut(&plain(&one.name), LETTERS)), escaped(&cut(&made_of, LETTERS)));
    let _ = writeln!(svg, "<text class=\"name\" x=\"16\" y=\"14\">{name}</text>");
    let _ = writeln!(svg, "<text x=\"16\" y=\"29\">{made_of}</text>");
    for value in [place.low, place.high] {
        let y = place.y(value);
        let _ = writeln!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT + PLOT_WIDTH,
            LEFT - 5.0,
            y + 4.0,
            number(value)
        );
    }
    let before = one.history.len();
    if let Some(interval) = one.intervals.iter().find(|interval| (interval.level - LEVEL).abs() < 1e-9) {
        let there = interval.upper.iter().enumerate().map(|(step, value)| (before + step, *value));
        let back = interval.lower.iter().enumerate().rev().map(|(step, value)| (before + step, *value));
        let points: Vec<String> = there.chain(back).map(|(at, value)| place.point(at, value)).collect();
        let _ = writeln!(svg, "<polygon class=\"band\" points=\"{}\"/>", points.join(" "));
    }
    let past = one.history.iter().copied().enumerate();
    let _ = writeln!(svg, "<path class=\"past\" d=\"{}\"/>", place.path(past));
    let joint = one.history.last().map(|value| (before.saturating_sub(1), *value));
    let next = one.points.iter().enumerate().map(|(step, value)| (before + step, Some(*value)));
    let _ = writeln!(svg, "<path class=\"next\" d=\"{}\"/>", place.path(joint.into_iter().chain(next)));
    if let (Some(first), Some(last)) = (one.dates.first(), one.dates.last()) {
        let bottom = TOP + PLOT_HEIGHT + 17.0;
        let from = place.x(before).min(LEFT + PLOT_WIDTH - 140.0);
        let _ = writeln!(
            svg,
            "<text x=\"{from:.1}\" y=\"{bottom}\">{first}</text>\
             <text x=\"{:.1}\" y=\"{bottom}\" text-anchor=\"end\">{last}</text>",
            LEFT + PLOT_WIDTH
        );
    }
}

/// Where values stand in the plot of a series.
struct Place {
    low: f64,
    high: f64,
    steps: usize,
}

impl Place {
    fn of(one: &SeriesForecast) -> Self {
        let drawn = one.intervals.iter().filter(|interval| (interval.level - LEVEL).abs() < 1e-9);
        let bounds = drawn.flat_map(|interval| interval.lower.iter().chain(&interval.upper));
        let all = one.history.iter().flatten().chain(&one.points).chain(bounds);
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        });
        Self { low, high, steps: one.history.len() + one.points.len() }
    }

    fn x(&self, at: usize) -> f64 {
        LEFT + PLOT_WIDTH * at as f64 / self.steps.saturating_sub(1).max(1) as f64
    }

    /// What never changes stands in the middle.
    fn y(&self, value: f64) -> f64 {
        let share = if self.high > self.low { (value - self.low) / (self.high - self.low) } else { 0.5 };
        TOP + PLOT_HEIGHT * (1.0 - share)
    }

    fn point(&self, at: usize, value: f64) -> String {
        format!("{:.1},{:.1}", self.x(at), self.y(value))
    }

    /// A line through the values, broken where one is missing.
    fn path(&self, values: impl Iterator<Item = (usize, Option<f64>)>) -> String {
        let (mut path, mut is_going_on) = (String::new(), false);
        for (at, value) in values {
            if let Some(value) = value {
                let _ = write!(path, "{}{} ", if is_going_on { "L" } else { "M" }, self.point(at, value));
            }
            is_going_on = value.is_some();
        }
        path.trim_end().to_owned()
    }
}

/// As it stands in XML, between tags and in attributes.
fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
#[path = "svg/tests.rs"]
mod tests;
