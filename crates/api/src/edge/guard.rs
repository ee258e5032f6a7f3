//! Host and Origin: a page of another site must neither act here nor read what is streamed here.
//!
//! A browser names the page's origin on every cross-site request that matters (state-changing, WebSocket, event
//! stream), and a rebound DNS name shows in `Host`. Programs send no `Origin`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Class;

use crate::Problem;

/// Under which names the server may be addressed, besides those of the loopback.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Arc<[String]>);

impl Hosts {
    /// Loopback names only.
    pub fn loopback() -> Self {
        Self::default()
    }

    /// Loopback names and these (host names without a port).
    pub fn and(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    fn allows(&self, authority: &Authority) -> bool {
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        host == "localhost"
            || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
            || self.0.contains(&host)
    }

    fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        let host = match headers.get(header::HOST) {
            Some(host) => host.to_str().ok().and_then(|host| host.parse().ok()),
            None => uri.authority().cloned(),
        };
        let Some(host) = host.filter(|host| self.allows(host)) else {
            let detail = "this server does not answer under that name; start it with --host NAME to allow it";
            return Err(Problem::new(Class::Forbidden, "HOST_NOT_ALLOWED", detail));
        };
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
        let origin: Option<Uri> = origin.to_str().ok().and_then(|origin| origin.parse().ok());
        // The page must come from the very address that the request goes to, port included.
        if origin.as_ref().and_then(Uri::authority) == Some(&host) {
            return Ok(());
        }
        let detail = "pages of another origin may not use this API";
        Err(Problem::new(Class::Forbidden, "ORIGIN_NOT_ALLOWED", detail))
    }
}

/// Refuses requests that another site's page sends.
pub(crate) async fn check_origin(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    match hosts.check(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: Option<&'static str>, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert(header::HOST, host.parse().unwrap());
        }
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        Hosts::and(["Assay.Example".to_owned()]).check(&Uri::from_static("/api/runs"), &headers).is_ok()
    }

    #[test]
    fn only_own_names_are_answered() {
        for host in
            ["localhost", "localhost:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:80", "ASSAY.example:443"]
        {
            assert!(check(Some(host), None), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "10.0.0.1", "", "a b"] {
            assert!(!check(Some(host), None), "{host}");
        }
        assert!(!check(None, None));
    }

    #[test]
    fn only_pages_of_the_same_address_are_served() {
        assert!(check(Some("localhost:8080"), Some("http://localhost:8080")));
        assert!(check(Some("assay.example"), Some("https://assay.example")));
        for origin in
            ["null", "http://evil.example", "http://localhost:3000", "http://127.0.0.1:8080", "", "%%"]
        {
            assert!(!check(Some("localhost:8080"), Some(origin)), "{origin}");
        }
    }
}
