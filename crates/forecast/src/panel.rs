//! Models that learn from all series of a panel together.
//!
//! A panel is a set of series with optional static keys, such as store and department. A [`PanelModel`] sees all
//! histories and states the next numbers of each; one lone series is a panel of one. Whoever judges one cuts all
//! series at one *date*, so that nothing is learned from what another series did later.

use std::cmp::Ordering;
use std::ops::Range;

use series::{Known, Series};
use wire::Moment;
use wire::model_selection::Forecast;

use crate::forecast::require_plan;
use crate::model::{FitError, Future, History};
use crate::{ForecastError, ModelSpec};

/// One series of a panel as a model sees it.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The series' name.
    pub name: &'a str,
    /// Its static keys, the same kinds in the same order for all members (or none): store, department, …
    pub groups: &'a [String],
    /// What is known when the steps are forecast.
    pub history: History<'a>,
    /// So many of its first rows may be learned from together with other members; only its own forecast looks at later ones.
    pub learned: usize,
    /// The steps to forecast; none for a member that is only learned from.
    pub future: Future<'a>,
}

impl Member<'_> {
    /// The member as far as others may learn from it.
    pub(crate) fn as_learned(&self) -> Self {
        Self { history: self.history.until(self.learned), ..*self }
    }
}

/// A model of a whole panel with its parameters.
pub trait PanelModel: Send + Sync {
    /// Learns from all histories and forecasts each member's steps, in the members' order. Asks `keep_going` between
    /// pieces of work and gives `None` once it says no.
    fn forecast(
        &self,
        panel: &[Member<'_>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Result<Vec<f64>, FitError>>>;
}

/// The members' places in an order that depends on nothing but what they are and what is known of them: not on their
/// names, and not on the order they come in. A panel model is given them so, because it draws rows by a member's place
/// and sums over members, and must say the same of a series wherever it stands.
pub(crate) fn canonical_order(panel: &[Member<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..panel.len()).collect();
    order.sort_by(|&a, &b| compare(&panel[a], &panel[b]));
    order
}

fn compare(a: &Member<'_>, b: &Member<'_>) -> Ordering {
    let values = |a: &[f64], b: &[f64]| {
        let apart = a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
        apart.unwrap_or_else(|| a.len().cmp(&b.len()))
    };
    let (past, other) = (a.history.plan(), b.history.plan());
    let known = || match (past, other) {
        (Some(a), Some(b)) => values(a.price_factor, b.price_factor)
            .then_with(|| a.promo_active.cmp(b.promo_active))
            .then_with(|| a.is_holiday.cmp(b.is_holiday))
            .then_with(|| a.days().map(|day| day.0).cmp(b.days().map(|day| day.0)))
            .then_with(|| {
                let days = a.days().zip(b.days()).map(|(a, b)| values(a.1, b.1));
                days.fold(Ordering::Equal, Ordering::then)
            }),
        (a, b) => a.is_some().cmp(&b.is_some()),
    };
    a.groups
        .cmp(b.groups)
        .then_with(|| a.history.dates.first().cmp(&b.history.dates.first()))
        .then_with(|| values(a.history.values, b.history.values))
        .then_with(|| a.history.dates.cmp(b.history.dates))
        .then_with(known)
}

/// A series with its static keys.
#[derive(Debug, Clone, Copy)]
pub struct PanelSeries<'a> {
    /// The series.
    pub series: &'a Series,
    /// Its keys, the same kinds in the same order for all series (or none).
    pub groups: &'a [String],
    /// What is known of the dates to forecast; not read by a backtest.
    pub plan: Option<&'a Known>,
}

/// One result per series, in the panel's order.
pub type PanelForecast = Vec<Result<Forecast, ForecastError>>;

/// Learns from all series of a panel and forecasts the next `horizon` dates of each; `None` if `keep_going` said no. A
/// series that cannot be forecast is still learned from.
pub fn forecast_panel(
    panel: &[PanelSeries<'_>],
    spec: &ModelSpec,
    horizon: usize,
    keep_going: &dyn Fn() -> bool,
) -> Option<PanelForecast> {
    let check = |one: &PanelSeries<'_>| require_plan(one.series, spec, horizon, one.plan);
    let dates: Vec<Result<Vec<Moment>, ForecastError>> =
        panel.iter().map(|one| check(one).map(|()| one.series.future_dates(horizon))).collect();
    let members: Vec<Member<'_>> = panel
        .iter()
        .zip(&dates)
        .map(|(one, dates)| match dates {
            Ok(dates) => {
                let known = one.plan.map(|plan| plan.rows(0..horizon));
                one.member(0..one.series.len(), Future { dates, known })
            }
            Err(_) => one.member(0..one.series.len(), Future { dates: &[], known: None }),
        })
        .collect();
    let all = spec.forecast_panel(&members, keep_going)?.into_iter().zip(dates);
    Some(
        all.map(|(points, dates)| Ok(Forecast { dates: dates?, points: points?, intervals: None })).collect(),
    )
}

impl<'a> PanelSeries<'a> {
    /// A series with its own groups, and its own plan of so many steps.
    pub fn of(series: &'a Series, horizon: usize) -> Self {
        Self { series, groups: series.groups(), plan: series.plan(horizon) }
    }

    /// These rows as a member's history.
    pub fn member(&self, rows: Range<usize>, future: Future<'a>) -> Member<'a> {
        let Self { series, groups, .. } = *self;
        let history = History {
            values: &series.values()[rows.clone()],
            dates: &series.dates()[rows.clone()],
            known: series.known().map(|known| known.past(rows)),
        };
        Member { name: series.name(), groups, history, learned: history.values.len(), future }
    }
}
