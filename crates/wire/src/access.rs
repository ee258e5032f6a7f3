//! Who may call, and how far: tokens, sessions, and what was done with them.

use chrono::{DateTime, Utc};
use kernel::Scopes;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

kernel::id! {
    /// A token, or the session that a browser got for one.
    TokenId
}

kernel::words! {
    /// What a token is good for. None of them holds another.
    #[derive(ToSchema)]
    #[schema(as = access::Scope)]
    pub enum Scope {
        /// Look at runs, what they left behind and the data they are made from.
        RunsRead = "runs:read",
        /// Start and stop runs, import data, write streams.
        RunsWrite = "runs:write",
        /// Look at conversations.
        ConversationsRead = "conversations:read",
        /// Change the registry: states of models and where aliases point.
        ModelsPromote = "models:promote",
        /// Look at what is of the lab.
        LabRead = "lab:read",
        /// Change what is of the lab, and start its runs.
        LabWrite = "lab:write",
        /// Make and revoke tokens, see what was done with them, and let go of what old runs left behind.
        Admin = "admin",
    }
}

impl Scope {
    /// The scope alone.
    pub fn alone(self) -> Scopes {
        let at = Self::ALL.iter().position(|one| *one == self).unwrap_or_default();
        Scopes::of_bits(1 << at)
    }

    /// All of these together.
    pub fn together(scopes: &[Self]) -> Scopes {
        scopes.iter().fold(Scopes::NONE, |sum, one| sum.and(one.alone()))
    }

    /// Those of a set, in their order.
    pub fn of(scopes: Scopes) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|one| scopes.cover(one.alone())).collect()
    }
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = access::NewToken)]
pub struct NewToken {
    /// What it is for, as people tell it from others.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is good for; everything but `admin` where it is not said. Never more than whoever makes it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 7)]
    pub scopes: Option<Vec<Scope>>,
    /// It ends after so many days; never where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    pub expires_in_days: Option<u32>,
    /// Whose data it opens; those of whoever makes it where it is not said. Only whoever holds the machine names others; a
    /// name that is new makes a tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 63, pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    pub tenant: Option<String>,
}

kernel::words! {
    /// Whether a token opens anything.
    #[derive(ToSchema)]
    #[schema(as = access::TokenState)]
    pub enum TokenState {
        /// It does.
        Active = "active",
        /// Its time is over.
        Expired = "expired",
        /// It was taken back.
        Revoked = "revoked",
    }
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = access::Token)]
pub struct Token {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub token_id: TokenId,
    /// Whose data it opens.
    pub tenant: String,
    /// What it is for.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// Whether it opens anything.
    pub state: TokenState,
    /// When it was made.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// When it ends; absent if never.
    #[serde(default, with = "crate::time::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was taken back; absent if it was not.
    #[serde(default, with = "crate::time::option", skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A token that was made now. The secret is shown once and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = access::MadeToken)]
pub struct MadeToken {
    /// What is sent as `Authorization: Bearer …`.
    pub secret: String,
    /// The token.
    pub token: Token,
}

/// The tokens of a tenant, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = access::Tokens)]
pub struct Tokens {
    /// All of them; sessions are none.
    pub items: Vec<Token>,
}

/// The token that a browser shows for a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = access::SignIn)]
pub struct SignIn {
    /// The secret of a token.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = access::Session)]
pub struct Session {
    /// Whether this server asks who calls. It does as soon as one token was ever made.
    pub asks: bool,
    /// What the caller may do; nothing where the server asks and nobody is known.
    pub scopes: Vec<Scope>,
    /// Whose data the caller sees; absent for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The token or session behind the call; absent for nobody and for a server that does not ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
}

kernel::words! {
    /// What was done with a token.
    #[derive(ToSchema)]
    #[schema(as = access::Deed)]
    pub enum Deed {
        /// A token was made.
        TokenCreated = "token.created",
        /// A token was taken back, and its sessions with it.
        TokenRevoked = "token.revoked",
        /// A browser got a session for a token.
        SessionOpened = "session.opened",
        /// A session was ended by its browser.
        SessionClosed = "session.closed",
    }
}

/// Something that was done with a token. These stand in a ledger of the tenant's own, chained like the frames of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = access::Event)]
pub struct Event {
    /// When.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
    /// What.
    pub deed: Deed,
    /// With which token or session.
    #[schema(value_type = uuid::Uuid)]
    pub token_id: TokenId,
    /// What it is for.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// When it ends; absent if never.
    #[serde(default, with = "crate::time::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// By whom: a token; absent for whoever holds the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub by: Option<TokenId>,
}

/// Which of the events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// Only those after this place.
    #[param(minimum = 0)]
    pub after: Option<u64>,
    /// How many, at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub limit: Option<u32>,
}

/// One event in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = access::PlacedEvent)]
pub struct PlacedEvent {
    /// Its place: 1, 2, 3 and so on without a gap.
    pub seq: u64,
    /// What was done.
    #[serde(flatten)]
    pub event: Event,
}

/// Events, the oldest first, and whether their ledger is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = access::Events)]
pub struct Events {
    /// These.
    pub items: Vec<PlacedEvent>,
    /// The last place there is; 0 before the first event.
    pub last_seq: u64,
    /// Whether the chain over all of them holds.
    pub is_verified: bool,
}
