//! Writes a transaction, and what it changes.

use packshot_api::service::Time;

use super::book::{GrantState, HoldState};
use super::rows::state_word;
use super::rules::Change;
use super::{Bucket, Command, Transaction, Transfer};
use crate::id::Id;
use crate::store::{Value, Writes};

/// The statements for `change`.
pub(super) fn change<'a>(
    account: &'a Id,
    key: Option<&'a [u8; 16]>,
    change: &'a Change,
    command: &Command,
) -> Writes<'a> {
    let mut writes = Writes::default();
    insert_transaction(&mut writes, account, key, change);
    if matches!(command, Command::Grant(_)) {
        change.grants.iter().for_each(|grant| insert_grant(&mut writes, account, grant));
    } else {
        change.grants.iter().for_each(|grant| move_credits(&mut writes, grant, &change.transaction.transfers));
    }
    match &change.hold {
        Some(hold) if matches!(command, Command::Hold { .. }) => insert_hold(&mut writes, account, hold),
        Some(hold) => end_hold(&mut writes, hold),
        None => {}
    }
    writes
}

fn insert_transaction<'a>(writes: &mut Writes<'a>, account: &'a Id, key: Option<&'a [u8; 16]>, change: &'a Change) {
    let Transaction { seq, request, kind, subject, amount, corrects, at, transfers } = &change.transaction;
    writes.add(
        "INSERT INTO credit_transaction (account, seq, key, request, kind, subject, amount, corrects, at, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
            account.into(),
            (*seq).into(),
            Value::Bytes(key.map(<[u8; 16]>::as_slice)),
            request.as_str().into(),
            kind.word().into(),
            subject.as_ref().into(),
            amount.as_millis().into(),
            (*corrects).into(),
            at.as_micros().into(),
            change.hash.as_slice().into(),
        ],
    );
    for (Transfer { grant, from, to, amount }, position) in transfers.iter().zip(0_i64..) {
        writes.add(
            "INSERT INTO credit_transfer (account, seq, position, grant_id, from_bucket, to_bucket, amount) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                account.into(),
                (*seq).into(),
                position.into(),
                grant.into(),
                from.word().into(),
                to.word().into(),
                amount.as_millis().into(),
            ],
        );
    }
}

pub(super) fn insert_grant<'a>(writes: &mut Writes<'a>, account: &'a Id, grant: &'a GrantState) {
    let GrantState { granted, available, held, consumed, expired, voided, .. } = grant;
    let amounts = [granted, available, held, consumed, expired, voided].map(|amount| amount.as_millis().into());
    let facts = [
        (&grant.id).into(),
        account.into(),
        grant.seq.into(),
        grant.source.as_str().into(),
        grant.priority.into(),
        grant.expires_at.map(Time::as_micros).into(),
    ];
    writes.add(
        "INSERT INTO credit_grant (id, account, seq, source, priority, expires_at, \
         granted, available, held, consumed, expired, voided) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        facts.into_iter().chain(amounts),
    );
}

/// Adds to the buckets of `grant` what the transfers move into them, and takes away what they move out.
fn move_credits<'a>(writes: &mut Writes<'a>, grant: &'a GrantState, transfers: &[Transfer]) {
    const BUCKETS: [Bucket; 5] = [Bucket::Available, Bucket::Held, Bucket::Consumed, Bucket::Expired, Bucket::Voided];
    let own = transfers.iter().filter(|transfer| transfer.grant == grant.id);
    let change = |bucket| -> i64 {
        let sign = |transfer: &Transfer| i64::from(transfer.to == bucket) - i64::from(transfer.from == bucket);
        own.clone().map(|transfer| sign(transfer) * transfer.amount.as_millis()).sum()
    };
    writes.add(
        "UPDATE credit_grant SET available = available + $2, held = held + $3, consumed = consumed + $4, \
         expired = expired + $5, voided = voided + $6 WHERE id = $1",
        std::iter::once((&grant.id).into()).chain(BUCKETS.map(|bucket| change(bucket).into())),
    );
}

pub(super) fn insert_hold<'a>(writes: &mut Writes<'a>, account: &'a Id, hold: &'a HoldState) {
    writes.add(
        "INSERT INTO credit_hold (id, account, seq, amount, quoted, captured, state, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            (&hold.id).into(),
            account.into(),
            hold.seq.into(),
            hold.amount.as_millis().into(),
            hold.quoted.as_millis().into(),
            hold.captured.as_millis().into(),
            state_word(hold.end).into(),
            hold.expires_at.as_micros().into(),
        ],
    );
}

fn end_hold<'a>(writes: &mut Writes<'a>, hold: &'a HoldState) {
    writes.add(
        "UPDATE credit_hold SET captured = $2, state = $3 WHERE id = $1",
        [(&hold.id).into(), hold.captured.as_millis().into(), state_word(hold.end).into()],
    );
}
