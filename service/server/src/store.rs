//! The database: SQLite in a folder by default, PostgreSQL to grow.
//!
//! Each statement is written once, in the SQL that both understand: `$1` is a parameter, times and amounts are `BIGINT`,
//! ids are `BYTEA`. What differs stays in this module: how a transaction begins and commits, how rows are locked, and the
//! triggers of a migration.

mod group;
mod migrate;
mod postgres;
mod shared;
mod sqlite;
mod statement;
mod transaction;

use std::path::Path;

pub(crate) use statement::{Row, Value};
pub(crate) use transaction::{Rows, Tx, Writes};

use tracing::{Instrument as _, Span};

use crate::error::{Error, Result};
use crate::id::Id;
use crate::settings::Settings;

/// The span of a statement. Its text is the program's own; values are not part of it.
fn span(sql: &'static str) -> Span {
    tracing::debug_span!("database", otel.kind = "client", db.query.text = sql)
}

/// Connections to PostgreSQL of one copy of the service.
const CONNECTIONS: u32 = 16;

/// The same, for the keys of content.
const KEY_CONNECTIONS: u32 = 4;

/// Which database a store is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, in this process.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// The database of a service. Clones share it.
#[derive(Debug, Clone)]
pub struct Store(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// The database that the settings name.
    pub(crate) async fn of(settings: &Settings) -> Result<Self> {
        match &settings.database {
            Some(url) => Self::connect(url, CONNECTIONS).await,
            None => Self::in_folder(&settings.data).await,
        }
    }

    /// Opens the SQLite database in `folder`, and makes both when they are missing. One process at a time has it open.
    ///
    /// # Errors
    /// [`Error::Folder`](crate::Error::Folder), [`Error::Migration`](crate::Error::Migration), or what the database says.
    pub async fn in_folder(folder: &Path) -> Result<Self> {
        Self::migrated(Kind::Sqlite(sqlite::Sqlite::open(folder, "packshot.db").await?), &migrate::SERVICE).await
    }

    /// Connects to the PostgreSQL database of a URL, such as `postgres://user@host/name`, with at most `connections` of
    /// them.
    ///
    /// # Errors
    /// [`Error::Migration`](crate::Error::Migration), or what the database says.
    pub async fn connect(url: &str, connections: u32) -> Result<Self> {
        Self::migrated(Kind::Postgres(postgres::Postgres::connect(url, connections).await?), &migrate::SERVICE).await
    }

    /// The keys of content: a database of their own, unless the settings name PostgreSQL and no other place for them.
    pub(crate) async fn of_keys(settings: &Settings) -> Result<Self> {
        let kind = match settings.keys.as_ref().or(settings.database.as_ref()) {
            Some(url) => Kind::Postgres(postgres::Postgres::connect(url, KEY_CONNECTIONS).await?),
            None => Kind::Sqlite(sqlite::Sqlite::open(&settings.data.join("keys"), "keys.db").await?),
        };
        Self::migrated(kind, &migrate::KEYS).await
    }

    async fn migrated(kind: Kind, set: &migrate::Set) -> Result<Self> {
        let store = Self(kind);
        migrate::run(&store, set).await?;
        Ok(store)
    }

    /// Which database this is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match self.0 {
            Kind::Sqlite(_) => Backend::Sqlite,
            Kind::Postgres(_) => Backend::Postgres,
        }
    }

    /// A transaction that may write. Without [`Tx::commit`] it leaves nothing.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        Ok(match &self.0 {
            Kind::Sqlite(sqlite) => Tx::Sqlite(sqlite.turn().await?),
            Kind::Postgres(postgres) => Tx::Postgres(postgres.session().await?),
        })
    }

    /// The same, about one subject. What is read of it is up to date when it is written, unless another process writes
    /// about it: then the write is refused, and may be tried again.
    pub(crate) async fn begin_about(&self, subject: Id) -> Result<Tx> {
        Ok(match &self.0 {
            // There is one writer for all subjects.
            Kind::Sqlite(sqlite) => Tx::Sqlite(sqlite.turn().await?),
            Kind::Postgres(postgres) => Tx::Postgres(postgres.session_about(subject).await?),
        })
    }

    /// A transaction that only reads, and sees everything as of one moment.
    pub(crate) async fn snapshot(&self) -> Result<Tx> {
        Ok(match &self.0 {
            Kind::Sqlite(sqlite) => Tx::Sqlite(sqlite.turn().await?),
            Kind::Postgres(postgres) => Tx::Postgres(postgres.snapshot().await?),
        })
    }

    /// The rows of one query, as of the last commit.
    pub(crate) async fn rows(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        let rows = async {
            match &self.0 {
                Kind::Sqlite(sqlite) => sqlite.rows(sql, values).await,
                Kind::Postgres(postgres) => postgres.rows(sql, values).await,
            }
        };
        rows.instrument(span(sql)).await
    }

    /// Copies a database of this process into a file, whole and as of one moment.
    pub(crate) async fn copy_to(&self, path: &Path) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.copy_to(path).await,
            Kind::Postgres(_) => Err(Error::Setting("PostgreSQL has its own backups: pg_dump".to_owned())),
        }
    }

    /// Removes what the database's own files may still have of rows that were deleted.
    pub(crate) async fn settle(&self) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.settle().await,
            // It reuses the room by itself, when nobody can see the old rows any more.
            Kind::Postgres(_) => Ok(()),
        }
    }

    /// Ends all connections; what was committed is on disk.
    pub async fn close(self) {
        match self.0 {
            Kind::Sqlite(sqlite) => sqlite.close().await,
            Kind::Postgres(postgres) => postgres.close().await,
        }
    }
}
