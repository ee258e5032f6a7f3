//! Submitting a comparison: check it, decide what the request left open, pin what it reads, and hand it to the engine.

use std::sync::Arc;

use datasets::Pinned;
use evaluation::SplitConfig;
use kernel::{Digest, FieldError, RunId, Seed, Tenant, counted};
use runs::Submit;
use series::{DatedSeries, Series};
use wire::datasets::DatasetId;
use wire::model_selection::{
    ComparisonRequest, ExcludedSeries, Gaps, PairAvailability, RankingMetric, Sufficiency, Window,
};

use super::choice::{Readable, choose};
use super::error::SubmitError;
use super::kind::Comparison;
use super::plan::{Facts, Plan, plan};
use super::ranking::sufficiency;
use super::request::{Bounds, Checked, Question, Reads};
use super::spec::Spec;
use crate::blocking::off_the_runtime;
use crate::panel::{self, LoadError, Panel, observed};
use crate::plan::usual;
use crate::source::{Pair, Source};
use crate::{Selector, Submission};

/// So many series are looked at before the race, from all over the data set.
const SAMPLE: usize = 64;
/// So many unusable series are told in a refusal.
const TOLD: usize = 20;

/// The most backtests (series times candidates) of one comparison.
const MAX_BACKTESTS: usize = 100_000;

/// A comparison draws no random numbers; the models that do take this seed.
const SEED: Seed = Seed(42);

/// What a request was found to read.
struct Loaded {
    source: Source,
    /// The digest of the object the series are kept in.
    input: Digest,
    /// The name of the first series.
    first: String,
    series_total: usize,
    excluded: Vec<ExcludedSeries>,
    availability: Option<PairAvailability>,
    plan: Plan,
}

impl Selector {
    /// Submits a comparison; it is queued and durable when this returns. What it reads is pinned here: what is sold or
    /// imported later does not change it. Of a data set no point is read but those of a sample.
    pub async fn submit_comparison(
        &self,
        tenant: Tenant,
        submission: Submission<ComparisonRequest>,
    ) -> Result<RunId, SubmitError> {
        let request = submission.request;
        let checked = Question(&request, Bounds::COMPARISON)
            .check()
            .map_err(|fields| SubmitError::Invalid { fields })?;
        let turn = self.turns.take().await;
        let loaded = match &checked.reads {
            Reads::Pair { pair, window } => self.pair(tenant, &request, &checked, *pair, *window).await?,
            Reads::Dataset { dataset_id } => self.dataset(tenant, &request, &checked, *dataset_id).await?,
        };
        drop(turn);
        let Loaded { source, input, first, series_total, excluded, availability, plan } = loaded;
        let mut assumptions = plan.assumptions;
        let ranking_metric =
            request.ranking_metric.unwrap_or_else(|| usual_metric(series_total, &mut assumptions));
        let spec = Spec {
            source,
            input,
            series: request.series,
            frequency: plan.frequency,
            series_total,
            excluded_series: excluded,
            availability,
            assumptions,
            candidates: plan.candidates,
            horizon: request.forecast_horizon,
            split: plan.split,
            ranking_metric,
            season_length: request.season_length,
            racing: request.racing,
            feature_frame: checked.feature_frame,
            policy: request.ranking_policy,
            gaps: request.gaps,
        };
        let title = request.title.unwrap_or_else(|| title(&spec, &first));
        let submit = Submit {
            conversation_id: request.conversation_id,
            parent: submission.parent,
            priority: request.priority.unwrap_or_default(),
            idempotency_key: submission.idempotency_key,
            inputs: panel::run_inputs(&spec.source, spec.input),
            ..Submit::new(title, SEED, spec)
        };
        Ok(self.engine.submit::<Comparison>(tenant, submit).await?)
    }

    async fn pair(
        &self,
        tenant: Tenant,
        request: &ComparisonRequest,
        checked: &Checked,
        pair: Pair,
        window: Window,
    ) -> Result<Loaded, SubmitError> {
        let read = &self.reader.db;
        let series = panel::load_pair(read, tenant, pair, window, request.gaps).await?;
        let facts = Facts {
            frequency: series.frequency(),
            dates: vec![series.len()],
            missing: series.len() - observed(&series),
            is_mixed: false,
            sample: std::slice::from_ref(&series),
        };
        let planned = plan(checked, request.forecast_horizon, request.season_length, &facts);
        let plan = planned.map_err(|error| {
            none_left(vec![ExcludedSeries { name: series.name().to_owned(), reason: error.to_string() }])
        })?;
        let availability = panel::pair_availability(read, tenant, pair, window, &plan.split).await?;
        if sufficiency(&series, &plan.split) == Sufficiency::Unusable {
            let reason = too_short(observed(&series), series.len(), &plan.split);
            return Err(none_left(vec![ExcludedSeries { name: series.name().to_owned(), reason }]));
        }
        let first = series.name().to_owned();
        let (_, bytes) = Panel { series: vec![series] }.into_bytes().await;
        let stored = self.store.put(bytes).await?;
        Ok(Loaded {
            source: Source::Pair { pair, window },
            input: stored.digest,
            first,
            series_total: 1,
            excluded: Vec::new(),
            availability: Some(availability),
            plan,
        })
    }

