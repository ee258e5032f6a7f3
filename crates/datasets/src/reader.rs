//! What can be known of data sets.

use std::sync::Arc;

use bytes::Bytes;
use kernel::row;
use kernel::{Digest, Page, ReadDb, Tenant};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use series::DatedSeries;
use series::columnar::{ColumnarError, read_dataset, read_index, read_report};
use wire::datasets::{Dataset, DatasetId, Report, SeriesSummary};

use crate::blocking::off_the_runtime;
use crate::error::DatasetError;
use crate::table::series_dataset;

/// Reads rows from the database and objects from the store; there is no way from here to a writing handle. Clones
/// share everything.
#[derive(Debug, Clone)]
pub struct Reader {
    db: ReadDb,
    store: artifacts::Reader,
}

/// A data set as a run is pinned to it.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// As in the list.
    pub item: Dataset,
    /// The digest of the object its series are kept in.
    pub content: Digest,
    /// What can be known of each series without its points.
    pub index: Arc<[SeriesSummary]>,
}

impl Reader {
    /// A reader of both.
    pub const fn new(db: ReadDb, store: artifacts::Reader) -> Self {
        Self { db, store }
    }

    /// The data sets before an id, newest first.
    pub async fn list(
        &self,
        tenant: Tenant,
        before: Option<DatasetId>,
        limit: u64,
    ) -> Result<Page<Dataset, DatasetId>, DbErr> {
        use series_dataset::Column;
        let mut query = series_dataset::Entity::find().filter(Column::TenantId.eq(tenant.id()));
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before));
        }
        let rows = query.order_by_desc(Column::Id).limit(limit + 1).all(self.db.conn()).await?;
        let items = rows.iter().map(shown).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(items, limit, |item| item.dataset_id))
    }

    /// A data set with its index.
    pub async fn find(&self, tenant: Tenant, id: DatasetId) -> Result<Pinned, DatasetError> {
        let (item, content) = self.item(tenant, id).await?;
        let index = self.read(id, &content, read_index).await?;
        Ok(Pinned { item, content, index: index.into() })
    }

    /// A data set as it is shown.
    pub async fn dataset(&self, tenant: Tenant, id: DatasetId) -> Result<Dataset, DatasetError> {
        Ok(self.item(tenant, id).await?.0)
    }

    /// What was read of the imported file.
    pub async fn report(&self, tenant: Tenant, id: DatasetId) -> Result<Report, DatasetError> {
        let (_, content) = self.item(tenant, id).await?;
        self.read(id, &content, read_report).await
    }

    /// Up to `limit` series from a place on, of those whose names have a part, in either case.
    pub async fn series_page(
        &self,
        tenant: Tenant,
        id: DatasetId,
        from: u64,
        limit: usize,
        name_contains: Option<&str>,
    ) -> Result<Page<SeriesSummary, u64>, DatasetError> {
        let Pinned { index, .. } = self.find(tenant, id).await?;
        let part = name_contains.map(str::to_lowercase);
        let is_asked = |one: &SeriesSummary| {
            part.as_ref().is_none_or(|part| one.name.to_lowercase().contains(part.as_str()))
        };
        let places = (0_u64..).zip(&*index).skip_while(|(place, _)| *place < from);
        let mut found = places.filter(|(_, one)| is_asked(one));
        let items = found.by_ref().take(limit).map(|(_, one)| one.clone()).collect();
        Ok(Page { items, next: found.next().map(|(place, _)| place) })
    }

    /// The series at these places of a data set, which ascend, in their order. Series that are not those that were
    /// imported are an error.
    pub async fn series(
        &self,
        pinned: &Pinned,
        places: Vec<usize>,
    ) -> Result<Vec<DatedSeries>, DatasetError> {
        let read = move |bytes: &Bytes| read_dataset(bytes, &places);
        self.read(pinned.item.dataset_id, &pinned.content, read).await
    }

    /// Whether all of a data set is as it was imported.
    pub async fn check(&self, tenant: Tenant, id: DatasetId) -> Result<Dataset, DatasetError> {
        let (item, content) = self.item(tenant, id).await?;
        let count =
            self.read(id, &content, |bytes| read_index(bytes).map(|index| index.len() as u64)).await?;
        if count != item.series_count {
            let source = format!("its object has {count} series, and its row {}", item.series_count).into();
            return Err(DatasetError::Damaged { dataset: id, source });
        }
        Ok(item)
    }

    /// What is read of an object whose bytes have their digest.
    async fn read<T: Send + 'static>(
        &self,
        id: DatasetId,
        content: &Digest,
        read: impl FnOnce(&Bytes) -> Result<T, ColumnarError> + Send + 'static,
    ) -> Result<T, DatasetError> {
        let bytes = self.store.get(content).await.map_err(|error| DatasetError::of_store(id, error))?;
        let read = off_the_runtime(move || read(&bytes)).await;
        read.map_err(|error| DatasetError::of_bytes(id, error))
    }

    async fn item(&self, tenant: Tenant, id: DatasetId) -> Result<(Dataset, Digest), DatasetError> {
        let query = series_dataset::Entity::find_by_id(id);
        let query = query.filter(series_dataset::Column::TenantId.eq(tenant.id()));
        let row = query.one(self.db.conn()).await?.ok_or(DatasetError::Unknown(id))?;
        Ok((shown(&row)?, row::digest(&row.content_digest)?))
    }
}

/// A row as it is shown.
pub(crate) fn shown(row: &series_dataset::Model) -> Result<Dataset, DbErr> {
    Ok(Dataset {
        dataset_id: row.id,
        name: row.name.clone(),
        digest: row::digest(&row.digest)?,
        size_bytes: row.size_bytes.unsigned_abs(),
        series_count: row.series_count.unsigned_abs(),
        point_count: row.point_count.unsigned_abs(),
        created_at: row::time(row.created_us)?,
    })
}
