//! Reading comparisons: from their rows and artifacts, never from "the latest", and never writing.

use kernel::{RunId, Tenant};
use runs::{Run, RunKind};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use wire::datasets::DatasetId;
use wire::model_selection::{
    CandidateProgress, ChartData, ComparisonItem, ComparisonStatus, Course, OverallEntry, RankEntry, Ranking,
    Winner,
};
use wire::retail::{ProductId, StoreId};

use super::kind::Comparison;
use super::ranking::Found;
use super::rows;
use super::spec::Spec;
use super::view::{Excluded, Filter, no_ranking};
use crate::candidate_id;
use crate::list::{self, Listing};
use crate::reader::spec_of;
use crate::source::Source;
use crate::table::{candidate, comparison, count};
use crate::{ReadError, Reader};
use kernel::row::{time, unreadable};

/// A comparison's rows, all of one moment, and its spec.
struct Stored {
    run: Run,
    spec: Spec,
    row: comparison::Model,
    candidates: Vec<candidate::Model>,
}

impl Reader {
    /// A comparison with everything known of it.
    pub async fn comparison(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<wire::model_selection::Comparison, ReadError> {
        let stored = self.stored(tenant, id).await?;
        let ranking = self.stored_ranking(&stored).await?;
        let charts = match stored.spec.series_total {
            1 => self.only_charts(&stored.run, &stored.spec).await?,
            _ => None,
        };
        detail(stored, ranking, charts.map(|charts| charts.charts))
    }

    /// A comparison's ranking over all series; empty until it has ended.
    pub async fn comparison_ranking(&self, tenant: Tenant, id: RunId) -> Result<Ranking, ReadError> {
        let stored = self.stored(tenant, id).await?;
        let status = status(&stored.row)?;
        let metric = stored.spec.ranking_metric;
        Ok(match self.stored_ranking(&stored).await? {
            Some(ranking) => ranking_detail(id, status, ranking, stored.spec.excluded_series.into()),
            None => no_ranking(id, status, metric, stored.spec.excluded_series.into()),
        })
    }

    /// Comparisons, newest first, older than `before`; at most `limit`.
    pub async fn comparisons(
        &self,
        tenant: Tenant,
        filter: &Filter,
        before: Option<RunId>,
        limit: u64,
    ) -> Result<Vec<ComparisonItem>, ReadError> {
        use comparison::Column;
        let mut query = comparison::Entity::find().filter(Column::TenantId.eq(tenant.id()));
        if let Some(store) = filter.store_id {
            query = query.filter(Column::StoreId.eq(store.0));
        }
        if let Some(product) = filter.product_id {
            query = query.filter(Column::ProductId.eq(product.0));
        }
        if let Some(dataset) = filter.dataset_id {
            query = query.filter(Column::DatasetId.eq(dataset.0));
        }
        if let Some(status) = filter.status {
            query = query.filter(Column::Status.eq(status.as_str()));
        }
        let mut list = Listing::new(before, limit, "comparison");
        while let Some((before, limit)) = list.next() {
            let page = query.clone().apply_if(before, |query, before| query.filter(Column::RunId.lt(before)));
            let page = page.order_by_desc(Column::RunId).limit(limit);
            list.take(list::rows(self.db.conn(), page, "run_id").await?, item);
        }
        Ok(list.into_items())
    }

    async fn stored_ranking(&self, stored: &Stored) -> Result<Option<Found>, ReadError> {
        let Some(artifact) = self.artifact(&stored.run, "ranking").await? else { return Ok(None) };
        let ranking = self.content(&stored.run, &artifact).await?;
        Ok(Some(with_ids(stored.run.id, ranking)))
    }

    async fn stored(&self, tenant: Tenant, id: RunId) -> Result<Stored, ReadError> {
        let run = self.run_of::<Comparison>(tenant, id).await?;
        let spec = spec_of::<Comparison>(&run)?;
        // One snapshot: a settled comparison is never shown with a candidate that still works.
        let snapshot = self.db.snapshot().await?;
        let row = comparison::Entity::find_by_id(id).one(&snapshot).await?;
        let row = row.ok_or(ReadError::NotFound { kind: Comparison::NAME, run: id })?;
        let candidates = rows::candidates(&snapshot, id).await?;
        snapshot.commit().await?;
        Ok(Stored { run, spec, row, candidates })
    }
}

fn detail(
    stored: Stored,
    ranking: Option<Found>,
    chart_data: Option<ChartData>,
) -> Result<wire::model_selection::Comparison, ReadError> {
    let Stored { run, spec, row, candidates } = stored;
    let (pair, selection_window, dataset_id) = match spec.source {
        Source::Pair { pair, window } => (Some(pair), Some(window), None),
        Source::Dataset { dataset_id, .. } => (None, None, Some(dataset_id)),
    };
    let excluded = Excluded::from(spec.excluded_series);
    let coverage = ranking.as_ref().map(|found| found.coverage);
    let (overall, business_summary) = ranking.map(|found| (found.overall, found.business_summary)).unzip();
    let winner = overall.as_ref().and_then(|overall| winner(run.id, overall.entries.first()?));
    let confidence = overall.as_ref().map(|overall| overall.confidence);
    let (verdict, statement) =
        overall.as_ref().map(|overall| (overall.verdict, overall.statement.clone())).unzip();
    let (tied, figures) =
        overall.as_ref().map(|overall| (overall.tied.clone(), overall.figures.clone())).unwrap_or_default();
    let (bias, warnings) =
        overall.as_ref().map(|overall| (overall.bias.clone(), overall.warnings.clone())).unwrap_or_default();
    let (ranking, confidence_reasons, combination, selection_check, notes) = overall
        .map(|all| (all.entries, all.reasons, all.combination, all.selection_check, all.notes))
        .unwrap_or_default();
    Ok(wire::model_selection::Comparison {
        selection_id: run.id,
        store_id: pair.map(|pair| pair.store_id),
        product_id: pair.map(|pair| pair.product_id),
        selection_window,
        dataset_id,
        status: status(&row)?,
        forecast_horizon: spec.horizon,
        ranking_metric: spec.ranking_metric,
        split_config: spec.split.into(),
        frequency: spec.frequency.map(Into::into),
        assumptions: spec.assumptions,
        ranking_policy: spec.policy,
        season_length: spec.season_length,
        feature_frame_version: spec.feature_frame.version,
        feature_groups: spec.feature_frame.groups,
        racing: spec.racing,
        gaps: spec.gaps,
        candidate_models: spec.candidates,
        availability: spec.availability,
        series_total: spec.series_total,
        excluded_series: excluded.first,
        excluded_total: excluded.total,
        recommendation_confidence: confidence.filter(|_| !ranking.is_empty()),
        verdict,
        statement,
        coverage,
        ranking,
        winner,
        tied,
        bias,
        figures,
        confidence_reasons,
        combination,
        selection_check,
        notes,
        warnings,
        chart_data,
        business_summary,
        course: Course {
            error_code: row.error_code,
            error_message: row.error_message,
            created_at: time(row.created_us)?,
            started_at: row.started_us.map(time).transpose()?,
            completed_at: row.settled_us.map(time).transpose()?,
        },
        progress: rows::tally(&candidates)?,
        candidate_progress: candidates
            .into_iter()
            .map(|row| progress(&run, row))
            .collect::<Result<_, _>>()?,
    })
}

fn winner(run: RunId, first: &OverallEntry) -> Option<Winner> {
    let RankEntry { rank, ordinal, model_type, params, metrics, .. } = first.entry.clone();
    Some(Winner {
        candidate_id: candidate_id(run, ordinal),
        ordinal,
        model_type,
        params,
        metrics: metrics?,
        rank: rank?,
    })
}

fn progress(run: &Run, row: candidate::Model) -> Result<CandidateProgress, ReadError> {
    let params = serde_json::from_str(&row.params)
        .map_err(|source| ReadError::unreadable(run, "candidate", source))?;
    Ok(CandidateProgress {
        candidate_id: row.candidate_id,
        ordinal: count(row.ordinal)?,
        model_type: row.model_type,
        params,
        status: row.status.parse().map_err(|_| unreadable("candidate status"))?,
        series_done: count(row.series_done)?,
        error_code: row.error_code,
        error: row.error_message,
        started_at: row.started_us.map(time).transpose()?,
        completed_at: row.ended_us.map(time).transpose()?,
        duration_ms: row.started_us.zip(row.ended_us).map(|(from, to)| (to - from) / 1000),
    })
}

fn item(row: comparison::Model) -> Result<ComparisonItem, DbErr> {
    let ranking_metric = row.ranking_metric.parse().map_err(|_| unreadable("ranking metric"))?;
    Ok(ComparisonItem {
        selection_id: row.run_id,
        store_id: row.store_id.map(StoreId),
        product_id: row.product_id.map(ProductId),
        dataset_id: row.dataset_id.map(DatasetId),
        status: status(&row)?,
        forecast_horizon: count(row.horizon)?,
        ranking_metric,
        series_total: count(row.series_total)?,
        candidates_total: count(row.candidates_total)?,
        winner_model_type: row.winner_model_type,
        winner_value: row.winner_value,
        recommendation_confidence: row
            .confidence
            .as_deref()
            .map(|word| word.parse().map_err(|_| unreadable("confidence")))
            .transpose()?,
        error_message: row.error_message,
        created_at: time(row.created_us)?,
        started_at: row.started_us.map(time).transpose()?,
        completed_at: row.settled_us.map(time).transpose()?,
    })
}

fn status(row: &comparison::Model) -> Result<ComparisonStatus, DbErr> {
    row.status.parse().map_err(|_| unreadable("comparison status"))
}

fn ranking_detail(id: RunId, status: ComparisonStatus, ranking: Found, excluded: Excluded) -> Ranking {
    let overall = ranking.overall;
    Ranking {
        selection_id: id,
        status,
        metric: ranking.metric,
        verdict: Some(overall.verdict),
        statement: Some(overall.statement),
        coverage: Some(ranking.coverage),
        method: Some(overall.method),
        winner: overall.entries.first().filter(|first| first.entry.included).cloned(),
        entries: overall.entries,
        confidence: overall.confidence,
        tied: overall.tied,
        bias: overall.bias,
        figures: overall.figures,
        reasons: overall.reasons,
        combination: overall.combination,
        selection_check: overall.selection_check,
        notes: overall.notes,
        assumptions: ranking.assumptions,
        warnings: overall.warnings,
        excluded_series: excluded.first,
        excluded_total: excluded.total,
    }
}

/// The artifact knows candidates by their place, because no run may show in it; here they get their ids.
fn with_ids(run: RunId, mut ranking: Found) -> Found {
    for place in &mut ranking.overall.entries {
        place.entry.candidate_id = candidate_id(run, place.entry.ordinal).to_string();
    }
    ranking
}
