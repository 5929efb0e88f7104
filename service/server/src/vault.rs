//! Content: sealed under a key of its own, in a folder or a bucket, and gone when its key is.
//!
//! A random key belongs to each asset. It is wrapped by a random key of its owner, and that by the vault's key, which lies in
//! a file or comes from the environment. Wrapped keys are in a database of their own, so that a copy of the content, or of
//! what is known about it, opens nothing; and what a backup has of an asset ends with the key.

mod cobblestone;
mod keys;
mod objects;
mod root;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

pub(crate) use keys::AssetKey;
pub(crate) use objects::{Listed, Objects};
pub(crate) use root::rotate;

use cobblestone::{CHUNK, HEADER, Message, SEALED_CHUNK, sealed_length};

use crate::error::{Error, Result};
use crate::id::Id;
use crate::settings::Settings;
use crate::store::Store;
use keys::Keys;

/// What the context of each message begins with. Another layout of contexts would have another number.
const CONTEXT: &[u8] = b"packshot/1/";

/// The name of one message: `original`, `thumbnail`, or a part of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<'n> {
    pub(crate) owner: Id,
    pub(crate) asset: Id,
    pub(crate) name: &'n str,
}

impl Place<'_> {
    /// Where its message lies. All of an asset lies under one prefix.
    pub(crate) fn path(&self) -> String {
        format!("{}{}", prefix(self.owner, self.asset), self.name)
    }

    fn context(&self) -> Vec<u8> {
        [CONTEXT, self.owner.as_bytes(), self.asset.as_bytes(), self.name.as_bytes()].concat()
    }
}

/// Where all messages of an asset lie.
pub(crate) fn prefix(owner: Id, asset: Id) -> String {
    format!("{owner}/{asset}/")
}

/// The content of a service. Clones share it.
#[derive(Clone)]
pub(crate) struct Vault {
    keys: Keys,
    objects: Objects,
}

impl Vault {
    /// The vault that the settings name.
    pub(crate) async fn open(settings: &Settings) -> Result<Self> {
        Ok(Self { keys: Keys::open(settings, Store::of_keys(settings).await?).await?, objects: Objects::of(settings)? })
    }

    pub(crate) const fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) const fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Seals `plain` and keeps it; it is stored when this returns.
    pub(crate) async fn put(&self, key: &AssetKey, place: Place<'_>, plain: Bytes) -> Result<()> {
        let message = Message::new(key.bytes(), &place.context())?;
        let sealed = aside(move || message.seal_all(&plain)).await?;
        self.objects.put(&place.path(), sealed.into()).await
    }

    /// Opens what is `length` bytes long, to read from any place of it.
    pub(crate) async fn open_message(&self, key: &AssetKey, place: Place<'_>, length: u64) -> Result<Opened> {
        let path = place.path();
        let header = self.objects.get(&path, 0..HEADER as u64).await?;
        let header = header[..].try_into().map_err(|_| Error::Unsealable)?;
        let message = Arc::new(Message::open(key.bytes(), header, &place.context())?);
        Ok(Opened { objects: self.objects.clone(), path, message, length })
    }

    /// All of it. Content that was cut at the end of a chunk does not open either.
    pub(crate) async fn read_all(&self, key: &AssetKey, place: Place<'_>) -> Result<Bytes> {
        let sealed = self.objects.get_all(&place.path()).await?;
        let (key, context) = (*key.bytes(), place.context());
        let opened = aside(move || {
            let (header, chunks) = sealed.split_first_chunk::<HEADER>().ok_or(Error::Unsealable)?;
            Message::open(&key, header, &context)?.open_all(chunks)
        });
        Ok(opened.await?.into())
    }

    pub(crate) async fn close(&self) {
        self.keys.close().await;
    }
}

/// A message that can be read from any place.
pub(crate) struct Opened {
    objects: Objects,
    path: String,
    message: Arc<Message>,
    length: u64,
}

impl Opened {
    /// The bytes of a range.
    pub(crate) async fn read(&self, range: Range<u64>) -> Result<Bytes> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let chunk = CHUNK as u64;
        let (first, last) = (range.start / chunk, (range.end - 1) / chunk);
        let begin = |number: u64| HEADER as u64 + number * SEALED_CHUNK as u64;
        let sealed = begin(first)..begin(last + 1).min(sealed_length(self.length));
        let (sealed, message) = (self.objects.get(&self.path, sealed).await?, Arc::clone(&self.message));
        let plain = aside(move || {
            let mut plain = Vec::with_capacity(sealed.len());
            for (number, chunk) in (first..).zip(sealed.chunks(SEALED_CHUNK)) {
                message.open_chunk(number, chunk, &mut plain)?;
            }
            Ok(Bytes::from(plain))
        });
        let plain = plain.await?;
        let (from, to) = (range.start - first * chunk, range.end - first * chunk);
        if plain.len() as u64 >= to { Ok(plain.slice(from as usize..to as usize)) } else { Err(Error::Unsealable) }
    }
}

/// Runs megabytes of encryption where they hold up no other request.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|cause| Error::Internal(cause.to_string()))?
}
