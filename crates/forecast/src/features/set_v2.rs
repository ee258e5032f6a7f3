//! Feature set V2: the columns of eleven groups, of which six are on by default.
//!
//! Row `i` of a history is the first step after its first `i` rows. So one function makes both kinds of row, and it
//! is given nothing of the row's own day or later but the date and what is known beforehand. `d` steps after the
//! origin:
//! - a lag of `k` rows reads `y[T+d−k]` if `d ≤ k` and is missing otherwise;
//! - a window ends on the day before, so it is missing from the second step on;
//! - the means of earlier equal weekdays and the days since the last delivery read what the origin knows.
//!
//! Nothing is filled with a forecast or a later actual. A window skips missing values; it is missing where the history
//! is shorter than the window or has no value in it. A number too large to represent is missing.

mod cells;
mod stats;

use serde::{Deserialize, Serialize};

use super::set::{Matrix, Safety, SetColumn};
use super::set_v1::Grid;
use crate::model::{Future, History};
use series::{KnownRows, OutcomeRows};
use wire::Moment;

/// Rows of the past that a row may look back on: 52 weeks, and room for the horizon's end.
pub(crate) const HISTORY_TAIL: usize = 400;

/// Columns that are switched on and off together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Lags and means of equal weekdays.
    TargetHistory,
    /// Of the date alone.
    Calendar,
    /// Statistics of the last weeks.
    Rolling,
    /// Where the level goes.
    Trend,
    /// The plan of prices and promotions.
    PricePromo,
    /// Stock.
    Inventory,
    /// Days since launch and until the end.
    Lifecycle,
    /// Deliveries.
    Replenishment,
    /// Units that came back.
    Returns,
    /// Weather of the day.
    ExogenousWeather,
    /// Economy of the day.
    ExogenousMacro,
}

impl Group {
    /// All groups, in the order of their columns.
    pub const ALL: [Self; 11] = [
        Self::TargetHistory,
        Self::Calendar,
        Self::Rolling,
        Self::Trend,
        Self::PricePromo,
        Self::Inventory,
        Self::Lifecycle,
        Self::Replenishment,
        Self::Returns,
        Self::ExogenousWeather,
        Self::ExogenousMacro,
    ];

    /// Their names, in the same order.
    pub const NAMES: [&'static str; 11] = [
        "target_history",
        "calendar",
        "rolling",
        "trend",
        "price_promo",
        "inventory",
        "lifecycle",
        "replenishment",
        "returns",
        "exogenous_weather",
        "exogenous_macro",
    ];

    /// The groups of a set that names none.
    pub const DEFAULT: [Self; 6] =
        [Self::TargetHistory, Self::Calendar, Self::Rolling, Self::Trend, Self::PricePromo, Self::Lifecycle];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The names of its columns, in order.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::TargetHistory => &cells::TARGET_HISTORY,
            Self::Calendar => &cells::CALENDAR,
            Self::Rolling => &cells::ROLLING,
            Self::Trend => &cells::TREND,
            Self::PricePromo => &cells::PRICE_PROMO,
            Self::Inventory => &cells::INVENTORY,
            Self::Lifecycle => &cells::LIFECYCLE,
            Self::Replenishment => &cells::REPLENISHMENT,
            Self::Returns => &cells::RETURNS,
            Self::ExogenousWeather => &cells::EXOGENOUS_WEATHER,
            Self::ExogenousMacro => &cells::EXOGENOUS_MACRO,
        }
    }

    /// The class of all its columns. Weather and economy are read on the day itself, so they are as unsafe as a price:
    /// only a forecast of them may fill a future row.
    pub const fn safety(self) -> Safety {
        match self {
            Self::Calendar | Self::Lifecycle => Safety::Safe,
            Self::PricePromo | Self::ExogenousWeather | Self::ExogenousMacro => Safety::UnsafeUnlessSupplied,
            Self::TargetHistory
            | Self::Rolling
            | Self::Trend
            | Self::Inventory
            | Self::Replenishment
            | Self::Returns => Safety::ConditionallySafe,
        }
    }
}

/// Some groups, at least one, in the order of their columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups(Vec<Group>);

impl Default for Groups {
    fn default() -> Self {
        Self(Group::DEFAULT.to_vec())
    }
}

impl Groups {
    /// All of them.
    pub fn all() -> Self {
        Self(Group::ALL.to_vec())
    }

