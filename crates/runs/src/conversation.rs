//! Conversations: what runs belong to together. A conversation is known by its id; a title is only for people, and two
//! may have the same one.

mod cut;
mod told;

use kernel::{Clock, ConversationId, ReadDb, Tenant, WriteDb};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use wire::runs::Conversation;

use crate::table::conversation;
use kernel::row::time;

pub use cut::{CutError, Cutting, cut_after, cuts, truncate};
pub use told::{AtOpen, NoPlace, Place, Told, ToldPage, replay};

impl TryFrom<conversation::Model> for Conversation {
    type Error = DbErr;

    fn try_from(row: conversation::Model) -> Result<Self, DbErr> {
        Ok(Self { conversation_id: row.id, title: row.title, created_at: time(row.created_us)? })
    }
}

/// Opens a conversation that runs can join.
pub async fn open(
    write: &WriteDb,
    clock: &dyn Clock,
    tenant: Tenant,
    title: &str,
) -> Result<Conversation, DbErr> {
    let opened = write.write("open conversation", async |tx| open_in(tx, clock, tenant, title).await).await?;
    opened.try_into()
}

/// Opens a conversation in the transaction that puts its first run into it.
pub(crate) async fn open_in(
    tx: &DatabaseTransaction,
    clock: &dyn Clock,
    tenant: Tenant,
    title: &str,
) -> Result<conversation::Model, DbErr> {
    let row = conversation::ActiveModel {
        id: Set(ConversationId::new(clock)),
        tenant_id: Set(tenant.id()),
        title: Set(title.chars().take(MAX_TITLE).collect()),
        created_us: Set(clock.now_us()),
    };
    row.insert(tx).await
}

/// What the table takes.
const MAX_TITLE: usize = 1000;

/// One conversation.
pub async fn find(
    db: &impl ConnectionTrait,
    tenant: Tenant,
    id: ConversationId,
) -> Result<Option<Conversation>, DbErr> {
    conversation::Entity::find_by_id(id)
        .filter(conversation::Column::TenantId.eq(tenant.id()))
        .one(db)
        .await?
        .map(Conversation::try_from)
        .transpose()
}

/// Whether a conversation has a row, whatever stands in it.
pub(crate) async fn is_there(db: &ReadDb, tenant: Tenant, id: ConversationId) -> Result<bool, DbErr> {
    let query = conversation::Entity::find_by_id(id).filter(conversation::Column::TenantId.eq(tenant.id()));
    Ok(query.count(db.conn()).await? > 0)
}

/// Conversations, newest first, older than `before`; at most `limit`.
pub async fn list(
    db: &ReadDb,
    tenant: Tenant,
    before: Option<ConversationId>,
    limit: u64,
) -> Result<Vec<Conversation>, DbErr> {
    let mut query =
        conversation::Entity::find().filter(conversation::Column::TenantId.eq(tenant.id())).limit(limit);
    if let Some(before) = before {
        query = query.filter(conversation::Column::Id.lt(before));
    }
    let rows = query.order_by_desc(conversation::Column::Id).all(db.conn()).await?;
    rows.into_iter().map(Conversation::try_from).collect()
}
