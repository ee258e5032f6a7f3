//! A model type with its parameters: what a candidate, a trained model and a champion are named by.

mod block;
mod error;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use wire::model_selection::{Family, Scope};

pub use self::error::SpecError;
use crate::catalog::{self, Availability, Build, Definition};
use crate::features::FeatureSet;
use crate::law::{Law, Predicted};
use crate::model::{FitError, Fitted, Future, History, Learned, least, observed};
use crate::panel::{Member, canonical_order};
use crate::params::Params;

/// A model type with complete, valid parameters. Reading one from JSON checks it like [`ModelSpec::parse`].
#[derive(Debug, Clone, Serialize)]
pub struct ModelSpec {
    model_type: &'static str,
    params: Params,
    #[serde(skip)]
    is_unbounded: bool,
    #[serde(skip)]
    definition: &'static Definition,
}

impl ModelSpec {
    /// Reads a model type and its parameters; `params` is an object (or null for all defaults).
    pub fn parse(model_type: &str, params: &Value) -> Result<Self, SpecError> {
        let definition = catalog::find(model_type)
            .ok_or_else(|| SpecError::UnknownModel { model_type: model_type.to_owned() })?;
        if let Availability::Absent(reason) = definition.availability {
            return Err(SpecError::Unavailable { model_type: definition.model_type, reason });
        }
        let params = Params::resolve(&definition.parameters, params)
            .and_then(|params| FeatureSet::check(&params).map(|()| params))
            .map_err(|fields| SpecError::InvalidParams { model_type: definition.model_type, fields })?;
        Ok(Self { model_type: definition.model_type, params, is_unbounded: false, definition })
    }

    /// The same model, which may forecast below zero where nothing below zero was seen. By default neither a point nor
    /// an interval does; but of a balance, a margin or a temperature that has been above zero so far it is a true
    /// forecast that is lost, and nothing in the values tells those from units and visitors.
    #[must_use]
    pub fn unbounded(self) -> Self {
        Self { is_unbounded: true, ..self }
    }

