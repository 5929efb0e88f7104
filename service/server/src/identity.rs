//! Who somebody is, and what they may do: accounts, sessions, organisations, API keys.

mod access;
pub(crate) mod accounts;
pub(crate) mod email;
mod identify;
pub(crate) mod invitations;
pub(crate) mod keys;
pub(crate) mod operator;
pub(crate) mod organisations;
pub(crate) mod sessions;
pub(crate) mod subjects;
mod tokens;

pub(crate) use access::{allowed, role_of};
pub(crate) use identify::{Identity, Membership, identify, membership};
pub(crate) use tokens::RefreshToken;
