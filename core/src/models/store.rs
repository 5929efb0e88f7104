//! The models on this machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use packshot_api::ModelState;

use super::cache;
use super::checksum::Checksum;
use super::lock::Lock;
use super::registry::{ModelEntry, ModelFile, Registry};
use super::weights::embedded;
use crate::error::{Code, Error, Result};
use crate::run::Run;

/// The folder with the models of this machine, in `models/ID/FILENAME`.
///
/// A file gets its name only after its hash was verified, so a file at [`path`](Self::path) was complete when it was
/// written. Reading never writes: a read-only folder, or one shared by several users, works once it is filled.
#[derive(Debug, Clone)]
pub struct Store {
    cache: Option<PathBuf>,
    registry: Registry,
    options: StoreOptions,
}

/// Settings of a [`Store`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreOptions {
    /// Never use the network. `PACKSHOT_OFFLINE=1` has the same effect.
    pub offline: bool,
    /// Permit models whose licence forbids commercial use.
    pub allow_noncommercial: bool,
    /// The longest time for establishing a connection.
    pub connect_timeout: Duration,
    /// The longest time without data from the server.
    pub stall_timeout: Duration,
    /// The pause before the first retry; it doubles with each further one.
    pub retry_pause: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            offline: false,
            allow_noncommercial: false,
            connect_timeout: Duration::from_secs(10),
            stall_timeout: Duration::from_secs(30),
            retry_pause: Duration::from_millis(500),
        }
    }
}

/// The state of a model on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelStatus {
    /// The model's id.
    pub id: String,
    /// Whether it is ready to use.
    pub state: ModelState,
    /// Size of all its files in bytes: on disk, or inside the library; for an absent model what a download takes, and 0
    /// where that is not published.
    pub bytes: u64,
}

impl Store {
    /// The store in the folder `cache`; if none is given, in `PACKSHOT_CACHE`, or else in the platform's cache folder:
    /// `$XDG_CACHE_HOME/packshot` or `~/.cache/packshot`, `~/Library/Caches/packshot`, `%LOCALAPPDATA%\packshot\cache`.
    ///
    /// Nothing is read or written yet.
    ///
    /// # Errors
    /// Those of [`Registry::builtin`].
    pub fn new(cache: Option<PathBuf>, mut options: StoreOptions) -> Result<Self> {
        let cache = cache.or_else(|| cache::folder(|name| std::env::var_os(name)));
        options.offline |= std::env::var_os("PACKSHOT_OFFLINE").is_some_and(|value| !value.is_empty() && value != "0");
        Ok(Self { cache, registry: Registry::builtin()?, options })
    }

    /// The same store for the models of `registry`.
    #[must_use]
    pub fn with_registry(mut self, registry: Registry) -> Self {
        self.registry = registry;
        self
    }

    /// The known models.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The folder with the models; it may not exist yet.
    ///
    /// # Errors
    /// [`Code::FileMissing`] if none was given and the environment names none.
    pub fn folder(&self) -> Result<PathBuf> {
        let cache = self.cache.as_ref().ok_or_else(|| {
            Error::new(Code::FileMissing, "there is no cache folder: give one, or set PACKSHOT_CACHE or HOME")
        })?;
        Ok(cache.join("models"))
    }

    /// Whether the network is forbidden.
    #[must_use]
    pub fn offline(&self) -> bool {
        self.options.offline
    }

    /// Every registry model, and whether it is on this machine.
    #[must_use]
    pub fn list(&self) -> Vec<ModelStatus> {
        self.registry.iter().map(|entry| self.status(entry)).collect()
    }

