//! Rate limits: how many requests an address, an account and a costly route take.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::context::{Context, Left};
use crate::error::{Error, Result};
use crate::id::Id;

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

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

    pub(super) fn of_address(&self, context: &Context) -> Result<()> {
        self.address.check(&network(context.address), context)
    }

    pub(super) fn of_account(&self, account: Id, context: &Context) -> Result<()> {
        self.account.check(&account, context)
    }

    pub(super) fn of_costly(&self, context: &Context) -> Result<()> {
        self.costly.check(&network(context.address), context)
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

    fn check(&self, key: &K, context: &Context) -> Result<()> {
        let left = |left| Left { limit: self.name, quota: self.quota, window: 60, left };
        match self.limiter.check_key(key) {
            Ok(state) => {
                context.met(left(state.remaining_burst_capacity()));
                Ok(())
            }
            Err(not_until) => {
                context.met(left(0));
                let after = not_until.wait_time_from(DefaultClock::default().now());
                Err(Error::RateLimited { limit: self.name, after })
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
