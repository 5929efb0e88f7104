//! Credits: a double-entry ledger.
//!
//! Credits are given in grants. Within a grant they move between [`Bucket`]s: a grant issues them, a hold reserves
//! them for work, a capture spends what the work cost and returns the rest. Each command is one transaction of the
//! account's journal, which only grows; everything else can be rebuilt from it.
//!
//! What always holds, and which test shows it, is listed in `tests/it/credits.rs`.

mod audit;
mod balance;
mod book;
mod command;
mod journal;
mod ledger;
mod read;
mod rows;
mod rules;
mod statement;
mod write;

pub use audit::Audit;
pub use balance::Balance;
pub use book::{GrantState, HoldState};
pub use command::{Command, Key, NewGrant, Receipt};
pub use journal::{Bucket, Transaction, TransactionKind, Transfer};
pub use ledger::Ledger;
pub(crate) use statement::statement;
