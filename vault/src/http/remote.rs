//! From where a request comes: the other end of its connection, or what a proxy that the operator
//! trusts says of it.
//!
//! One address has a bounded share of connections and of running requests, and of sign-ins of
//! accounts without standing. Behind a proxy all connections come from the proxy's address: the
//! operator names it (`trusted-proxies`). Its connections then have no share, and its requests
//! count for the address that it appended to `X-Forwarded-For`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{Extensions, HeaderMap};

/// Where a proxy tells for whom it asks.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// How much of an IPv6 address counts: a subscriber has a whole network of them.
const IPV6_NETWORK: u32 = 64;

/// The other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote(pub IpAddr);

/// What is counted as one address: an IPv4 address, or an IPv6 network of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let host = u128::MAX.checked_shr(IPV6_NETWORK).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !host))
            },
        })
    }
}

/// Whether an address is one of the operator's proxies.
pub fn is_proxy(proxies: &[IpAddr], address: IpAddr) -> bool {
    let address = address.to_canonical();
    proxies.iter().any(|proxy| proxy.to_canonical() == address)
}

/// Whose request it is. Of `X-Forwarded-For` only what trusted proxies appended counts: the last
/// address that is not one of theirs. Everything before it anybody could have written.
pub fn address(extensions: &Extensions, headers: &HeaderMap, proxies: &[IpAddr]) -> Address {
    // Requests that came over no connection share one address.
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let remote = extensions.get::<Remote>().map_or(unknown, |remote| remote.0);
    if !is_proxy(proxies, remote) {
        return remote.into();
    }
    let mut told: Vec<&str> = Vec::new();
    for value in headers.get_all(FORWARDED_FOR) {
        told.extend(value.to_str().unwrap_or_default().split(','));
    }
    for text in told.iter().rev() {
        match text.trim().parse::<IpAddr>() {
            Ok(address) if is_proxy(proxies, address) => {},
            Ok(address) => return address.into(),
            Err(_) => break,
        }
    }
    remote.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(remote: &str, forwarded: &[&str]) -> Address {
        let mut extensions = Extensions::new();
        extensions.insert(Remote(remote.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let proxies = ["10.0.0.1", "10.0.0.2"].map(|proxy| proxy.parse().unwrap());
        address(&extensions, &headers, &proxies)
    }

    fn is(text: &str) -> Address {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn only_trusted_proxies_may_say_for_whom_they_ask() {
        assert_eq!(from("192.0.2.7", &["198.51.100.1"]), is("192.0.2.7"));
        assert_eq!(from("10.0.0.1", &["198.51.100.1"]), is("198.51.100.1"));
        assert_eq!(from("::ffff:10.0.0.1", &["198.51.100.1"]), is("198.51.100.1"));
        // What the client wrote itself stands before what the proxy appended.
        assert_eq!(from("10.0.0.1", &["203.0.113.9, 198.51.100.1"]), is("198.51.100.1"));
        assert_eq!(from("10.0.0.1", &["203.0.113.9", "198.51.100.1"]), is("198.51.100.1"));
        assert_eq!(from("10.0.0.1", &["198.51.100.1, 10.0.0.2"]), is("198.51.100.1"));
        for nothing in [&[][..], &["unknown"], &["198.51.100.1, ?"], &[""], &["10.0.0.2"]] {
            assert_eq!(from("10.0.0.1", nothing), is("10.0.0.1"), "{nothing:?}");
        }
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        assert_eq!(is("2001:db8:1:2::1"), is("2001:db8:1:2:ffff::9"));
        assert_ne!(is("2001:db8:1:2::1"), is("2001:db8:1:3::1"));
        assert_eq!(is("::ffff:192.0.2.7"), is("192.0.2.7"));
        assert_ne!(is("192.0.2.7"), is("192.0.2.8"));
    }
}
