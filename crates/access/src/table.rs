//! The rows. Private: nothing outside this crate reads them.

use kernel::row::{time, unreadable};
use kernel::{Scopes, TenantId};
use sea_orm::DbErr;
use wire::access::{Scope, Token, TokenState};

pub(crate) mod tenant {
    use kernel::TenantId;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tenant")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: TenantId,
        pub name: String,
        pub created_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod token {
    use kernel::TenantId;
    use sea_orm::entity::prelude::*;
    use wire::access::TokenId;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_token")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: TokenId,
        pub tenant_id: TenantId,
        /// The token that a browser got this session for; a session ends with it.
        pub session_of: Option<TokenId>,
        pub name: String,
        pub secret_digest: Vec<u8>,
        pub scopes: i16,
        pub created_us: i64,
        pub expires_us: Option<i64>,
        pub revoked_us: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl token::Model {
    pub(crate) fn scopes(&self) -> Scopes {
        Scopes::of_bits(self.scopes)
    }

    pub(crate) fn state(&self, now_us: i64) -> TokenState {
        match (self.revoked_us, self.expires_us) {
            (Some(_), _) => TokenState::Revoked,
            (None, Some(end_us)) if end_us <= now_us => TokenState::Expired,
            _ => TokenState::Active,
        }
    }

    /// As it is shown.
    pub(crate) fn shown(&self, tenant: &str, now_us: i64) -> Result<Token, DbErr> {
        Ok(Token {
            token_id: self.id,
            tenant: tenant.to_owned(),
            name: self.name.clone(),
            scopes: Scope::of(self.scopes()),
            state: self.state(now_us),
            created_at: time(self.created_us)?,
            expires_at: self.expires_us.map(time).transpose()?,
            revoked_at: self.revoked_us.map(time).transpose()?,
        })
    }
}

/// What the tenant of whoever holds the machine is called, which has no row until somebody else is named.
pub(crate) const LOCAL: &str = "local";

/// A tenant that tokens name and that is not there.
pub(crate) fn missing(id: TenantId) -> DbErr {
    unreadable(&format!("tenant {id}"))
}

#[cfg(test)]
mod tests {
    use kernel::Db;
    use migration::{Migrator, MigratorTrait};
    use sea_orm::EntityTrait;
    use test_support::on_both_databases;

    use super::*;

    on_both_databases! {
        async fn the_schema_goes_up_down_and_up_again_and_fits_the_entities(test: TestDb) {
            let conn = Db::open_for_migration(&test.url).await.unwrap();
            Migrator::down(&conn, None).await.unwrap();
            Migrator::up(&conn, None).await.unwrap();
            conn.close().await.unwrap();
            let reopened = Db::open(&test.url).await.unwrap();
            assert_eq!(token::Entity::find().all(reopened.read.conn()).await.unwrap(), []);
            assert_eq!(tenant::Entity::find().all(reopened.read.conn()).await.unwrap().len(), 0);
        }
    }
}
