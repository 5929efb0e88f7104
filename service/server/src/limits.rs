//! Rate limits: how many requests an address, an account and a costly route take.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::error::{Error, Result};
use crate::id::Id;

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// The state of a rate limit that a request has met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) limit: &'static str,
    pub(crate) quota: u32,
    /// In seconds.
    pub(crate) window: u32,
    pub(crate) left: u32,
}

/// A limit of so many requests a minute for each key.
struct Limit<K: Clone + Hash + Eq> {
    name: &'static str,
    quota: u32,
    limiter: Keyed<K>,
}

/// The rate limits of a service. They are kept in memory, for each copy of it.
pub(crate) struct Limits {
    address: Limit<IpAddr>,
    account: Limit<Id>,
    /// Routes that hash a password or send a mail.
    costly: Limit<IpAddr>,
}

impl Limits {
    /// So many requests a minute from an address, of an account, and of costly routes from an address.
    pub(crate) fn per_minute(address: NonZeroU32, account: NonZeroU32, costly: NonZeroU32) -> Self {
        Self {
            address: Limit::new("address", address),
            account: Limit::new("account", account),
            costly: Limit::new("costly", costly),
        }
    }

    /// Counts a request from `address`.
    pub(crate) fn of_address(&self, address: IpAddr) -> (Left, Result<()>) {
        self.address.check(&network(address))
    }

    /// Counts a request of an account or an API key.
    pub(crate) fn of_account(&self, account: Id) -> (Left, Result<()>) {
        self.account.check(&account)
    }

    /// Counts a request from `address` that hashes a password or sends a mail.
    pub(crate) fn of_costly(&self, address: IpAddr) -> (Left, Result<()>) {
        self.costly.check(&network(address))
    }

    /// Forgets who has sent nothing for a while.
    pub(crate) fn forget(&self) {
        self.address.limiter.retain_recent();
        self.account.limiter.retain_recent();
        self.costly.limiter.retain_recent();
    }
}

impl<K: Clone + Hash + Eq> Limit<K> {
    fn new(name: &'static str, quota: NonZeroU32) -> Self {
        let limiter = RateLimiter::dashmap(Quota::per_minute(quota)).with_middleware();
        Self { name, quota: quota.get(), limiter }
    }

    fn check(&self, key: &K) -> (Left, Result<()>) {
        let left = |left| Left { limit: self.name, quota: self.quota, window: 60, left };
        match self.limiter.check_key(key) {
            Ok(state) => (left(state.remaining_burst_capacity()), Ok(())),
            Err(not_until) => {
                let after = not_until.wait_time_from(DefaultClock::default().now());
                (left(0), Err(Error::RateLimited { limit: self.name, after }))
            }
        }
    }
}

/// Who has one address of IPv6 has a network of them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        },
    }
}
