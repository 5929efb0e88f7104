//! Assets: uploaded in parts, checked, read, deleted, restored, and gone when the policy says so.
//!
//! An asset is a row, sealed content under one prefix of the vault, and a key. It is announced (`uploading`), complete
//! (`checking`), and `ready` or `refused`. Who removes it goes by [`Standing`](crate::retention::Standing), and ends with a
//! tombstone that holds the proof.

mod change;
mod check;
mod content;
mod link;
mod purge;
mod reconcile;
mod restored;
mod row;
mod strip;
mod sweep;
mod upload;
mod view;

pub(crate) use change::{Hold, Release, Remove, Restore};
pub(crate) use check::check;
pub(crate) use content::open;
pub(crate) use link::{LinkFacts, PartsFacts};
pub(crate) use purge::{proof, report, signer};
pub(crate) use reconcile::reconcile;
pub(crate) use restored::{check as check_restored, forget_hold, replay};
pub(crate) use row::Found;
pub(crate) use sweep::{leave, sweep};
pub(crate) use upload::{Announce, Completed, put_part};
pub(crate) use view::{list, show};
