//! Host and Origin: a page of another site must neither act here nor read what is streamed here.
//!
//! A browser names the page's origin on every cross-site request that matters (state-changing, WebSocket, event
//! stream), and a rebound DNS name shows in `Host`. Programs send no `Origin`.

mod address;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Class;

use self::address::{Address, Scheme};
use crate::Problem;

/// Under which names the server may be addressed, besides those of the loopback.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Arc<[(Scheme, String)]>);

/// A name under which no server can be addressed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}` is no host name; expected NAME, or https://NAME where something in front of the server speaks TLS"
)]
pub struct InvalidHost {
    name: String,
}

impl Hosts {
    /// Loopback names only.
    pub fn loopback() -> Self {
        Self::default()
    }

    /// Loopback names and these: host names or addresses without a port, behind `https://` where pages reach the
    /// server through something that speaks TLS.
    pub fn and(names: impl IntoIterator<Item = String>) -> Result<Self, InvalidHost> {
        let parse = |name: String| {
            let (scheme, host) = Scheme::split(&name).unwrap_or((Scheme::Http, &name));
            match Address::parse(host).or_else(|| Address::parse(&format!("[{host}]"))) {
                Some(Address { host, port: None }) => Ok((scheme, host)),
                _ => Err(InvalidHost { name }),
            }
        };
        Ok(Self(names.into_iter().map(parse).collect::<Result<_, _>>()?))
    }

    /// The schemes of the pages that may come from an address of ours; none if it is not ours.
    fn schemes(&self, address: &Address) -> impl Iterator<Item = Scheme> {
        let own = self.0.iter().filter(|(_, name)| *name == address.host).map(|(scheme, _)| *scheme);
        address.is_loopback().then_some(Scheme::Http).into_iter().chain(own)
    }

    fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        let host = addressed(uri, headers)?;
        if self.schemes(&host).next().is_none() {
            let detail = "this server does not answer under that name; start it with --host NAME to allow it";
            return Err(Problem::new(Class::Forbidden, "HOST_NOT_ALLOWED", detail));
        }
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else { return Ok(()) };
        // The page must come from the very address that the request goes to, port and scheme included.
        let origin = origin.to_str().ok().and_then(Scheme::split);
        let is_own = origin.is_some_and(|(scheme, origin)| {
            let is_same = |origin: Address| origin.at(scheme) == host.at(scheme);
            self.schemes(&host).any(|own| own == scheme) && Address::parse(origin).is_some_and(is_same)
        });
        if is_own && origins.next().is_none() {
            return Ok(());
        }
        let detail = "pages of another origin may not use this API; behind something that speaks TLS start it with \
                      --host https://NAME";
        Err(Problem::new(Class::Forbidden, "ORIGIN_NOT_ALLOWED", detail))
    }
}

