//! Tokens and sessions.

use wire::access::{Events, EventsQuery, MadeToken, NewToken, Session, SignIn, Token, TokenId, Tokens};

use crate::operation::{Call, calls};
use crate::{Client, Error, Operation};

calls! {
    /// Who calls, and whether the server asks.
    session() = GET "/session" => Session;

    /// A session for a browser; a program sends its token instead.
    sign_in() = POST "/session", SignIn => Session;

    /// The tokens of the tenant.
    tokens() = GET "/access/tokens" => Tokens;

    /// Makes a token.
    create_token() = POST "/access/tokens", NewToken => MadeToken;

    /// Takes a token back.
    revoke_token(token: TokenId) = DELETE "/access/tokens/{token_id}" => Token;

    /// What was done with tokens.
    access_events() = GET "/access/events" ? EventsQuery => Events;
}

pub(super) const SIGN_OUT: Operation = Operation { method: "DELETE", path: "/session" };

impl Client {
    /// Ends a browser's session; of a program's token nothing changes.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.download(Call::new(SIGN_OUT)).await.map(drop)
    }
}
