//! What each command does to the credits of an account, without a database.

use packshot_api::service::{Credits, Time};

use super::book::{Book, GrantState, HoldState, Part};
use super::journal::Hash;
use super::{Bucket, Command, NewGrant, Transaction, TransactionKind, Transfer};
use crate::error::Result;
use crate::id::Id;
use crate::refusal::{HoldEnd, Refusal};

/// What a command writes.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) transaction: Transaction,
    pub(super) hash: Hash,
    /// Grants as they are afterwards; a new one is among them.
    pub(super) grants: Vec<GrantState>,
    /// The hold as it is afterwards.
    pub(super) hold: Option<HoldState>,
}

/// The transaction that `command` is on an account with this book.
pub(super) fn apply(mut book: Book, command: &Command, now: Time) -> Result<Change> {
    let (kind, moved) = match command {
        Command::Grant(grant) => (TransactionKind::Grant, give(&mut book, grant, now)?),
        Command::Hold { id, amount, quoted, expires_in } => {
            let hold = open(&book, *id, *amount, *quoted, now + *expires_in, now)?;
            (TransactionKind::Hold, reserve(&mut book, hold, now)?)
        }
        Command::Capture { amount, .. } => (TransactionKind::Capture, capture(&mut book, *amount, now)?),
        Command::Void { .. } => (TransactionKind::Void, release(&mut book, HoldEnd::Voided, now)?),
        Command::ExpireHold { .. } => (TransactionKind::Expire, expire_hold(&mut book, now)?),
        Command::ExpireGrants => (TransactionKind::Expire, expire_grants(&book, now)?),
        Command::Correct { amount, .. } => (TransactionKind::Correct, correct(&book, *amount, now)?),
    };
    record(book, command, kind, moved, now)
}

/// What a command moves.
struct Moved {
    transfers: Vec<Transfer>,
    subject: Option<Id>,
    amount: Credits,
}

fn give(book: &mut Book, new: &NewGrant, now: Time) -> Result<Moved> {
    positive(new.amount)?;
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(Refusal::ExpiresInThePast.into());
    }
    book.grants = vec![new_grant(new, book.seq + 1)];
    let transfer = Transfer { grant: new.id, from: Bucket::Issued, to: Bucket::Available, amount: new.amount };
    Ok(Moved { transfers: vec![transfer], subject: Some(new.id), amount: new.amount })
}

/// A grant before its credits are there.
pub(super) fn new_grant(new: &NewGrant, seq: i64) -> GrantState {
    GrantState {
        id: new.id,
        seq,
        source: new.source.clone(),
        priority: new.priority,
        expires_at: new.expires_at,
        granted: new.amount,
        available: Credits::ZERO,
        held: Credits::ZERO,
        consumed: Credits::ZERO,
        expired: Credits::ZERO,
        voided: Credits::ZERO,
    }
}

fn open(
    book: &Book,
    id: Id,
    amount: Credits,
    quoted: Option<Credits>,
    expires_at: Time,
    now: Time,
) -> Result<HoldState, Refusal> {
    positive(amount)?;
    let quoted = quoted.unwrap_or(amount);
    if quoted.is_zero() || quoted > amount {
        return Err(Refusal::BadQuote);
    }
    if expires_at <= now {
        return Err(Refusal::ExpiresInThePast);
    }
    Ok(HoldState { id, seq: book.seq + 1, amount, quoted, captured: Credits::ZERO, end: None, expires_at })
}

/// Takes a hold's credits from the grants in their order.
fn reserve(book: &mut Book, hold: HoldState, now: Time) -> Result<Moved, Refusal> {
    let usable = book.grants.iter().map(|grant| Part { grant: grant.id, amount: grant.usable(now) });
    let (parts, missing) = take(usable, hold.amount);
    if !missing.is_zero() {
        return Err(Refusal::InsufficientCredits { needed: hold.amount, available: hold.amount - missing });
    }
    let transfers = parts.into_iter().map(|part| moved(part, Bucket::Available, Bucket::Held)).collect();
    let moved = Moved { transfers, subject: Some(hold.id), amount: hold.amount };
    book.hold = Some((hold, Vec::new()));
    Ok(moved)
}

fn capture(book: &mut Book, amount: Credits, now: Time) -> Result<Moved> {
    positive(amount)?;
    let (hold, parts) = open_hold(book)?;
    if hold.expires_at <= now {
        return Err(Refusal::HoldExpired.into());
    }
    if amount > hold.quoted {
        return Err(Refusal::CaptureTooLarge { asked: amount, quoted: hold.quoted }.into());
    }
    (hold.captured, hold.end) = (amount, Some(HoldEnd::Captured));
    let (id, parts) = (hold.id, parts.clone());
    let (spent, _) = take(parts.iter().copied(), amount);
    let mut transfers: Vec<_> = spent.iter().map(|part| moved(*part, Bucket::Held, Bucket::Consumed)).collect();
    let rest = parts.iter().map(|part| Part { amount: part.amount - spent_of(&spent, part.grant), ..*part });
    transfers.extend(returned(book, rest, Bucket::Held, now)?);
    Ok(Moved { transfers, subject: Some(id), amount })
}

