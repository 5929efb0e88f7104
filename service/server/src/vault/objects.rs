//! Where sealed content lies: a folder of this machine, or a bucket.

mod bucket;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use packshot_api::service::Time;

use crate::error::{Error, Result};
use crate::settings::Settings;
use bucket::BucketAdmin;

/// The folder beside the database.
const FOLDER: &str = "content";

/// The folder or bucket. Clones share it.
#[derive(Clone)]
pub(crate) struct Objects {
    store: Arc<dyn ObjectStore>,
    home: Home,
}

#[derive(Clone)]
enum Home {
    Folder(PathBuf),
    Bucket(Arc<BucketAdmin>),
}

/// An object that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) path: String,
    pub(crate) at: Time,
}

impl Objects {
    /// What the settings name.
    pub(crate) fn of(settings: &Settings) -> Result<Self> {
        if let Some(bucket) = &settings.bucket {
            let (store, admin) = bucket::open(bucket)?;
            return Ok(Self { store: Arc::new(store), home: Home::Bucket(Arc::new(admin)) });
        }
        let folder = settings.data.join(FOLDER);
        std::fs::create_dir_all(&folder).map_err(|cause| Error::Folder { path: folder.clone(), cause })?;
        // What is answered is on disk, and an asset that is gone leaves no empty folder.
        let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(store), home: Home::Folder(folder) })
    }

    pub(crate) async fn put(&self, path: &str, bytes: Bytes) -> Result<()> {
        self.store.put(&path.into(), bytes.into()).await?;
        Ok(())
    }

    pub(crate) async fn get(&self, path: &str, range: Range<u64>) -> Result<Bytes> {
        Ok(self.store.get_range(&path.into(), range).await?)
    }

    pub(crate) async fn get_all(&self, path: &str) -> Result<Bytes> {
        Ok(self.store.get(&path.into()).await?.bytes().await?)
    }

    /// Removes one object, whose content is wrapped under a key that ends with its asset: earlier versions may stay until then.
    pub(crate) async fn remove(&self, path: &str) -> Result<()> {
        match self.store.delete(&path.into()).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(cause) => Err(cause.into()),
        }
    }

    /// Removes everything under a prefix, or with just this name: objects, their earlier versions, marks of deletions, and parts of uploads that
    /// never ended.
    pub(crate) async fn remove_all(&self, prefix: &str) -> Result<()> {
        match &self.home {
            Home::Folder(_) => {
                // What has just this name is no part of the list.
                if !prefix.ends_with('/') {
                    self.remove(prefix).await?;
                }
                for path in self.paths(prefix).await? {
                    self.remove(&path).await?;
                }
                Ok(())
            }
            Home::Bucket(admin) => admin.remove_all(prefix).await,
        }
    }

    /// Whether nothing is left under a prefix. It asks in another way than the removal does.
    pub(crate) async fn is_gone(&self, prefix: &str) -> Result<bool> {
        match &self.home {
            Home::Folder(folder) => {
                let path = folder.join(prefix);
                match std::fs::read_dir(&path) {
                    Ok(mut entries) => Ok(entries.next().is_none()),
                    Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(true),
                    Err(cause) => Err(Error::Folder { path, cause }),
                }
            }
            Home::Bucket(admin) => Ok(self.paths(prefix).await?.is_empty() && admin.is_gone(prefix).await?),
        }
    }

    /// Ends uploads into the bucket that began before this time: S3 keeps their parts for ever, and not every server has
    /// rules for them.
    pub(crate) async fn end_stale_uploads(&self, before: Time) -> Result<()> {
        match &self.home {
            Home::Folder(_) => Ok(()),
            Home::Bucket(admin) => admin.end_uploads("", Some(before)).await,
        }
    }

    /// The paths of everything under a prefix.
    pub(crate) async fn paths(&self, prefix: &str) -> Result<Vec<String>> {
        let listed = self.store.list(Some(&Path::from(prefix))).map_ok(|meta| meta.location.to_string());
        Ok(listed.try_collect().await?)
    }

    /// Objects in the order of their paths, after this one.
    pub(crate) async fn page(&self, after: &str, limit: usize) -> Result<Vec<Listed>> {
        use futures_util::StreamExt as _;
        let listed = self.store.list_with_offset(None, &Path::from(after)).take(limit);
        let listed = listed.map_ok(|meta| Listed {
            path: meta.location.to_string(),
            at: Time::from_micros(meta.last_modified.timestamp_micros()),
        });
        let mut listed: Vec<Listed> = listed.try_collect().await?;
        listed.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(listed)
    }
}

impl std::fmt::Display for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.home {
            Home::Folder(folder) => write!(f, "{}", folder.display()),
            Home::Bucket(admin) => write!(f, "{admin}"),
        }
    }
}
