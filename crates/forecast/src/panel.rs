//! Models that learn from all series of a panel together.
//!
//! A panel is a set of series with optional static keys, such as store and department. A [`PanelModel`] sees all
//! histories and states the next numbers of each; one lone series is a panel of one. Whoever judges one cuts all
//! series at one *date*, so that nothing is learned from what another series did later.

use std::ops::Range;

use chrono::NaiveDate;
use series::{Known, Series};
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
    /// What may be learned from.
    pub history: History<'a>,
    /// The steps to forecast; none for a member that is only learned from.
    pub future: Future<'a>,
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
    let dates: Vec<Result<Vec<NaiveDate>, ForecastError>> =
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
    /// These rows as a member's history.
    pub fn member(&self, rows: Range<usize>, future: Future<'a>) -> Member<'a> {
        let Self { series, groups, .. } = *self;
        let history = History {
            values: &series.values()[rows.clone()],
            dates: &series.dates()[rows.clone()],
            known: series.known().map(|known| known.past(rows)),
        };
        Member { name: series.name(), groups, history, future }
    }
}
