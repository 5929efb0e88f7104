//! Every test of the database runs on both.

use std::sync::{LazyLock, atomic::AtomicU32, atomic::Ordering};

use packshot_server::{Backend, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::postgres::Postgres;

static POSTGRES: LazyLock<Postgres> = LazyLock::new(|| Postgres::start(false));
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// An empty store.
pub struct Fresh {
    pub store: Store,
    pub folder: TempDir,
}

pub async fn fresh(backend: Backend) -> Fresh {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = match backend {
        Backend::Sqlite => Store::in_folder(folder.path()).await,
        Backend::Postgres => {
            let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
            Store::connect(&POSTGRES.create(&name), 16).await
        }
    };
    Fresh { store: store.expect("an empty store"), folder }
}

pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("a runtime")
}

/// A test that runs on both databases.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($store:ident: Store) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn check($store: Store) $body

            #[test]
            fn sqlite() {
                crate::stores::runtime().block_on(async {
                    let fresh = crate::stores::fresh(packshot_server::Backend::Sqlite).await;
                    check(fresh.store).await;
                });
            }

            #[test]
            fn postgres() {
                crate::stores::runtime().block_on(async {
                    let fresh = crate::stores::fresh(packshot_server::Backend::Postgres).await;
                    check(fresh.store).await;
                });
            }
        }
    )*};
}
pub(crate) use on_both;