    /// The file of model `id` that a backend opens.
    ///
    /// Checks sizes only. [`verify`](Self::verify) checks hashes, and so does an engine before it runs a model.
    ///
    /// # Errors
    /// [`Code::ModelMissing`] if it is not on this machine, [`Code::ModelCorrupt`] if a file has the wrong size,
    /// [`Code::ModelLicence`], [`Code::ModelUnverifiable`], [`Code::ModelUnknown`]; [`Code::OptionInvalid`] for an
    /// embedded model, which has no file.
    pub fn path(&self, id: &str) -> Result<PathBuf> {
        let entry = self.permitted(id)?;
        let folder = self.home(entry)?;
        match self.status(entry).state {
            ModelState::Present | ModelState::Embedded => main_file(entry, &folder),
            ModelState::Absent => {
                Err(Error::new(Code::ModelMissing, format!("model `{id}` is not on this machine")).at(&folder))
            }
            ModelState::Damaged => {
                Err(Error::new(Code::ModelCorrupt, format!("a file of model `{id}` has the wrong size")).at(&folder))
            }
        }
    }

    /// Downloads missing or damaged files, then returns [`path`](Self::path). Blocks; may be called from any thread,
    /// even inside an asynchronous runtime. An interrupted download resumes where it stopped, the next time.
    ///
    /// # Errors
    /// Those of `path`; [`Code::Offline`]; [`Code::NetworkFailed`], [`Code::NetworkStalled`],
    /// [`Code::DownloadCorrupt`]; [`Code::FileUnwritable`], [`Code::DiskFull`]; [`Code::Cancelled`].
    pub fn pull(&self, id: &str, run: &Run) -> Result<PathBuf> {
        let entry = self.permitted(id)?;
        let folder = self.home(entry)?;
        if self.status(entry).state != ModelState::Present {
            self.fetch(entry, &folder, run)?;
        }
        main_file(entry, &folder)
    }

    /// The file of model `id`, downloaded first if it is missing: what an engine calls.
    ///
    /// # Errors
    /// Those of [`pull`](Self::pull), except that a damaged file gives [`Code::ModelCorrupt`] and is kept.
    pub fn ensure(&self, id: &str, run: &Run) -> Result<PathBuf> {
        match self.path(id) {
            Err(error) if error.code() == Code::ModelMissing => self.pull(id, run),
            found => found,
        }
    }

    /// Compares the files of model `id` with their published hashes. An embedded model always passes.
    ///
    /// # Errors
    /// [`Code::ModelCorrupt`], [`Code::ModelMissing`], [`Code::ModelUnverifiable`], [`Code::ModelUnknown`].
    pub fn verify(&self, id: &str) -> Result<()> {
        let entry = self.registry.get(id)?;
        // Verifying a file does not use it, so the licence does not matter.
        entry.permit(true)?;
        self.check(entry, |path, published| published.of_file(path))
    }

    /// Compares the files of a model with their published hashes; `hash` computes that of a file, of the same kind.
    pub(crate) fn check(
        &self,
        entry: &ModelEntry,
        hash: impl Fn(&Path, Checksum) -> std::io::Result<Checksum>,
    ) -> Result<()> {
        let id = &entry.id;
        for file in &entry.files {
            let Some(published) = file.checksum else { continue };
            let path = self.home(entry)?.join(&file.name);
            let found = hash(&path, published).map_err(|cause| {
                let (code, message) = match cause.kind() {
                    std::io::ErrorKind::NotFound => {
                        (Code::ModelMissing, format!("model `{id}` is not on this machine"))
                    }
                    _ => (Code::FileUnreadable, format!("cannot read model `{id}`")),
                };
                Error::new(code, message).at(&path).because(cause)
            })?;
            if found != published {
                let error = Error::new(Code::ModelCorrupt, format!("a file of model `{id}` is not the published one"));
                return Err(error.at(&path).with("published", published).with("found", found));
            }
        }
        Ok(())
    }

    /// Deletes the files of model `id`, partial downloads included, and returns whether there were any.
    ///
    /// # Errors
    /// [`Code::ModelUnknown`], [`Code::FileUnwritable`].
    pub fn remove(&self, id: &str) -> Result<bool> {
        let entry = self.registry.get(id)?;
        let mut removed = false;
        for file in &entry.files {
            let place = ModelPaths::of(file, &self.home(entry)?);
            removed |= delete(&place.whole)?;
            // A download in progress keeps its partial file.
            if place.part.exists() && Lock::try_acquire(&place.lock)?.is_some() {
                removed |= delete(&place.part)?;
            }
        }
        Ok(removed)
    }