/// What the request calls the server: one name, said once, or the same one twice.
fn addressed(uri: &Uri, headers: &HeaderMap) -> Result<Address, Problem> {
    let malformed = |detail: &str| Problem::new(Class::Malformed, "MALFORMED_HOST", detail);
    let parse =
        |text: &str| Address::parse(text).ok_or_else(|| malformed("the host must be NAME or NAME:PORT"));
    let target = uri.authority().map(|authority| parse(authority.as_str())).transpose()?;
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().map(|host| parse(host.to_str().unwrap_or_default())).transpose()?;
    if hosts.next().is_some() {
        return Err(malformed("the header `Host` is given twice"));
    }
    match (host, target) {
        (Some(host), Some(target)) if host.at(Scheme::Http) != target.at(Scheme::Http) => {
            Err(malformed("the target of the request names another host than the header `Host`"))
        }
        (Some(host), _) | (None, Some(host)) => Ok(host),
        (None, None) => Err(malformed("the header `Host` is missing")),
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

    fn hosts() -> Hosts {
        Hosts::and(["Assay.Example".to_owned(), "https://tls.example".to_owned(), "fe80::7".to_owned()])
            .unwrap()
    }

    fn code(uri: &str, hosts_given: &[&str], origins: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for host in hosts_given {
            headers.append(header::HOST, host.parse().unwrap());
        }
        for origin in origins {
            headers.append(header::ORIGIN, origin.parse().unwrap());
        }
        hosts().check(&uri.parse().unwrap(), &headers).err().map(|problem| problem.body("r").code)
    }

    fn host(host: &str) -> Option<String> {
        code("/api/runs", &[host], &[])
    }

    #[test]
    fn only_own_names_are_answered() {
        for own in [
            "localhost",
            "LocalHost:8080",
            "localhost:",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]:80",
            "[0:0::1]",
            "ASSAY.example:443",
            "tls.example",
            "[fe80::7]:1",
        ] {
            assert_eq!(host(own), None, "{own}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example",
            "localhost.",
            "10.0.0.1",
            "0.0.0.0",
            "assay.example.",
            "[::ffff:127.0.0.1]",
            "127.1",
            "0x7f.1",
            "2130706433",
            "localhostt",
        ] {
            assert_eq!(host(foreign).as_deref(), Some("HOST_NOT_ALLOWED"), "{foreign}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused_as_such() {
        for broken in [
            "",
            ":80",
            "a b",
            "evil@localhost",
            "evil:x@localhost",
            "@localhost",
            "localhost@",
            "localhost:0x50",
            "localhost:99999",
            "localhost:-1",
            "localhost:+80",
            "localhost:80:80",
            "[::1%25lo]",
            "[::1%lo]",
            "[localhost]",
            "[[::1]]",
            "::1",
            "[::1]x",
            "[::1",
            "localhost/",
            "localhost#",
            "localhost?",
            "http://localhost",
            "localhost,evil",
            "loc%61lhost",
            "localhost\\evil",
        ] {
            assert_eq!(host(broken).as_deref(), Some("MALFORMED_HOST"), "{broken}");
        }
        assert_eq!(code("/api/runs", &[], &[]).as_deref(), Some("MALFORMED_HOST"));
        for twice in
            [["localhost", "localhost"], ["localhost", "evil.example"], ["evil.example", "localhost"]]
        {
            assert_eq!(code("/api/runs", &twice, &[]).as_deref(), Some("MALFORMED_HOST"), "{twice:?}");
        }
    }

    #[test]
    fn the_target_of_a_request_names_the_same_host() {
        for (target, given, expected) in [
            ("http://localhost:8080/api", &["localhost:8080"][..], None),
            ("http://localhost/api", &["LOCALHOST:80"], None),
            ("http://localhost/api", &[], None),
            ("http://evil.example/api", &["localhost"], Some("MALFORMED_HOST")),
            ("http://localhost/api", &["evil.example"], Some("MALFORMED_HOST")),
            ("http://localhost:81/api", &["localhost"], Some("MALFORMED_HOST")),
            ("http://evil@localhost/api", &["localhost"], Some("MALFORMED_HOST")),
            ("http://evil.example/api", &["evil.example"], Some("HOST_NOT_ALLOWED")),
            ("http://evil.example/api", &[], Some("HOST_NOT_ALLOWED")),
        ] {
            assert_eq!(code(target, given, &[]).as_deref(), expected, "{target} {given:?}");
        }
    }

    #[test]
    fn only_pages_of_the_same_address_are_served() {
        for (host, origin) in [
            ("localhost:8080", "http://localhost:8080"),
            ("localhost", "http://localhost:80"),
            ("LOCALHOST:80", "http://localhost"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("assay.example", "http://assay.example"),
            ("tls.example", "https://tls.example"),
            ("tls.example:443", "https://tls.example"),
        ] {
            assert_eq!(code("/api/runs", &[host], &[origin]), None, "{host} {origin}");
        }
        for (host, origin) in [
            ("localhost:8080", "null"),
            ("localhost:8080", "http://evil.example"),
            ("localhost:8080", "http://localhost:3000"),
            ("localhost:8080", "http://127.0.0.1:8080"),
            ("localhost:8080", "https://localhost:8080"),
            ("localhost:8080", "ws://localhost:8080"),
            ("localhost:8080", "file://localhost:8080"),
            ("localhost:8080", "//localhost:8080"),
            ("localhost:8080", "localhost:8080"),
            ("localhost:8080", "http://localhost:8080/"),
            ("localhost:8080", "http://x@localhost:8080"),
            ("localhost", "https://localhost"),
            ("assay.example", "https://assay.example"),
            ("tls.example", "http://tls.example"),
            ("tls.example", "https://tls.example:80"),
            ("localhost:8080", ""),
            ("localhost:8080", "%%"),
        ] {
            let found = code("/api/runs", &[host], &[origin]);
            assert_eq!(found.as_deref(), Some("ORIGIN_NOT_ALLOWED"), "{host} {origin}");
        }
        let twice = code("/api/runs", &["localhost"], &["http://localhost", "http://evil.example"]);
        assert_eq!(twice.as_deref(), Some("ORIGIN_NOT_ALLOWED"));
    }

    #[test]
    fn a_name_that_is_none_is_named() {
        for name in ["", "a/b", "a:80", "ftp://a", "x@a", "https://a/"] {
            let error = Hosts::and([name.to_owned()]).unwrap_err();
            assert!(error.to_string().starts_with(&format!("`{name}` is no host name")), "{error}");
        }
    }
}
