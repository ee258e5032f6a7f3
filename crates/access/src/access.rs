//! Making and taking back.

use std::sync::Arc;

use kernel::row::time;
use kernel::{Db, Scopes, SharedClock, Tenant, TenantId, WriteDb};
use ledger::Ledger;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect, Set,
};
use wire::access::{Deed, Event, MadeToken, NewToken, Scope, Token, TokenId};

use crate::event::record;
use crate::reader::{by_secret, open};
use crate::table::{LOCAL, tenant, token};
use crate::{Error, Reader, secret};

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;
/// A browser signs in again after so long.
const SESSION_US: i64 = DAY_US / 2;
/// The longest time a token is made for, in days.
const MAX_DAYS: u32 = 3650;

/// All tokens of one database.
#[derive(Clone)]
pub struct Access {
    write: WriteDb,
    ledger: Ledger,
    clock: SharedClock,
    reader: Reader,
}

/// A row to be written, and the secret that it is found by.
struct Fresh {
    row: token::Model,
    secret: String,
}

impl Access {
    /// The tokens of a database.
    pub fn open(db: &Db, ledger: Ledger, clock: SharedClock) -> Self {
        let reader = Reader::new(db.read.clone(), ledger.reader().clone(), Arc::clone(&clock));
        Self { write: db.write.clone(), ledger, clock, reader }
    }

    /// The reading half.
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Makes a token. `by` is the token it is made with; none for whoever holds the machine, who may make any.
    pub async fn create(
        &self,
        caller: Tenant,
        by: Option<TokenId>,
        new: &NewToken,
    ) -> Result<MadeToken, Error> {
        let scopes = checked(caller, new)?;
        if let (Some(named), Some(_)) = (&new.tenant, by)
            && *named != self.reader.tenant_name(caller).await?
        {
            return Err(Error::OtherTenant);
        }
        let now_us = self.clock.now_us();
        let expires_us = new.expires_in_days.map(|days| now_us + i64::from(days) * DAY_US);
        let made = self.write.write("make a token", async |tx| {
            let (tenant, tenant_name) = self.tenant_in(tx, caller, new.tenant.as_deref()).await?;
            let fresh = self.fresh(tenant, new.name.trim(), scopes, expires_us)?;
            self.insert(tx, Deed::TokenCreated, &fresh.row, by).await?;
            Ok::<_, Error>(MadeToken { token: fresh.row.shown(&tenant_name, now_us)?, secret: fresh.secret })
        });
        let made = made.await?;
        self.reader.ask();
        Ok(made)
    }

    /// Takes a token back, and with it the sessions that were got for it. Again changes nothing.
    pub async fn revoke(&self, caller: Tenant, by: Option<TokenId>, id: TokenId) -> Result<Token, Error> {
        self.end(caller, by, id, Deed::TokenRevoked).await?;
        self.reader.token(caller, id).await
    }

    /// A session for whoever shows a token: its secret, when it ends, and what it is.
    pub async fn open_session(&self, shown: &str) -> Result<MadeToken, Error> {
        let now_us = self.clock.now_us();
        let made = self.write.write("open a session", async |tx| {
            let behind = by_secret(tx, shown).await?.ok_or(Error::Unknown)?;
            open(&behind, now_us)?;
            // A session got for a session would outlive it.
            if behind.session_of.is_some() {
                return Err(Error::Unknown);
            }
            let end_us = behind.expires_us.unwrap_or(i64::MAX).min(now_us + SESSION_US);
            let tenant = Tenant::verified(behind.tenant_id);
            let mut fresh = self.fresh(tenant, &behind.name, behind.scopes(), Some(end_us))?;
            fresh.row.session_of = Some(behind.id);
            self.insert(tx, Deed::SessionOpened, &fresh.row, Some(behind.id)).await?;
            Ok((fresh, tenant))
        });
        let (Fresh { row, secret }, tenant) = made.await?;
        Ok(MadeToken { token: row.shown(&self.reader.tenant_name(tenant).await?, now_us)?, secret })
    }

    /// Ends a session; for a token, which is no session, nothing is done.
    pub async fn close_session(&self, caller: Tenant, session: TokenId) -> Result<(), Error> {
        self.end(caller, Some(session), session, Deed::SessionClosed).await
    }

    async fn end(&self, caller: Tenant, by: Option<TokenId>, id: TokenId, deed: Deed) -> Result<(), Error> {
        let now_us = self.clock.now_us();
        self.write
            .write("end a token", async |tx| {
                let of_tenant = token::Column::TenantId.eq(caller.id());
                let row = token::Entity::find_by_id(id).filter(of_tenant).lock_exclusive().one(tx).await?;
                let row = row.ok_or(Error::NotFound)?;
                if row.session_of.is_some() != (deed == Deed::SessionClosed) {
                    return Err(Error::NotFound);
                }
                if row.revoked_us.is_some() {
                    return Ok(());
                }
                let event = self.event(deed, &row, by)?;
                let mut row = token::ActiveModel::from(row);
                row.revoked_us = Set(Some(now_us));
                row.update(tx).await?;
                record(&self.ledger, tx, caller, &event).await
            })
            .await
    }

