//! The keys of accounts and organisations.

use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{Secrets, SubjectKey};
use crate::store::{Row, Store, Tx, Writes};

const SELECT: &str = "SELECT wrapped FROM subject_key WHERE subject = $1";

/// Adds a key for a new subject.
pub(crate) fn add(secrets: &Secrets, subject: Id, writes: &mut Writes<'static>) -> Result<SubjectKey> {
    let key = SubjectKey::new(subject)?;
    writes.add("INSERT INTO subject_key VALUES ($1, $2)", [subject.into(), key.wrapped(secrets)?.into()]);
    Ok(key)
}

pub(crate) async fn key(store: &Store, secrets: &Secrets, subject: Id) -> Result<SubjectKey> {
    unwrap(secrets, subject, &store.rows(SELECT, &[(&subject).into()]).await?)
}

pub(crate) async fn key_in(tx: &mut Tx, secrets: &Secrets, subject: Id) -> Result<SubjectKey> {
    unwrap(secrets, subject, &tx.rows(SELECT, &[(&subject).into()]).await?)
}

fn unwrap(secrets: &Secrets, subject: Id, rows: &[Row]) -> Result<SubjectKey> {
    let row = rows.first().ok_or(Error::Unsealable)?;
    SubjectKey::unwrap(secrets, subject, &row.blob("wrapped")?)
}
