//! Brings a database to the tables of this program.
//!
//! A released migration never changes: a database keeps the hash of each one it has, and refuses another text.

use sha2::{Digest, Sha256};

use super::{Backend, Store, Writes};
use crate::error::{Error, Result};

struct Migration {
    tables: &'static str,
    /// What the two databases spell differently.
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        Migration {
            tables: include_str!(concat!("../../migrations/", $name, ".sql")),
            sqlite: include_str!(concat!("../../migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("../../migrations/", $name, ".postgres.sql")),
        }
    };
}

/// In the order in which they are run; the first has number 1.
const MIGRATIONS: &[Migration] = &[migration!("0001-credits"), migration!("0002-accounts")];

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, hash BYTEA NOT NULL)";

/// Runs the migrations that `store` does not have, each once, whoever else starts at the same time.
pub(super) async fn run(store: &Store) -> Result<()> {
    let mut tx = store.begin().await?;
    // Two servers that start together take turns. Any number will do.
    tx.lock("SELECT pg_advisory_xact_lock(5022614470)").await?;
    tx.script(HISTORY).await?;
    let done = tx.rows("SELECT number, hash FROM migration ORDER BY number", &[]).await?;
    for (row, number) in done.iter().zip(1..) {
        let known = usize::try_from(number - 1).ok().and_then(|at| MIGRATIONS.get(at));
        match known {
            _ if row.int("number")? != number => return Err(Error::Migration { number, why: "it is missing" }),
            None => return Err(Error::Migration { number, why: "this program is older than the database" }),
            Some(migration) if migration.hash(store.backend()) != row.bytes::<32>("hash")? => {
                return Err(Error::Migration { number, why: "its text was changed after it was run" });
            }
            Some(_) => {}
        }
    }
    for (migration, number) in MIGRATIONS.iter().zip(1..).skip(done.len()) {
        tx.script(migration.tables).await?;
        tx.script(migration.own(store.backend())).await?;
        let hash = migration.hash(store.backend());
        let mut history = Writes::default();
        history.add("INSERT INTO migration VALUES ($1, $2)", [i64::into(number), hash.as_slice().into()]);
        tx.run(history).await?;
    }
    tx.commit().await
}

impl Migration {
    const fn own(&self, backend: Backend) -> &'static str {
        match backend {
            Backend::Sqlite => self.sqlite,
            Backend::Postgres => self.postgres,
        }
    }

    fn hash(&self, backend: Backend) -> [u8; 32] {
        Sha256::new().chain_update(self.tables).chain_update(self.own(backend)).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Backend, MIGRATIONS};

    /// Once it is released, a line here never changes: databases have this hash.
    const FROZEN: &[(&str, &str)] = &[
        (
            "4baf218aaf8564c7a47d08eadc5246c1da76b4abf6065d7a99934af540dc9607",
            "ff03f71e3e2e3c402c673c8ce88fb69c555619aab542e60e145124b924999724",
        ),
        (
            "c3d2452079fa5a45ef97f7ce423d8c94a11b5f4b925c127b9d63ebc9f03013e3",
            "c3d2452079fa5a45ef97f7ce423d8c94a11b5f4b925c127b9d63ebc9f03013e3",
        ),
    ];

    #[test]
    fn a_migration_never_changes() {
        let hex = |hash: [u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let found: Vec<_> = MIGRATIONS
            .iter()
            .map(|migration| [Backend::Sqlite, Backend::Postgres].map(|backend| hex(migration.hash(backend))))
            .collect();
        let frozen: Vec<_> = FROZEN.iter().map(|(sqlite, postgres)| [*sqlite, *postgres]).collect();
        assert_eq!(found, frozen);
    }
}