    async fn dataset(
        &self,
        tenant: Tenant,
        request: &ComparisonRequest,
        checked: &Checked,
        dataset_id: DatasetId,
    ) -> Result<Loaded, SubmitError> {
        let datasets = self.reader.datasets();
        let pinned = datasets.find(tenant, dataset_id).await.map_err(LoadError::from)?;
        let (index, names, gaps) = (Arc::clone(&pinned.index), request.series.clone(), request.gaps);
        let chosen = off_the_runtime(move |_| choose(dataset_id, &index, names.as_deref(), gaps)).await?;
        within_limit(chosen.readable.len(), checked.candidates.len().max(1))?;
        let dates = chosen.readable.iter().map(|one| (one.frequency, one.dates as u64));
        let Some(frequency) = usual(dates) else { return Err(none_left(chosen.excluded)) };
        let of_usual = |one: &&Readable| one.frequency == frequency;
        let alike: Vec<Readable> = chosen.readable.iter().filter(of_usual).copied().collect();
        let sample = self.sample(&pinned, &alike, request.gaps).await?;
        let facts = Facts {
            frequency,
            dates: chosen.readable.iter().map(|one| one.dates).collect(),
            missing: chosen.readable.iter().map(|one| one.dates.saturating_sub(one.values)).sum(),
            is_mixed: alike.len() < chosen.readable.len(),
            sample: &sample,
        };
        let name = |one: &Readable| pinned.index[one.place].name.clone();
        let planned = plan(checked, request.forecast_horizon, request.season_length, &facts);
        let plan = planned.map_err(|error| {
            let short = |one| ExcludedSeries { name: name(one), reason: error.to_string() };
            none_left(chosen.excluded.iter().cloned().chain(chosen.readable.iter().map(short)).collect())
        })?;
        within_limit(chosen.readable.len(), plan.candidates.len())?;
        let (usable, short) = chosen.parted(plan.split.rows_needed());
        let short = short.iter().map(|one| ExcludedSeries {
            name: name(one),
            reason: too_short(one.values, one.dates, &plan.split),
        });
        let excluded: Vec<ExcludedSeries> = chosen.excluded.into_iter().chain(short).collect();
        let Some(first) = usable.first().map(name) else { return Err(none_left(excluded)) };
        Ok(Loaded {
            source: Source::Dataset { dataset_id, digest: pinned.item.digest },
            input: pinned.content,
            first,
            series_total: usable.len(),
            excluded,
            availability: None,
            plan,
        })
    }

    /// Series from all over a data set, from which seasons and kinds of demand are seen.
    async fn sample(
        &self,
        pinned: &Pinned,
        readable: &[Readable],
        gaps: Gaps,
    ) -> Result<Vec<Series>, SubmitError> {
        let every = readable.len().div_ceil(SAMPLE).max(1);
        let chosen: Vec<Readable> = readable.iter().copied().step_by(every).collect();
        let places = chosen.iter().map(|one| one.place).collect();
        let found = self.reader.datasets().series(pinned, places).await.map_err(LoadError::from)?;
        let on_its_grid =
            move |(one, Readable { frequency, .. }): (DatedSeries, Readable)| one.on_grid(frequency, gaps);
        let all = move || found.into_iter().zip(chosen).map(on_its_grid).collect::<Result<Vec<_>, _>>();
        Ok(off_the_runtime(move |_| all()).await.map_err(LoadError::Series)?)
    }
}

/// What to rank by where nobody says it: what has no unit, where there may be several of them.
fn usual_metric(series: usize, assumptions: &mut Vec<String>) -> RankingMetric {
    if series == 1 {
        return RankingMetric::Wape;
    }
    assumptions.push(format!(
        "Ranked by rel_mae: {series} series may be in as many units, so each counts alike by its error relative to Seasonal \
         Naive. By volume: wape or wrmsse."
    ));
    RankingMetric::RelMae
}

/// Bounds the work before anything of it begins.
const fn within_limit(series: usize, candidates: usize) -> Result<(), SubmitError> {
    if series * candidates > MAX_BACKTESTS {
        return Err(SubmitError::TooLarge { series, candidates, limit: MAX_BACKTESTS });
    }
    Ok(())
}

/// No series can be compared on, and why.
pub(super) fn none_left(excluded: Vec<ExcludedSeries>) -> SubmitError {
    let reason = match excluded.as_slice() {
        [only] => format!("series `{}` cannot be compared on: {}", only.name, only.reason),
        many => format!("none of {} series can be compared on", many.len()),
    };
    let told = excluded.into_iter().take(TOLD);
    let fields = told.map(|series| FieldError::new(series.name, series.reason)).collect();
    SubmitError::Unusable { reason, fields }
}

fn too_short(values: usize, dates: usize, split: &SplitConfig) -> String {
    let SplitConfig { min_train_size, gap, horizon, .. } = split;
    format!(
        "{} on {} {} too few: one fold needs {} (min_train_size {min_train_size} + gap {gap} + \
         horizon {horizon})",
        counted(values, "value", "values"),
        counted(dates, "date", "dates"),
        if values == 1 { "is" } else { "are" },
        split.rows_needed()
    )
}

fn title(spec: &Spec, first: &str) -> String {
    let candidates = counted(spec.candidates.len(), "candidate", "candidates");
    match spec.series_total {
        1 => format!("{first}: {candidates}, horizon {}", spec.horizon),
        many => format!("{many} series: {candidates}, horizon {}", spec.horizon),
    }
}
