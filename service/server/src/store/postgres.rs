//! PostgreSQL. Any number of processes share it.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{PgConnection, Transaction};

use super::statement::{Row, Value, bound};
use crate::Result;

/// How long a caller waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub(super) struct Postgres(PgPool);

impl Postgres {
    pub(super) async fn connect(url: &str, connections: u32) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("packshot");
        let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
        // Asking a connection whether it lives before each use would cost a round trip.
        Ok(Self(pool.test_before_acquire(false).connect_with(options).await?))
    }

    pub(super) async fn begin(&self) -> Result<Transaction<'static, sqlx::Postgres>> {
        Ok(self.0.begin().await?)
    }

    pub(super) async fn rows(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        rows(&mut *self.0.acquire().await?, sql, values).await
    }

    pub(super) async fn close(self) {
        self.0.close().await;
    }
}

pub(super) async fn rows(connection: &mut PgConnection, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
    let rows = bound(sqlx::query(sql), values.iter().cloned()).fetch_all(connection).await?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}