    async fn insert(
        &self,
        tx: &DatabaseTransaction,
        deed: Deed,
        row: &token::Model,
        by: Option<TokenId>,
    ) -> Result<(), Error> {
        token::Entity::insert(token::ActiveModel::from(row.clone())).exec_without_returning(tx).await?;
        record(&self.ledger, tx, Tenant::verified(row.tenant_id), &self.event(deed, row, by)?).await
    }

    fn event(&self, deed: Deed, row: &token::Model, by: Option<TokenId>) -> Result<Event, Error> {
        Ok(Event {
            at: self.clock.now(),
            deed,
            token_id: row.id,
            name: row.name.clone(),
            scopes: Scope::of(row.scopes()),
            expires_at: row.expires_us.map(time).transpose()?,
            by,
        })
    }

    fn fresh(
        &self,
        tenant: Tenant,
        name: &str,
        scopes: Scopes,
        expires_us: Option<i64>,
    ) -> Result<Fresh, Error> {
        let secret = secret::fresh()?;
        let row = token::Model {
            id: TokenId::new(&*self.clock),
            tenant_id: tenant.id(),
            session_of: None,
            name: name.to_owned(),
            secret_digest: secret::digest(&secret).as_bytes().to_vec(),
            scopes: scopes.bits(),
            created_us: self.clock.now_us(),
            expires_us,
            revoked_us: None,
        };
        Ok(Fresh { row, secret })
    }

    /// The tenant that a token is made for, by its name where one is given. One that is not there is made.
    async fn tenant_in(
        &self,
        tx: &DatabaseTransaction,
        caller: Tenant,
        named: Option<&str>,
    ) -> Result<(Tenant, String), Error> {
        let found = async || match named {
            Some(name) => tenant::Entity::find().filter(tenant::Column::Name.eq(name)).one(tx).await,
            None => tenant::Entity::find_by_id(caller.id()).one(tx).await,
        };
        let named_so = |row: tenant::Model| (Tenant::verified(row.id), row.name);
        if let Some(row) = found().await? {
            return Ok(named_so(row));
        }
        let name = named.unwrap_or(LOCAL);
        let id = if name == LOCAL { Tenant::LOCAL.id() } else { TenantId::new(&*self.clock) };
        let row = tenant::Model { id, name: name.to_owned(), created_us: self.clock.now_us() };
        // Whoever makes the same tenant at the same moment is waited for, and then its row is the one there is.
        let kept = OnConflict::new().do_nothing().to_owned();
        let made = tenant::Entity::insert(tenant::ActiveModel::from(row)).on_conflict(kept);
        match made.exec_without_returning(tx).await {
            Ok(_) | Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(error.into()),
        }
        found().await?.map(named_so).ok_or(Error::NotFound)
    }
}

/// What a token is asked to be good for, once every field is found to be right.
fn checked(caller: Tenant, new: &NewToken) -> Result<Scopes, Error> {
    let length = new.name.trim().chars().count();
    if !(1..=200).contains(&length) || new.name.chars().any(char::is_control) {
        return Err(Error::field("name", "must be 1 to 200 characters on one line"));
    }
    if new.expires_in_days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
        return Err(Error::field("expires_in_days", format!("must be 1 to {MAX_DAYS}")));
    }
    if new.tenant.as_deref().is_some_and(|name| !is_tenant_name(name)) {
        let rule = "must be 1 to 63 small letters, digits and hyphens, with a hyphen neither first nor last";
        return Err(Error::field("tenant", rule));
    }
    let usual = || {
        Scope::ALL.iter().copied().filter(|one| *one != Scope::Admin && caller.scopes().cover(one.alone()))
    };
    let scopes = new.scopes.clone().unwrap_or_else(|| usual().collect());
    if !(1..=Scope::ALL.len()).contains(&scopes.len()) {
        return Err(Error::field("scopes", format!("must name 1 to {}", Scope::ALL.len())));
    }
    match scopes.iter().find(|one| !caller.scopes().cover(one.alone())) {
        Some(beyond) => Err(Error::Beyond { scope: beyond.as_str() }),
        None => Ok(Scope::together(&scopes)),
    }
}

fn is_tenant_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=63).contains(&name.len())
        && name.chars().all(|c| is_plain(c) || c == '-')
        && name.starts_with(is_plain)
        && name.ends_with(is_plain)
}
