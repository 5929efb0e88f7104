//! The ledger's words as those of the API.

use packshot_api::service::{Balance, Grant, Hold, HoldState, Transaction, TransactionKind, Transfer};

use crate::credits;
use crate::refusal::HoldEnd;

pub(super) fn balance(balance: &credits::Balance) -> Balance {
    let credits::Balance { available, held, consumed, expired, voided, granted } = *balance;
    Balance { available, held, consumed, expired, voided, granted }
}

pub(super) fn grant(grant: credits::GrantState) -> Grant {
    Grant {
        id: grant.id.to_string(),
        source: grant.source,
        priority: grant.priority,
        expires_at: grant.expires_at,
        granted: grant.granted,
        available: grant.available,
        held: grant.held,
        consumed: grant.consumed,
        expired: grant.expired,
        voided: grant.voided,
    }
}

pub(super) fn hold(hold: &credits::HoldState) -> Hold {
    let state = match hold.end {
        None => HoldState::Open,
        Some(HoldEnd::Captured) => HoldState::Captured,
        Some(HoldEnd::Voided) => HoldState::Voided,
        Some(HoldEnd::Expired) => HoldState::Expired,
    };
    let credits::HoldState { amount, quoted, captured, expires_at, .. } = *hold;
    Hold { id: hold.id.to_string(), amount, quoted, captured, state, expires_at }
}

pub(super) fn transaction(transaction: credits::Transaction) -> Transaction {
    Transaction {
        number: transaction.seq,
        kind: TransactionKind::from(transaction.kind.word()),
        subject: transaction.subject.map(|id| id.to_string()),
        amount: transaction.amount,
        corrects: transaction.corrects,
        at: transaction.at,
        transfers: transaction.transfers.iter().map(transfer).collect(),
    }
}

fn transfer(transfer: &credits::Transfer) -> Transfer {
    let [from, to] = [transfer.from, transfer.to].map(|bucket| bucket.word().to_owned());
    Transfer { grant: transfer.grant.to_string(), from, to, amount: transfer.amount }
}
