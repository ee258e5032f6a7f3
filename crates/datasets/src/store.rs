//! The row with which a data set can be seen, written last and in one transaction.

use artifacts::Stored;
use artifacts::objects::{self, Purpose, Record};
use kernel::{Clock, Tenant, WriteDb};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, TryInsertResult};
use wire::datasets::Dataset;
use wire::datasets::media_type::PARQUET;

use crate::error::ImportError;
use crate::reader::shown;
use crate::table::series_dataset;

/// A data set that may be new; its object lies in the store.
pub(crate) struct Made {
    pub(crate) tenant: Tenant,
    pub(crate) reading: String,
    pub(crate) content: Stored,
    pub(crate) item: Dataset,
}

/// The new data set, or the one of the same name and bytes that were read in the same way.
pub(crate) async fn store(write: &WriteDb, clock: &dyn Clock, made: Made) -> Result<Dataset, ImportError> {
    write.write("datasets.import", async |tx| appear(tx, clock, &made).await).await
}

async fn appear(tx: &DatabaseTransaction, clock: &dyn Clock, made: &Made) -> Result<Dataset, ImportError> {
    use series_dataset::Column::{Digest, Name, Reading, TenantId};
    if let Some(item) = same(tx, made).await? {
        return Ok(item);
    }
    let insert = series_dataset::Entity::insert(row(made));
    let inserted = insert
        .on_conflict_do_nothing_on([TenantId, Name, Digest, Reading])
        .exec_without_returning(tx)
        .await?;
    if !matches!(inserted, TryInsertResult::Inserted(1..)) {
        let found = same(tx, made).await?;
        let gone = || DbErr::RecordNotFound("the dataset that took this one's place".to_owned());
        return Ok(found.ok_or_else(gone)?);
    }
    let (name, purpose) = (made.item.name.as_str(), Purpose::Dataset);
    let record = Record { stored: made.content, purpose, media_type: PARQUET, name };
    objects::record_in(tx, clock, made.tenant, record).await?;
    Ok(made.item.clone())
}

async fn same(tx: &DatabaseTransaction, made: &Made) -> Result<Option<Dataset>, DbErr> {
    use series_dataset::Column;
    let query = series_dataset::Entity::find()
        .filter(Column::TenantId.eq(made.tenant.id()))
        .filter(Column::Name.eq(made.item.name.as_str()))
        .filter(Column::Digest.eq(made.item.digest.as_bytes().to_vec()))
        .filter(Column::Reading.eq(made.reading.as_str()));
    query.one(tx).await?.map(|row| shown(&row)).transpose()
}

fn row(made: &Made) -> series_dataset::ActiveModel {
    let Made { tenant, reading, content, item } = made;
    series_dataset::ActiveModel {
        id: Set(item.dataset_id),
        tenant_id: Set(tenant.id()),
        name: Set(item.name.clone()),
        digest: Set(item.digest.as_bytes().to_vec()),
        content_digest: Set(content.digest.as_bytes().to_vec()),
        reading: Set(reading.clone()),
        size_bytes: Set(item.size_bytes.cast_signed()),
        series_count: Set(item.series_count.cast_signed()),
        point_count: Set(item.point_count.cast_signed()),
        created_us: Set(item.created_at.timestamp_micros()),
    }
}
