//! The run kind `forecast`.

use std::sync::Arc;

use artifacts::StoreError;
use forecast::SpecError;
use kernel::{Class, Digest, Fault, RunId};
use runs::{Completion, Ending, Failure, RunContext, RunKind};
use serde::{Deserialize, Serialize};
use series::Frequency;
use series::columnar::WriteError;
use wire::datasets::DatasetId;
use wire::model_selection::{CandidateModel, ExcludedSeries, FleetDecision, Gaps, StatedFolds};

use super::fleet::Fleet;
use super::plan::{Facts, plan};
use super::race::{Race, recorded};
use super::result::Writer;
use super::tell;
use crate::panel::{LoadError, Panel, PanelError};
use crate::source::Source;

/// Weighs candidates on the folds of series and forecasts what comes after them.
#[derive(Debug)]
pub struct FleetForecast {
    store: artifacts::Reader,
}

impl FleetForecast {
    /// Forecasts of series in this store.
    pub const fn new(store: artifacts::Reader) -> Self {
        Self { store }
    }
}

/// A forecast, pinned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Where the series were read.
    pub source: Source,
    /// The data set they are of.
    pub dataset_id: DatasetId,
    /// The digest of the object its series are kept in.
    pub content: Digest,
    /// The series that were asked for; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<String>>,
    /// How far apart the dates are.
    pub frequency: Frequency,
    /// How many series are forecast.
    pub series_total: usize,
    /// The first series that were asked for and cannot be forecast, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_series: Vec<ExcludedSeries>,
    /// How many there are of those.
    #[serde(default)]
    pub excluded_total: usize,
    /// The grids of those that can be forecast by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_frequencies: Vec<Frequency>,
    /// Steps to forecast.
    pub horizon: usize,
    /// The models that were asked for; none where the data decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<CandidateModel>,
    /// The earlier forecast whose decision is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub champion: Option<RunId>,
    /// The digest of the decision that is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Digest>,
    /// The season that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season_length: Option<usize>,
    /// What of the folds was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<StatedFolds>,
    /// What a date without a value means.
    pub gaps: Gaps,
}

/// A forecast that cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The pinned series are not in the store.
    #[error("the pinned series cannot be read")]
    Input(#[from] StoreError),
    /// The pinned object holds other series, or none.
    #[error("the pinned series are not readable by this version")]
    Panel(#[from] PanelError),
    /// The series cannot be chosen, or are too many to be in memory together.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The pinned decision is none.
    #[error("the pinned decision is not readable by this version")]
    Decision(#[source] serde_json::Error),
    /// A model of the pinned decision is none.
    #[error("a model of the pinned decision is none of this version")]
    Model(#[from] SpecError),
    /// A result cannot be written as JSON.
    #[error("a result cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A result cannot be written as Parquet.
    #[error("a result cannot be written as Parquet")]
    Write(#[from] WriteError),
    /// A piece of work broke off for no reason of its own.
    #[error("a model could not be run: {message}")]
    Broken {
        /// Why.
        message: String,
    },
    /// A step that was recorded gave something else when it was computed again.
    #[error(
        "step `{step}` gave {found}, and the run's record says {recorded}: it was recorded by another version or on another \
         machine; start the forecast again"
    )]
    Differs {
        /// The step.
        step: String,
        /// The digest in the record.
        recorded: Digest,
        /// That of what was computed.
        found: Digest,
    },
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Input(error) => error.class(),
            Self::Load(error) => error.class(),
            _ => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Input(error) => error.code(),
            Self::Load(error) => error.code(),
            Self::Broken { .. } => "CANDIDATE_BROKEN",
            _ => "INTERNAL_ERROR",
        }
    }
}

impl RunKind for FleetForecast {
    const NAME: &'static str = "forecast";
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 3;
    type Spec = Spec;
    type Outcome = ();
    type Error = Error;

    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Completion<()>, Failure<Error>> {
        let decision = match spec.decision {
            Some(digest) => Some(decision(cx, digest).await?),
            None => None,
        };
        let fleet = Fleet::open(&self.store, &spec, decision.clone()).await?;
        let sample = fleet.sample();
        let digest = spec.part(&("sample", &sample));
        let speakers = fleet.read(cx, &spec, sample.iter().copied()).await?;
        let speakers = cx.hold(digest, Panel { series: speakers });
        let (asked, held, dates) = (spec.clone(), Arc::clone(&speakers), fleet.dates.clone());
        let (missing, unknown) = (fleet.missing, fleet.unknown);
        let planned = move || {
            let facts = Facts { dates: &dates, missing, unknown, sample: &held.series };
            plan(&asked, decision.as_deref(), &facts)
        };
        let plan = Arc::new(cx.compute(planned).await?.map_err(Error::Model)?);
        tell::assumed(cx, &plan).await?;
        tell::phase(cx, tell::RACE, 1).await?;
        let mut writer = Writer::new(cx, Arc::new(spec.clone()), Arc::clone(&plan));
        let recorded = recorded(cx).await?;
        let race = Race::new(cx, &spec, plan, &fleet, (sample, speakers), recorded);
        let coverage = race.run(&mut writer).await?;
        tell::phase(cx, tell::CONCLUDE, 2).await?;
        let result = writer.finish(cx, &coverage).await?;
        tell::explain(cx, &result).await?;
        cx.check()?;
        let metrics = serde_json::to_value(&result).map_err(Error::Json)?;
        Ok(Completion {
            outcome: (),
            ending: if result.series_forecast > 0 { Ending::Completed } else { Ending::Refused },
            summary: result.statement,
            structured: Some(metrics.clone()),
            metrics,
        })
    }
}

impl Spec {
    /// What is read of the pinned object, as shards name it: the object, and the way it is read.
    pub(super) fn fleet(&self) -> Digest {
        kernel::digest_json(&(&self.content, &self.series, self.frequency, self.gaps, self.back()))
            .expect("a spec is plain data")
    }
}

/// The earlier decision that is taken.
async fn decision(cx: &RunContext, digest: Digest) -> Result<Arc<FleetDecision>, Failure<Error>> {
    let read = cx.object(digest, |bytes| serde_json::from_slice(&bytes)).await?;
    Ok(read.map_err(Error::Decision)?)
}
