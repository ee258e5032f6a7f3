//! Imported series: a dataset per upload, kept under the digest of its bytes.
//!
//! The same bytes under the same name, read in the same way, are the same dataset, however often they are sent. A
//! dataset never changes.

mod error;
mod points;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Clock, Digest, ReadDb, Tenant, WriteDb};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult,
};
use serde::Serialize;

pub use self::error::{DatasetError, ImportError};
use crate::blocking::off_the_runtime;
use crate::csv::{self, ImportedSeries};
use crate::frequency::Frequency;
use crate::key::DatasetId;
use crate::page::Page;
use crate::table::import::{imported_series, series_dataset};

/// The longest name of a dataset, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// Series per `INSERT`: a long series is a large value, and memory should hold a few of them only.
const SERIES_PER_INSERT: usize = 500;

/// An imported dataset and its series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dataset {
    /// What it is.
    #[serde(flatten)]
    pub item: DatasetItem,
    /// Its series, in the order of the upload.
    pub series: Vec<SeriesSummary>,
}

/// An imported dataset in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DatasetItem {
    /// Its id.
    pub dataset_id: DatasetId,
    /// Its name; two datasets may share it.
    pub name: String,
    /// SHA-256 of the uploaded bytes.
    pub digest: Digest,
    /// How many bytes were uploaded.
    pub size_bytes: u64,
    /// How many series it has.
    pub series_count: u64,
    /// How many dates they have together.
    pub point_count: u64,
    /// When it was imported.
    pub created_at: DateTime<Utc>,
}

/// A series without its points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeriesSummary {
    /// Its name.
    pub name: String,
    /// How many dates it has.
    pub points: u64,
    /// The first one.
    pub first_date: NaiveDate,
    /// The last one.
    pub last_date: NaiveDate,
    /// How far apart they are.
    pub frequency: Frequency,
}

/// A file somebody sends.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// Whose dataset it becomes.
    pub tenant: Tenant,
    /// What to call it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a Bytes,
    /// What the bytes do not say and whoever sends them does: other dates make other series of the same bytes. Empty
    /// if they say everything.
    pub reading: &'a str,
}

/// Stores the series of a CSV text, all of them or none.
pub async fn import_csv(
    write: &WriteDb,
    clock: &dyn Clock,
    tenant: Tenant,
    name: &str,
    bytes: &Bytes,
) -> Result<Dataset, ImportError> {
    let upload = Upload { tenant, name, bytes, reading: "" };
    import(write, clock, upload, |bytes| Ok(csv::parse(bytes)?)).await
}

/// Stores the series that `read` finds in a file, all of them or none. Reading happens off the runtime.
pub async fn import<E: From<ImportError> + Send + 'static>(
    write: &WriteDb,
    clock: &dyn Clock,
    upload: Upload<'_>,
    read: impl FnOnce(&Bytes) -> Result<Vec<ImportedSeries>, E> + Send + 'static,
) -> Result<Dataset, E> {
    let name = upload.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(ImportError::InvalidName.into());
    }
    let bytes = upload.bytes.clone();
    let size_bytes = bytes.len() as u64;
    let (series, digest) =
        off_the_runtime(move || read(&bytes).map(|series| (series, Digest::of(&bytes)))).await?;
    let item = DatasetItem {
        dataset_id: DatasetId::new(clock),
        name: name.to_owned(),
        digest,
        size_bytes,
        series_count: series.len() as u64,
        point_count: series.iter().map(|one| one.dates.len() as u64).sum(),
        created_at: clock.now(),
    };
    let made = Made { tenant: upload.tenant, reading: upload.reading, item };
    let stored = write.write("retail.import", async |tx| insert(tx, made, &series).await);
    let item = stored.await.map_err(E::from)?;
    Ok(Dataset { item, series: series.iter().map(summary).collect() })
}

/// A dataset that may be new.
struct Made<'a> {
    tenant: Tenant,
    reading: &'a str,
    item: DatasetItem,
}

/// The new dataset, or the one of the same name and bytes that were read in the same way.
async fn insert(
    tx: &DatabaseTransaction,
    made: Made<'_>,
    series: &[ImportedSeries],
) -> Result<DatasetItem, ImportError> {
    use series_dataset::Column::{Digest, Name, Reading, TenantId};
    let row = series_dataset::Entity::insert(dataset_row(&made));
    let inserted =
        row.on_conflict_do_nothing_on([TenantId, Name, Digest, Reading]).exec_without_returning(tx).await?;
    if !matches!(inserted, TryInsertResult::Inserted(1..)) {
        return Ok(same(tx, &made).await?);
    }
    let item = made.item;
    for (chunk_idx, chunk) in series.chunks(SERIES_PER_INSERT).enumerate() {
        let first = chunk_idx * SERIES_PER_INSERT;
        let rows =
            chunk.iter().enumerate().map(|(index, one)| series_row(item.dataset_id, first + index, one));
        imported_series::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(item)
}

async fn same(tx: &DatabaseTransaction, made: &Made<'_>) -> Result<DatasetItem, DbErr> {
    use series_dataset::Column;
    let query = series_dataset::Entity::find()
        .filter(Column::TenantId.eq(made.tenant.id()))
        .filter(Column::Name.eq(made.item.name.as_str()))
        .filter(Column::Digest.eq(made.item.digest.as_bytes().to_vec()))
        .filter(Column::Reading.eq(made.reading));
    let row = query.one(tx).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("the dataset that took this one's place".to_owned()))?.try_into()
}

