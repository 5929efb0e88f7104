//! Whoever changes the journal behind the ledger's back is refused, or found out.

use super::{Bank, capture, grant, hold};
use crate::stores::{Fresh, on_both};

/// A grant of 10, a hold of 4 and a capture of 3.
async fn history(fresh: &Fresh) -> Bank {
    let bank = Bank::of(fresh);
    bank.does(&grant(10)).await;
    let (id, hold) = hold(4);
    bank.does(&hold).await;
    bank.does(&capture(id, 3)).await;
    bank.is_sound().await;
    bank
}

/// What somebody changes who may do anything to the database, and what the audit says.
const CHANGES: [(&str, &str); 5] = [
    ("UPDATE credit_transfer SET amount = amount + 1 WHERE seq = 3", "transaction 3 is not what was hashed"),
    ("UPDATE credit_transaction SET at = at + 1 WHERE seq = 2", "transaction 2 is not what was hashed"),
    ("UPDATE credit_transaction SET request = 'null' WHERE seq = 1", "transaction 1 is not what was hashed"),
    ("UPDATE credit_grant SET available = available + 1, consumed = consumed - 1", "the grants are not"),
    ("UPDATE credit_hold SET captured = captured - 1", "the holds are not"),
];

on_both! {
    async fn the_journal_only_grows(fresh: Fresh) {
        let bank = history(&fresh).await;
        for change in [
            "UPDATE credit_transfer SET amount = 1",
            "DELETE FROM credit_transfer",
            "UPDATE credit_transaction SET at = 0",
            "DELETE FROM credit_transaction",
        ] {
            let refused = fresh.change(change).await.expect_err(change);
            assert!(refused.to_string().contains("the journal only grows"), "{change}: {refused}");
        }
        bank.is_sound().await;
    }

    async fn a_changed_journal_is_found(fresh: Fresh) {
        fresh.without_triggers().await;
        for (change, fault) in CHANGES {
            let bank = history(&fresh).await;
            let to_account = format!("{change} {} account = {}", if change.contains("WHERE") { "AND" } else { "WHERE" }, fresh.literal(&bank.account.to_string()));
            fresh.change(&to_account).await.expect("nothing refuses it");
            let faults = bank.faults().await;
            assert!(faults.iter().any(|found| found.starts_with(fault)), "{change}: {faults:?}");
        }
    }

    async fn a_missing_transaction_is_found(fresh: Fresh) {
        let bank = history(&fresh).await;
        fresh.without_triggers().await;
        fresh.change("DELETE FROM credit_transfer WHERE seq = 2").await.expect("no trigger");
        fresh.change("DELETE FROM credit_transaction WHERE seq = 2").await.expect("no trigger");
        // What comes after it by far more than a page is still read.
        fresh.change("UPDATE credit_transfer SET seq = 5000 WHERE seq = 3").await.expect("no trigger");
        fresh.change("UPDATE credit_transaction SET seq = 5000 WHERE seq = 3").await.expect("no trigger");
        let faults = bank.faults().await;
        assert!(faults.iter().any(|fault| fault == "transaction 2 is missing"), "{faults:?}");
        assert!(faults.iter().any(|fault| fault.starts_with("transaction 5000: ")), "{faults:?}");
    }

    async fn a_cut_tail_is_found(fresh: Fresh) {
        let bank = history(&fresh).await;
        fresh.without_triggers().await;
        fresh.change("DELETE FROM credit_transfer WHERE seq = 3").await.expect("no trigger");
        fresh.change("DELETE FROM credit_transaction WHERE seq = 3").await.expect("no trigger");
        let faults = bank.faults().await;
        assert_eq!(faults, ["the grants are not as the journal says", "the holds are not as the journal says"]);
    }
}
