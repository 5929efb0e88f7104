//! What can go wrong in the service.

use std::path::PathBuf;
use std::time::Duration;

use packshot_api::service::Wrong;

use crate::code::Code;
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
    /// A request is refused, for the reason that the code tells.
    #[error("{}", .0.title())]
    Denied(Code),
    /// Single fields of a request are wrong.
    #[error("{}", wrong_fields(.0))]
    Invalid(Vec<Wrong>),
    /// The body of a request cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// There is no such thing, or it belongs to somebody else.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Too many requests came in a short time.
    #[error("the limit of {limit} was reached; wait {} s", .after.as_secs())]
    RateLimited {
        /// Which limit.
        limit: &'static str,
        /// How long to wait.
        after: Duration,
    },
    /// A file with the service's key is missing, or is another one.
    #[error("{path}: {why}")]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The policy cannot be obeyed.
    #[error("the policy cannot be obeyed: {0}")]
    Policy(String),
    /// A setting is wrong.
    #[error("{0}")]
    Setting(String),
    /// What is sealed was changed, or sealed with another key.
    #[error("what is sealed cannot be opened: it was changed, or sealed with another key")]
    Unsealable,
    /// The folder or bucket of content does not do what it should.
    #[error("content cannot be stored or read: {0}")]
    Objects(String),
    /// The scanner for viruses does not answer as it should.
    #[error("the scanner for viruses failed: {0}")]
    Scanner(String),
    /// A mail could not be sent.
    #[error("the mail could not be sent: {0}")]
    Mail(String),
    /// Something that must not happen.
    #[error("{0}")]
    Internal(String),
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

impl From<object_store::Error> for Error {
    fn from(cause: object_store::Error) -> Self {
        match cause {
            object_store::Error::NotFound { .. } => Self::NotFound("content"),
            cause => Self::Objects(cause.to_string()),
        }
    }
}

impl Error {
    /// The stable name of this kind of error.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::KeyReused => Code::KeyReused,
            Self::Denied(code) => *code,
            Self::Invalid(_) => Code::RequestInvalid,
            Self::Unreadable(_) => Code::BodyUnreadable,
            Self::NotFound(_) => Code::NotFound,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::KeyFile { .. } => Code::KeyFile,
            Self::Policy(_) => Code::PolicyUnusable,
            Self::Setting(_) => Code::SettingInvalid,
            Self::Unsealable => Code::Unsealable,
            Self::Objects(_) => Code::StorageFailed,
            Self::Scanner(_) => Code::ScannerFailed,
            Self::Mail(_) => Code::MailFailed,
            Self::Internal(_) => Code::Internal,
            Self::Folder { .. } => Code::FolderUnusable,
            Self::SqliteTooOld { .. } => Code::SqliteTooOld,
            Self::Migration { .. } => Code::MigrationChanged,
            Self::Corrupt(_) => Code::LedgerCorrupt,
            Self::Database(_) | Self::Commit(_) => Code::DatabaseFailed,
        }
    }

    /// One field of a request is wrong.
    pub(crate) fn field(field: &str, problem: impl Into<String>) -> Self {
        Self::Invalid(vec![Wrong { field: field.to_owned(), problem: problem.into() }])
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

fn wrong_fields(wrong: &[Wrong]) -> String {
    let one = |Wrong { field, problem }: &Wrong| format!("`{field}` {problem}");
    wrong.iter().map(one).collect::<Vec<_>>().join("; ")
}