/// Ends a hold without a charge.
fn release(book: &mut Book, end: HoldEnd, now: Time) -> Result<Moved> {
    let (hold, parts) = open_hold(book)?;
    hold.end = Some(end);
    let (id, amount, parts) = (hold.id, hold.amount, parts.clone());
    let transfers = returned(book, parts.into_iter(), Bucket::Held, now)?;
    Ok(Moved { transfers, subject: Some(id), amount })
}

fn expire_hold(book: &mut Book, now: Time) -> Result<Moved> {
    if open_hold(book)?.0.expires_at > now {
        return Err(Refusal::NothingExpired.into());
    }
    release(book, HoldEnd::Expired, now)
}

fn expire_grants(book: &Book, now: Time) -> Result<Moved, Refusal> {
    let lapsed = book.grants.iter().filter(|grant| grant.has_lapsed(now) && !grant.available.is_zero());
    let parts: Vec<_> = lapsed.map(|grant| Part { grant: grant.id, amount: grant.available }).collect();
    let amount = parts.iter().map(|part| part.amount).sum();
    let transfers: Vec<_> = parts.into_iter().map(|part| moved(part, Bucket::Available, Bucket::Expired)).collect();
    if transfers.is_empty() { Err(Refusal::NothingExpired) } else { Ok(Moved { transfers, subject: None, amount }) }
}

fn correct(book: &Book, amount: Credits, now: Time) -> Result<Moved> {
    positive(amount)?;
    let Some(corrected) = &book.corrected else { return Err(Refusal::NotCorrectable.into()) };
    let left = match corrected.kind {
        TransactionKind::Capture => corrected.left.iter().map(|part| part.amount).sum(),
        _ => book.grants.iter().map(|grant| grant.usable(now)).sum(),
    };
    if amount > left {
        return Err(Refusal::CorrectionTooLarge { asked: amount, left }.into());
    }
    let transfers = match corrected.kind {
        TransactionKind::Capture => {
            // What was spent last is returned first.
            let (back, _) = take(corrected.left.iter().rev().copied(), amount);
            returned(book, back.into_iter(), Bucket::Consumed, now)?
        }
        _ => {
            let usable = book.grants.iter().map(|grant| Part { grant: grant.id, amount: grant.usable(now) });
            let (back, _) = take(usable, amount);
            back.into_iter().map(|part| moved(part, Bucket::Available, Bucket::Voided)).collect()
        }
    };
    Ok(Moved { transfers, subject: corrected.subject, amount })
}

fn record(mut book: Book, command: &Command, kind: TransactionKind, moved: Moved, now: Time) -> Result<Change> {
    for Transfer { grant, from, to, amount } in &moved.transfers {
        book.grant(*grant)?.transfer(*from, *to, *amount)?;
    }
    let transaction = Transaction {
        seq: book.seq + 1,
        request: command.to_json()?,
        kind,
        subject: moved.subject,
        amount: moved.amount,
        corrects: book.corrected.map(|corrected| corrected.seq),
        at: now,
        transfers: moved.transfers,
    };
    let touched = |grant: &GrantState| transaction.transfers.iter().any(|transfer| transfer.grant == grant.id);
    book.grants.retain(touched);
    let hash = transaction.hash(book.account, &book.head);
    Ok(Change { transaction, hash, grants: book.grants, hold: book.hold.map(|(hold, _)| hold) })
}

fn positive(amount: Credits) -> Result<(), Refusal> {
    match amount {
        Credits::ZERO => Err(Refusal::NoAmount),
        _ if amount > Credits::MAX => Err(Refusal::AmountTooLarge),
        _ => Ok(()),
    }
}

fn open_hold(book: &mut Book) -> Result<(&mut HoldState, &mut Vec<Part>), Refusal> {
    let (hold, parts) = book.hold.as_mut().ok_or(Refusal::UnknownHold)?;
    match hold.end {
        Some(end) => Err(Refusal::HoldEnded(end)),
        None => Ok((hold, parts)),
    }
}

/// `amount` from `parts` in their order, and what they lack.
fn take(parts: impl Iterator<Item = Part>, amount: Credits) -> (Vec<Part>, Credits) {
    let (mut taken, mut missing) = (Vec::new(), amount);
    for part in parts {
        let amount = part.amount.min(missing);
        if !amount.is_zero() {
            taken.push(Part { amount, ..part });
        }
        missing = missing - amount;
    }
    (taken, missing)
}

fn spent_of(spent: &[Part], grant: Id) -> Credits {
    spent.iter().filter(|part| part.grant == grant).map(|part| part.amount).sum()
}

/// Parts that become available again, or expire with their grant.
fn returned(book: &Book, parts: impl Iterator<Item = Part>, from: Bucket, now: Time) -> Result<Vec<Transfer>> {
    let mut transfers = Vec::new();
    for part in parts.filter(|part| !part.amount.is_zero()) {
        let to = book.find(part.grant)?.returned_to(now);
        transfers.push(moved(part, from, to));
    }
    Ok(transfers)
}

const fn moved(part: Part, from: Bucket, to: Bucket) -> Transfer {
    Transfer { grant: part.grant, from, to, amount: part.amount }
}
