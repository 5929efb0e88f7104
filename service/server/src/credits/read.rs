//! Reads what a command needs to know of an account: one statement for each command.

use super::book::{Book, Corrected, Part};
use super::journal::START;
use super::{Bucket, Command, GrantState, Transaction, TransactionKind};
use crate::amount::Credits;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::refusal::Refusal;
use crate::store::{Row, Tx, Value};

/// A statement whose rows begin with the end of account `$1`'s journal and the transaction that had key `$2`, and go on
/// with `columns` from `table`: one row for each row of the table that fits, or one without.
macro_rules! about_account {
    ($columns:literal, $table:literal, $order:literal) => {
        concat!(
            "SELECT last.seq AS last_seq, last.hash AS last_hash, \
            e.seq AS tx_seq, e.request, e.kind, e.subject, e.amount AS tx_amount, e.corrects, e.at, ",
            $columns,
            " FROM (SELECT 1 AS one) one LEFT JOIN (SELECT seq, hash FROM credit_transaction WHERE account = $1 \
            ORDER BY seq DESC LIMIT 1) last ON true \
            LEFT JOIN credit_transaction e ON e.account = $1 AND e.key = $2 LEFT JOIN ",
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
    "t.seq AS part_seq, t.kind AS part_kind, t.subject AS part_subject, m.grant_id, m.from_bucket, m.to_bucket, m.amount, \
    g.id, g.seq, source, priority, g.expires_at, granted, available, held, consumed, expired, voided",
    "credit_transaction t ON t.account = $1 AND (t.seq = $3 OR t.corrects = $3) \
    LEFT JOIN credit_transfer m ON m.account = t.account AND m.seq = t.seq LEFT JOIN credit_grant g ON g.id = m.grant_id",
    "t.seq, m.position"
);

/// The book for `command`, and the transaction that had its key before.
pub(super) async fn book(
    tx: &mut Tx,
    account: Id,
    key: Option<&[u8; 16]>,
    command: &Command,
) -> Result<(Book, Option<Transaction>)> {
    let key = Value::Bytes(key.map(<[u8; 16]>::as_slice));
    let rows = match command {
        Command::Grant(_) | Command::Hold { .. } | Command::ExpireGrants => {
            tx.rows(WITH_GRANTS, &[(&account).into(), key]).await?
        }
        Command::Capture { hold, .. } | Command::Void { hold } | Command::ExpireHold { hold } => {
            tx.rows(WITH_HOLD, &[(&account).into(), key, hold.into()]).await?
        }
        Command::Correct { transaction, .. } => {
            tx.rows(WITH_CORRECTED, &[(&account).into(), key, (*transaction).into()]).await?
        }
    };
    let first = rows.first().ok_or_else(|| Error::Corrupt("a query without a row".to_owned()))?;
    let earlier = first.maybe_int("tx_seq")?.map(|_| first.transaction()).transpose()?;
    let mut book = end_of_journal(account, first, command)?;
    match command {
        Command::Capture { .. } | Command::Void { .. } | Command::ExpireHold { .. } => hold(&mut book, &rows)?,
        Command::Correct { transaction, .. } => corrected(&mut book, &rows, *transaction)?,
        Command::Grant(_) | Command::Hold { .. } | Command::ExpireGrants => book.grants = grants(&rows)?,
    }
    Ok((book, earlier))
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

fn grants(rows: &[Row]) -> Result<Vec<GrantState>> {
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
        let part =
            |(row, grant): (&Row, &GrantState)| Ok(Part { grant: grant.id, amount: Credits::stored(row.int("part")?) });
        let parts = rows.iter().zip(&book.grants).map(part).collect::<Result<_>>()?;
        book.hold = Some((row.hold()?, parts));
    }
    Ok(())
}

/// A transaction to correct, and what is left of it after earlier corrections.
fn corrected(book: &mut Book, rows: &[Row], seq: i64) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    if first.maybe_int("part_seq")? != Some(seq) {
        return Ok(());
    }
    let kind = first.word("part_kind", TransactionKind::from_word)?;
    if !matches!(kind, TransactionKind::Capture | TransactionKind::Grant) {
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
    }
    book.corrected = Some(Corrected { seq, kind, subject: first.maybe_id("part_subject")?, left });
    Ok(())
}
