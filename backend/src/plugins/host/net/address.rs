//! Addresses of other servers as plugins write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use warp::http::Uri;

/// Longest address, in bytes.
const LONGEST: usize = 2_048;

/// The host of an address with `http://` or `https://`, in lower case, without brackets.
///
/// # Errors
/// Why it is no such address, as the end of a sentence that begins with it.
pub fn host_of(url: &str) -> Result<String, &'static str> {
    if url.len() > LONGEST {
        return Err("is too long");
    }
    let uri: Uri = url.parse().map_err(|_| "is not an address")?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("does not begin with http:// or https://");
    }
    let authority = uri.authority().ok_or("names no host")?;
    if authority.as_str().contains('@') {
        return Err("has a user name in it");
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err("names no host");
    }
    Ok(host.trim_end_matches('.').to_ascii_lowercase())
}

/// Whether an address belongs to the public internet. Everything else reaches this machine, its neighbours, or nobody:
/// loopback, private and link-local networks (where clouds keep their metadata), and addresses that carry one of those
/// within them.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Whether an address may be asked where private ones are allowed: one machine, and not the link's own services.
pub fn is_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, ..] = v4.octets();
            a != 0 && a < 224 && !v4.is_link_local()
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_unicast(IpAddr::V4(v4)),
            None => !v6.is_unspecified() && !v6.is_multicast() && !v6.is_unicast_link_local(),
        },
    }
}

/// By the registry of special-purpose addresses (RFC 6890 and its updates).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // Translated to IPv4 on the way (RFC 6052), and tunnelled to it (RFC 3056).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // Teredo, benchmarks and the like; documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast; mapped, loopback, unique-local, link-local and multicast addresses lie outside.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address() {
        for (url, host) in [
            ("https://Hooks.Example.com/services/x?y=1", "hooks.example.com"),
            ("http://example.com.:8080/", "example.com"),
            ("http://[::1]:80/", "::1"),
            ("http://127.0.0.1", "127.0.0.1"),
        ] {
            assert_eq!(host_of(url).as_deref(), Ok(host), "{url}");
        }
        for url in [
            "",
            "example.com",
            "/services",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://",
            "http://user:pass@example.com/",
            "http://example.com@127.0.0.1/",
            "http://exa mple.com/",
            "javascript:alert(1)",
        ] {
            assert!(host_of(url).is_err(), "{url}");
        }
        assert!(host_of(&format!("http://example.com/{}", "x".repeat(LONGEST))).is_err());
    }

    #[test]
    fn only_the_public_internet_is_public() {
        for public in [
            "8.8.8.8",
            "1.1.1.1",
            "100.63.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "2606:4700::1111",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
            assert!(is_unicast(public.parse().unwrap()), "{public}");
        }
        for inner in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2002:c0a8:101::1",
            "2001::1",
            "2001:db8::1",
            "100::1",
        ] {
            assert!(!is_public(inner.parse().unwrap()), "{inner}");
        }
    }

    #[test]
    fn allowing_private_addresses_allows_no_metadata() {
        for allowed in ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "fd12::1", "::ffff:10.0.0.1"] {
            assert!(is_unicast(allowed.parse().unwrap()), "{allowed}");
        }
        for refused in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "fe80::1",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
        ] {
            assert!(!is_unicast(refused.parse().unwrap()), "{refused}");
        }
    }
}
