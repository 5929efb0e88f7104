//! What can go wrong in the service.

use std::path::PathBuf;

use crate::refusal::Refusal;

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The ledger refuses a command. Nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The idempotency key was used before, for something else.
    #[error("the idempotency key was used before with another request; make a new key for a new request")]
    KeyReused,
    /// The folder of the database cannot be used.
    #[error("{path}: {cause}")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The SQLite library is older than the first version that keeps what it confirmed.
    #[error("SQLite {found} can lose data; {needed} or later is needed")]
    SqliteTooOld {
        /// The version that this program contains.
        found: String,
        /// The first version that is safe.
        needed: &'static str,
    },
    /// A migration that a database has was changed afterwards, or comes from a later version of this program.
    #[error("migration {number} of the database is not the one of this program: {why}")]
    Migration {
        /// Its number.
        number: i64,
        /// What differs.
        why: &'static str,
    },
    /// What the database holds contradicts itself.
    #[error("the ledger contradicts itself: {0}")]
    Corrupt(String),
    /// The database does not answer as it should.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The commit of a group of transactions failed. Whether they happened is unknown where the connection was lost; the same
    /// call with the same key tells.
    #[error("the database could not commit: {0}")]
    Commit(String),
}

impl Error {
    /// The stable name of this kind of error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::KeyReused => "idempotency_key_reused",
            Self::Folder { .. } => "folder_unusable",
            Self::SqliteTooOld { .. } => "sqlite_too_old",
            Self::Migration { .. } => "migration_changed",
            Self::Corrupt(_) => "ledger_corrupt",
            Self::Database(_) | Self::Commit(_) => "database_failed",
        }
    }

    /// Another transaction came in between; the same one may succeed when it is tried again.
    pub(crate) fn is_conflict(&self) -> bool {
        const DEADLOCK: &str = "40P01";
        const SERIALIZATION: &str = "40001";
        let Self::Database(sqlx::Error::Database(cause)) = self else { return false };
        cause.is_unique_violation() || matches!(cause.code().as_deref(), Some(DEADLOCK | SERIALIZATION))
    }

    /// A row of `table` has the same id.
    pub(crate) fn is_taken_in(&self, table: &str) -> bool {
        let Self::Database(sqlx::Error::Database(cause)) = self else { return false };
        // PostgreSQL names the constraint, SQLite the column.
        let place = cause.constraint().unwrap_or_else(|| cause.message());
        cause.is_unique_violation() && place.contains(table)
    }
}
