//! How a service is set up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

use packshot_api::service::Time;

/// How a service is set up. The default is one on this machine, in the folder `packshot-data`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the database, the key and mails are.
    pub data: PathBuf,
    /// The URL of a PostgreSQL database. Without one there is an SQLite database in the data folder.
    pub database: Option<String>,
    /// The policy: the name of one that comes with the program, or a file.
    pub policy: String,
    /// Plans and prices, as a file. Policies that come with the program have their own.
    pub plans: Option<PathBuf>,
    /// Where it listens. Port 0 is any free one.
    pub listen: SocketAddr,
    /// How people reach it, for links in mails.
    pub public_url: Option<String>,
    /// The URL of a mail server. Without one, mails are files in the data folder.
    pub smtp: Option<String>,
    /// The sender of mails.
    pub mail_from: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// The service's key in hexadecimal, instead of the file in the data folder.
    pub service_key: Option<String>,
    /// The URL of a PostgreSQL database for the keys of content. Without one they are in the folder `keys` of the data, or in
    /// `database`.
    pub keys: Option<String>,
    /// The vault's key in hexadecimal, instead of the file in the data folder.
    pub vault_key: Option<String>,
    /// A bucket for content, instead of the folder `content` of the data.
    pub bucket: Option<S3Bucket>,
    /// Who looks for viruses in what is uploaded. Without one it is clamd where the policy promises it, and nobody elsewhere.
    pub scanner: Option<Scanner>,
    /// The most bytes of one asset.
    pub largest_asset: u64,
    /// Requests a minute from one address.
    pub limit_address: NonZeroU32,
    /// Requests a minute of one account or API key.
    pub limit_account: NonZeroU32,
    /// Requests a minute from one address that check a password or send a mail.
    pub limit_costly: NonZeroU32,
    /// A clock that tests move, and its first time. It also allows faults.
    pub test_clock: Option<Time>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("packshot-data"),
            database: None,
            policy: "narpix".to_owned(),
            plans: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            smtp: None,
            mail_from: "packshot@localhost".to_owned(),
            trusted_proxies: Vec::new(),
            service_key: None,
            keys: None,
            vault_key: None,
            bucket: None,
            scanner: None,
            largest_asset: 64 << 20,
            limit_address: per_minute(3000),
            limit_account: per_minute(1200),
            limit_costly: per_minute(30),
            test_clock: None,
        }
    }
}

/// A bucket of S3, or of anything that speaks its protocol.
#[derive(Clone)]
pub struct S3Bucket {
    /// Its name.
    pub name: String,
    /// The server, such as `https://s3.eu-central-1.amazonaws.com`.
    pub endpoint: String,
    /// The region.
    pub region: String,
    /// The id of the key with which requests are signed.
    pub access_key: String,
    /// That key.
    pub secret_key: String,
}

impl std::fmt::Debug for S3Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3Bucket({} at {})", self.name, self.endpoint)
    }
}

/// Who looks for viruses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// Nobody.
    Off,
    /// The clamd that listens on this socket.
    Socket(PathBuf),
    /// The clamd that listens at this address.
    Address(SocketAddr),
}

impl std::fmt::Display for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Socket(path) => write!(f, "{}", path.display()),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}

impl FromStr for Scanner {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let address = || text.parse().map_or_else(|_| Self::Socket(text.into()), Self::Address);
        Ok(if text == "off" { Self::Off } else { address() })
    }
}

const fn per_minute(requests: u32) -> NonZeroU32 {
    match NonZeroU32::new(requests) {
        Some(requests) => requests,
        None => NonZeroU32::MIN,
    }
}

/// Addresses with the same first bits: `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let same = |one: u128, other: u128, length: u32| {
            let shift = length - self.bits;
            shift == length || one >> shift == other >> shift
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same(own.to_bits().into(), other.to_bits().into(), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// A text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a network; write an address, or one with a number of bits as in 10.0.0.0/8")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| NotANetwork)?;
        if bits > most { Err(NotANetwork) } else { Ok(Self { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_network_has_the_addresses_with_its_bits() {
        let has = |network: &str, address: &str| network.parse::<Network>().unwrap().contains(address.parse().unwrap());
        assert!(has("10.0.0.0/8", "10.200.3.4") && !has("10.0.0.0/8", "11.0.0.1"));
        assert!(has("127.0.0.1", "127.0.0.1") && !has("127.0.0.1", "127.0.0.2"));
        assert!(has("0.0.0.0/0", "203.0.113.9") && !has("0.0.0.0/0", "::1"));
        assert!(has("2001:db8::/32", "2001:db8:1::5") && has("10.0.0.0/8", "::ffff:10.1.1.1"));
        for text in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/x"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
