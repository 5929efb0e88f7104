//! Uploads: a file in parts, several at once, with progress; and on from where it was.

use std::fmt;
use std::future::IntoFuture;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use packshot_api::service::{Asset, AssetKind, AssetState, NewAsset, Upload as Parts};
use tokio::task::JoinSet;

use super::builder::Client;
use super::error::{Error, Result};
use super::host::BoxFuture;
use crate::digest;

/// How many parts are sent at once.
const AT_ONCE: usize = 3;

/// What is uploaded.
#[derive(Clone)]
pub enum UploadSource {
    /// A file. It must not change meanwhile.
    File(PathBuf),
    /// Bytes.
    Bytes(Bytes),
}

impl From<&Path> for UploadSource {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<PathBuf> for UploadSource {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<Bytes> for UploadSource {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Vec<u8>> for UploadSource {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadProgress {
    /// The asset. Whoever keeps its id can go on after a crash.
    pub asset: String,
    /// How many bytes the service has.
    pub sent: u64,
    /// How many it will have.
    pub total: u64,
}

/// Who hears of it.
type Listener = Arc<dyn Fn(&UploadProgress) + Send + Sync>;

/// An upload that is prepared. Awaiting it sends what the service does not have yet. Dropped, it ends; what was sent stays for
/// as long as the asset says, and [`Upload::resume`] goes on from there.
///
/// ```no_run
/// # use std::path::Path;
/// # async fn example(client: packshot::client::Client) -> Result<(), packshot::client::Error> {
/// let upload = client.assets().upload(Path::new("hat.jpg")).name("Hat");
/// let asset = upload.on_progress(|progress| println!("{} of {}", progress.sent, progress.total)).await?;
/// println!("kept until {:?}: {}", asset.expires_at, asset.retention.sentence);
/// # Ok(())
/// # }
/// ```
#[must_use = "an upload begins when it is awaited"]
pub struct Upload {
    client: Client,
    source: UploadSource,
    name: Option<String>,
    kind: Option<AssetKind>,
    resume: Option<String>,
    key: Option<String>,
    listener: Option<Listener>,
}

impl Upload {
    pub(super) fn new(client: Client, source: UploadSource) -> Self {
        Self { client, source, name: None, kind: None, resume: None, key: None, listener: None }
    }

    /// Gives it a name, for people.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says what it is; a photo, by default.
    pub fn kind(mut self, kind: AssetKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Goes on with the upload of this asset, which began with the same file.
    pub fn resume(mut self, asset: impl Into<String>) -> Self {
        self.resume = Some(asset.into());
        self
    }

    /// Announces it with a key that was made before: whoever keeps the key has one asset, however often this is called.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Calls this when it begins, and after each part.
    pub fn on_progress(mut self, listener: impl Fn(&UploadProgress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    async fn run(self) -> Result<Asset> {
        let total = self.source.length().await?;
        let assets = self.client.assets();
        let mut asset = match &self.resume {
            Some(id) => assets.get(id).await?,
            None => {
                let request = NewAsset { bytes: total, kind: self.kind.clone(), name: self.name.clone() };
                let call = assets.create(&request);
                match &self.key {
                    Some(key) => call.idempotency_key(key).await?,
                    None => call.await?,
                }
            }
        };
        if let Some(upload) = asset.upload.take() {
            if asset.bytes != total {
                let why = format!("the upload of {} has {} bytes, and this has {total}", asset.id, asset.bytes);
                return Err(Error::option(why));
            }
            self.send(&asset.id, upload, total).await?;
        } else if asset.state != AssetState::Checking {
            return Ok(asset);
        }
        assets.complete(&asset.id).await
    }

    /// Sends the parts that are not there.
    async fn send(&self, asset: &str, upload: Parts, total: u64) -> Result<()> {
        let mut progress = UploadProgress { asset: asset.to_owned(), sent: 0, total };
        let tell =
            |progress: &UploadProgress| self.listener.as_ref().into_iter().for_each(|listener| listener(progress));
        let mut missing = Vec::new();
        for number in 1..=upload.parts {
            let there = upload.received.iter().find(|part| part.number == number);
            // A part of another file must not stay, nor one that was cut.
            let same = match there {
                Some(part) => {
                    let bytes = self.source.part(number, upload.part_bytes).await?;
                    digest::of(&bytes) == part.sha256
                }
                None => false,
            };
            match there {
                Some(part) if same => progress.sent += part.bytes,
                _ => missing.push(number),
            }
        }
        tell(&progress);
        let (mut sending, mut missing) = (JoinSet::new(), missing.into_iter());
        loop {
            // What is dropped here ends what is being sent.
            while sending.len() < AT_ONCE
                && let Some(number) = missing.next()
            {
                let bytes = self.source.part(number, upload.part_bytes).await?;
                let (client, id) = (self.client.clone(), asset.to_owned());
                sending.spawn(async move { client.assets().put_part(&id, number, bytes).await });
            }
            let Some(sent) = sending.join_next().await else { return Ok(()) };
            progress.sent += sent.map_err(|cause| Error::option(cause.to_string()))??.bytes;
            tell(&progress);
        }
    }
}

impl IntoFuture for Upload {
    type Output = Result<Asset>;
    type IntoFuture = BoxFuture<'static, Result<Asset>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upload")
    }
}

impl UploadSource {
    async fn length(&self) -> Result<u64> {
        let path = match self {
            Self::Bytes(bytes) => return Ok(bytes.len() as u64),
            Self::File(path) => path.clone(),
        };
        aside(move || Ok(std::fs::metadata(path)?.len())).await
    }

    async fn part(&self, number: u32, size: u64) -> Result<Bytes> {
        let begin = u64::from(number - 1) * size;
        let path = match self {
            Self::Bytes(bytes) => {
                let begin = usize::try_from(begin).unwrap_or(bytes.len()).min(bytes.len());
                let end = begin.saturating_add(usize::try_from(size).unwrap_or(usize::MAX)).min(bytes.len());
                return Ok(bytes.slice(begin..end));
            }
            Self::File(path) => path.clone(),
        };
        aside(move || {
            let mut file = std::fs::File::open(path)?;
            file.seek(SeekFrom::Start(begin))?;
            let mut bytes = Vec::new();
            file.take(size).read_to_end(&mut bytes)?;
            Ok(bytes.into())
        })
        .await
    }
}

/// Reads where it holds up nothing else.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|cause| Error::option(cause.to_string()))?;
    done.map_err(|cause| Error::option(format!("the file cannot be read: {cause}")))
}
