//! Who asks. Every request is given one identity here and nowhere else; handlers only read it.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use client::Acting;
use kernel::{Class, RunId, Tenant};

use crate::Problem;

/// The cookie that stands for a token in a browser.
const SESSION: &str = "assay_session";

/// Whom a request acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Whose data it sees.
    pub(crate) tenant: Tenant,
    /// The run that asks through the in-process client; `None` for everybody on the network.
    pub(crate) run: Option<RunId>,
}

/// Gives the request its identity, or refuses it.
pub(crate) async fn identify(mut request: Request, next: Next) -> Response {
    match resolve(request.extensions(), request.headers()) {
        Ok(identity) => {
            request.extensions_mut().insert(identity);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// A run of this process says who it is in an extension, which nothing that comes over a socket can. There are no
/// tokens yet, so one that is shown is wrong: to ignore it would be to take a stranger for the local tenant.
fn resolve(extensions: &Extensions, headers: &HeaderMap) -> Result<Identity, Problem> {
    if let Some(acting) = extensions.get::<Acting>() {
        return Ok(Identity { tenant: acting.tenant, run: Some(acting.run) });
    }
    if headers.contains_key(header::AUTHORIZATION) || has_session(headers) {
        let detail =
            "this server knows no tokens; send the request without `Authorization` and session cookie";
        return Err(Problem::new(Class::Unauthorized, "UNKNOWN_TOKEN", detail));
    }
    Ok(Identity { tenant: Tenant::LOCAL, run: None })
}

fn has_session(headers: &HeaderMap) -> bool {
    let cookies =
        headers.get_all(header::COOKIE).iter().flat_map(|cookies| cookies.as_bytes().split(|b| *b == b';'));
    let names = cookies.map(|cookie| cookie.split(|b| *b == b'=').next().unwrap_or_default().trim_ascii());
    names.into_iter().any(|name| name == SESSION.as_bytes())
}

impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let identity = parts.extensions.get::<Self>().copied();
        identity.ok_or_else(|| Problem::panicked("a route stands outside the edge".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use kernel::SystemClock;

    use super::*;

    fn code(name: header::HeaderName, value: &'static str) -> Option<String> {
        let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
        resolve(&Extensions::new(), &headers).err().map(|problem| problem.body("r").code)
    }

    #[test]
    fn what_would_prove_somebody_is_never_ignored() {
        for value in ["Bearer x", "Basic eA==", ""] {
            assert_eq!(code(header::AUTHORIZATION, value).as_deref(), Some("UNKNOWN_TOKEN"), "{value}");
        }
        for value in ["assay_session=x", "a=b; assay_session=x", "assay_session", "a=b;assay_session = x"] {
            assert_eq!(code(header::COOKIE, value).as_deref(), Some("UNKNOWN_TOKEN"), "{value}");
        }
        // Other programs of this host set cookies too: cookies do not know ports.
        for value in ["a=assay_session", "assay_session2=x", ""] {
            assert_eq!(code(header::COOKIE, value), None, "{value}");
        }
    }

    #[test]
    fn a_run_of_this_process_is_who_it_says() {
        let run = RunId::new(&SystemClock);
        let mut extensions = Extensions::new();
        let local = Identity { tenant: Tenant::LOCAL, run: None };
        assert_eq!(resolve(&extensions, &HeaderMap::new()).unwrap(), local);
        extensions.insert(Acting { tenant: Tenant::LOCAL, run });
        assert_eq!(resolve(&extensions, &HeaderMap::new()).unwrap(), Identity { run: Some(run), ..local });
    }
}
