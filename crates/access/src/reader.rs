//! Looking: who holds this secret, and which tokens are there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use kernel::{ReadDb, SharedClock, Tenant};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use wire::access::{Token, TokenId, TokenState, Tokens};

use crate::table::{LOCAL, missing, tenant, token};
use crate::{Error, secret};

/// Where nobody is asked yet, it is looked this often whether somebody is to be: another process may have made the first token.
const LOOK_US: i64 = 1_000_000;

/// The reading half.
#[derive(Clone)]
pub struct Reader {
    pub(crate) db: ReadDb,
    pub(crate) ledger: ledger::Reader,
    pub(crate) clock: SharedClock,
    asking: Arc<Asking>,
}

#[derive(Debug)]
struct Asking {
    asks: AtomicBool,
    looked_us: AtomicI64,
}

/// A secret that was found to be somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credential {
    /// Whose data it opens, and how far.
    pub tenant: Tenant,
    /// Which token or session it is.
    pub token: TokenId,
}

impl Reader {
    pub(crate) fn new(db: ReadDb, ledger: ledger::Reader, clock: SharedClock) -> Self {
        let asking = Asking { asks: AtomicBool::new(false), looked_us: AtomicI64::new(i64::MIN) };
        Self { db, ledger, clock, asking: Arc::new(asking) }
    }

    /// Whether callers must show who they are: as soon as one token was ever made, by this process or, a second later, by another.
    pub async fn asks(&self) -> Result<bool, Error> {
        if self.asking.asks.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let now_us = self.clock.now_us();
        if now_us.saturating_sub(self.asking.looked_us.load(Ordering::Relaxed)) < LOOK_US {
            return Ok(false);
        }
        let is_any = token::Entity::find().limit(1).one(self.db.conn()).await?.is_some();
        self.asking.looked_us.store(now_us, Ordering::Relaxed);
        if is_any {
            self.ask();
        }
        Ok(is_any)
    }

    /// From now on callers are asked.
    pub(crate) fn ask(&self) {
        self.asking.asks.store(true, Ordering::Relaxed);
    }

    /// Who holds a secret.
    pub async fn authenticate(&self, secret: &str) -> Result<Credential, Error> {
        let row = by_secret(self.db.conn(), secret).await?.ok_or(Error::Unknown)?;
        let now_us = self.clock.now_us();
        open(&row, now_us)?;
        if let Some(behind) = row.session_of {
            let behind = token::Entity::find_by_id(behind).one(self.db.conn()).await?;
            open(&behind.ok_or(Error::Unknown)?, now_us)?;
        }
        Ok(Credential { tenant: Tenant::verified(row.tenant_id).within(row.scopes()), token: row.id })
    }

    /// A tenant's tokens, newest first.
    pub async fn tokens(&self, tenant: Tenant) -> Result<Tokens, Error> {
        let of_tenant = token::Column::TenantId.eq(tenant.id());
        let rows = token::Entity::find().filter(of_tenant).filter(token::Column::SessionOf.is_null());
        let rows = rows.order_by_desc(token::Column::CreatedUs).order_by_desc(token::Column::Id);
        let (name, now_us) = (self.tenant_name(tenant).await?, self.clock.now_us());
        let rows = rows.all(self.db.conn()).await?;
        Ok(Tokens { items: rows.iter().map(|row| row.shown(&name, now_us)).collect::<Result<_, _>>()? })
    }

    /// One token or session of a tenant.
    pub async fn token(&self, tenant: Tenant, id: TokenId) -> Result<Token, Error> {
        let row = token::Entity::find_by_id(id).filter(token::Column::TenantId.eq(tenant.id()));
        let row = row.one(self.db.conn()).await?.ok_or(Error::NotFound)?;
        Ok(row.shown(&self.tenant_name(tenant).await?, self.clock.now_us())?)
    }

    /// What a tenant is called.
    pub async fn tenant_name(&self, tenant: Tenant) -> Result<String, Error> {
        if tenant.id() == Tenant::LOCAL.id() {
            return Ok(LOCAL.to_owned());
        }
        let row = tenant::Entity::find_by_id(tenant.id()).one(self.db.conn()).await?;
        Ok(row.ok_or_else(|| missing(tenant.id()))?.name)
    }
}

/// The token or session that has a secret.
pub(crate) async fn by_secret(
    conn: &impl ConnectionTrait,
    secret: &str,
) -> Result<Option<token::Model>, Error> {
    let digest = secret::digest(secret).as_bytes().to_vec();
    Ok(token::Entity::find().filter(token::Column::SecretDigest.eq(digest)).one(conn).await?)
}

/// Refuses what opens nothing any more.
pub(crate) fn open(row: &token::Model, now_us: i64) -> Result<(), Error> {
    match row.state(now_us) {
        TokenState::Active => Ok(()),
        TokenState::Expired => Err(Error::Expired),
        TokenState::Revoked => Err(Error::Revoked),
    }
}
