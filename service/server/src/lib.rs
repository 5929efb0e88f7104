//! The hosted service of Packshot.
//!
//! - [`Store`]: the database. SQLite in a folder by default, PostgreSQL to grow; every statement is written once.
//! - [`Ledger`]: credits. A [`Command`] grants, holds, captures, voids or corrects; the [`Receipt`] of a repeated
//!   [`Key`] is the first one's.
//! - [`Clock`]: the time, which tests move.
//! - [`Error`]: everything that can go wrong, with a stable code.

mod clock;
mod credits;
mod error;
mod id;
mod refusal;
mod store;
mod words;

pub use clock::Clock;
pub use credits::{
    Audit, Balance, Bucket, Command, GrantState, HoldState, Key, Ledger, NewGrant, Receipt, Transaction,
    TransactionKind, Transfer,
};
pub use error::{Error, Result};
pub use id::Id;
pub use packshot_api::service::{Credits, Time};
pub use refusal::{HoldEnd, Refusal};
pub use store::{Backend, Store};
