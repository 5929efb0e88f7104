//! The hosted service of Packshot.
//!
//! - [`Store`]: the database. SQLite in a folder by default, PostgreSQL to grow; every statement is written once.
//! - [`Ledger`]: credits. A [`Command`] grants, holds, captures, voids or corrects; the [`Receipt`] of a repeated
//!   [`Key`] is the first one's.
//! - [`Clock`]: the time, which tests move.
//! - [`Error`]: everything that can go wrong, with a stable code.

mod app;
mod assets;
mod clock;
mod code;
pub mod command;
mod credits;
mod due;
mod error;
mod faults;
mod http;
mod id;
mod identity;
mod limits;
mod mail;
mod mailer;
#[cfg(feature = "measure")]
pub mod measure;
mod once;
mod passwords;
mod plans;
mod refusal;
mod retention;
mod routes;
mod scan;
mod secrets;
mod settings;
mod start;
mod state;
mod store;
#[cfg(feature = "traces")]
mod traces;
mod vault;
mod words;

pub use app::{build_app, openapi};
pub use clock::Clock;
pub use code::Code;
pub use credits::{
    Audit, Balance, Bucket, Command, GrantState, HoldState, Key, Ledger, NewGrant, Receipt, Transaction,
    TransactionKind, Transfer,
};
pub use error::{Error, Result};
pub use id::Id;
pub use packshot_api::service::{Credits, Time};
pub use refusal::{HoldEnd, Refusal};
pub use settings::{Network, S3Bucket, Scanner, Settings};
pub use start::Service;
pub use state::App;
pub use store::{Backend, Store};
