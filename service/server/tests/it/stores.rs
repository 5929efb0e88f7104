//! Every test of the database runs on both.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use packshot_server::{Backend, Error, Settings, Store};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::postgres::Postgres;
use crate::test_data::skipped;

static POSTGRES: LazyLock<Postgres> = LazyLock::new(|| Postgres::start(false));
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// An empty store, and the way into its database that a service does not have.
pub(crate) struct Fresh {
    pub(crate) store: Store,
    folder: TempDir,
    url: String,
}

async fn fresh(backend: Backend) -> Fresh {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut url = String::new();
    let store = match backend {
        Backend::Sqlite => Store::in_folder(folder.path()).await,
        Backend::Postgres => {
            url = POSTGRES.create(&format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed)));
            Store::connect(&url, 16).await
        }
    };
    Fresh { store: store.expect("an empty store"), folder, url }
}

impl Fresh {
    /// A service on this database, with a clock that tests move.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            data: self.folder.path().to_owned(),
            database: (self.store.backend() == Backend::Postgres).then(|| self.url.clone()),
            listen: ([127, 0, 0, 1], 0).into(),
            test_clock: Some(crate::service::START),
            limit_address: 1_000_000.try_into().expect("not zero"),
            limit_account: 1_000_000.try_into().expect("not zero"),
            limit_costly: 1_000_000.try_into().expect("not zero"),
            ..Settings::default()
        }
    }

    /// The texts of all mails that were sent to `address`, in their order.
    pub(crate) fn mails(&self, address: &str) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.folder.path().join("mail")) else { return Vec::new() };
        let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        files.sort();
        let text = |path: &std::path::PathBuf| std::fs::read_to_string(path).expect("a mail").replace("=\r\n", "");
        files.iter().map(text).filter(|mail| mail.contains(&format!("To: {address}\r\n"))).collect()
    }

    /// All that the database keeps, as bytes.
    pub(crate) async fn kept(&self) -> Vec<u8> {
        let mut kept = Vec::new();
        match self.store.backend() {
            Backend::Sqlite => {
                for name in ["packshot.db", "packshot.db-wal"] {
                    kept.extend(std::fs::read(self.folder.path().join(name)).unwrap_or_default());
                }
            }
            Backend::Postgres => {
                self.change("CHECKPOINT").await.expect("the owner may");
                kept.extend(POSTGRES.files());
            }
        }
        kept
    }

    /// What its own files keep of this database. Logs of writes, which PostgreSQL has for all databases together, are part of
    /// [`Fresh::kept`] only.
    pub(crate) async fn kept_here(&self) -> Vec<u8> {
        if self.store.backend() == Backend::Sqlite {
            return self.kept().await;
        }
        self.change("CHECKPOINT").await.expect("the owner may");
        let mut connection = PgConnection::connect(&self.url).await.expect("a connection");
        let folder: String = sqlx::query_scalar("SELECT oid::text FROM pg_database WHERE datname = current_database()")
            .fetch_one(&mut connection)
            .await
            .expect("its id");
        POSTGRES.files_in(&format!("data/base/{folder}"))
    }

    /// Runs a statement past the service.
    pub(crate) async fn change(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self.store.backend() {
            Backend::Sqlite => {
                let options = SqliteConnectOptions::new().filename(self.folder.path().join("packshot.db"));
                options.connect().await?.execute(sql).await.map(drop)
            }
            Backend::Postgres => PgConnection::connect(&self.url).await?.execute(sql).await.map(drop),
        }
    }

    /// Runs a statement on PostgreSQL only.
    pub(crate) async fn change_where_needed(&self, sql: &str) {
        if self.store.backend() == Backend::Postgres {
            self.change(sql).await.expect("the owner may");
        }
    }

    /// Opens the same database once more.
    pub(crate) fn opener(&self) -> impl Future<Output = Result<Store, Error>> + use<> {
        let (backend, folder, url) = (self.store.backend(), self.folder.path().to_owned(), self.url.clone());
        async move {
            match backend {
                Backend::Sqlite => Store::in_folder(&folder).await,
                Backend::Postgres => Store::connect(&url, 2).await,
            }
        }
    }

    pub(crate) async fn again(&self) -> Result<Store, Error> {
        self.opener().await
    }

    /// Bytes as a statement has them.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.literal(&digits)
    }

    /// An id, or other hexadecimal digits, as a statement has them.
    pub(crate) fn literal(&self, digits: &str) -> String {
        match self.store.backend() {
            Backend::Sqlite => format!("x'{digits}'"),
            Backend::Postgres => format!("'\\x{digits}'"),
        }
    }

    pub(crate) async fn without_triggers(&self) {
        for (table, names) in [("credit_transaction", ["kept", "stays"]), ("credit_transfer", ["kept", "stays"])] {
            for name in names {
                let place = if self.store.backend() == Backend::Sqlite { "" } else { &format!(" ON {table}") };
                self.change(&format!("DROP TRIGGER IF EXISTS {table}_{name}{place}")).await.expect("the owner may");
            }
        }
    }
}

pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("a runtime")
}

/// Runs a check on an empty store.
pub(crate) fn on<F: Future<Output = ()>>(backend: Backend, check: impl FnOnce(Fresh) -> F) {
    if !is_skipped(backend) {
        runtime().block_on(async { check(fresh(backend).await).await });
    }
}

/// Whether the database is not installed, which in CI is a failure.
pub(crate) fn is_skipped(backend: Backend) -> bool {
    let missing = backend == Backend::Postgres && !Postgres::is_installed();
    if missing {
        assert!(std::env::var_os("CI").is_none(), "PostgreSQL is not installed");
        skipped::<()>("PostgreSQL is not installed");
    }
    missing
}

/// A test that runs on both databases.
macro_rules! on_both {
    ($(async fn $name:ident($fresh:ident: Fresh) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn check($fresh: Fresh) $body

            #[test]
            fn sqlite() {
                crate::stores::on(packshot_server::Backend::Sqlite, check);
            }

            #[test]
            fn postgres() {
                crate::stores::on(packshot_server::Backend::Postgres, check);
            }
        }
    )*};
}
pub(crate) use on_both;
