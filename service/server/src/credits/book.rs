//! The part of an account's state that a command needs, read under the account's lock.

use packshot_api::service::{Credits, Time};

use super::journal::Hash;
use super::{Bucket, TransactionKind};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::refusal::HoldEnd;

/// A grant, and where its credits are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantState {
    /// Its id.
    pub id: Id,
    /// The transaction that gave it.
    pub seq: i64,
    /// Where it comes from.
    pub source: String,
    /// Grants with a lower number are used first.
    pub priority: i64,
    /// From this moment on what is available is gone.
    pub expires_at: Option<Time>,
    /// How many credits it gave.
    pub granted: Credits,
    /// Those that can be used.
    pub available: Credits,
    /// Those that holds reserve.
    pub held: Credits,
    /// Those that were spent.
    pub consumed: Credits,
    /// Those that were not used in time.
    pub expired: Credits,
    /// Those that were taken back.
    pub voided: Credits,
}

impl GrantState {
    /// Its time is over.
    pub(super) fn has_lapsed(&self, now: Time) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// What can be used at `now`.
    pub(super) fn usable(&self, now: Time) -> Credits {
        if self.has_lapsed(now) { Credits::ZERO } else { self.available }
    }

    /// Where credits go that are no longer held.
    pub(super) fn returned_to(&self, now: Time) -> Bucket {
        if self.has_lapsed(now) { Bucket::Expired } else { Bucket::Available }
    }

    pub(super) fn bucket_mut(&mut self, bucket: Bucket) -> Option<&mut Credits> {
        Some(match bucket {
            Bucket::Issued => return None,
            Bucket::Available => &mut self.available,
            Bucket::Held => &mut self.held,
            Bucket::Consumed => &mut self.consumed,
            Bucket::Expired => &mut self.expired,
            Bucket::Voided => &mut self.voided,
        })
    }

    /// Moves credits between its buckets. Fails rather than to leave a bucket negative.
    pub(super) fn transfer(&mut self, from: Bucket, to: Bucket, amount: Credits) -> Result<()> {
        if let Some(source) = self.bucket_mut(from) {
            if *source < amount {
                return Err(Error::Corrupt(format!("grant {} has fewer {from} credits than {amount}", self.id)));
            }
            *source = *source - amount;
        }
        if let Some(target) = self.bucket_mut(to) {
            *target = *target + amount;
        }
        Ok(())
    }
}

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldState {
    /// Its id.
    pub id: Id,
    /// The transaction that opened it.
    pub seq: i64,
    /// How many credits it reserved.
    pub amount: Credits,
    /// At most this much may be captured.
    pub quoted: Credits,
    /// How many were spent.
    pub captured: Credits,
    /// How it ended; `None` while it is open.
    pub end: Option<HoldEnd>,
    /// From this moment on it can no longer be captured.
    pub expires_at: Time,
}

/// Credits of one grant that a transaction moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) grant: Id,
    pub(super) amount: Credits,
}

/// The journal's end, and what belongs to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Book {
    pub(super) account: Id,
    /// The number and the hash of the last transaction.
    pub(super) seq: i64,
    pub(super) head: Hash,
    /// In the order in which they are used.
    pub(super) grants: Vec<GrantState>,
    /// The hold that a command ends, and its parts in the order in which they were reserved.
    pub(super) hold: Option<(HoldState, Vec<Part>)>,
    /// The transaction that a command corrects.
    pub(super) corrected: Option<Corrected>,
}

/// A capture or a grant that is to be corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Corrected {
    pub(super) seq: i64,
    pub(super) kind: TransactionKind,
    pub(super) subject: Option<Id>,
    /// What it spent, less what earlier corrections returned.
    pub(super) left: Vec<Part>,
}

impl Book {
    pub(super) fn find(&self, id: Id) -> Result<&GrantState> {
        self.grants.iter().find(|grant| grant.id == id).ok_or_else(|| missing(id))
    }

    pub(super) fn grant(&mut self, id: Id) -> Result<&mut GrantState> {
        self.grants.iter_mut().find(|grant| grant.id == id).ok_or_else(|| missing(id))
    }
}

fn missing(grant: Id) -> Error {
    Error::Corrupt(format!("grant {grant} is missing"))
}
