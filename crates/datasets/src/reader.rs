//! What can be known of data sets.

use std::sync::Arc;

use artifacts::{Checked, StoreError};
use kernel::row;
use kernel::{Digest, Page, ReadDb, Tenant};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use series::DatedSeries;
use wire::datasets::{Dataset, DatasetId, Report, SeriesSummary};

use crate::error::DatasetError;
use crate::object::Object;
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
        let object = self.open(id, content).await?;
        let index = object.index(0..object.series_count()).await;
        Ok(Pinned { item, content, index: index.map_err(|error| DatasetError::of_object(id, error))?.into() })
    }

    /// A data set as it is shown.
    pub async fn dataset(&self, tenant: Tenant, id: DatasetId) -> Result<Dataset, DatasetError> {
        Ok(self.item(tenant, id).await?.0)
    }

    /// What was read of the imported file.
    pub async fn report(&self, tenant: Tenant, id: DatasetId) -> Result<Report, DatasetError> {
        let (_, content) = self.item(tenant, id).await?;
        let report = self.open(id, content).await?.report();
        report.map_err(|error| DatasetError::of_object(id, error))
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
        let (_, content) = self.item(tenant, id).await?;
        let object = self.open(id, content).await?;
        let part = name_contains.map(str::to_lowercase);
        let is_asked = |one: &SeriesSummary| {
            part.as_ref().is_none_or(|part| one.name.to_lowercase().contains(part.as_str()))
        };
        let (from, mut items) = (usize::try_from(from).unwrap_or(usize::MAX), Vec::new());
        for group in object.groups().into_iter().filter(|group| group.end > from) {
            let start = group.start.max(from);
            let index = object.index(start..group.end).await;
            let index = index.map_err(|error| DatasetError::of_object(id, error))?;
            for (place, one) in (start as u64..).zip(index).filter(|(_, one)| is_asked(one)) {
                if items.len() == limit {
                    return Ok(Page { items, next: Some(place) });
                }
                items.push(one);
            }
        }
        Ok(Page { items, next: None })
    }

    /// The series at these places of a data set, which ascend, in their order. Series that are not those that were
    /// imported are an error.
    pub async fn series(
        &self,
        pinned: &Pinned,
        places: Vec<usize>,
    ) -> Result<Vec<DatedSeries>, DatasetError> {
        let id = pinned.item.dataset_id;
        let series = self.open(id, pinned.content).await?.series(places).await;
        series.map_err(|error| DatasetError::of_object(id, error))
    }

    /// Whether all of a data set is as it was imported.
    pub async fn check(&self, tenant: Tenant, id: DatasetId) -> Result<Dataset, DatasetError> {
        let (item, content) = self.item(tenant, id).await?;
        // Every byte is read: that a range was intact some time ago is not enough here.
        match self.store.check(&content).await.map_err(|error| DatasetError::of_store(id, error))? {
            Checked::Ok => {}
            Checked::Missing => {
                return Err(DatasetError::of_store(id, StoreError::Missing { digest: content }));
            }
            Checked::Tampered { found } => {
                return Err(DatasetError::of_store(id, StoreError::Tampered { digest: content, found }));
            }
        }
        let object = self.open(id, content).await?;
        let index = object.index(0..object.series_count()).await;
        let count = index.map_err(|error| DatasetError::of_object(id, error))?.len() as u64;
        if count != item.series_count {
            let source = format!("its object has {count} series, and its row {}", item.series_count).into();
            return Err(DatasetError::Damaged { dataset: id, source });
        }
        Ok(item)
    }

    async fn open(&self, id: DatasetId, content: Digest) -> Result<Object, DatasetError> {
        Object::open(&self.store, content).await.map_err(|error| DatasetError::of_object(id, error))
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
