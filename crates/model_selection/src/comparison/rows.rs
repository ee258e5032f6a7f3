//! The rows of a comparison and its candidates.

use kernel::{RunId, TenantId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, Set, Statement, Value,
};
use wire::model_selection::{CandidateStatus, ComparisonStatus, Tally};

use super::spec::Spec;
use super::status::tally_of;
use crate::candidate_id;
use crate::source::Source;
use crate::table::{candidate, comparison, int};
use kernel::row::unreadable;

/// How one candidate ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CandidateEnd {
    pub ordinal: usize,
    pub status: CandidateStatus,
    pub series_done: usize,
    /// Code and message of one that failed or was dropped.
    pub error: Option<(String, String)>,
    pub started_us: Option<i64>,
    pub ended_us: i64,
}

/// How a comparison ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ComparisonEnd {
    pub status: ComparisonStatus,
    pub champion: Option<Champion>,
    pub confidence: Option<wire::model_selection::Confidence>,
    pub error: Option<(String, String)>,
}

/// Who came first, as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Champion {
    pub ordinal: usize,
    pub model_type: String,
    /// Its value of the ranking metric.
    pub value: Option<f64>,
}

/// The rows of a comparison that waits.
pub(super) async fn insert(
    tx: &DatabaseTransaction,
    tenant: TenantId,
    run: RunId,
    spec: &Spec,
    created_us: i64,
) -> Result<(), DbErr> {
    let (source, pair, dataset_id) = match &spec.source {
        Source::Pair { pair, .. } => ("pair", Some(*pair), None),
        Source::Dataset { dataset_id, .. } => ("dataset", None, Some(dataset_id.0)),
    };
    let row = comparison::ActiveModel {
        run_id: Set(run),
        tenant_id: Set(tenant),
        source: Set(source.to_owned()),
        store_id: Set(pair.map(|pair| pair.store_id.0)),
        product_id: Set(pair.map(|pair| pair.product_id.0)),
        dataset_id: Set(dataset_id),
        horizon: Set(int(spec.horizon)),
        ranking_metric: Set(spec.ranking_metric.as_str().to_owned()),
        series_total: Set(int(spec.series_total)),
        candidates_total: Set(int(spec.candidates.len())),
        status: Set(ComparisonStatus::Pending.as_str().to_owned()),
        created_us: Set(created_us),
        ..Default::default()
    };
    row.insert(tx).await?;
    for (ordinal, asked) in spec.candidates.iter().enumerate() {
        let row = candidate::ActiveModel {
            run_id: Set(run),
            ordinal: Set(int(ordinal)),
            candidate_id: Set(candidate_id(run, ordinal)),
            model_type: Set(asked.model_type.clone()),
            params: Set(kernel::canonical_json(&asked.params).map_err(|e| DbErr::Json(e.to_string()))?),
            status: Set(CandidateStatus::Pending.as_str().to_owned()),
            series_done: Set(0),
            ..Default::default()
        };
        row.insert(tx).await?;
    }
    Ok(())
}

/// The candidates of a comparison by ordinal.
pub(super) async fn candidates(
    conn: &impl ConnectionTrait,
    run: RunId,
) -> Result<Vec<candidate::Model>, DbErr> {
    candidate::Entity::find()
        .filter(candidate::Column::RunId.eq(run))
        .order_by_asc(candidate::Column::Ordinal)
        .all(conn)
        .await
}

/// Its candidates race from now on.
pub(super) async fn mark_running(tx: &DatabaseTransaction, run: RunId, now_us: i64) -> Result<(), DbErr> {
    let sql = "UPDATE comparison SET status = 'running', started_us = coalesce(started_us, $1)
         WHERE run_id = $2 AND settled_us IS NULL";
    execute(tx, sql, [now_us.into(), run.into()]).await
}

