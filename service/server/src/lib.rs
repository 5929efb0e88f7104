//! The hosted service of Packshot.
//!
//! - [`Store`]: the database. SQLite in a folder by default, PostgreSQL to grow; every statement is written once.
//! - [`Ledger`]: credits. A [`Command`] grants, holds, captures, voids or corrects; the [`Receipt`] of a repeated
//!   [`Key`] is the first one's.
//! - [`Clock`]: the time, which tests move.
//! - [`Error`]: everything that can go wrong, with a stable code.

mod amount;
mod clock;
mod credits;
mod error;
mod id;
mod refusal;
mod store;
mod words;

pub use amount::Credits;
pub use clock::{Clock, Time};
pub use credits::{
    Audit, Balance, Bucket, Command, GrantState, HoldState, Key, Ledger, NewGrant, Receipt, Transaction,
    TransactionKind, Transfer,
};
pub use error::{Error, Result};
pub use id::Id;
pub use refusal::{HoldEnd, Refusal};
pub use store::{Backend, Store};
