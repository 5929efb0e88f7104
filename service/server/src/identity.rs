//! Who somebody is, and what they may do.

mod access;
mod identify;
pub(crate) mod operator;
mod tokens;

pub(crate) use access::{allowed, role};
pub(crate) use identify::{Identity, Membership, identify, membership};
pub(crate) use tokens::{AccessToken, Lifetimes, RefreshToken, read_id, tokens};
