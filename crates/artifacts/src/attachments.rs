//! Attachments: objects that somebody sent in. Each has an id of its own, by which it is shown beside what runs made.

use kernel::{Clock, Digest, ReadDb, Tenant};
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

use crate::Stored;
use crate::objects::{self, Object, ObjectError, Purpose, Record};
use crate::table::object;

/// What of an id is the digest's own, in bytes: then comes the version.
const PREFIX: usize = 6;
const VERSION: usize = 8;

/// What somebody sends in; its bytes lie in the store already.
#[derive(Debug, Clone, Copy)]
pub struct Attach<'a> {
    /// What the store answered.
    pub stored: Stored,
    /// The type of its bytes.
    pub media_type: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// How many bytes of attachments a tenant may keep.
    pub quota_bytes: u64,
}

/// The id of an attachment: the beginning of its digest, in the form that RFC 9562 leaves to applications (version 8).
/// Ids that are made anew have another version, so none is ever taken for one of these.
pub fn id_of(digest: &Digest) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Uuid::from_bytes(bytes)
}

/// The attachment of this id.
pub async fn find(read: &ReadDb, tenant: Tenant, id: Uuid) -> Result<Option<Object>, ObjectError> {
    if id.get_version_num() != VERSION {
        return Ok(None);
    }
    let (mut first, mut last) = (vec![0; 32], vec![0xff; 32]);
    first[..PREFIX].copy_from_slice(&id.as_bytes()[..PREFIX]);
    last[..PREFIX].copy_from_slice(&id.as_bytes()[..PREFIX]);
    let rows = object::Entity::find()
        .filter(object::Column::TenantId.eq(tenant.id()))
        .filter(object::Column::Digest.between(first, last))
        .filter(object::Column::Purpose.eq(Purpose::Attachment.as_str()))
        .all(read.conn())
        .await?;
    for row in rows {
        let object = Object::try_from(row)?;
        if id_of(&object.digest) == id {
            return Ok(Some(object));
        }
    }
    Ok(None)
}

/// Records an attachment unless the tenant has no room for it. What it keeps already takes none.
pub async fn attach_in(
    tx: &DatabaseTransaction,
    clock: &dyn Clock,
    tenant: Tenant,
    attach: Attach<'_>,
) -> Result<Object, ObjectError> {
    let Attach { stored, media_type, name, quota_bytes } = attach;
    let purpose = Purpose::Attachment;
    if objects::find_in(tx, tenant, &stored.digest, purpose).await?.is_none() {
        let used_bytes = bytes_in(tx, tenant).await?;
        if used_bytes.saturating_add(stored.size_bytes) > quota_bytes {
            return Err(ObjectError::NoRoom { used_bytes, quota_bytes, size_bytes: stored.size_bytes });
        }
    }
    objects::record_in(tx, clock, tenant, Record { stored, purpose, media_type, name }).await
}

/// How many bytes of attachments a tenant keeps.
pub async fn bytes(read: &ReadDb, tenant: Tenant) -> Result<u64, ObjectError> {
    Ok(bytes_in(read.conn(), tenant).await?)
}

async fn bytes_in(db: &impl ConnectionTrait, tenant: Tenant) -> Result<u64, DbErr> {
    let sum = object::Entity::find()
        .select_only()
        // PostgreSQL sums whole numbers to a decimal one.
        .column_as(Expr::cust("CAST(coalesce(sum(size_bytes), 0) AS BIGINT)"), "bytes")
        .filter(object::Column::TenantId.eq(tenant.id()))
        .filter(object::Column::Purpose.eq(Purpose::Attachment.as_str()));
    let bytes: Option<i64> = sum.into_tuple().one(db).await?;
    Ok(bytes.unwrap_or(0).unsigned_abs())
}
