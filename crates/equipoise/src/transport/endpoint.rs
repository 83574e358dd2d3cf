//! Addresses that requests may go to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::Url;

/// A base URL that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
    host: String,
    loopback: bool,
    plain: bool,
}

/// Why a base URL is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not an absolute http or https URL.
    #[error("`{url}` is not an http or https address; give it as OpenAI's clients take it, like https://host/v1")]
    NotAnAddress {
        /// What was given, without what stood before an `@`.
        url: String,
    },
    /// Holds a user name, a query or a fragment; keys belong in an environment variable.
    #[error("the address of {host} must not hold a user name, a password, a query or a fragment")]
    HasExtras {
        /// The host.
        host: String,
    },
    /// Plain http to another machine.
    #[error("http to {host} would send texts and keys in the clear; use https")]
    NotHttps {
        /// The host.
        host: String,
    },
    /// An address that clouds keep for their machines' own credentials, or one that is no host's.
    #[error("{host} is an address for a machine's own metadata or no host's address, and is never called")]
    Forbidden {
        /// The host.
        host: String,
    },
}

impl Endpoint {
    /// Checks a base URL: https, or http on this machine or to a host in `allow_hosts`; no user name, query or fragment; no
    /// link-local or metadata address.
    ///
    /// # Errors
    /// [`EndpointError`] for everything else.
    pub fn parse(base_url: &str, allow_hosts: &[String]) -> Result<Self, EndpointError> {
        let bad = || EndpointError::NotAnAddress { url: base_url.rsplit('@').next().unwrap_or_default().to_owned() };
        let url = Url::parse(base_url.trim()).map_err(|_| bad())?;
        let host = url.host_str().ok_or_else(bad)?.trim_end_matches('.').to_owned();
        if !matches!(url.scheme(), "http" | "https") || host.is_empty() {
            return Err(bad());
        }
        let extras = !url.username().is_empty() || url.password().is_some();
        if extras || url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::HasExtras { host });
        }
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        if address.is_some_and(is_forbidden) || host == "metadata.google.internal" {
            return Err(EndpointError::Forbidden { host });
        }
        let loopback = address.map_or(host == "localhost", |a| a.to_canonical().is_loopback());
        let plain = url.scheme() == "http";
        if plain && !loopback && !allow_hosts.iter().any(|h| h.eq_ignore_ascii_case(&host)) {
            return Err(EndpointError::NotHttps { host });
        }
        Ok(Endpoint { url: url.as_str().trim_end_matches('/').to_owned(), host, loopback, plain })
    }

    /// The base URL, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The host, in lower case, names of other scripts in punycode.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether a key may go there: never over plain http to another machine.
    pub fn may_carry_key(&self) -> bool {
        self.loopback || !self.plain
    }
}

/// Whether nothing is ever sent to `address`: link-local, cloud metadata, unspecified, multicast and broadcast addresses, also
/// in their IPv6 disguises. Checked again after names are resolved.
pub(super) fn is_forbidden(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_forbidden_v4(v4),
        IpAddr::V6(v6) => {
            v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unicast_link_local()
                || v6 == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
                || embedded_v4(v6).is_some_and(is_forbidden_v4)
        }
    }
}

fn is_forbidden_v4(address: Ipv4Addr) -> bool {
    const METADATA: [Ipv4Addr; 3] =
        [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(192, 0, 0, 192)];
    address.octets()[0] == 0
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || METADATA.contains(&address)
}

/// The IPv4 address inside a NAT64, 6to4 or IPv4-compatible address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => v4(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Endpoint, EndpointError> {
        Endpoint::parse(url, &["lan.example".to_owned()])
    }

    #[test]
    fn takes_what_is_safe() {
        for (url, host, loopback) in [
            ("https://api.openai.com/v1", "api.openai.com", false),
            ("https://API.OpenAI.com./v1/", "api.openai.com", false),
            ("http://localhost:11434/v1", "localhost", true),
            ("http://127.0.0.1:8000/v1", "127.0.0.1", true),
            ("http://127.8.8.8/v1", "127.8.8.8", true),
            ("http://2130706433/v1", "127.0.0.1", true),
            ("http://0x7f.1/v1", "127.0.0.1", true),
            ("http://[::1]:1/v1", "[::1]", true),
            ("http://[::ffff:127.0.0.1]/v1", "[::ffff:7f00:1]", true),
            ("https://10.0.0.5/v1", "10.0.0.5", false),
            ("http://lan.example/v1", "lan.example", false),
            ("https://münchen.example/v1", "xn--mnchen-3ya.example", false),
        ] {
            let endpoint = parse(url).unwrap_or_else(|e| panic!("{url}: {e}"));
            assert_eq!((endpoint.host(), endpoint.is_loopback()), (host, loopback), "{url}");
            assert!(!endpoint.url().ends_with('/'));
        }
        assert!(!parse("http://lan.example/v1").expect("allowed").may_carry_key());
        assert!(parse("https://lan.example/v1").expect("allowed").may_carry_key());
    }

    #[test]
    fn never_calls_metadata_and_odd_addresses() {
        for host in [
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.1",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[::a9fe:a9fe]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::1]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "0.0.0.0",
            "0",
            "[::]",
            "255.255.255.255",
            "224.0.0.1",
            "[ff02::1]",
            "metadata.google.internal",
            "METADATA.google.internal.",
        ] {
            for scheme in ["http", "https"] {
                let refused = parse(&format!("{scheme}://{host}/v1"));
                assert!(matches!(refused, Err(EndpointError::Forbidden { .. })), "{host}: {refused:?}");
            }
        }
    }

    #[test]
    fn refuses_what_would_leak() {
        for url in [
            "http://api.openai.com/v1",
            "http://10.0.0.5/v1",
            "http://localhost.evil.example/v1",
            "http://localhost@evil.example/v1",
        ] {
            assert!(
                matches!(parse(url), Err(EndpointError::NotHttps { .. } | EndpointError::HasExtras { .. })),
                "{url}"
            );
        }
        for url in [
            "https://user:pw@a.example/v1",
            "https://api.openai.com@a.example/v1",
            "https://a.example/v1?key=x",
            "https://a.example/#x",
        ] {
            assert!(matches!(parse(url), Err(EndpointError::HasExtras { .. })), "{url}");
        }
        for url in [
            "",
            "api.openai.com/v1",
            "ftp://a.example",
            "file:///etc/passwd",
            "https://",
            "https:///v1x y",
            "unix:/run/x",
        ] {
            assert!(matches!(parse(url), Err(EndpointError::NotAnAddress { .. })), "{url}: {:?}", parse(url));
        }
        let shown = parse("sk-secret@host:x").map_err(|e| e.to_string());
        assert!(shown.is_err_and(|e| !e.contains("sk-secret")));
    }
}
