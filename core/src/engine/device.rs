//! Models and their sessions.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::inference::{Backend, BackendReport, ModelData, Opened, Runtime};
use crate::models::{Descriptor, ModelTask, Registry, Store, blend, embedded};
use crate::{Code, DescriptorSource, Error, ModelChoice, Result, Run, Stage, file};

/// The largest file that is read to blend it; nets that upscale have one to seventy million bytes.
const MOST_BYTES: u64 = 1 << 30;

/// What all clones of an engine share.
pub(crate) struct Device {
    pub(super) runtime: Runtime,
    pub(super) store: Store,
    download: bool,
    sessions: Arc<Mutex<HashMap<SessionKey, Slot>>>,
}

/// Filled by the first caller while the others wait for it: a model is loaded once.
type Slot = Arc<Mutex<Option<Arc<Opened>>>>;

#[derive(Clone, PartialEq, Eq, Hash)]
struct SessionKey {
    weights: Weights,
    input: Option<String>,
    output: Option<String>,
    /// Whom it was opened for: their number decides about threads and lanes.
    callers: Option<NonZeroUsize>,
}

/// Where the numbers of a model come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Weights {
    /// Compiled into the library, under this id.
    Embedded(&'static str),
    /// An ONNX file.
    File(PathBuf),
    /// Mixed from two, with this share of the second in hundredths.
    Blend(Box<[Weights; 2]>, u8),
}

/// A model that was chosen and is here, but not loaded yet.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Id or file name.
    pub(crate) name: String,
    pub(crate) descriptor: Descriptor,
    pub(crate) weights: Weights,
}

/// A model with a session and what it expects.
pub(crate) struct Model<D> {
    /// Id or file name.
    pub(crate) name: String,
    pub(crate) descriptor: D,
    pub(crate) opened: Arc<Opened>,
}

impl Device {
    pub(super) fn new(runtime: Runtime, store: Store, download: bool) -> Self {
        Self { runtime, store, download, sessions: Arc::default() }
    }

    /// The same device for so many callers at once: each gets its share of the cores, and its runs wait for nobody. What
    /// it loads stays loaded with the rest, for the next so many callers; what was there for another number goes.
    pub(crate) fn for_callers(&self, callers: NonZeroUsize) -> Self {
        lock(&self.sessions).retain(|key, _| key.callers.is_none_or(|others| others == callers));
        Self {
            runtime: self.runtime.clone().for_callers(callers),
            store: self.store.clone(),
            download: self.download,
            sessions: Arc::clone(&self.sessions),
        }
    }

    pub(super) fn probe(&self, backend: Backend) -> Result<BackendReport> {
        let runtime = Runtime { backend, ..self.runtime.clone() };
        Ok(runtime.open(ModelData::Embedded(static_bytes(Registry::EMBEDDED)?), None, None)?.backend)
    }

    /// The model that `choice` comes to for `task`; `own` is the id of Packshot's own. It is fetched if it is not here and
    /// may be.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for a model of another task, and those of the store.
    pub(crate) fn find(&self, choice: &ModelChoice, task: ModelTask, own: &str, run: &Run) -> Result<Found> {
        let registry = self.store.registry();
        let found = match choice {
            ModelChoice::Embedded => self.find_id(own, run)?,
            ModelChoice::Id(id) => {
                of_task(id, registry.get(id)?.task, task)?;
                self.find_id(id, run)?
            }
            ModelChoice::File { path, descriptor } => {
                let descriptor = match descriptor {
                    // Tensor names belong to a file, not to a family: only the pixel arithmetic is taken over.
                    DescriptorSource::Like(id) => registry.get(id)?.descriptor.clone().without_names(),
                    DescriptorSource::Given(descriptor) => (**descriptor).clone(),
                };
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                Found { name, descriptor, weights: Weights::File(path.clone()) }
            }
        };
        of_task(&found.name, found.descriptor.task(), task)?;
        Ok(found)
    }

    /// The model of the registry called `id`.
    pub(crate) fn find_id(&self, id: &str, run: &Run) -> Result<Found> {
        let entry = self.store.registry().get(id)?;
        let weights = match embedded(id) {
            Some((id, _)) if entry.embedded => Weights::Embedded(id),
            _ if self.download => Weights::File(self.store.ensure(id, run)?),
            _ => Weights::File(self.store.path(id)?),
        };
        Ok(Found { name: id.to_owned(), descriptor: entry.descriptor.clone(), weights })
    }

    /// The session of a model, loaded on first use. Of two nets, only one blend is kept.
    pub(crate) fn open(&self, found: &Found, run: &Run) -> Result<Arc<Opened>> {
        run.checkpoint(Stage::Load, 0.0)?;
        let (input, output) = found.descriptor.ports();
        let key = SessionKey {
            weights: found.weights.clone(),
            input: input.map(str::to_owned),
            output: output.map(str::to_owned),
            callers: self.runtime.lanes,
        };
        let slot = {
            let mut sessions = lock(&self.sessions);
            if let Weights::Blend(pair, _) = &key.weights {
                sessions.retain(|other, _| {
                    *other == key || !matches!(&other.weights, Weights::Blend(same, _) if same == pair)
                });
            }
            Arc::clone(sessions.entry(key).or_default())
        };
        let mut slot = lock(&slot);
        if let Some(opened) = &*slot {
            return Ok(Arc::clone(opened));
        }
        let opened = match &found.weights {
            Weights::Embedded(id) => self.runtime.open(ModelData::Embedded(static_bytes(id)?), input, output)?,
            Weights::File(path) => self.runtime.open(ModelData::File(path), input, output)?,
            blended @ Weights::Blend(..) => self.runtime.open(ModelData::Bytes(&bytes(blended)?), input, output)?,
        };
        Ok(Arc::clone(slot.insert(Arc::new(opened))))
    }
}

fn bytes(weights: &Weights) -> Result<Vec<u8>> {
    match weights {
        Weights::Embedded(id) => Ok(static_bytes(id)?.to_vec()),
        Weights::File(path) => file::read_bounded(path, MOST_BYTES),
        Weights::Blend(pair, share) => {
            let [first, second] = &**pair;
            blend(&bytes(first)?, &bytes(second)?, f32::from(*share) / 100.0)
        }
    }
}

fn static_bytes(id: &str) -> Result<&'static [u8]> {
    let bytes = embedded(id).map(|(_, bytes)| bytes);
    bytes.ok_or_else(|| Error::new(Code::Internal, format!("`{id}` is not inside the library")))
}

fn of_task(name: &str, found: ModelTask, wanted: ModelTask) -> Result<()> {
    if found == wanted {
        return Ok(());
    }
    let message = format!("`{name}` is a model for {found}, not for {wanted}");
    Err(Error::new(Code::OptionInvalid, message).with("option", "model"))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
