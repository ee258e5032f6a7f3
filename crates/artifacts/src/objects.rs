//! Objects that no run made: data sets, bundles and attachments.
//!
//! A row says who keeps which object for what. It never changes, and it goes only under a retention receipt that
//! names the digest; its bytes may go once nobody records them any more.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::row;
use kernel::{Class, Clock, Digest, Fault, FieldError, ReadDb, Tenant};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::Stored;
use crate::table::object;

/// The longest name and media type, in characters.
pub const MAX_CHARS: usize = 255;

/// What an object is kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A data set.
    Dataset,
    /// An exported or imported bundle.
    Bundle,
    /// What somebody attached.
    Attachment,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Dataset, Self::Bundle, Self::Attachment];

    /// The word of the column.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dataset => "dataset",
            Self::Bundle => "bundle",
            Self::Attachment => "attachment",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An object that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The name of its bytes in the store.
    pub digest: Digest,
    /// What it is kept for.
    pub purpose: Purpose,
    /// The type of its bytes.
    pub media_type: String,
    /// What people call it.
    pub name: String,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// When it was first recorded.
    pub created_at: DateTime<Utc>,
}

/// An object to record; its bytes lie in the store already.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// What the store answered.
    pub stored: Stored,
    /// What it is kept for.
    pub purpose: Purpose,
    /// The type of its bytes.
    pub media_type: &'a str,
    /// What people call it.
    pub name: &'a str,
}

/// Where a page of a list ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// When the last object was recorded.
    pub created_at: DateTime<Utc>,
    /// Its digest.
    pub digest: Digest,
}

impl From<&Object> for Position {
    fn from(object: &Object) -> Self {
        Self { created_at: object.created_at, digest: object.digest }
    }
}

/// Objects cannot be recorded or found.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// A name or media type that cannot be kept.
    #[error("{field} must have 1 to {MAX_CHARS} characters and no control characters")]
    Invalid {
        /// Which of the two.
        field: &'static str,
    },
    /// The tenant keeps as much as it may.
    #[error(
        "this has {size_bytes} bytes, and what you have sent in has {used_bytes} of the {quota_bytes} that it may have"
    )]
    NoRoom {
        /// What the tenant keeps.
        used_bytes: u64,
        /// What it may keep.
        quota_bytes: u64,
        /// What was to be kept besides.
        size_bytes: u64,
    },
    /// The database refused, or holds what this version cannot read.
    #[error("the objects could not be read or recorded")]
    Db(#[from] DbErr),
}

impl Fault for ObjectError {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::NoRoom { .. } => Class::TooLarge,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::NoRoom { .. } => "ATTACHMENT_QUOTA_REACHED",
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { field } => vec![FieldError::new(*field, self.to_string())],
            Self::NoRoom { .. } | Self::Db(_) => Vec::new(),
        }
    }
}

/// Records that a tenant keeps an object. What is recorded already stays as it is, with its first name and time.
pub async fn record_in(
    tx: &DatabaseTransaction,
    clock: &dyn Clock,
    tenant: Tenant,
    record: Record<'_>,
) -> Result<Object, ObjectError> {
    check("name", record.name)?;
    check("media_type", record.media_type)?;
    // Asked first, because SQLite's trigger refuses the row before the conflict is looked at.
    if let Some(known) = find_in(tx, tenant, &record.stored.digest, record.purpose).await? {
        return Ok(known);
    }
    let row = object::ActiveModel {
        tenant_id: Set(tenant.id()),
        digest: Set(record.stored.digest.as_bytes().to_vec()),
        purpose: Set(record.purpose.as_str().to_owned()),
        media_type: Set(record.media_type.to_owned()),
        name: Set(record.name.to_owned()),
        size_bytes: Set(record.stored.size_bytes.cast_signed()),
        created_us: Set(clock.now_us()),
    };
    let key = [object::Column::TenantId, object::Column::Digest, object::Column::Purpose];
    object::Entity::insert(row).on_conflict_do_nothing_on(key).exec_without_returning(tx).await?;
    let kept = find_in(tx, tenant, &record.stored.digest, record.purpose).await?;
    Ok(kept.ok_or_else(|| DbErr::RecordNotFound("the object that was just recorded".to_owned()))?)
}

/// Whether a name or a media type can be kept.
pub fn check(field: &'static str, text: &str) -> Result<(), ObjectError> {
    let is_kept = (1..=MAX_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    is_kept.then_some(()).ok_or(ObjectError::Invalid { field })
}

/// The object a tenant keeps under this digest for this purpose.
pub async fn find(
    read: &ReadDb,
    tenant: Tenant,
    digest: &Digest,
    purpose: Purpose,
) -> Result<Option<Object>, ObjectError> {
    Ok(find_in(read.conn(), tenant, digest, purpose).await?)
}

/// A tenant's objects of one purpose behind a position, newest first.
pub async fn list(
    read: &ReadDb,
    tenant: Tenant,
    purpose: Purpose,
    before: Option<Position>,
    limit: u64,
) -> Result<Vec<Object>, ObjectError> {
    use object::Column::{CreatedUs, Digest, Purpose, TenantId};
    let mut query =
        object::Entity::find().filter(TenantId.eq(tenant.id())).filter(Purpose.eq(purpose.as_str()));
    if let Some(Position { created_at, digest }) = before {
        let us = created_at.timestamp_micros();
        let same_time = Condition::all().add(CreatedUs.eq(us)).add(Digest.lt(digest.as_bytes().to_vec()));
        query = query.filter(Condition::any().add(CreatedUs.lt(us)).add(same_time));
    }
    let rows = query.order_by_desc(CreatedUs).order_by_desc(Digest).limit(limit).all(read.conn()).await?;
    Ok(rows.into_iter().map(Object::try_from).collect::<Result<_, _>>()?)
}

/// Lets go what a tenant records of an object, under a receipt whose release of kind `object` names the digest; the
/// database refuses otherwise. Returns how many rows went. The bytes are the caller's to delete, after the commit.
pub async fn release_in(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    digest: &Digest,
) -> Result<u64, ObjectError> {
    let gone = object::Entity::delete_many()
        .filter(object::Column::TenantId.eq(tenant.id()))
        .filter(object::Column::Digest.eq(digest.as_bytes().to_vec()))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

pub(crate) async fn find_in(
    db: &impl ConnectionTrait,
    tenant: Tenant,
    digest: &Digest,
    purpose: Purpose,
) -> Result<Option<Object>, DbErr> {
    let key = (tenant.id(), digest.as_bytes().to_vec(), purpose.as_str().to_owned());
    object::Entity::find_by_id(key).one(db).await?.map(Object::try_from).transpose()
}

impl TryFrom<object::Model> for Object {
    type Error = DbErr;

    fn try_from(row: object::Model) -> Result<Self, DbErr> {
        Ok(Self {
            digest: row::digest(&row.digest)?,
            purpose: Purpose::named(&row.purpose).ok_or_else(|| row::unreadable("purpose"))?,
            media_type: row.media_type,
            name: row.name,
            size_bytes: row.size_bytes.unsigned_abs(),
            created_at: row::time(row.created_us)?,
        })
    }
}
