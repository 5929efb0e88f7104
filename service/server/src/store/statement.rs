//! Parameters of a statement, and its rows.

use packshot_api::service::Time;
use sqlx::encode::Encode;
use sqlx::postgres::PgRow;
use sqlx::query::Query;
use sqlx::sqlite::SqliteRow;
use sqlx::{Database, Decode, Row as _, Type};

use crate::error::{Error, Result};
use crate::id::Id;

/// A parameter. The type belongs to it even where there is no value, because PostgreSQL asks for it.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Int(Option<i64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
    OwnText(Option<String>),
    OwnBytes(Option<Vec<u8>>),
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::OwnText(Some(value))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::OwnBytes(Some(value))
    }
}

impl From<Option<Vec<u8>>> for Value<'_> {
    fn from(value: Option<Vec<u8>>) -> Self {
        Self::OwnBytes(value)
    }
}

impl From<Option<String>> for Value<'_> {
    fn from(value: Option<String>) -> Self {
        Self::OwnText(value)
    }
}

impl From<Id> for Value<'_> {
    fn from(value: Id) -> Self {
        Self::OwnBytes(Some(value.as_bytes().to_vec()))
    }
}

impl From<Time> for Value<'_> {
    fn from(value: Time) -> Self {
        Self::Int(Some(value.as_micros()))
    }
}

impl From<Option<Time>> for Value<'_> {
    fn from(value: Option<Time>) -> Self {
        Self::Int(value.map(Time::as_micros))
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Some(value))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(Some(value))
    }
}

impl<'a> From<&'a Id> for Value<'a> {
    fn from(value: &'a Id) -> Self {
        Self::Bytes(Some(value.as_bytes()))
    }
}

impl<'a> From<Option<&'a Id>> for Value<'a> {
    fn from(value: Option<&'a Id>) -> Self {
        Self::Bytes(value.map(|id| id.as_bytes().as_slice()))
    }
}

/// A query with these parameters.
pub(super) fn bound<'q, D>(
    query: Query<'q, D, <D as Database>::Arguments>,
    values: impl IntoIterator<Item = Value<'q>>,
) -> Query<'q, D, <D as Database>::Arguments>
where
    D: Database,
    Option<i64>: Encode<'q, D> + Type<D>,
    Option<&'q str>: Encode<'q, D> + Type<D>,
    Option<&'q [u8]>: Encode<'q, D> + Type<D>,
    Option<String>: Encode<'q, D> + Type<D>,
    Option<Vec<u8>>: Encode<'q, D> + Type<D>,
{
    values.into_iter().fold(query, |query, value| match value {
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
        Value::OwnText(value) => query.bind(value),
        Value::OwnBytes(value) => query.bind(value),
    })
}

/// A row of a result. Columns are asked for by name.
#[derive(Debug)]
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    fn get<T>(&self, column: &str) -> Result<T>
    where
        T: for<'r> Decode<'r, sqlx::Sqlite> + Type<sqlx::Sqlite>,
        T: for<'r> Decode<'r, sqlx::Postgres> + Type<sqlx::Postgres>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn int(&self, column: &str) -> Result<i64> {
        self.get(column)
    }

    pub(crate) fn maybe_int(&self, column: &str) -> Result<Option<i64>> {
        self.get(column)
    }

    pub(crate) fn text(&self, column: &str) -> Result<String> {
        self.get(column)
    }

    pub(crate) fn maybe_text(&self, column: &str) -> Result<Option<String>> {
        self.get(column)
    }

    /// Bytes of any length.
    pub(crate) fn blob(&self, column: &str) -> Result<Vec<u8>> {
        self.get(column)
    }

    pub(crate) fn maybe_blob(&self, column: &str) -> Result<Option<Vec<u8>>> {
        self.get(column)
    }

    pub(crate) fn time(&self, column: &str) -> Result<Time> {
        self.int(column).map(Time::from_micros)
    }

    pub(crate) fn maybe_time(&self, column: &str) -> Result<Option<Time>> {
        Ok(self.maybe_int(column)?.map(Time::from_micros))
    }

    /// One of the words that `read` knows.
    pub(crate) fn word<T>(&self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let word = self.text(column)?;
        read(&word).ok_or_else(|| Error::Corrupt(format!("{column} is \"{word}\", which is unknown")))
    }

    pub(crate) fn maybe_bytes<const N: usize>(&self, column: &str) -> Result<Option<[u8; N]>> {
        self.get::<Option<Vec<u8>>>(column)?.map(|bytes| exactly(column, bytes)).transpose()
    }

    /// Exactly `N` bytes.
    pub(crate) fn bytes<const N: usize>(&self, column: &str) -> Result<[u8; N]> {
        exactly(column, self.get::<Vec<u8>>(column)?)
    }

    pub(crate) fn id(&self, column: &str) -> Result<Id> {
        Ok(Id::from_bytes(self.bytes(column)?))
    }

    pub(crate) fn maybe_id(&self, column: &str) -> Result<Option<Id>> {
        Ok(self.maybe_bytes(column)?.map(Id::from_bytes))
    }
}

fn exactly<const N: usize>(column: &str, bytes: Vec<u8>) -> Result<[u8; N]> {
    let length = bytes.len();
    bytes.try_into().map_err(|_| {
        let fault = format!("{length} bytes instead of {N}");
        sqlx::Error::ColumnDecode { index: column.to_owned(), source: fault.into() }.into()
    })
}
