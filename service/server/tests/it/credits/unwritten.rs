//! What could not be committed was never heard of: whoever read it in a shared transaction is not answered from it.

use packshot_server::{Code, Command, Error, Id};
use serde_json::json;
use tokio::task::JoinSet;

use super::{Bank, HOUR, credits, grant, key};
use crate::api::House;
use crate::service::{Reply, key as request_key};
use crate::stores::{Fresh, on_both};

const CALLERS: usize = 24;

/// From now on each transaction that adds to `table` fails when it is committed, and not before.
async fn no_commit_with(fresh: &Fresh, table: &str) {
    let statements = match fresh.store.backend() {
        packshot_server::Backend::Sqlite => format!(
            "CREATE TABLE promised (id INTEGER PRIMARY KEY); \
             CREATE TABLE doomed (id INTEGER REFERENCES promised (id) DEFERRABLE INITIALLY DEFERRED); \
             CREATE TRIGGER doom AFTER INSERT ON {table} BEGIN INSERT INTO doomed VALUES (1); END"
        ),
        packshot_server::Backend::Postgres => format!(
            "CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$; \
             CREATE CONSTRAINT TRIGGER doom AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW EXECUTE FUNCTION doom()"
        ),
    };
    fresh.change(&statements).await.expect("the owner may");
}

on_both! {
    async fn nobody_is_refused_for_what_is_not_on_disk(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        no_commit_with(&fresh, "credit_transaction").await;
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let bank = bank.clone();
            let all = Command::Hold { id: Id::new(), amount: credits(10), quoted: None, expires_in: HOUR };
            // Whoever comes second finds nothing left, because of a hold that is never committed.
            callers.spawn(async move { bank.ledger.execute(bank.account, &key(), &all).await });
        }
        while let Some(answer) = callers.join_next().await {
            let error = answer.expect("no panic").expect_err("nothing can be committed");
            assert_eq!(error.code(), Code::DatabaseFailed, "{error}");
            assert!(!matches!(error, Error::Refused(_)), "{error}");
        }
    }

    async fn nobody_hears_again_what_is_not_on_disk(fresh: Fresh) {
        let house = House::on(&fresh).await;
        no_commit_with(&fresh, "request").await;
        let key = request_key();
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let request = house.service.keyed(reqwest::Method::POST, "/v1/organisations", &key);
            callers.spawn(Reply::of(request.bearer_auth(&house.service.operator).json(&json!({ "name": "Hats" }))));
        }
        while let Some(reply) = callers.join_next().await {
            assert_eq!(reply.expect("no panic").refused(503), "database_failed");
        }
    }
}
