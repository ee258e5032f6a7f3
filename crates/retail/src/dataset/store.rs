//! Writes a dataset: its series in short transactions, then the row with which they can be seen.

use kernel::{Clock, Digest, Tenant, WriteDb};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, EntityTrait, Insert,
    QueryFilter, QueryTrait, Statement, TryInsertResult,
};

use super::content::Content;
use super::{DatasetItem, ImportError, SeriesSummary, claim, points, shown, summary};
use crate::blocking::off_the_runtime;
use crate::csv::ImportedSeries;
use crate::key::DatasetId;
use crate::sql;
use crate::table::import::{imported_series, series_dataset};
use crate::unfinished::Unfinished;

/// What one statement holds, whichever is reached first.
const MAX_SERIES: usize = 500;
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A dataset that may be new.
pub(super) struct Made {
    pub(super) tenant: Tenant,
    pub(super) reading: String,
    pub(super) item: DatasetItem,
}

/// The new dataset, or the one of the same name and bytes that were read in the same way.
pub(super) async fn store(
    write: &WriteDb,
    clock: &dyn Clock,
    made: Made,
    series: Vec<ImportedSeries>,
) -> Result<(DatasetItem, Vec<SeriesSummary>), ImportError> {
    let (id, backend) = (made.item.dataset_id, write.backend());
    let Prepared { summaries, statements, content } =
        off_the_runtime(move || prepared(id, &series, backend)).await;
    if let Some(item) = write.write("retail.import", async |tx| same(tx, &made).await).await? {
        return Ok((item, summaries));
    }
    let unfinished = Unfinished::new(write, claim::abandon(write.clone(), id));
    let written = write_all(write, clock, &made, statements, content).await;
    match &written {
        Ok(item) if item.dataset_id == id => unfinished.finish(),
        _ => unfinished.remove().await,
    }
    Ok((written?, summaries))
}

async fn write_all(
    write: &WriteDb,
    clock: &dyn Clock,
    made: &Made,
    statements: Vec<Statement>,
    content: Digest,
) -> Result<DatasetItem, DbErr> {
    let id = made.item.dataset_id;
    write.write("retail.import", async |tx| claim::begin(tx, id, clock.now_us()).await).await?;
    for statement in statements {
        let some = async |tx: &DatabaseTransaction| {
            claim::touch(tx, id, clock.now_us()).await?;
            tx.execute_raw(statement).await.map(drop)
        };
        write.write("retail.import", some).await?;
    }
    write.write("retail.import", async |tx| appear(tx, made, content).await).await
}

async fn appear(tx: &DatabaseTransaction, made: &Made, content: Digest) -> Result<DatasetItem, DbErr> {
    use series_dataset::Column::{Digest, Name, Reading, TenantId};
    let id = made.item.dataset_id;
    let count = "SELECT count(*) FROM imported_series WHERE dataset_id = $1";
    if sql::count(tx, count, [id.into()]).await? != made.item.series_count {
        return Err(DbErr::Custom(format!("series of data set {id} were removed while it was imported")));
    }
    if let Some(item) = same(tx, made).await? {
        return Ok(item);
    }
    let row = series_dataset::Entity::insert(dataset_row(made, content));
    let inserted =
        row.on_conflict_do_nothing_on([TenantId, Name, Digest, Reading]).exec_without_returning(tx).await?;
    if matches!(inserted, TryInsertResult::Inserted(1..)) {
        claim::end(tx, id).await?;
        return Ok(made.item.clone());
    }
    let found = same(tx, made).await?;
    found.ok_or_else(|| DbErr::RecordNotFound("the dataset that took this one's place".to_owned()))
}

async fn same(tx: &DatabaseTransaction, made: &Made) -> Result<Option<DatasetItem>, DbErr> {
    use series_dataset::Column;
    let query = series_dataset::Entity::find()
        .filter(Column::TenantId.eq(made.tenant.id()))
        .filter(Column::Name.eq(made.item.name.as_str()))
        .filter(Column::Digest.eq(made.item.digest.as_bytes().to_vec()))
        .filter(Column::Reading.eq(made.reading.as_str()));
    query.one(tx).await?.map(shown).transpose()
}

struct Prepared {
    summaries: Vec<SeriesSummary>,
    statements: Vec<Statement>,
    content: Digest,
}

fn prepared(id: DatasetId, series: &[ImportedSeries], backend: DatabaseBackend) -> Prepared {
    let mut content = Content::default();
    let mut summaries = Vec::with_capacity(series.len());
    let (mut statements, mut rows, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (ordinal, one) in series.iter().enumerate() {
        let (summary, points) = (summary(one), points::encode(&one.dates, &one.values));
        let digest = Digest::of(&points);
        content.add(&summary, digest.as_bytes());
        if rows.len() == MAX_SERIES || bytes + points.len() > MAX_BYTES {
            statements.extend(insert(&mut rows, backend));
            bytes = 0;
        }
        bytes += points.len();
        rows.push(series_row(id, ordinal, &summary, points, digest));
        summaries.push(summary);
    }
    statements.extend(insert(&mut rows, backend));
    Prepared { summaries, statements, content: content.finish() }
}

fn insert(rows: &mut Vec<imported_series::ActiveModel>, backend: DatabaseBackend) -> Option<Statement> {
    (!rows.is_empty()).then(|| Insert::many(std::mem::take(rows)).build(backend))
}

fn dataset_row(made: &Made, content: Digest) -> series_dataset::ActiveModel {
    let Made { tenant, reading, item } = made;
    series_dataset::ActiveModel {
        id: Set(item.dataset_id),
        tenant_id: Set(tenant.id()),
        name: Set(item.name.clone()),
        digest: Set(item.digest.as_bytes().to_vec()),
        content_digest: Set(content.as_bytes().to_vec()),
        reading: Set(reading.clone()),
        size_bytes: Set(item.size_bytes.cast_signed()),
        series_count: Set(item.series_count.cast_signed()),
        point_count: Set(item.point_count.cast_signed()),
        created_us: Set(item.created_at.timestamp_micros()),
    }
}

fn series_row(
    dataset_id: DatasetId,
    ordinal: usize,
    summary: &SeriesSummary,
    points: Vec<u8>,
    digest: Digest,
) -> imported_series::ActiveModel {
    imported_series::ActiveModel {
        dataset_id: Set(dataset_id),
        ordinal: Set((ordinal as u64).cast_signed()),
        name: Set(summary.name.clone()),
        point_count: Set(summary.points.cast_signed()),
        first_date: Set(summary.first_date),
        last_date: Set(summary.last_date),
        frequency: Set(summary.frequency.as_str().to_owned()),
        points: Set(points),
        digest: Set(digest.as_bytes().to_vec()),
    }
}
