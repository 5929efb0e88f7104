//! Mails: rows that are written with what they tell of, and sent afterwards.

mod codes;
mod letter;
mod outbox;

pub(crate) use codes::{MailCode, Purpose};
pub(crate) use letter::Letter;
pub(crate) use outbox::{add, deliver_due};