/// The datasets before an id, newest first.
pub async fn list(
    read: &ReadDb,
    tenant: Tenant,
    before: Option<DatasetId>,
    limit: u64,
) -> Result<Page<DatasetItem, DatasetId>, DbErr> {
    use series_dataset::Column;
    let mut query = series_dataset::Entity::find().filter(Column::TenantId.eq(tenant.id()));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit + 1).all(read.conn()).await?;
    let items = rows.into_iter().map(DatasetItem::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(items, limit, |item| item.dataset_id))
}

/// A dataset.
pub async fn find(read: &ReadDb, tenant: Tenant, id: DatasetId) -> Result<Dataset, DatasetError> {
    use imported_series::Column;
    let item = item(read.conn(), tenant, id).await?;
    let rows: Vec<(String, i64, NaiveDate, NaiveDate, String)> = imported_series::Entity::find()
        .select_only()
        .columns([Column::Name, Column::PointCount, Column::FirstDate, Column::LastDate, Column::Frequency])
        .filter(Column::DatasetId.eq(id))
        .order_by_asc(Column::Ordinal)
        .into_tuple()
        .all(read.conn())
        .await?;
    let summary = |(name, points, first_date, last_date, frequency): (String, i64, _, _, String)| {
        let frequency = Frequency::named(&frequency).ok_or_else(|| unreadable("frequency"))?;
        Ok(SeriesSummary { name, points: points.unsigned_abs(), first_date, last_date, frequency })
    };
    let series = rows.into_iter().map(summary).collect::<Result<Vec<_>, DbErr>>()?;
    Ok(Dataset { item, series })
}

/// The series of a dataset with their points, in the order of the upload.
pub async fn series(
    read: &ReadDb,
    tenant: Tenant,
    id: DatasetId,
) -> Result<Vec<ImportedSeries>, DatasetError> {
    item(read.conn(), tenant, id).await?;
    let query = imported_series::Entity::find().filter(imported_series::Column::DatasetId.eq(id));
    let rows = query.order_by_asc(imported_series::Column::Ordinal).all(read.conn()).await?;
    let one = |row: imported_series::Model| {
        let (dates, values) = points::decode(&row.points).ok_or_else(|| unreadable("series"))?;
        Ok(ImportedSeries { name: row.name, dates, values })
    };
    Ok(rows.into_iter().map(one).collect::<Result<Vec<_>, DbErr>>()?)
}

async fn item(db: &impl ConnectionTrait, tenant: Tenant, id: DatasetId) -> Result<DatasetItem, DatasetError> {
    let query = series_dataset::Entity::find_by_id(id);
    let row = query.filter(series_dataset::Column::TenantId.eq(tenant.id())).one(db).await?;
    Ok(row.ok_or(DatasetError::Unknown(id))?.try_into()?)
}

impl TryFrom<series_dataset::Model> for DatasetItem {
    type Error = DbErr;

    fn try_from(row: series_dataset::Model) -> Result<Self, DbErr> {
        Ok(Self {
            dataset_id: row.id,
            name: row.name,
            digest: Digest::from_slice(&row.digest).map_err(|_| unreadable("digest"))?,
            size_bytes: row.size_bytes.unsigned_abs(),
            series_count: row.series_count.unsigned_abs(),
            point_count: row.point_count.unsigned_abs(),
            created_at: DateTime::from_timestamp_micros(row.created_us).ok_or_else(|| unreadable("time"))?,
        })
    }
}

fn dataset_row(made: &Made<'_>) -> series_dataset::ActiveModel {
    let Made { tenant, reading, item } = made;
    series_dataset::ActiveModel {
        id: Set(item.dataset_id),
        tenant_id: Set(tenant.id()),
        name: Set(item.name.clone()),
        digest: Set(item.digest.as_bytes().to_vec()),
        reading: Set((*reading).to_owned()),
        size_bytes: Set(item.size_bytes.cast_signed()),
        series_count: Set(item.series_count.cast_signed()),
        point_count: Set(item.point_count.cast_signed()),
        created_us: Set(item.created_at.timestamp_micros()),
    }
}

fn series_row(dataset_id: DatasetId, ordinal: usize, one: &ImportedSeries) -> imported_series::ActiveModel {
    let SeriesSummary { name, points, first_date, last_date, frequency } = summary(one);
    imported_series::ActiveModel {
        dataset_id: Set(dataset_id),
        ordinal: Set((ordinal as u64).cast_signed()),
        name: Set(name),
        point_count: Set(points.cast_signed()),
        first_date: Set(first_date),
        last_date: Set(last_date),
        frequency: Set(frequency.as_str().to_owned()),
        points: Set(points::encode(&one.dates, &one.values)),
    }
}

fn summary(one: &ImportedSeries) -> SeriesSummary {
    let ends = one.dates.first().zip(one.dates.last());
    let (&first_date, &last_date) = ends.expect("a series that was read has dates");
    SeriesSummary {
        name: one.name.clone(),
        points: one.dates.len() as u64,
        first_date,
        last_date,
        frequency: Frequency::of(&one.dates),
    }
}

fn unreadable(what: &str) -> DbErr {
    DbErr::Type(format!("the stored {what} of a dataset is not readable"))
}