    /// The groups of these names, whatever the names' order; else what is wrong with them.
    pub(crate) fn parse(names: &[impl AsRef<str>]) -> Result<Self, String> {
        let is_known = |name: &str| Group::NAMES.contains(&name);
        if let Some(unknown) = names.iter().map(AsRef::as_ref).find(|name| !is_known(name)) {
            return Err(format!("must name groups among {}, not `{unknown}`", Group::NAMES.join(", ")));
        }
        if names.is_empty() {
            return Err("must name at least one group, or be null for the default ones".to_owned());
        }
        let is_named = |group: &Group| names.iter().any(|name| name.as_ref() == group.as_str());
        Ok(Self(Group::ALL.into_iter().filter(is_named).collect()))
    }

    /// The groups.
    pub fn as_slice(&self) -> &[Group] {
        &self.0
    }

    pub(crate) fn columns(&self) -> Vec<SetColumn> {
        let of = |group: &Group| {
            let (group, safety) = (*group, group.safety());
            group.columns().iter().map(move |&name| SetColumn { name, group: Some(group), safety })
        };
        self.0.iter().flat_map(of).collect()
    }

    fn width(&self) -> usize {
        self.0.iter().map(|group| group.columns().len()).sum()
    }
}

/// The rows before a row, the latest last: everything a row may look back on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Past<'a> {
    pub(crate) values: &'a [f64],
    pub(crate) dates: &'a [Moment],
    pub(crate) outcomes: Option<OutcomeRows<'a>>,
}

impl Past<'_> {
    /// What precedes `row`, as far as a set looks back.
    fn before(self, row: usize) -> Self {
        let rows = row.saturating_sub(HISTORY_TAIL)..row;
        Self {
            values: &self.values[rows.clone()],
            dates: &self.dates[rows.clone()],
            outcomes: self.outcomes.map(|outcomes| outcomes.slice(rows)),
        }
    }
}

/// A row's own day, with what is known of it beforehand.
#[derive(Debug, Clone, Copy)]
struct Day<'a> {
    date: Moment,
    known: Option<KnownRows<'a>>,
    /// Its row among the known.
    row: usize,
    grid: Grid,
    /// Steps from the last row of the past.
    steps_ahead: usize,
}

/// One row per row of the history.
pub(crate) fn historical(groups: &Groups, history: &History<'_>, grid: Grid) -> Matrix {
    let whole = Past {
        values: history.values,
        dates: history.dates,
        outcomes: history.known.and_then(|past| past.outcomes),
    };
    let known = history.known.map(|past| past.known);
    let mut cells = Vec::with_capacity(history.values.len() * groups.width());
    for (row, &date) in history.dates.iter().enumerate() {
        let day = Day { date, known, row, grid, steps_ahead: 1 };
        write(groups, whole.before(row), day, &mut cells);
    }
    Matrix::new(groups.width(), cells)
}

/// One row per step of the future.
pub(crate) fn future(groups: &Groups, past: Past<'_>, future: &Future<'_>, grid: Grid) -> Matrix {
    let mut cells = Vec::with_capacity(future.steps() * groups.width());
    for (row, &date) in future.dates.iter().enumerate() {
        let day = Day { date, known: future.known, row, grid, steps_ahead: row + 1 };
        write(groups, past, day, &mut cells);
    }
    Matrix::new(groups.width(), cells)
}

fn write(groups: &Groups, past: Past<'_>, day: Day<'_>, row: &mut Vec<f64>) {
    let start = row.len();
    // A window that ends on the day before sees nothing where that day is not past yet.
    let window = if day.steps_ahead == 1 { past } else { Past::default() };
    for group in &groups.0 {
        match group {
            Group::TargetHistory => row.extend(cells::target_history(past, day)),
            Group::Calendar => row.extend(cells::calendar(day)),
            Group::Rolling => row.extend(cells::rolling(window)),
            Group::Trend => row.extend(cells::trend(window)),
            Group::PricePromo => row.extend(cells::price_promo(day)),
            Group::Inventory => row.extend(cells::inventory(window)),
            Group::Lifecycle => row.extend(cells::lifecycle(day)),
            Group::Replenishment => row.extend(cells::replenishment(past, window, day)),
            Group::Returns => row.extend(cells::returns(window)),
            Group::ExogenousWeather => row.extend(cells::weather(day)),
            Group::ExogenousMacro => row.extend(cells::economy(day)),
        }
    }
    row[start..].iter_mut().filter(|cell| cell.is_infinite()).for_each(|cell| *cell = f64::NAN);
}

#[cfg(test)]
mod tests;
