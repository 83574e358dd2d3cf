//! Name resolution that never yields a forbidden address; the connection uses what was checked, so a name cannot be rebound.

use super::endpoint::is_forbidden;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;

/// The system's resolver with forbidden addresses taken out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guarded {
    /// Whether the name must mean this machine: `localhost` is reached over plain http.
    pub(super) loopback_only: bool,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let loopback_only = self.loopback_only;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|a| is_allowed(*a, loopback_only)).collect();
            if allowed.is_empty() {
                return Err(format!("{} has no address that may be called", name.as_str()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn is_allowed(address: SocketAddr, loopback_only: bool) -> bool {
    let ip = address.ip();
    !is_forbidden(ip) && (!loopback_only || ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_forbidden_addresses_after_resolution() {
        for (address, loopback_only, allowed) in [
            ("127.0.0.1:0", true, true),
            ("[::1]:0", true, true),
            ("8.8.8.8:0", true, false),
            ("8.8.8.8:0", false, true),
            ("169.254.169.254:0", false, false),
            ("[::ffff:169.254.169.254]:0", false, false),
        ] {
            assert_eq!(is_allowed(address.parse().expect("an address"), loopback_only), allowed, "{address}");
        }
    }
}
