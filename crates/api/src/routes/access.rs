//! Tokens and sessions.

use ::access::Error;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use chrono::{DateTime, Utc};
use wire::access::{
    Events, EventsQuery, MadeToken, NewToken, Scope, Session, SignIn, Token, TokenId, Tokens,
};

use crate::Problem;
use crate::edge::{Anybody, Identity, SESSION};
use crate::extract::{self, Id, Query};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};

/// So many events are shown where it is not said.
const EVENTS: u32 = 100;
const MOST_EVENTS: u32 = 1000;

/// Who calls, and whether this server asks. Everybody may know.
#[utoipa::path(get, path = "/session", tag = "access",
    responses((status = 200, description = "Who calls", body = Session), Refused))]
pub(crate) async fn session(
    State(reads): State<Reads>,
    Anybody(identity): Anybody,
) -> Result<Json<Session>, Problem> {
    let asks = reads.access().asks().await?;
    let Some(Identity { tenant, token, .. }) = identity else {
        return Ok(Json(Session { asks, scopes: Vec::new(), tenant: None, token: None }));
    };
    let token = match token {
        Some(id) => Some(reads.access().token(tenant, id).await?),
        None => None,
    };
    let name = reads.access().tenant_name(tenant).await?;
    Ok(Json(Session { asks, scopes: Scope::of(tenant.scopes()), tenant: Some(name), token }))
}

/// Gives a browser a session for a token: a cookie that scripts cannot read and that no other site sends.
#[utoipa::path(post, path = "/session", tag = "access", request_body = SignIn,
    responses((status = 200, description = "Signed in; the cookie is set", body = Session), Invalid, Refused))]
pub(crate) async fn sign_in(
    State(acts): State<Acts>,
    headers: HeaderMap,
    extract::Json(body): extract::Json<SignIn>,
) -> Result<impl IntoResponse, Problem> {
    let MadeToken { secret, token } = acts.access.open_session(body.token.trim()).await?;
    let cookie = cookie(&secret, token.expires_at, &headers)?;
    let (scopes, tenant) = (token.scopes.clone(), Some(token.tenant.clone()));
    let session = Session { asks: true, scopes, tenant, token: Some(token) };
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(session)))
}

/// Ends the session of a browser. Without one nothing is done.
#[utoipa::path(delete, path = "/session", tag = "access",
    responses((status = 204, description = "Signed out; the cookie is taken away"), Refused))]
pub(crate) async fn sign_out(
    State(acts): State<Acts>,
    Anybody(identity): Anybody,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    if let Some(Identity { tenant, token: Some(token), .. }) = identity {
        match acts.access.close_session(tenant, token).await {
            // A token in a header is no session.
            Err(Error::NotFound) | Ok(()) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let cookie = cookie("", Some(DateTime::UNIX_EPOCH), &headers)?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}

/// The cookie of a session, for encrypted connections only where the page came over one.
fn cookie(secret: &str, end: Option<DateTime<Utc>>, headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    let is_encrypted =
        headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https:"));
    let secure = if is_encrypted { "; Secure" } else { "" };
    let expires =
        end.map(|end| end.format("; Expires=%a, %d %b %Y %H:%M:%S GMT").to_string()).unwrap_or_default();
    let cookie = format!("{SESSION}={secret}; Path=/; HttpOnly; SameSite=Strict{expires}{secure}");
    HeaderValue::from_str(&cookie).map_err(Problem::internal)
}

/// The tokens of the tenant, newest first, those that open nothing any more among them.
#[utoipa::path(get, path = "/access/tokens", tag = "access",
    responses((status = 200, description = "The tokens", body = Tokens), Refused))]
pub(crate) async fn tokens(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
) -> Result<Json<Tokens>, Problem> {
    Ok(Json(reads.access().tokens(tenant).await?))
}

/// Makes a token. Its secret is in this answer and nowhere else. From the first one on the server asks every caller.
#[utoipa::path(post, path = "/access/tokens", tag = "access", request_body = NewToken,
    responses((status = 201, description = "Made", body = MadeToken), Invalid, Refused))]
pub(crate) async fn create(
    State(acts): State<Acts>,
    identity: Identity,
    extract::Json(body): extract::Json<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), Problem> {
    let made = acts.access.create(identity.tenant, identity.token, &body).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Takes a token back, and with it every session that was got for it.
#[utoipa::path(delete, path = "/access/tokens/{token_id}", tag = "access",
    params(("token_id" = uuid::Uuid, Path, description = "The token")),
    responses((status = 200, description = "Revoked", body = Token), NotFound, Refused))]
pub(crate) async fn revoke(
    State(acts): State<Acts>,
    identity: Identity,
    Id(id): Id<TokenId>,
) -> Result<Json<Token>, Problem> {
    Ok(Json(acts.access.revoke(identity.tenant, identity.token, id).await?))
}

/// What was done with tokens and sessions, the oldest first, and whether the chain over it holds.
#[utoipa::path(get, path = "/access/events", tag = "access", params(EventsQuery),
    responses((status = 200, description = "The events", body = Events), Invalid, Refused))]
pub(crate) async fn events(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Query(query): Query<EventsQuery>,
) -> Result<Json<Events>, Problem> {
    let limit = query.limit.unwrap_or(EVENTS);
    if !(1..=MOST_EVENTS).contains(&limit) {
        return Err(Problem::field("limit", format!("must be 1 to {MOST_EVENTS}")));
    }
    let after = query.after.unwrap_or(0);
    if i64::try_from(after).is_err() {
        return Err(Problem::field("after", format!("must be at most {}", i64::MAX)));
    }
    let events = reads.access().events(tenant, after, limit as usize).await?;
    Ok(Json(events))
}
