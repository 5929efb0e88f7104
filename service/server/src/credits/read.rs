//! Reads what a command needs to know of an account: one statement for each command.

use super::book::{Book, Part};
use super::journal::START;
use super::{Bucket, Command, Credits, Key, Receipt, Refusal, TransactionKind};
use crate::store::{Row, Tx, Value};
use crate::{Error, Id, Result};

/// What was answered to a key before.
pub(super) struct Answer {
    /// SHA-256 of the command.
    pub(super) request: [u8; 32],
    receipt: String,
}

impl Answer {
    pub(super) fn receipt(&self) -> Result<Receipt> {
        let receipt = serde_json::from_str(&self.receipt).map_err(|cause| Error::Corrupt(cause.to_string()))?;
        Ok(Receipt { replayed: true, ..receipt })
    }
}

/// A statement whose rows begin with the end of account `$1`'s journal and the answer to key `$2`, and go on with
/// `columns` from `table`: one row for each row of the table that fits, or one without.
macro_rules! about_account {
    ($columns:literal, $table:literal, $order:literal) => {
        concat!(
            "SELECT last.seq AS last_seq, last.hash AS last_hash, i.request AS first_request, i.answer, ",
            $columns,
            " FROM (SELECT 1 AS one) one LEFT JOIN (SELECT seq, hash FROM credit_transaction WHERE account = $1 \
            ORDER BY seq DESC LIMIT 1) last ON true LEFT JOIN idempotency i ON i.scope = $1 AND i.key = $2 LEFT JOIN ",
            $table,
            " ORDER BY ",
            $order
        )
    };
}

const WITH_GRANTS: &str = about_account!(
    "g.id, g.seq, source, priority, expires_at, granted, available, held, consumed, expired, voided",
    "credit_grant g ON g.account = $1 AND g.available > 0",
    "priority, expires_at NULLS LAST, g.seq"
);

const WITH_HOLD: &str = about_account!(
    "h.id AS hold_id, h.seq AS hold_seq, h.amount AS hold_amount, quoted, captured, state, \
    h.expires_at AS hold_expires_at, t.amount AS part, \
    g.id, g.seq, source, priority, g.expires_at, granted, available, held, consumed, expired, voided",
    "credit_hold h ON h.account = $1 AND h.id = $3 \
    LEFT JOIN credit_transfer t ON t.account = h.account AND t.seq = h.seq LEFT JOIN credit_grant g ON g.id = t.grant_id",
    "t.position"
);

const WITH_CORRECTED: &str = about_account!(
    "t.seq AS tx_seq, t.kind, t.at, t.hold, t.corrects, t.request, m.grant_id, m.from_bucket, m.to_bucket, m.amount, \
    g.id, g.seq, source, priority, g.expires_at, granted, available, held, consumed, expired, voided",
    "credit_transaction t ON t.account = $1 AND (t.seq = $3 OR t.corrects = $3) \
    LEFT JOIN credit_transfer m ON m.account = t.account AND m.seq = t.seq LEFT JOIN credit_grant g ON g.id = m.grant_id",
    "t.seq, m.position"
);

/// The book for `command`, and what was answered to its key before.
pub(super) async fn book(
    tx: &mut Tx,
    account: Id,
    key: Option<&Key>,
    command: &Command,
) -> Result<(Book, Option<Answer>)> {
    let subject = Value::Text(key.map(Key::as_str));
    let rows = match command {
        Command::Grant(_) | Command::Hold { .. } | Command::ExpireGrants => {
            tx.rows(WITH_GRANTS, &[(&account).into(), subject]).await?
        }
        Command::Capture { hold, .. } | Command::Void { hold } | Command::ExpireHold { hold } => {
            tx.rows(WITH_HOLD, &[(&account).into(), subject, hold.into()]).await?
        }
        Command::Correct { transaction, .. } => {
            tx.rows(WITH_CORRECTED, &[(&account).into(), subject, (*transaction).into()]).await?
        }
    };
    let first = rows.first().ok_or_else(|| Error::Corrupt("a query without a row".to_owned()))?;
    let answer = match (first.maybe_bytes("first_request")?, first.maybe_text("answer")?) {
        (Some(request), Some(receipt)) => Some(Answer { request, receipt }),
        _ => None,
    };
    let mut book = end_of_journal(account, first, command)?;
    match command {
        Command::Capture { .. } | Command::Void { .. } | Command::ExpireHold { .. } => hold(&mut book, &rows)?,
        Command::Correct { transaction, .. } => corrected(&mut book, &rows, *transaction)?,
        Command::Grant(_) | Command::Hold { .. } | Command::ExpireGrants => book.grants = grants(&rows)?,
    }
    Ok((book, answer))
}

fn end_of_journal(account: Id, row: &Row, command: &Command) -> Result<Book> {
    let (seq, head) = match (row.maybe_int("last_seq")?, row.maybe_bytes("last_hash")?) {
        (Some(seq), Some(head)) => (seq, head),
        // The first grant opens the account.
        _ if matches!(command, Command::Grant(_)) => (0, START),
        _ => return Err(Refusal::UnknownAccount.into()),
    };
    Ok(Book { account, seq, head, grants: Vec::new(), hold: None, corrected: None })
}

fn grants(rows: &[Row]) -> Result<Vec<super::GrantState>> {
    let mut grants = Vec::new();
    for row in rows {
        if row.maybe_id("id")?.is_some() {
            grants.push(row.grant()?);
        }
    }
    Ok(grants)
}

fn hold(book: &mut Book, rows: &[Row]) -> Result<()> {
    book.grants = grants(rows)?;
    if let Some(row) = rows.first()
        && row.maybe_id("hold_id")?.is_some()
    {
        let part = |(row, grant): (&Row, &super::GrantState)| {
            Ok(Part { grant: grant.id, amount: Credits::stored(row.int("part")?) })
        };
        let parts = rows.iter().zip(&book.grants).map(part).collect::<Result<_>>()?;
        book.hold = Some((row.hold()?, parts));
    }
    Ok(())
}

/// What a transaction moved, and what is left of it after earlier corrections.
fn corrected(book: &mut Book, rows: &[Row], seq: i64) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    if first.maybe_int("tx_seq")? != Some(seq) {
        return Ok(());
    }
    let mut transaction = first.transaction()?;
    if !matches!(transaction.kind, TransactionKind::Capture | TransactionKind::Grant) {
        return Ok(());
    }
    let mut left: Vec<Part> = Vec::new();
    for row in rows {
        let (grant, transfer) = (row.grant()?, row.transfer()?);
        if book.find(grant.id).is_err() {
            book.grants.push(grant);
        }
        let part = left.iter_mut().find(|part| part.grant == transfer.grant);
        match (transfer.from, transfer.to, part) {
            (_, Bucket::Consumed, _) => left.push(Part { grant: transfer.grant, amount: transfer.amount }),
            (Bucket::Consumed, _, Some(part)) => part.amount = part.amount - transfer.amount,
            _ => {}
        }
        if row.int("tx_seq")? == seq {
            transaction.transfers.push(transfer);
        }
    }
    book.corrected = Some((transaction, left));
    Ok(())
}
