//! A transaction on either database.

use std::fmt::Write as _;

use tracing::Instrument as _;

use super::statement::{Row, Value};
use super::{Store, postgres, span, sqlite};
use crate::error::Result;

/// A transaction. It begins with its first write, and dropped without [`Tx::commit`] it leaves nothing.
///
/// What is read before the first write is not locked: it is as of then, and somebody else may write in between. Whatever
/// depends on it must be refused by the database when it is out of date, as a journal's next number is when it is taken.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(sqlite::Turn),
    Postgres(postgres::Session),
}

/// Where rows can be read: in a transaction, or as of the last commit.
pub(crate) trait Rows: Send {
    /// The rows of a query.
    fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> impl Future<Output = Result<Vec<Row>>> + Send;
}

impl Rows for Tx {
    async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        Self::rows(self, sql, values).await
    }
}

impl Rows for &Store {
    async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        Store::rows(self, sql, values).await
    }
}

impl Tx {
    /// The rows of a query.
    pub(crate) async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        let rows = async {
            match self {
                Self::Sqlite(turn) => turn.rows(sql, values).await,
                Self::Postgres(session) => session.rows(sql, values).await,
            }
        };
        rows.instrument(span(sql)).await
    }

    /// Runs all of `writes`, or none of them.
    pub(crate) async fn run(&mut self, writes: Writes<'_>) -> Result<()> {
        match self {
            Self::Sqlite(turn) => turn.run(writes).await,
            Self::Postgres(session) => session.run(writes).await,
        }
    }

    /// Keeps others from writing into a table of PostgreSQL, with a statement for that. SQLite has one writer anyway.
    pub(crate) async fn lock(&mut self, statement: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(session) => session.script(statement).await,
        }
    }

    /// Runs the statements of a script.
    pub(super) async fn script(&mut self, script: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(turn) => turn.script(script).await,
            Self::Postgres(session) => session.script(script).await,
        }
    }

    /// Undoes what was written, and waits until what was read is on disk. It may be of somebody who shares the commit, and an
    /// answer that comes earlier would tell what a crash undoes.
    pub(crate) async fn give_up(self) -> Result<()> {
        match self {
            Self::Sqlite(turn) => turn.give_up().await,
            Self::Postgres(session) => session.give_up().await,
        }
    }

    /// Makes what was written permanent; it is on disk when this returns.
    pub(crate) async fn commit(self) -> Result<()> {
        self.commit_with(Writes::default()).await
    }

    /// Runs all of `writes` and commits: one round trip, if they are the first of the transaction.
    pub(crate) async fn commit_with(self, writes: Writes<'_>) -> Result<()> {
        let committed = async {
            match self {
                Self::Sqlite(turn) => turn.commit(writes).await,
                Self::Postgres(session) => session.commit(writes).await,
            }
        };
        committed.instrument(span("COMMIT")).await
    }
}

/// Statements that write different rows, in no order that matters. Each database gets them as one.
#[derive(Debug, Default)]
pub(crate) struct Writes<'a>(Vec<(&'static str, Vec<Value<'a>>)>);

impl<'a> Writes<'a> {
    /// Adds a statement without `RETURNING`.
    pub(crate) fn add(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value<'a>>) {
        self.0.push((sql, values.into_iter().collect()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The statements between `separators`, their parameters numbered on from those before.
    fn joined(self, separator: impl Fn(usize) -> String, end: &str) -> (String, Vec<Value<'a>>) {
        let (mut joined, mut all) = (String::new(), Vec::new());
        for (place, (sql, values)) in self.0.into_iter().enumerate() {
            joined.push_str(&separator(place));
            renumber(sql, all.len(), &mut joined);
            all.extend(values);
        }
        joined.push_str(end);
        (joined, all)
    }

    /// One after the other.
    pub(super) fn in_turn(self, begin: &str, end: &str) -> (String, Vec<Value<'a>>) {
        self.joined(|place| if place == 0 { begin.to_owned() } else { "; ".to_owned() }, end)
    }

    /// One statement with each as a part of its `WITH`.
    pub(super) fn into_one(self) -> (String, Vec<Value<'a>>) {
        self.joined(|place| format!("{} w{place} AS (", if place == 0 { "WITH" } else { ")," }), ") SELECT")
    }
}

/// Appends `sql` with each `$n` as `$(n + by)`.
fn renumber(sql: &str, by: usize, into: &mut String) {
    let mut parts = sql.split('$');
    into.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        // Writing to a string cannot fail.
        write!(into, "${}{rest}", number.parse().unwrap_or(0) + by).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::Writes;

    fn two() -> Writes<'static> {
        let mut writes = Writes::default();
        writes.add("INSERT INTO a VALUES ($1, $2)", [1.into(), 2.into()]);
        writes.add("UPDATE b SET c = $2 WHERE d = $1", [3.into(), 4.into()]);
        writes
    }

    #[test]
    fn statements_become_one_with_parameters_that_go_on() {
        let (sql, values) = two().into_one();
        assert_eq!(sql, "WITH w0 AS (INSERT INTO a VALUES ($1, $2)), w1 AS (UPDATE b SET c = $4 WHERE d = $3) SELECT");
        assert_eq!(values.len(), 4);
        let (sql, _) = two().in_turn("SAVEPOINT s; ", "; RELEASE s");
        assert_eq!(sql, "SAVEPOINT s; INSERT INTO a VALUES ($1, $2); UPDATE b SET c = $4 WHERE d = $3; RELEASE s");
    }
}