    fn permitted(&self, id: &str) -> Result<&ModelEntry> {
        let entry = self.registry.get(id)?;
        entry.permit(self.options.allow_noncommercial)?;
        match entry.embedded {
            true => Err(Error::new(Code::OptionInvalid, format!("model `{id}` is inside the library and has no file"))),
            false => Ok(entry),
        }
    }

    fn home(&self, entry: &ModelEntry) -> Result<PathBuf> {
        Ok(self.folder()?.join(&entry.id))
    }

    fn status(&self, entry: &ModelEntry) -> ModelStatus {
        let status = |state, bytes| ModelStatus { id: entry.id.clone(), state, bytes };
        if entry.embedded {
            return status(ModelState::Embedded, embedded(&entry.id).map_or(0, |(_, weights)| weights.len() as u64));
        }
        let folder = self.home(entry).ok();
        let sizes: Vec<_> =
            entry.files.iter().map(|file| folder.as_deref().and_then(|folder| size(file, folder))).collect();
        let on_disk = sizes.iter().flatten().sum();
        let damaged = |(file, size): (&ModelFile, &Option<u64>)| size.is_some_and(|bytes| !fits(file, bytes));
        if entry.files.iter().zip(&sizes).any(damaged) {
            status(ModelState::Damaged, on_disk)
        } else if sizes.is_empty() || sizes.contains(&None) {
            status(ModelState::Absent, entry.download().unwrap_or(0))
        } else {
            status(ModelState::Present, on_disk)
        }
    }

    #[cfg(feature = "download")]
    fn fetch(&self, entry: &ModelEntry, folder: &Path, run: &Run) -> Result<()> {
        if self.options.offline {
            return Err(Error::new(Code::Offline, format!("model `{}` must be downloaded", entry.id)));
        }
        super::download::fetch(entry, folder, self.options, run)
    }

    #[cfg(not(feature = "download"))]
    fn fetch(&self, entry: &ModelEntry, _: &Path, _: &Run) -> Result<()> {
        let message =
            format!("model `{}` must be downloaded, and this build cannot: cargo feature `download` is off", entry.id);
        Err(Error::new(Code::Offline, message))
    }
}

/// The paths of one file of a model: the file, its lock, its partial download.
pub(super) struct ModelPaths {
    pub(super) whole: PathBuf,
    pub(super) part: PathBuf,
    pub(super) lock: PathBuf,
}

impl ModelPaths {
    pub(super) fn of(file: &ModelFile, folder: &Path) -> Self {
        let beside = |ending| folder.join(format!("{}.{ending}", file.name));
        Self { whole: folder.join(&file.name), part: beside("part"), lock: beside("lock") }
    }
}

/// The size of `file` on disk; `None` if it does not exist.
fn size(file: &ModelFile, folder: &Path) -> Option<u64> {
    folder.join(&file.name).metadata().ok().filter(std::fs::Metadata::is_file).map(|found| found.len())
}

/// Whether `bytes` can be the size of `file`; a crash of the machine may leave an empty one.
fn fits(file: &ModelFile, bytes: u64) -> bool {
    bytes > 0 && file.bytes.is_none_or(|published| published == bytes)
}

/// Whether `file` exists with the right size.
#[cfg(feature = "download")]
pub(super) fn is_present(file: &ModelFile, folder: &Path) -> bool {
    size(file, folder).is_some_and(|bytes| fits(file, bytes))
}

fn main_file(entry: &ModelEntry, folder: &Path) -> Result<PathBuf> {
    let first = entry.files.first();
    let first = first.ok_or_else(|| Error::new(Code::Internal, format!("model `{}` has no file", entry.id)))?;
    Ok(folder.join(&first.name))
}

fn delete(path: &Path) -> Result<bool> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(Error::new(Code::FileUnwritable, "cannot delete a model").at(path).because(cause)),
    }
}
