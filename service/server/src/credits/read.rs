//! Reads what a command needs to know of an account: one statement for each command.

use packshot_api::service::Credits;

use super::book::{Book, Corrected, Part};
use super::journal::START;
use super::rows::{grant_columns, hold_columns, transaction_columns, transfer_columns};
use super::{Bucket, Command, GrantState, Transaction, TransactionKind};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::refusal::Refusal;
use crate::store::{Row, Tx, Value};

/// A statement whose rows begin with the end of account `$1`'s journal and the transaction that had key `$2`, and go on
/// with `columns` from `table`: one row for each row of the table that fits, or one without.
macro_rules! about_account {
    ($columns:expr, $table:literal, $order:literal) => {
        concat!(
            "SELECT last.seq AS last_seq, last.hash AS last_hash, ",
            transaction_columns!(),
            ", ",
            $columns,
            " FROM (SELECT 1 AS one) one LEFT JOIN (SELECT seq, hash FROM credit_transaction WHERE account = $1 \
            ORDER BY seq DESC LIMIT 1) last ON true \
            LEFT JOIN credit_transaction t ON t.account = $1 AND t.key = $2 LEFT JOIN ",
            $table,
            " ORDER BY ",
            $order
        )
    };
}

const WITH_GRANTS: &str = about_account!(
    grant_columns!(),
    "credit_grant g ON g.account = $1 AND g.available > 0",
    "g.priority, g.expires_at NULLS LAST, g.seq"
);

const WITH_HOLD: &str = about_account!(
    concat!(hold_columns!(), ", p.amount AS part, ", grant_columns!()),
    "credit_hold h ON h.account = $1 AND h.id = $3 \
    LEFT JOIN credit_transfer p ON p.account = h.account AND p.seq = h.seq LEFT JOIN credit_grant g ON g.id = p.grant_id",
    "p.position"
);

const WITH_CORRECTED: &str = about_account!(
    concat!(
        "c.seq AS part_seq, c.kind AS part_kind, c.subject AS part_subject, ",
        transfer_columns!(),
        ", ",
        grant_columns!()
    ),
    "credit_transaction c ON c.account = $1 AND (c.seq = $3 OR c.corrects = $3) \
    LEFT JOIN credit_transfer m ON m.account = c.account AND m.seq = c.seq LEFT JOIN credit_grant g ON g.id = m.grant_id",
    "c.seq, m.position"
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
        let part = |(row, grant): (&Row, &GrantState)| {
            Ok(Part { grant: grant.id, amount: Credits::sum_of_millis(row.int("part")?) })
        };
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
