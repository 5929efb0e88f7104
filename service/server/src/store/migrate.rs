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

/// The tables of one purpose. Two sets can lie in one database.
pub(super) struct Set {
    /// In the order in which they are run; the first has number 1.
    migrations: &'static [Migration],
    /// Makes the table of those that were run.
    history: &'static str,
    select: &'static str,
    insert: &'static str,
}

macro_rules! set {
    ($table:literal: $($name:literal),*) => {
        Set {
            migrations: &[$(migration!($name)),*],
            history: concat!("CREATE TABLE IF NOT EXISTS ", $table, " (number BIGINT PRIMARY KEY, hash BYTEA NOT NULL)"),
            select: concat!("SELECT number, hash FROM ", $table, " ORDER BY number"),
            insert: concat!("INSERT INTO ", $table, " VALUES ($1, $2)"),
        }
    };
}

/// What the service knows.
pub(super) const SERVICE: Set = set!("migration": "0001-credits", "0002-accounts", "0003-assets");
/// The keys of content.
pub(super) const KEYS: Set = set!("vault_migration": "keys/0001-keys");

/// Runs the migrations that `store` does not have, each once, whoever else starts at the same time.
pub(super) async fn run(store: &Store, set: &Set) -> Result<()> {
    let mut tx = store.begin().await?;
    // Two servers that start together take turns. Any number will do.
    tx.lock("SELECT pg_advisory_xact_lock(5022614470)").await?;
    tx.script(set.history).await?;
    let done = tx.rows(set.select, &[]).await?;
    for (row, number) in done.iter().zip(1..) {
        let known = usize::try_from(number - 1).ok().and_then(|at| set.migrations.get(at));
        match known {
            _ if row.int("number")? != number => return Err(Error::Migration { number, why: "it is missing" }),
            None => return Err(Error::Migration { number, why: "this program is older than the database" }),
            Some(migration) if migration.hash(store.backend()) != row.bytes::<32>("hash")? => {
                return Err(Error::Migration { number, why: "its text was changed after it was run" });
            }
            Some(_) => {}
        }
    }
    for (migration, number) in set.migrations.iter().zip(1..).skip(done.len()) {
        tx.script(migration.tables).await?;
        tx.script(migration.own(store.backend())).await?;
        let hash = migration.hash(store.backend());
        let mut history = Writes::default();
        history.add(set.insert, [i64::into(number), hash.as_slice().into()]);
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
    use super::{Backend, KEYS, SERVICE};

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
        (
            "43a12a4df0837a89b114527afa5052f210ceb6586087c893fbc7d7d54c29eafd",
            "43a12a4df0837a89b114527afa5052f210ceb6586087c893fbc7d7d54c29eafd",
        ),
        (
            "af76edfecb11f3470db2c1f90fa519c1b9ef4554fcea1df38a3ca4b640f7ac89",
            "af76edfecb11f3470db2c1f90fa519c1b9ef4554fcea1df38a3ca4b640f7ac89",
        ),
    ];

    #[test]
    fn a_migration_never_changes() {
        let hex = |hash: [u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let found: Vec<_> = SERVICE
            .migrations
            .iter()
            .chain(KEYS.migrations)
            .map(|migration| [Backend::Sqlite, Backend::Postgres].map(|backend| hex(migration.hash(backend))))
            .collect();
        let frozen: Vec<_> = FROZEN.iter().map(|(sqlite, postgres)| [*sqlite, *postgres]).collect();
        assert_eq!(found, frozen);
    }
}
