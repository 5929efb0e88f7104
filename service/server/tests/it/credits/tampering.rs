//! Whoever changes the journal behind the ledger's back is refused, or found out.

use packshot_server::Backend;

use super::{Bank, capture, grant, hold};
use crate::stores::{Fresh, fresh, runtime};

/// A grant of 10, a hold of 4 and a capture of 3.
async fn history(fresh: &Fresh) -> Bank {
    let bank = Bank::new(fresh.store.clone());
    bank.does(&grant(10)).await;
    let (id, hold) = hold(4);
    bank.does(&hold).await;
    bank.does(&capture(id, 3)).await;
    bank.is_sound().await;
    bank
}

fn the_journal_only_grows(backend: Backend) {
    runtime().block_on(async {
        let fresh = fresh(backend).await;
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
    });
}

#[test]
fn the_journal_only_grows_on_sqlite() {
    the_journal_only_grows(Backend::Sqlite);
}

#[test]
fn the_journal_only_grows_on_postgres() {
    the_journal_only_grows(Backend::Postgres);
}

/// What somebody changes who may do anything to the database, and what the audit says.
fn a_changed_journal_is_found(backend: Backend) {
    let changes = [
        ("UPDATE credit_transfer SET amount = amount + 1 WHERE seq = 3", "transaction 3 is not what was hashed"),
        ("UPDATE credit_transaction SET at = at + 1 WHERE seq = 2", "transaction 2 is not what was hashed"),
        ("UPDATE credit_transaction SET hash = $1 WHERE seq = 1", "transaction 1 is not what was hashed"),
        ("UPDATE credit_grant SET available = available + 1, consumed = consumed - 1", "the grants are not"),
        ("UPDATE credit_hold SET captured = captured - 1", "the holds are not"),
    ];
    runtime().block_on(async {
        for (change, fault) in changes {
            let fresh = fresh(backend).await;
            let bank = history(&fresh).await;
            fresh.without_triggers().await;
            let change = change
                .replace("$1", if backend == Backend::Sqlite { "zeroblob(32)" } else { "'\\x00'::bytea || hash" });
            if let Err(error) = fresh.change(&change).await {
                panic!("{change}: {error}");
            }
            match bank.ledger.audit(bank.account).await {
                Ok(audit) => {
                    assert!(audit.faults.iter().any(|found| found.starts_with(fault)), "{change}: {:?}", audit.faults)
                }
                // A hash of another length is no hash.
                Err(error) => assert!(change.contains("bytea"), "{change}: {error}"),
            }
        }
        // The last transaction is cut off, with its transfers.
        let fresh = fresh(backend).await;
        let bank = history(&fresh).await;
        fresh.without_triggers().await;
        fresh.change("DELETE FROM credit_transfer WHERE seq = 3").await.expect("no trigger");
        fresh.change("DELETE FROM credit_transaction WHERE seq = 3").await.expect("no trigger");
        let faults = bank.faults().await;
        assert_eq!(faults, ["the grants are not as the journal says", "the holds are not as the journal says"]);
    });
}

#[test]
fn a_changed_journal_is_found_on_sqlite() {
    a_changed_journal_is_found(Backend::Sqlite);
}

#[test]
fn a_changed_journal_is_found_on_postgres() {
    a_changed_journal_is_found(Backend::Postgres);
}
