//! Imported series: a dataset per upload, kept under the digest of its bytes.
//!
//! The same bytes under the same name, read in the same way, are the same dataset, however often they are sent. A
//! dataset never changes: its series are checked against their digests whenever they are read.
//!
//! The series are written first, in short transactions, under a claim that says when somebody was at work on them; the
//! dataset's own row comes last, and only with it they can be seen.

mod claim;
mod content;
mod error;
mod points;
mod store;

use bytes::Bytes;
use chrono::NaiveDate;
use kernel::row;
use kernel::{Clock, Digest, ReadDb, Tenant, WriteDb};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
pub use wire::datasets::{Dataset, SeriesSummary};
use wire::datasets::{DatasetItem, Frequency};

pub(crate) use self::claim::is_any_unfinished;
pub use self::claim::sweep;
pub use self::error::{DatasetError, ImportError};
use crate::blocking::off_the_runtime;
use crate::csv::{self, ImportedSeries};
use crate::key::DatasetId;
use crate::page::Page;
use crate::table::import::{imported_series, series_dataset};

/// The longest name of a dataset, in characters.
pub const MAX_NAME_CHARS: usize = 100;

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
    let made = store::Made { tenant: upload.tenant, reading: upload.reading.to_owned(), item };
    let (item, series) = store::store(write, clock, made, series).await.map_err(E::from)?;
    Ok(Dataset { item, series })
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
    let items = rows.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(items, limit, |item| item.dataset_id))
}

/// A dataset.
pub async fn find(read: &ReadDb, tenant: Tenant, id: DatasetId) -> Result<Dataset, DatasetError> {
    use imported_series::Column;
    let (item, content_digest) = item(read.conn(), tenant, id).await?;
    let rows: Vec<(String, i64, NaiveDate, NaiveDate, String, Vec<u8>)> = imported_series::Entity::find()
        .select_only()
        .columns([Column::Name, Column::PointCount, Column::FirstDate, Column::LastDate, Column::Frequency])
        .column(Column::Digest)
        .filter(Column::DatasetId.eq(id))
        .order_by_asc(Column::Ordinal)
        .into_tuple()
        .all(read.conn())
        .await?;
    let mut content = content::Content::default();
    let mut series = Vec::with_capacity(rows.len());
    for (name, points, first_date, last_date, frequency, digest) in rows {
        let frequency = frequency.parse().map_err(|_| row::unreadable("frequency"))?;
        let points = points.unsigned_abs();
        let summary = SeriesSummary { name, points, first_date, last_date, frequency };
        content.add(&summary, &digest);
        series.push(summary);
    }
    whole(&item, content, &content_digest)?;
    Ok(Dataset { item, series })
}

/// The series of a dataset with their points, in the order of the upload. Points that are not those that were imported
/// are an error that names their series.
pub async fn series(
    read: &ReadDb,
    tenant: Tenant,
    id: DatasetId,
) -> Result<Vec<ImportedSeries>, DatasetError> {
    let (item, content_digest) = item(read.conn(), tenant, id).await?;
    let query = imported_series::Entity::find().filter(imported_series::Column::DatasetId.eq(id));
    let rows = query.order_by_asc(imported_series::Column::Ordinal).all(read.conn()).await?;
    off_the_runtime(move || checked(&item, rows, &content_digest)).await
}

fn checked(
    item: &DatasetItem,
    rows: Vec<imported_series::Model>,
    content_digest: &[u8],
) -> Result<Vec<ImportedSeries>, DatasetError> {
    let mut content = content::Content::default();
    let mut series = Vec::with_capacity(rows.len());
    for row in rows {
        let damaged =
            |name: &str| DatasetError::Damaged { dataset: item.dataset_id, series: name.to_owned() };
        if Digest::of(&row.points).as_bytes()[..] != row.digest {
            return Err(damaged(&row.name));
        }
        let decoded = points::decode(&row.points).filter(|(dates, _)| !dates.is_empty());
        let Some((dates, values)) = decoded else { return Err(damaged(&row.name)) };
        let one = ImportedSeries { name: row.name, dates, values };
        content.add(&summary(&one), &row.digest);
        series.push(one);
    }
    whole(item, content, content_digest)?;
    Ok(series)
}

/// Whether these are all the series that were imported, in their order and under their names.
fn whole(item: &DatasetItem, content: content::Content, expected: &[u8]) -> Result<(), DatasetError> {
    if content.finish().as_bytes()[..] == *expected {
        return Ok(());
    }
    Err(DatasetError::Incomplete(item.dataset_id))
}

/// A dataset and the digest of its series.
async fn item(
    db: &impl ConnectionTrait,
    tenant: Tenant,
    id: DatasetId,
) -> Result<(DatasetItem, Vec<u8>), DatasetError> {
    let query = series_dataset::Entity::find_by_id(id);
    let row = query.filter(series_dataset::Column::TenantId.eq(tenant.id())).one(db).await?;
    let mut row = row.ok_or(DatasetError::Unknown(id))?;
    let content_digest = std::mem::take(&mut row.content_digest);
    Ok((shown(row)?, content_digest))
}

fn shown(row: series_dataset::Model) -> Result<DatasetItem, DbErr> {
    Ok(DatasetItem {
        dataset_id: row.id,
        name: row.name,
        digest: row::digest(&row.digest)?,
        size_bytes: row.size_bytes.unsigned_abs(),
        series_count: row.series_count.unsigned_abs(),
        point_count: row.point_count.unsigned_abs(),
        created_at: row::time(row.created_us)?,
    })
}

fn summary(one: &ImportedSeries) -> SeriesSummary {
    let ends = one.dates.first().zip(one.dates.last());
    let (&first_date, &last_date) = ends.expect("a series that was read has dates");
    SeriesSummary {
        name: one.name.clone(),
        points: one.dates.len() as u64,
        first_date,
        last_date,
        frequency: series::Frequency::infer(&one.dates).map_or(Frequency::Irregular, Into::into),
    }
}
