//! Who asks. A request is given its identity by the scope it stands behind; handlers only read it.

use access::Reader;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use client::{Acting, Inside};
use kernel::{Class, RunId, Tenant};
use wire::access::TokenId;

use crate::Problem;

/// The cookie that stands for a token in a browser.
pub(crate) const SESSION: &str = "assay_session";

/// Whom a request acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Whose data it sees, and how far it may go.
    pub(crate) tenant: Tenant,
    /// The run that asks through the in-process client; `None` for everybody on the network.
    pub(crate) run: Option<RunId>,
    /// The token or session that was shown; `None` where nobody is asked.
    pub(crate) token: Option<TokenId>,
}

/// Whoever holds the machine.
const LOCAL: Identity = Identity { tenant: Tenant::LOCAL, run: None, token: None };

/// Finds out who asks. Only routes that need to know it ask: those that everybody may reach work without a database.
pub(crate) async fn identify(
    access: &Reader,
    extensions: &Extensions,
    headers: &HeaderMap,
) -> Result<Identity, Problem> {
    match inside(extensions) {
        Some(identity) => Ok(identity),
        None => outside(access, Shown::of(headers)).await,
    }
}

/// A run of this process and a command in it say who they are in an extension, which nothing that comes over a socket can.
fn inside(extensions: &Extensions) -> Option<Identity> {
    if let Some(acting) = extensions.get::<Acting>() {
        return Some(Identity { tenant: acting.tenant, run: Some(acting.run), token: None });
    }
    extensions.get::<Inside>().map(|_| LOCAL)
}

/// Who somebody on the network is. A token in a header is a claim, and a wrong one is refused even where nobody is asked: to
/// ignore it would be to take a stranger for the local tenant. A browser sends its cookie by itself, perhaps that of another
/// server of this host, so a wrong one is none.
async fn outside(access: &Reader, shown: Result<Shown, Problem>) -> Result<Identity, Problem> {
    let found = match shown? {
        Shown::Token(secret) => Some(access.authenticate(&secret).await?),
        Shown::Cookie(secret) => match access.authenticate(&secret).await {
            Err(access::Error::Unknown | access::Error::Expired | access::Error::Revoked) => None,
            found => Some(found?),
        },
        Shown::Nothing => None,
    };
    if let Some(found) = found {
        return Ok(Identity { tenant: found.tenant, run: None, token: Some(found.token) });
    }
    if access.asks().await? { Err(nobody()) } else { Ok(LOCAL) }
}

/// What a request shows of itself.
#[derive(Debug, PartialEq, Eq)]
enum Shown {
    Token(String),
    Cookie(String),
    Nothing,
}

impl Shown {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let words = value.to_str().ok().and_then(|text| text.trim().split_once(' '));
            let token = words.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            let unknown = || {
                let detail =
                    "`Authorization` must be `Bearer` and a token; send the request without to be nobody";
                Problem::new(Class::Unauthorized, "UNKNOWN_TOKEN", detail)
            };
            return token.map(|(_, secret)| Self::Token(secret.trim().to_owned())).ok_or_else(unknown);
        }
        Ok(session(headers).map_or(Self::Nothing, Self::Cookie))
    }
}

fn session(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == SESSION).map(|(_, secret)| secret.trim().to_owned())
}

/// What is said to a caller who must show a token and shows none.
fn nobody() -> Problem {
    let detail = "this server asks who calls: send `Authorization: Bearer` and a token, or sign in";
    Problem::new(Class::Unauthorized, "TOKEN_REQUIRED", detail)
}

fn outside_the_edge() -> Problem {
    Problem::panicked("a route stands outside the edge".to_owned())
}

impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().copied().ok_or_else(outside_the_edge)
    }
}

/// Who calls, or nobody.
pub(crate) struct Anybody(pub(crate) Option<Identity>);

impl<S: Sync> FromRequestParts<S> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let access = parts.extensions.get::<Reader>().ok_or_else(outside_the_edge)?;
        Ok(Self(identify(access, &parts.extensions, &parts.headers).await.ok()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use kernel::SystemClock;

    use super::*;

    fn shown(name: header::HeaderName, value: &'static str) -> Option<Shown> {
        Shown::of(&HeaderMap::from_iter([(name, HeaderValue::from_static(value))])).ok()
    }

    #[test]
    fn what_would_prove_somebody_is_never_ignored() {
        for value in ["Bearer x", "bearer  x ", "BEARER x"] {
            assert_eq!(shown(header::AUTHORIZATION, value), Some(Shown::Token("x".to_owned())), "{value}");
        }
        for value in ["Basic eA==", "", "Bearer", "x"] {
            assert_eq!(shown(header::AUTHORIZATION, value), None, "{value}");
        }
        for value in ["assay_session=x", "a=b; assay_session=x", "a=b;assay_session = x"] {
            assert_eq!(shown(header::COOKIE, value), Some(Shown::Cookie("x".to_owned())), "{value}");
        }
        // Other programs of this host set cookies too: cookies do not know ports.
        for value in ["a=assay_session", "assay_session2=x", "assay_session", ""] {
            assert_eq!(shown(header::COOKIE, value), Some(Shown::Nothing), "{value}");
        }
    }

    #[test]
    fn what_comes_from_this_process_is_who_it_says() {
        let run = RunId::new(&SystemClock);
        let mut extensions = Extensions::new();
        assert_eq!(inside(&extensions), None);
        extensions.insert(Inside);
        assert_eq!(inside(&extensions), Some(LOCAL));
        extensions.insert(Acting { tenant: Tenant::LOCAL, run });
        assert_eq!(inside(&extensions), Some(Identity { run: Some(run), ..LOCAL }));
    }
}
