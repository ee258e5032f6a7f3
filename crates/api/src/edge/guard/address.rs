//! Where a request goes or a page comes from: a host and perhaps a port, and nothing else. Stricter than a URI's
//! authority, which may carry a user in front of the host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How a page was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    /// A scheme and what stands behind it.
    pub(super) fn split(text: &str) -> Option<(Self, &str)> {
        let http = text.strip_prefix("http://").map(|rest| (Self::Http, rest));
        http.or_else(|| text.strip_prefix("https://").map(|rest| (Self::Https, rest)))
    }

    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// A host in lower case, an IPv6 address in its one short form, and its port if it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: Option<u16>,
}

impl Address {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (ip, port) = rest.split_once(']')?;
            (ip.parse::<Ipv6Addr>().ok()?.to_string(), port)
        } else {
            let end = text.find(':').unwrap_or(text.len());
            (name(&text[..end])?, &text[end..])
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            _ => return None,
        };
        Some(Self { host, port })
    }

    /// Host and port, where the scheme says which port is meant by none.
    pub(super) fn at(&self, scheme: Scheme) -> (&str, u16) {
        (&self.host, self.port.unwrap_or(scheme.port()))
    }

    pub(super) fn is_loopback(&self) -> bool {
        // Not `IpAddr` of any text: `127.1` and the like are an address to some and a name to others.
        self.host == "localhost"
            || self.host.parse::<Ipv4Addr>().map(IpAddr::from).is_ok_and(|ip| ip.is_loopback())
            || self.host.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
    }
}

fn name(text: &str) -> Option<String> {
    let is_of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (!text.is_empty() && text.bytes().all(is_of_a_name)).then(|| text.to_ascii_lowercase())
}