/// A candidate's progress while its run lasts. A row that has ended is left alone: a worker that lost its lease may
/// still report.
pub(super) async fn mark_candidate_running(
    tx: &DatabaseTransaction,
    run: RunId,
    ordinal: usize,
    series_done: usize,
    started_us: i64,
) -> Result<(), DbErr> {
    let sql = "UPDATE comparison_candidate SET status = 'running', series_done = $1,
            started_us = coalesce(started_us, $2)
         WHERE run_id = $3 AND ordinal = $4 AND status IN ('pending', 'running')";
    execute(tx, sql, [int(series_done).into(), started_us.into(), run.into(), int(ordinal).into()]).await
}

/// A candidate's end; said while the run lasts, and once more with the run's own end.
pub(super) async fn mark_candidate_ended(
    tx: &DatabaseTransaction,
    run: RunId,
    end: &CandidateEnd,
) -> Result<(), DbErr> {
    let sql =
        "UPDATE comparison_candidate SET status = $1, series_done = $2, error_code = $3, error_message = $4,
            started_us = coalesce(started_us, $5), ended_us = coalesce(ended_us, $6)
         WHERE run_id = $7 AND ordinal = $8";
    let values = [
        end.status.as_str().into(),
        int(end.series_done).into(),
        end.error.as_ref().map(|error| error.0.clone()).into(),
        end.error.as_ref().map(|error| error.1.clone()).into(),
        end.started_us.into(),
        end.ended_us.into(),
        run.into(),
        int(end.ordinal).into(),
    ];
    execute(tx, sql, values).await
}

/// Ends whatever candidate has not: no settled comparison has one that waits or works.
pub(super) async fn sweep_candidates(
    tx: &DatabaseTransaction,
    run: RunId,
    status: CandidateStatus,
    error: Option<&(String, String)>,
    now_us: i64,
) -> Result<(), DbErr> {
    let sql =
        "UPDATE comparison_candidate SET status = $1, error_code = $2, error_message = $3, ended_us = $4
         WHERE run_id = $5 AND status IN ('pending', 'running')";
    let values = [
        status.as_str().into(),
        error.map(|error| error.0.clone()).into(),
        error.map(|error| error.1.clone()).into(),
        now_us.into(),
        run.into(),
    ];
    execute(tx, sql, values).await
}

/// Settles a comparison; after this the database refuses any change of it. Its start may not have been shown: its
/// candidates know it too.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    run: RunId,
    end: &ComparisonEnd,
    now_us: i64,
) -> Result<(), DbErr> {
    let sql =
        "UPDATE comparison SET status = $1, winner_ordinal = $2, winner_model_type = $3, winner_value = $4,
            confidence = $5, error_code = $6, error_message = $7, settled_us = $8,
            started_us = coalesce(started_us,
                (SELECT min(started_us) FROM comparison_candidate WHERE run_id = $9))
         WHERE run_id = $9";
    let champion = end.champion.as_ref();
    let values = [
        end.status.as_str().into(),
        champion.map(|champion| int(champion.ordinal)).into(),
        champion.map(|champion| champion.model_type.clone()).into(),
        champion.and_then(|champion| champion.value).into(),
        end.confidence.map(wire::model_selection::Confidence::as_str).into(),
        end.error.as_ref().map(|error| error.0.clone()).into(),
        end.error.as_ref().map(|error| error.1.clone()).into(),
        now_us.into(),
        run.into(),
    ];
    execute(tx, sql, values).await
}

/// How many candidates stand where.
pub(super) fn tally(rows: &[candidate::Model]) -> Result<Tally, DbErr> {
    let statuses = rows.iter().map(|row| row.status.parse().map_err(|_| unreadable("candidate status")));
    Ok(tally_of(statuses.collect::<Result<Vec<CandidateStatus>, DbErr>>()?))
}

async fn execute<const N: usize>(
    tx: &DatabaseTransaction,
    sql: &str,
    values: [Value; N],
) -> Result<(), DbErr> {
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}
