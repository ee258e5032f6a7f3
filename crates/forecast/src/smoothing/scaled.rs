//! A series brought near one, with what decides which forms apply to it.
//!
//! The search runs in single precision, which has seven digits: of values far from zero it would see the distance and
//! little else. Where only additive forms are asked for, which follow any constant that is added to the values, they are
//! counted from the first one. Where multiplicative seasons are asked for as well, so are values [`FAR`] from zero: at
//! that distance a ratio says what a difference says, and only the additive forms are told apart.

use super::form::{Form, Season};
use super::rows::SERIES;
use super::start::Start;

/// A series, to be multiplied by what brings its first values near one.
pub(super) struct Scaled<'a> {
    /// As far as the last origin; `NaN` is missing.
    pub(super) values: &'a [f64],
    pub(super) unit: f64,
    /// What the values are counted from before they are multiplied.
    pub(super) centre: f64,
    /// What is true of the rows before each origin.
    pub(super) facts: Vec<Facts>,
    /// A rough state without a season, with an additive and with a multiplicative one, as far as wanted.
    starts: [Option<Start>; 3],
}

impl<'a> Scaled<'a> {
    /// For these ascending origins and forms; the start is taken from the first `region` rows.
    pub(super) fn of(
        values: &'a [f64],
        period: usize,
        origins: &[usize],
        (forms, region): (&[Form], usize),
    ) -> Self {
        let values = &values[..origins[origins.len() - 1]];
        let mut facts = facts(values, origins);
        let is_ratio = |form: &Form| form.season == Season::Multiplicative;
        let (has_ratios, has_others) = (forms.iter().any(is_ratio), !forms.iter().all(is_ratio));
        let centre = if has_ratios && !(has_others && is_far(&values[..region])) {
            0.0
        } else {
            for facts in &mut facts {
                facts.is_positive = false;
            }
            values[..region].iter().copied().find(|value| !value.is_nan()).unwrap_or(0.0)
        };
        let first: Vec<f64> = values[..region].iter().map(|value| value - centre).collect();
        // Values that are all the same have no unit of their own.
        let is_flat = first.iter().all(|value| value.is_nan() || *value == 0.0);
        let unit = unit(if is_flat { &values[..region] } else { &first });
        let first: Vec<f64> = first.iter().map(|value| value * unit).collect();
        let start = |season: Season| {
            let is_wanted =
                |form: &Form| form.season == season && facts.iter().any(|facts| facts.admit(*form, period));
            forms.iter().any(is_wanted).then(|| Start::of(&first, period, season))
        };
        let starts = [Season::None, Season::Additive, Season::Multiplicative].map(start);
        Self { values, unit, centre, facts, starts }
    }

    /// The start of a form, if it applies at any origin.
    pub(super) fn start(&self, form: Form) -> Option<&Start> {
        self.starts[form.season as usize].as_ref()
    }

    /// The scaled values.
    pub(super) fn wide(&self) -> Vec<f64> {
        self.values.iter().map(|value| (value - self.centre) * self.unit).collect()
    }

    /// The scaled values in single precision.
    pub(super) fn narrow(&self) -> Vec<f32> {
        self.values.iter().map(|value| narrow((value - self.centre) * self.unit)).collect()
    }
}

/// The scaled rows of at most sixteen series of one length, `rows[16 · at + lane]`; lanes beyond the last series
/// repeat it.
#[derive(Default)]
pub(super) struct Packed {
    pub(super) wide: Vec<f64>,
    pub(super) narrow: Vec<f32>,
}

impl Packed {
    /// Replaces what is held, keeping its room.
    pub(super) fn fill(&mut self, series: &[Scaled<'_>]) {
        // So many rows of a series are read at a time that a cache line of it is used up.
        const ROWS: usize = 8;
        let length = series[0].values.len();
        self.wide.clear();
        for first in (0..length).step_by(ROWS) {
            let mut tile = [[0.0; SERIES]; ROWS];
            let rows = ROWS.min(length - first);
            for lane in 0..SERIES {
                let Scaled { values, unit, centre, .. } = &series[lane.min(series.len() - 1)];
                for (row, value) in tile.iter_mut().zip(&values[first..first + rows]) {
                    row[lane] = (value - centre) * unit;
                }
            }
            self.wide.extend_from_slice(tile[..rows].as_flattened());
        }
        self.narrow.clear();
        self.narrow.extend(self.wide.iter().map(|&value| narrow(value)));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the search runs in single precision")]
pub(super) const fn narrow(value: f64) -> f32 {
    value as f32
}

/// What decides which forms apply.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) rows: usize,
    pub(super) observed: usize,
    is_positive: bool,
}

impl Facts {
    /// Whether the form can be told from these rows.
    pub(super) fn admit(self, form: Form, period: usize) -> bool {
        let is_seasonal = form.season != Season::None;
        self.observed > form.parameters(period) + 1
            && (!is_seasonal || (period > 1 && self.rows >= 2 * period))
            && (form.season != Season::Multiplicative || self.is_positive)
    }
}

/// How many times their range values are from zero before only differences of them are looked at.
const FAR: f64 = 1024.0;

fn is_far(values: &[f64]) -> bool {
    let seen = || values.iter().copied().filter(|value| !value.is_nan());
    let (least, most) = (seen().fold(f64::INFINITY, f64::min), seen().fold(f64::NEG_INFINITY, f64::max));
    most > least && least.abs().max(most.abs()) > FAR * (most - least)
}

/// A power of two that brings the largest value near one: exact, and single precision cannot overflow.
pub(crate) fn unit(values: &[f64]) -> f64 {
    let largest =
        values.iter().filter(|value| !value.is_nan()).fold(0.0_f64, |most, value| most.max(value.abs()));
    if largest > 0.0 { (-largest.log2().floor()).clamp(-1000.0, 1000.0).exp2() } else { 1.0 }
}

/// The facts at each ascending origin, from one look at each row.
fn facts(values: &[f64], origins: &[usize]) -> Vec<Facts> {
    let mut facts = Facts { rows: 0, observed: 0, is_positive: true };
    let mut at = |origin: usize| {
        let rows = &values[facts.rows..origin];
        facts.observed += rows.iter().filter(|value| !value.is_nan()).count();
        facts.is_positive = facts.is_positive && rows.iter().all(|value| value.is_nan() || *value > 0.0);
        facts.rows = origin;
        facts
    };
    origins.iter().map(|&origin| at(origin)).collect()
}
