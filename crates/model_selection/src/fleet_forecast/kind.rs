//! The run kind `forecast`.

use std::sync::Arc;

use artifacts::StoreError;
use bytes::Bytes;
use evaluation::BLOCK;
use evaluation::outlook::Said;
use forecast::SpecError;
use kernel::{Class, Digest, Fault, RunId};
use runs::{Completion, Ending, Failure, Results, RunContext, RunKind, ShardEvent, Stop};
use serde::{Deserialize, Serialize};
use series::columnar::{WriteError, read_index};
use series::{Frequency, Series};
use wire::datasets::DatasetId;
use wire::model_selection::{CandidateModel, ExcludedSeries, FleetDecision, Gaps, Scope, StatedFolds};

use super::choice::choose;
use super::plan::{Plan, plan};
use super::result::{Written, written};
use super::shard::{SayInput, SayOutput, SayShard};
use super::tell;
use crate::panel::{Panel, PanelError, on_their_grids};
use crate::source::Source;

/// Weighs candidates on the folds of series and forecasts what comes after them.
#[derive(Debug, Default)]
pub struct FleetForecast;

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
    #[error("{model_type} could not be run: {message}")]
    Broken {
        /// The model.
        model_type: &'static str,
        /// Why.
        message: String,
    },
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Input(error) => error.class(),
            _ => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Input(error) => error.code(),
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
        let reads = spec.clone();
        let read = cx.view(spec.fleet(), &spec.content, move |bytes| reads.read(&bytes)).await?;
        let pinned = read.map_err(Error::Panel)?;
        let decision = match spec.decision {
            Some(digest) => Some(decision(cx, digest).await?),
            None => None,
        };
        let (asked, held) = (spec.clone(), Arc::clone(&pinned));
        let planned = cx.compute(move || plan(&asked, decision.as_deref(), &held.series)).await?;
        let plan = planned.map_err(Error::Model)?;
        tell::assumed(cx, &plan).await?;
        tell::phase(cx, tell::RACE, 1).await?;
        let said = race(cx, &spec, &plan, &pinned).await?;
        tell::phase(cx, tell::CONCLUDE, 2).await?;
        let Written { result, summary, series, decision, forecasts } =
            cx.compute(move || written(&spec, &plan, &pinned.series, &said)).await??;
        cx.check()?;
        cx.artifact("forecasts", "application/vnd.apache.parquet", forecasts).await?;
        cx.artifact("series", "application/x-ndjson", series).await?;
        cx.artifact("decision", "application/json", decision).await?;
        cx.artifact("forecast", "application/json", summary).await?;
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
    fn fleet(&self) -> Digest {
        kernel::digest_json(&(&self.content, &self.series, self.frequency, self.gaps))
            .expect("a spec is plain data")
    }

    /// The series of the pinned object that are forecast.
    fn read(&self, bytes: &Bytes) -> Result<Panel, PanelError> {
        let index = read_index(bytes)?;
        let chosen = choose(self.dataset_id, &index, self.series.as_deref(), self.gaps).map_err(Box::new)?;
        let places: Vec<_> = chosen.places.into_iter().map(|place| (place, self.frequency)).collect();
        on_their_grids(bytes, &places, self.gaps)
    }
}

/// The earlier decision that is taken.
async fn decision(cx: &RunContext, digest: Digest) -> Result<Arc<FleetDecision>, Failure<Error>> {
    let read = cx.object(digest, |bytes| serde_json::from_slice(&bytes)).await?;
    Ok(read.map_err(Error::Decision)?)
}

/// What each candidate says of each series. All quick candidates run on one block before the next comes.
async fn race(
    cx: &RunContext,
    spec: &Spec,
    plan: &Plan,
    pinned: &Panel,
) -> Result<Vec<Vec<Option<Said>>>, Failure<Error>> {
    let (fleet, works) = (spec.fleet(), works(plan, &pinned.series));
    let input = |(candidate, series): &(usize, Vec<usize>)| SayInput {
        fleet,
        series: series.clone(),
        model: plan.candidates[*candidate].spec.clone(),
        folding: plan.folding,
        horizon: spec.horizon,
    };
    let mut said = vec![vec![None; pinned.series.len()]; plan.candidates.len()];
    let mut events = cx.fan_out::<SayShard>(works.iter().map(input).collect(), Results::Reuse);
    let mut done = 0;
    while let Some(event) = events.recv().await {
        let (index, output) = match event {
            ShardEvent::Started { .. } => continue,
            ShardEvent::Done { index, output } => (index, output),
            ShardEvent::Stopped { reason, .. } => return Err(reason.into()),
            ShardEvent::Failed { index, message } => {
                let model_type = plan.candidates[works[index].0].spec.model_type();
                return Err(Error::Broken { model_type, message }.into());
            }
        };
        let (candidate, series) = &works[index];
        for (&at, output) in series.iter().zip(output) {
            said[*candidate][at] = SayOutput::into_said(output);
        }
        done += 1;
        // A hundred steps are enough for any bar.
        if done * 100 / works.len() != (done - 1) * 100 / works.len() {
            tell::progress(cx, done, works.len()).await?;
        }
    }
    cx.check().map_err(Stop::into).map(|()| said)
}

/// `(candidate, series)` of each shard: blocks of series of like length, and all series for a model of all. Where the weights
/// are given, a candidate runs on the series for which it weighs something.
fn works(plan: &Plan, series: &[Series]) -> Vec<(usize, Vec<usize>)> {
    let mut order: Vec<usize> = (0..series.len()).collect();
    order.sort_by_key(|&at| series[at].len());
    let of_all = |candidate: &usize| plan.candidates[*candidate].spec.scope() == Scope::Panel;
    let (panel, each): (Vec<usize>, Vec<usize>) = (0..plan.candidates.len()).partition(of_all);
    let blocks = order.chunks(BLOCK).flat_map(|block| each.iter().map(move |&one| (one, block.to_vec())));
    let all = blocks.chain(panel.into_iter().map(|one| (one, (0..series.len()).collect())));
    let Some(given) = &plan.given else { return all.collect() };
    let weighs = |(one, block): (usize, Vec<usize>)| {
        let is_asked = |at: &usize| given[*at][one] > 0.0;
        // A model of all learns from all, also for the few whose forecast it is.
        let block = if each.contains(&one) {
            block.into_iter().filter(is_asked).collect()
        } else if block.iter().any(is_asked) {
            block
        } else {
            Vec::new()
        };
        (one, block)
    };
    all.map(weighs).filter(|(_, block)| !block.is_empty()).collect()
}
