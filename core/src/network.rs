//! The network: which addresses are safe, and encrypted connections to them.

#[cfg(any(feature = "download", feature = "client"))]
use crate::error::{Code, Error, Result};

/// Sets up connections: encrypted ones with the system's certificates, or, for a server on this machine, without any and
/// without a proxy.
#[cfg(any(feature = "download", feature = "client"))]
pub(crate) fn client(is_local: bool) -> Result<reqwest::ClientBuilder> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let refuse =
        |cause: rustls::Error| Error::new(Code::NetworkFailed, "cannot set up encrypted connections").because(cause);
    // The provider is passed here instead of installed globally: the process belongs to the application.
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider);
    let tls = tls.with_safe_default_protocol_versions().map_err(refuse)?;
    let tls = match is_local {
        true => tls.with_root_certificates(rustls::RootCertStore::empty()),
        false => tls.with_platform_verifier().map_err(refuse)?,
    };
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls.with_no_client_auth());
    Ok(if is_local { client.no_proxy() } else { client })
}

/// Whether `url` is https, or http on this machine.
pub(crate) fn is_safe(url: &str) -> bool {
    if url.contains(|char: char| char.is_whitespace() || char.is_control() || char == '\\') {
        return false;
    }
    match url.strip_prefix("https://") {
        Some(rest) => !host(rest).is_empty() && !authority(rest).contains('@'),
        None => is_loopback(url),
    }
}

/// Whether `url` is http on this machine, as used by a test server or a local mirror.
pub(crate) fn is_loopback(url: &str) -> bool {
    // A user name in front of an `@` could look like a host.
    url.strip_prefix("http://")
        .is_some_and(|rest| !authority(rest).contains('@') && ["127.0.0.1", "localhost", "[::1]"].contains(&host(rest)))
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn host(rest: &str) -> &str {
    let authority = authority(rest);
    match authority.rfind(']') {
        Some(end) => &authority[..=end],
        None => authority.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback() {
        for url in ["https://a.b/c", "http://127.0.0.1:80/x", "http://localhost/x", "http://[::1]:9/x"] {
            assert!(is_safe(url), "{url}");
        }
        for url in [
            "",
            "http://a.b/c",
            "ftp://a.b/c",
            "file:///etc/passwd",
            "https://",
            "https:///x",
            "http://127.0.0.1@a.b/c",
            "http://127.0.0.1.a.b/c",
            "http://localhost:1@a.b/",
            "http://127.0.0.1\\@a.b/",
            "https://a.b/c d",
        ] {
            assert!(!is_safe(url), "{url}");
        }
    }
}
