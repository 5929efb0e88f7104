//! A statement: the journal as a table for people and for bookkeeping.

use packshot_api::service::{Credits, Time};

use super::{Bucket, Ledger, Transaction};
use crate::error::{Error, Result};
use crate::id::Id;

/// Transactions that are read at one time.
const BATCH: u32 = 500;

/// The transactions of `account` from a moment on and before another, as CSV (RFC 4180): one row each, with what it changed
/// and what could be used after it.
pub(crate) async fn statement(ledger: &Ledger, account: Id, from: Option<Time>, to: Option<Time>) -> Result<String> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let fault = |cause: csv::Error| Error::Internal(cause.to_string());
    table.write_record(["number", "time", "kind", "credits", "available", "subject", "corrects"]).map_err(fault)?;
    let (mut after, mut available) = (0, 0);
    loop {
        let batch = ledger.journal(account, after, BATCH).await?;
        for transaction in &batch {
            let change = change(transaction);
            available += change;
            if from.is_some_and(|from| transaction.at < from) || to.is_some_and(|to| transaction.at >= to) {
                continue;
            }
            let subject = transaction.subject.map(|id| id.to_string()).unwrap_or_default();
            let corrects = transaction.corrects.map(|number| number.to_string()).unwrap_or_default();
            let row = [
                transaction.seq.to_string(),
                transaction.at.to_string(),
                transaction.kind.to_string(),
                Credits::sum_of_millis(change).to_string(),
                Credits::sum_of_millis(available).to_string(),
                subject,
                corrects,
            ];
            table.write_record(row).map_err(fault)?;
        }
        match batch.last() {
            Some(last) if batch.len() == BATCH as usize => after = last.seq,
            _ => break,
        }
    }
    let bytes = table.into_inner().map_err(|cause| Error::Internal(cause.to_string()))?;
    String::from_utf8(bytes).map_err(|cause| Error::Internal(cause.to_string()))
}

/// By how much a transaction changed what can be used, in thousandths.
fn change(transaction: &Transaction) -> i64 {
    let side = |bucket: Bucket, sign: i64| if bucket == Bucket::Available { sign } else { 0 };
    let signs =
        transaction.transfers.iter().map(|transfer| (side(transfer.to, 1) - side(transfer.from, 1), transfer.amount));
    signs.map(|(sign, amount)| sign * amount.as_millis()).sum()
}
