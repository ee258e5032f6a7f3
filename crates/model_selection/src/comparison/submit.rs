//! Submitting a comparison: check it, load and pin its series, and hand it to the engine.

use evaluation::SplitConfig;
use kernel::{FieldError, RunId, Seed, Tenant, counted};
use runs::Submit;
use series::Series;
use wire::model_selection::{ComparisonRequest, ExcludedSeries, Gaps, PairAvailability, Sufficiency};

use super::error::SubmitError;
use super::kind::Comparison;
use super::ranking::sufficiency;
use super::request::{Checked, Question, Reads};
use super::spec::Spec;
use crate::panel::{self, Imported, Panel, observed};
use crate::plan::Needs;
use crate::source::Source;
use crate::{Selector, Submission};

/// The most backtests (series times candidates) of one comparison.
const MAX_BACKTESTS: usize = 100_000;

/// A comparison draws no random numbers; the models that do take this seed.
const SEED: Seed = Seed(42);

/// What a request was found to read.
struct Loaded {
    source: Source,
    series: Vec<Imported>,
    availability: Option<PairAvailability>,
}

impl Selector {
    /// Submits a comparison; it is queued and durable when this returns. Its series are read once, here: what is
    /// sold or imported later does not change it.
    pub async fn submit_comparison(
        &self,
        tenant: Tenant,
        submission: Submission<ComparisonRequest>,
    ) -> Result<RunId, SubmitError> {
        let request = submission.request;
        let checked = Question(&request).check().map_err(|fields| SubmitError::Invalid { fields })?;
        let turn = self.turns.take().await;
        let loaded = self.load(tenant, &checked, request.gaps).await?;
        let Checked { candidates: asked, split, feature_frame, .. } = checked;
        let (usable, excluded_series) = preflight(loaded.series, &split)?;
        let (panel, bytes) = Panel { series: usable }.into_bytes().await;
        let stored = self.store.put(bytes).await?;
        drop(turn);
        let spec = Spec {
            source: loaded.source,
            input: stored.digest,
            series_total: panel.series.len(),
            excluded_series,
            availability: loaded.availability,
            candidates: asked,
            horizon: request.forecast_horizon,
            split,
            ranking_metric: request.ranking_metric,
            season_length: request.season_length,
            racing: request.racing,
            feature_frame,
            policy: request.ranking_policy,
            gaps: request.gaps,
        };
        let title = request.title.unwrap_or_else(|| title(&spec, &panel));
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

    async fn load(&self, tenant: Tenant, checked: &Checked, gaps: Gaps) -> Result<Loaded, SubmitError> {
        let split = &checked.split;
        let read = &self.reader.db;
        Ok(match &checked.reads {
            Reads::Pair { pair, window } => {
                let availability = panel::pair_availability(read, tenant, *pair, *window, split).await?;
                let series = panel::load_pair(read, tenant, *pair, *window, gaps).await?;
                Loaded {
                    source: Source::Pair { pair: *pair, window: *window },
                    series: vec![(series.name().to_owned(), Ok(series))],
                    availability: Some(availability),
                }
            }
            Reads::Dataset { dataset_id, series } => {
                let needs = Needs { values: split.rows_needed(), ..Needs::of_run(gaps) };
                let datasets = self.reader.datasets();
                let chosen = panel::choose(datasets, tenant, *dataset_id, series.clone(), needs).await?;
                within_limit(chosen.plan.to_read().len(), checked.candidates.len())?;
                let digest = chosen.pinned.item.digest;
                Loaded {
                    source: Source::Dataset { dataset_id: *dataset_id, digest },
                    series: panel::load_chosen(datasets, chosen).await?,
                    availability: None,
                }
            }
        })
    }
}

/// Bounds the work before anything of it begins.
const fn within_limit(series: usize, candidates: usize) -> Result<(), SubmitError> {
    if series * candidates > MAX_BACKTESTS {
        return Err(SubmitError::TooLarge { series, candidates, limit: MAX_BACKTESTS });
    }
    Ok(())
}

/// Parts the series that have room for one fold from those that do not; an error if none has.
fn preflight(
    series: Vec<Imported>,
    split: &SplitConfig,
) -> Result<(Vec<Series>, Vec<ExcludedSeries>), SubmitError> {
    let (mut usable, mut excluded) = (Vec::new(), Vec::new());
    for (name, series) in series {
        match series {
            Err(error) => excluded.push(ExcludedSeries { name, reason: error.to_string() }),
            Ok(series) if sufficiency(&series, split) == Sufficiency::Unusable => {
                let reason = too_short(&series, split);
                excluded.push(ExcludedSeries { name, reason });
            }
            Ok(series) => usable.push(series),
        }
    }
    if !usable.is_empty() {
        return Ok((usable, excluded));
    }
    let reason = match excluded.as_slice() {
        [only] => format!("series `{}` cannot be compared on: {}", only.name, only.reason),
        many => format!("none of {} series can be compared on", many.len()),
    };
    let fields =
        excluded.into_iter().take(20).map(|series| FieldError::new(series.name, series.reason)).collect();
    Err(SubmitError::Unusable { reason, fields })
}

fn too_short(series: &Series, split: &SplitConfig) -> String {
    let SplitConfig { min_train_size, gap, horizon, .. } = split;
    let values = observed(series);
    format!(
        "{} on {} {} too few: one fold needs {} (min_train_size {min_train_size} + gap {gap} + \
         horizon {horizon})",
        counted(values, "value", "values"),
        counted(series.len(), "date", "dates"),
        if values == 1 { "is" } else { "are" },
        split.rows_needed()
    )
}

fn title(spec: &Spec, panel: &Panel) -> String {
    let candidates = counted(spec.candidates.len(), "candidate", "candidates");
    match panel.series.as_slice() {
        [only] => format!("{}: {candidates}, horizon {}", only.name(), spec.horizon),
        many => format!("{} series: {candidates}, horizon {}", many.len(), spec.horizon),
    }
}
