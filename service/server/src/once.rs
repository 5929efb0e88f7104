//! Requests that have their effect once.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Clock;
use crate::credits::Key;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::Secrets;
use crate::store::{Store, Tx, Writes};

/// How often a request is tried when others write at the same time.
const ATTEMPTS: u32 = 16;

/// A request that has its effect once, however often it comes: what it did is kept in the transaction of the effect.
pub(crate) struct Once {
    key: [u8; 32],
    body: [u8; 32],
}

/// What a request does. An async closure would do, but for rust-lang/rust 110338: its future is not seen to be `Send`.
pub(crate) trait Effect: Sync {
    /// What was done: ids and words, from which the answer is made again. Nothing personal, and no secret.
    type What: Serialize + DeserializeOwned + Send;

    /// Reads in the transaction, and returns what to write in it.
    fn apply(&self, tx: &mut Tx) -> impl Future<Output = Result<(Writes<'static>, Self::What)>> + Send;
}

/// Nothing in the database: what a request does elsewhere, unless it was done before.
impl Effect for () {
    type What = ();

    async fn apply(&self, _: &mut Tx) -> Result<(Writes<'static>, ())> {
        Ok((Writes::default(), ()))
    }
}

/// What a request did, now or before.
pub(crate) struct Done<T> {
    pub(crate) what: T,
    pub(crate) replayed: bool,
}

impl Once {
    /// The request of `who` with this key, about `route` and `body`. What is kept of them are keyed hashes: bodies hold
    /// passwords, which nobody must be able to try.
    pub(crate) fn new(secrets: &Secrets, who: Id, key: &Key, route: &str, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_string(&(route, body)).map_err(|cause| Error::Internal(cause.to_string()))?;
        Ok(Self { key: secrets.lookup(&format!("{who} {}", key.as_str()))?, body: secrets.lookup(&body)? })
    }

    /// Runs `effect`, unless it has run before under the same key.
    pub(crate) async fn run<E: Effect>(self, store: &Store, clock: &Clock, effect: &E) -> Result<Done<E::What>> {
        let mut attempts = 1..ATTEMPTS;
        loop {
            match self.attempt(store, clock, effect).await {
                Err(error) if error.is_conflict() && attempts.next().is_some() => {}
                done => return done,
            }
        }
    }

    /// Whether it was done before, for requests that could not be checked any more.
    pub(crate) async fn is_done(&self, store: &Store) -> Result<bool> {
        let rows = store.rows("SELECT body FROM request WHERE key = $1", &[self.key.as_slice().into()]).await?;
        match rows.first() {
            Some(row) if row.bytes::<32>("body")? != self.body => Err(Error::KeyReused),
            found => Ok(found.is_some()),
        }
    }

    async fn attempt<E: Effect>(&self, store: &Store, clock: &Clock, effect: &E) -> Result<Done<E::What>> {
        const EARLIER: &str = "SELECT body, done FROM request WHERE key = $1";
        let mut tx = store.begin().await?;
        if let Some(row) = tx.rows(EARLIER, &[self.key.as_slice().into()]).await?.first() {
            let same = row.bytes::<32>("body")? == self.body;
            let what = serde_json::from_str(&row.text("done")?).map_err(|cause| Error::Internal(cause.to_string()));
            tx.give_up().await?;
            return if same { Ok(Done { what: what?, replayed: true }) } else { Err(Error::KeyReused) };
        }
        let (mut writes, what) = match effect.apply(&mut tx).await {
            Ok(effect) => effect,
            Err(refusal) => {
                tx.give_up().await?;
                return Err(refusal);
            }
        };
        let done = serde_json::to_string(&what).map_err(|cause| Error::Internal(cause.to_string()))?;
        writes.add(
            "INSERT INTO request VALUES ($1, $2, $3, $4)",
            [self.key.to_vec().into(), self.body.to_vec().into(), done.into(), clock.now().into()],
        );
        tx.commit_with(writes).await?;
        Ok(Done { what, replayed: false })
    }
}