    /// The model type.
    pub const fn model_type(&self) -> &'static str {
        self.model_type
    }

    /// All parameters, defaults included.
    pub const fn params(&self) -> &Params {
        &self.params
    }

    /// The first 16 hexadecimal digits of the SHA-256 of the canonical JSON of type and parameters.
    pub fn config_hash(&self) -> String {
        let digest = kernel::digest_json(self).expect("a specification is plain data");
        let mut text = digest.to_string();
        text.truncate(16);
        text
    }

    /// Rows of its season; `None` of a model that has none.
    pub fn season(&self) -> Option<usize> {
        self.params.optional_count("season_length")
    }

    /// Observed values the model needs to learn.
    pub fn minimum_history(&self) -> usize {
        (self.definition.minimum_history)(&self.params)
    }

    /// Whether the model reads prices, promotions, holidays and lags, so that its forecast depends on a plan.
    pub const fn is_feature_aware(&self) -> bool {
        self.definition.is_feature_aware
    }

    /// Whether all origins of a history are learned in one pass, faster than one by one.
    pub fn is_one_pass(&self) -> bool {
        matches!(self.definition.build, Build::Series(build) if build(&self.params).is_one_pass())
    }

    /// Whether the model learns from one series at a time or from all of a panel together.
    pub const fn scope(&self) -> Scope {
        self.definition.scope()
    }

    /// Learns from a history and forecasts the steps of a future. Every number returned is finite.
    pub fn forecast(&self, history: &History<'_>, future: &Future<'_>) -> Result<Vec<f64>, FitError> {
        match self.definition.build {
            Build::Series(build) => {
                self.check(history.values)?;
                let fitted = build(&self.params).fit(history)?;
                self.stated(fitted.forecast(future), history, future)
            }
            Build::Panel(_) => {
                let learned = history.values.len();
                let alone = Member { name: "", groups: &[], history: *history, learned, future: *future };
                self.forecast_panel(&[alone], &|| true).expect("nothing stops it").remove(0)
            }
        }
    }

    /// Learns from all members of a panel and forecasts the steps of each one's future, in the members' order; `None`
    /// if `keep_going` said no. A member without steps is only learned from. Every number returned is finite.
    pub fn forecast_panel(
        &self,
        panel: &[Member<'_>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Result<Vec<f64>, FitError>>> {
        let Build::Panel(build) = self.definition.build else {
            let one = |member: &Member<'_>| {
                let points = || match member.future.steps() {
                    0 => Ok(Vec::new()),
                    _ => self.forecast(&member.history, &member.future),
                };
                keep_going().then(points)
            };
            return panel.iter().map(one).collect();
        };
        let order = canonical_order(panel);
        let ordered: Vec<Member<'_>> = order.iter().map(|&at| panel[at]).collect();
        let found = build(&self.params).forecast(&ordered, keep_going)?;
        debug_assert_eq!(found.len(), panel.len(), "{} forecasts every member", self.model_type);
        let mut all: Vec<(usize, Result<Vec<f64>, FitError>)> = order.into_iter().zip(found).collect();
        all.sort_by_key(|(at, _)| *at);
        let checked = |(member, (_, points)): (&Member<'_>, (usize, Result<Vec<f64>, FitError>))| {
            if member.future.steps() == 0 {
                return Ok(Vec::new());
            }
            self.check(member.history.values)?;
            self.stated(points?, &member.history, &member.future)
        };
        Some(panel.iter().zip(all).map(checked).collect())
    }

    /// Learns from the first rows of a history at each ascending origin and forecasts the future of each: the same
    /// numbers as [`ModelSpec::forecast`] on each prefix.
    pub fn forecast_prefixes(
        &self,
        history: &History<'_>,
        origins: &[usize],
        futures: &[Future<'_>],
    ) -> Vec<Result<Vec<f64>, FitError>> {
        if let Build::Panel(_) = self.definition.build {
            let prefix = |(&origin, future)| self.forecast(&history.until(origin), future);
            return origins.iter().zip(futures).map(prefix).collect();
        }
        self.of_fits(self.fit_prefixes(history, origins), history, origins, futures)
    }

    /// What the fits at each origin forecast.
    fn of_fits(
        &self,
        fits: Vec<Learned>,
        history: &History<'_>,
        origins: &[usize],
        futures: &[Future<'_>],
    ) -> Vec<Result<Vec<f64>, FitError>> {
        let fits = fits.into_iter().zip(origins).zip(futures);
        fits.map(|((fit, &origin), future)| {
            self.stated(fit?.forecast(future), &history.until(origin), future)
        })
        .collect()
    }

    /// [`ModelSpec::forecast`] with what the model says of its errors.
    pub fn predict(&self, history: &History<'_>, future: &Future<'_>) -> Result<Predicted, FitError> {
        let Build::Series(build) = self.definition.build else {
            let (points, floor) = (self.forecast(history, future)?, self.floor(history));
            return Ok(Predicted { points, law: None, floor });
        };
        self.check(history.values)?;
        self.predicted(build(&self.params).fit(history)?.as_ref(), history, future)
    }

    /// [`ModelSpec::forecast_prefixes`] with what the model says of its errors.
    pub fn predict_prefixes(
        &self,
        history: &History<'_>,
        origins: &[usize],
        futures: &[Future<'_>],
    ) -> Vec<Result<Predicted, FitError>> {
        if let Build::Panel(_) = self.definition.build {
            let prefix = |(&origin, future)| self.predict(&history.until(origin), future);
            return origins.iter().zip(futures).map(prefix).collect();
        }
        let fits = self.fit_prefixes(history, origins).into_iter().zip(origins).zip(futures);
        fits.map(|((fit, &origin), future)| self.predicted(fit?.as_ref(), &history.until(origin), future))
            .collect()
    }

    fn predicted(
        &self,
        fitted: &dyn Fitted,
        history: &History<'_>,
        future: &Future<'_>,
    ) -> Result<Predicted, FitError> {
        let points = self.stated(fitted.forecast(future), history, future)?;
        let law = match self.definition.family {
            Family::Intermittent => Law::of_counts(history.values, &points),
            _ => fitted.deviations(points.len()).and_then(Law::normal),
        };
        Ok(Predicted { points, law, floor: self.floor(history) })
    }

    /// [`Model::fit_prefixes`] with the minimum history checked.
    pub(crate) fn fit_prefixes(
        &self,
        history: &History<'_>,
        origins: &[usize],
    ) -> Vec<Result<Box<dyn Fitted>, FitError>> {
        let checks: Vec<_> = origins.iter().map(|&origin| self.check(&history.values[..origin])).collect();
        let learnable = |at: &usize| checks[*at].is_ok();
        let chosen: Vec<usize> = (0..origins.len()).filter(learnable).map(|at| origins[at]).collect();
        let Build::Series(build) = self.definition.build else {
            let (model, reason) =
                (self.model_type, "it learns from a panel, not from prefixes of one series");
            return origins.iter().map(|_| Err(FitError::NotApplicable { model, reason })).collect();
        };
        let mut fits = build(&self.params).fit_prefixes(history, &chosen).into_iter();
        let mut next = || fits.next().expect("there is one fit per origin that can be learned from");
        checks.into_iter().map(|check| check.and_then(|()| next())).collect()
    }

    fn check(&self, values: &[f64]) -> Result<(), FitError> {
        let (model, needed) = (self.model_type, self.minimum_history());
        let is_enough = values.iter().filter(|value| !value.is_nan()).nth(needed.saturating_sub(1)).is_some();
        if is_enough || needed == 0 {
            return Ok(());
        }
        Err(FitError::TooShort { model, needed, found: observed(values) })
    }

    /// What no number stated after this history is below.
    fn floor(&self, history: &History<'_>) -> f64 {
        if self.is_unbounded { f64::NEG_INFINITY } else { least(history.values) }
    }

    /// What a model forecast as it leaves the crate: every prediction of every model passes here.
    fn stated(
        &self,
        mut points: Vec<f64>,
        history: &History<'_>,
        future: &Future<'_>,
    ) -> Result<Vec<f64>, FitError> {
        let model = self.model_type;
        debug_assert_eq!(points.len(), future.steps(), "{model} forecasts every step");
        match points.iter().position(|point| !point.is_finite()) {
            Some(index) => return Err(FitError::NotFinite { model, step: index + 1 }),
            // The history is looked through only where it matters.
            None if points.iter().all(|point| *point >= 0.0) => {}
            None => {
                let floor = self.floor(history);
                for point in &mut points {
                    *point = point.max(floor);
                }
            }
        }
        Ok(points)
    }
}

impl PartialEq for ModelSpec {
    fn eq(&self, other: &Self) -> bool {
        self.model_type == other.model_type
            && self.params == other.params
            && self.is_unbounded == other.is_unbounded
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    model_type: String,
    #[serde(default)]
    params: Value,
}

impl<'de> Deserialize<'de> for ModelSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Self::parse(&wire.model_type, &wire.params).map_err(D::Error::custom)
    }
}
