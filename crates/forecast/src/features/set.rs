//! Which columns a feature-aware model learns from: set V1, or set V2 with some of its groups.
//!
//! A model is built from its parameters alone, and these name the set; so the set a candidate is ranked on is
//! the set it is trained on.

use kernel::FieldError;
use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::set_v1::Grid;
use super::set_v2::Past;
use super::{set_v1, set_v2};
use crate::features::{Group, Groups};
use crate::model::{Future, History};
use crate::params::{Parameter, Params};
use series::Outcomes;
use wire::Moment;

/// A feature set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeatureSet {
    /// 14 columns.
    V1,
    /// The columns of these groups: 38 by default, 51 with all.
    V2(Groups),
}

/// When a column of a future row can be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Safety {
    /// Always: it depends on the date, and on dates of the product, alone.
    Safe,
    /// As far as it reads rows before the origin; missing where it would read a later one.
    ConditionallySafe,
    /// Only from a plan or forecast of the day; missing without one.
    UnsafeUnlessSupplied,
}

/// A column of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SetColumn {
    /// Its name.
    pub name: &'static str,
    /// Its group; set V1 has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// When it can be filled.
    pub safety: Safety,
}

impl FeatureSet {
    /// The set of this version, with these groups or the default ones. Reports everything that is wrong, under
    /// `feature_frame_version` and `feature_groups`. The order of the names does not matter.
    pub fn parse(version: u64, groups: Option<&[impl AsRef<str>]>) -> Result<Self, Vec<FieldError>> {
        match (version, groups) {
            (1, None) => Ok(Self::V1),
            (1, Some(_)) => Err(vec![FieldError::new(
                "feature_groups",
                "must be null unless feature_frame_version is 2: set 1 has no groups",
            )]),
            (2, None) => Ok(Self::V2(Groups::default())),
            (2, Some(names)) => Groups::parse(names)
                .map(Self::V2)
                .map_err(|message| vec![FieldError::new("feature_groups", message)]),
            _ => {
                Err(vec![FieldError::new("feature_frame_version", format!("must be 1 or 2, not {version}"))])
            }
        }
    }

    /// The parameters by which a model is given its set.
    pub(crate) fn parameters() -> [Parameter; 2] {
        [
            Parameter::integer("feature_frame_version", 1, 2, 1, "Feature set: 1 or 2.").added_later(),
            Parameter::words(
                "feature_groups",
                &Group::NAMES,
                "Groups of feature set 2; null for the default ones.",
            )
            .added_later(),
        ]
    }

    /// Whether a model with these parameters takes a set, and one that is none.
    pub(crate) fn check(params: &Params) -> Result<(), Vec<FieldError>> {
        Self::read(params).map(drop).map_err(|fields| {
            let within =
                |field: FieldError| FieldError::new(format!("params.{}", field.field), field.message);
            fields.into_iter().map(within).collect()
        })
    }

    /// The set that checked parameters name.
    pub(crate) fn of(params: &Params) -> Self {
        Self::read(params).expect("the parameters were checked to name a set")
    }

    fn read(params: &Params) -> Result<Self, Vec<FieldError>> {
        let version = params.optional_count("feature_frame_version").unwrap_or(1);
        Self::parse(version as u64, params.optional_words("feature_groups").as_deref())
    }

    /// The columns, in order.
    pub fn columns(&self) -> Vec<SetColumn> {
        match self {
            Self::V1 => set_v1::columns(),
            Self::V2(groups) => groups.columns(),
        }
    }

    /// A row per row of a history, and what is to be remembered of it for the rows of a future.
    pub(crate) fn learn(&self, history: &History<'_>) -> (Matrix, Tail) {
        let grid = Grid::of(history.dates);
        let rows = match self {
            Self::V1 => set_v1::historical(history, grid),
            Self::V2(groups) => set_v2::historical(groups, history, grid),
        };
        let tail = Tail::of(self, history, grid);
        let rows = match &tail.clock {
            Some(clock) => clock.beside_history(&rows, history),
            None => rows,
        };
        (rows, tail)
    }
}

/// Rows of equally many numbers; `NaN` is missing.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    width: usize,
    cells: Vec<f64>,
}

impl Matrix {
    pub(crate) const fn new(width: usize, cells: Vec<f64>) -> Self {
        Self { width, cells }
    }

    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.cells.chunks_exact(self.width)
    }

    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// The same with so many more cells behind each row.
    pub(crate) fn beside<const N: usize>(&self, more: impl Iterator<Item = [f64; N]>) -> Self {
        let cells = self.rows().zip(more).flat_map(|(row, more)| row.iter().copied().chain(more));
        Self { width: self.width + N, cells: cells.collect() }
    }
}

/// The end of a history, as far as a set looks back on it.
#[derive(Debug, Clone)]
pub(crate) struct Tail {
    set: FeatureSet,
    grid: Grid,
    clock: Option<Clock>,
    values: Vec<f64>,
    dates: Vec<Moment>,
    outcomes: Option<Outcomes>,
}

impl Tail {
    fn of(set: &FeatureSet, history: &History<'_>, grid: Grid) -> Self {
        let kept = match set {
            FeatureSet::V1 => set_v1::HISTORY_TAIL,
            FeatureSet::V2(_) => set_v2::HISTORY_TAIL,
        };
        let end = history.values.len();
        let rows = end.saturating_sub(kept)..end;
        let outcomes = history.known.and_then(|past| past.outcomes);
        Self {
            set: set.clone(),
            grid,
            clock: Clock::of(history),
            values: history.values[rows.clone()].to_vec(),
            dates: history.dates[rows.clone()].to_vec(),
            outcomes: outcomes.map(|outcomes| outcomes.slice(rows).to_owned()),
        }
    }

    /// A row per step after the history.
    pub(crate) fn future(&self, future: &Future<'_>) -> Matrix {
        let rows = match &self.set {
            FeatureSet::V1 => set_v1::future(&self.values, future, self.grid),
            FeatureSet::V2(groups) => {
                let outcomes = self.outcomes.as_ref().map(|outcomes| outcomes.rows(0..self.values.len()));
                let past = Past { values: &self.values, dates: &self.dates, outcomes };
                set_v2::future(groups, past, future, self.grid)
            }
        };
        match &self.clock {
            Some(clock) => clock.beside_future(&rows, future),
            None => rows,
        }
    }
}
