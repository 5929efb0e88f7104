//! The operations of the service, a struct for each resource.

mod account;
mod asset;
mod credits;
mod operator;
mod organisation;
mod service;

pub use account::{Account, Sessions};
pub use asset::{Assets, Retention};
pub use credits::{Credits, Holds};
pub use operator::{Admin, TestClock};
pub use organisation::{Invitations, Keys, Members, Organisations};
