//! A transaction on either database.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, Transaction};

use super::sqlite::Turn;
use super::statement::{Row, Value, bound};
use super::{postgres, sqlite};
use crate::Result;

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(Turn),
    Postgres(Transaction<'static, sqlx::Postgres>),
}

impl Tx {
    /// The rows of a query, or those that a statement with `RETURNING` wrote.
    pub(crate) async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(turn) => sqlite::rows(turn.connection()?, sql, values).await,
            Self::Postgres(tx) => postgres::rows(tx, sql, values).await,
        }
    }

    /// The rows of a query, locked in `table` until the transaction ends. SQLite has one writer, who needs no locks.
    pub(crate) async fn locked_rows(
        &mut self,
        sql: &'static str,
        table: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(_) => self.rows(sql, values).await,
            Self::Postgres(tx) => {
                let sql = AssertSqlSafe(format!("{sql} FOR UPDATE OF {table}"));
                let rows = bound(sqlx::query(sql), values.iter().cloned()).fetch_all(&mut **tx).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// Runs all of `writes`.
    pub(crate) async fn run(&mut self, writes: Writes<'_>) -> Result<()> {
        match self {
            Self::Sqlite(turn) => {
                for (sql, values) in writes.0 {
                    bound(sqlx::query(sql), values).execute(turn.connection()?).await?;
                }
            }
            Self::Postgres(tx) => {
                let (sql, values) = writes.joined();
                bound(sqlx::query(AssertSqlSafe(sql)), values).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    /// Makes what was written permanent; it is on disk when this returns.
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(turn) => turn.commit().await,
            Self::Postgres(tx) => Ok(tx.commit().await?),
        }
    }
}

/// Statements that write different rows, in no order that matters: PostgreSQL gets them as one, in one round trip.
#[derive(Debug, Default)]
pub(crate) struct Writes<'a>(Vec<(&'static str, Vec<Value<'a>>)>);

impl<'a> Writes<'a> {
    /// Adds a statement without `RETURNING`.
    pub(crate) fn add(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value<'a>>) {
        self.0.push((sql, values.into_iter().collect()));
    }

    /// All statements as one: each becomes a part of a `WITH`, its parameters numbered on from those before.
    fn joined(self) -> (String, Vec<Value<'a>>) {
        let (mut joined, mut all) = (String::new(), Vec::new());
        for (place, (sql, values)) in self.0.into_iter().enumerate() {
            joined.push_str(if place == 0 { "WITH " } else { "), " });
            // Writing to a string cannot fail.
            write!(joined, "w{place} AS (").ok();
            renumber(sql, all.len(), &mut joined);
            all.extend(values);
        }
        joined.push_str(") SELECT");
        (joined, all)
    }
}

/// Appends `sql` with each `$n` as `$(n + by)`.
fn renumber(sql: &str, by: usize, into: &mut String) {
    let mut parts = sql.split('$');
    into.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        write!(into, "${}{rest}", number.parse().unwrap_or(0) + by).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::Writes;

    #[test]
    fn statements_become_one_with_parameters_that_go_on() {
        let mut writes = Writes::default();
        writes.add("INSERT INTO a VALUES ($1, $2)", [1.into(), 2.into()]);
        writes.add("UPDATE b SET c = $2 WHERE d = $1", [3.into(), 4.into()]);
        let (sql, values) = writes.joined();
        assert_eq!(sql, "WITH w0 AS (INSERT INTO a VALUES ($1, $2)), w1 AS (UPDATE b SET c = $4 WHERE d = $3) SELECT");
        assert_eq!(values.len(), 4);
    }
}
