//! Resources of the machine: models and their sessions, workers and memory for calls. The layer below the tools.

mod admission;
pub(crate) mod estimate;
mod memory;
mod sessions;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use crate::error::{Code, Error, Result};
use crate::file;
use crate::inference::{Backend, BackendReport, ModelData, Opened, Runtime};
use crate::models::{
    Checksum, Descriptor, DescriptorSource, Fingerprints, ModelChoice, ModelTask, Registry, Store, blend, embedded,
};
use crate::photo::{DecodeOptions, Limits};
use crate::run::{Run, Stage};
pub(crate) use admission::Admission;
use sessions::{Content, Key, Sessions};

/// The largest weight file that is read for blending; upscaling nets have one to seventy million bytes.
const MOST_BYTES: u64 = 1 << 30;

/// How often loading is retried when the file is replaced meanwhile.
const TRIES: u32 = 3;

/// State shared by all clones of an engine.
pub(crate) struct Device {
    pub(crate) runtime: Runtime,
    pub(crate) store: Store,
    download: bool,
    pub(crate) limits: Limits,
    sessions: Arc<Sessions>,
    files: Arc<Fingerprints>,
    admission: Arc<Admission>,
}

/// Where a model's weights come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Weights {
    /// Compiled into the library, under this id.
    Embedded(&'static str),
    /// An ONNX file.
    File(PathBuf),
    /// Blend of two weight files, with the percentage taken from the second.
    Blend(Box<[Weights; 2]>, u8),
}

/// A model that is resolved and on this machine, but not loaded yet.
#[derive(Debug, Clone)]
pub(crate) struct ResolvedModel {
    /// Id or file name.
    pub(crate) name: String,
    pub(crate) descriptor: Descriptor,
    pub(crate) weights: Weights,
}

/// A model with a session and its descriptor.
pub(crate) struct Model<D> {
    /// Id or file name.
    pub(crate) name: String,
    pub(crate) descriptor: D,
    pub(crate) opened: Arc<Opened>,
}

impl Device {
    pub(crate) fn new(runtime: Runtime, store: Store, download: bool, limits: Limits, admission: Admission) -> Self {
        let (sessions, files, admission) = (Arc::default(), Arc::default(), Arc::new(admission));
        Self { runtime, store, download, limits, sessions, files, admission }
    }

    /// How photos and pictures are read, unless a recipe says otherwise.
    pub(crate) fn reading(&self) -> DecodeOptions {
        DecodeOptions::new().limits(self.limits.clone())
    }

    /// A device sized for `callers` concurrent callers: each gets its share of the cores, and runs do not wait for each
    /// other. Sessions and their budget are shared with this one.
    pub(crate) fn for_callers(&self, callers: NonZeroUsize) -> Self {
        Self {
            runtime: self.runtime.clone().for_callers(callers),
            store: self.store.clone(),
            download: self.download,
            limits: self.limits.clone(),
            sessions: Arc::clone(&self.sessions),
            files: Arc::clone(&self.files),
            admission: Arc::clone(&self.admission),
        }
    }

    /// Limits how many calls run at a time.
    pub(crate) fn admission(&self) -> &Arc<Admission> {
        &self.admission
    }

    pub(crate) fn probe(&self, backend: Backend) -> Result<BackendReport> {
        let runtime = Runtime { backend, ..self.runtime.clone() };
        Ok(runtime.open(ModelData::Embedded(static_bytes(Registry::EMBEDDED)?))?.backend)
    }

    /// Resolves `choice` for `task`; `own` is the id of Packshot's own model. Downloads it when it is missing and
    /// permitted.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for a model of another task, [`Code::ModelCorrupt`] for a registry model whose file is
    /// not the published one, and the errors of the store.
    pub(crate) fn find(&self, choice: &ModelChoice, task: ModelTask, own: &str, run: &Run) -> Result<ResolvedModel> {
        let registry = self.store.registry();
        let found = match choice {
            ModelChoice::Embedded => self.find_id(own, run)?,
            ModelChoice::Id(id) => {
                of_task(id, registry.get(id)?.task, task)?;
                self.find_id(id, run)?
            }
            ModelChoice::File { path, descriptor } => {
                let descriptor = match descriptor {
                    // Tensor names belong to a file, not to a family: only the pixel arithmetic is reused.
                    DescriptorSource::Like(id) => registry.get(id)?.descriptor.clone().without_names(),
                    DescriptorSource::Given(descriptor) => (**descriptor).clone(),
                };
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                ResolvedModel { name, descriptor, weights: Weights::File(path.clone()) }
            }
        };
        of_task(&found.name, found.descriptor.task(), task)?;
        Ok(found)
    }

    /// The registry model `id`, with the hash that the registry gives.
    pub(crate) fn find_id(&self, id: &str, run: &Run) -> Result<ResolvedModel> {
        let entry = self.store.registry().get(id)?;
        let weights = match embedded(id) {
            Some((id, _)) if entry.embedded => Weights::Embedded(id),
            _ => {
                let path = if self.download { self.store.ensure(id, run)? } else { self.store.path(id)? };
                self.store.check(entry, |path, published| self.files.of(path, published))?;
                Weights::File(path)
            }
        };
        Ok(ResolvedModel { name: id.to_owned(), descriptor: entry.descriptor.clone(), weights })
    }

    /// The session of a model, loaded on first use and reloaded when its file has changed.
    pub(crate) fn open(&self, found: &ResolvedModel, run: &Run) -> Result<Arc<Opened>> {
        run.checkpoint(Stage::Load, 0.0)?;
        let mut content = self.content(&found.weights)?;
        for _ in 0..TRIES {
            let key = Key { content, callers: self.runtime.lanes };
            let (opened, fresh) = self.sessions.get(&key, size(&found.weights), || self.load(&found.weights))?;
            content = self.content(&found.weights)?;
            if !fresh || content == key.content {
                // Fails now, not once per photo, if the descriptor names inputs or outputs that the model does not
                // have.
                opened.session.ports().picture(found.descriptor.ports())?;
                return Ok(opened);
            }
            // The file was replaced while it was read: which of the two was loaded is unknown.
            self.sessions.forget(&key);
        }
        let message = format!("the file of model `{}` keeps changing", found.name);
        Err(Error::new(Code::FileUnreadable, message))
    }

    fn load(&self, weights: &Weights) -> Result<Opened> {
        match weights {
            Weights::Embedded(id) => self.runtime.open(ModelData::Embedded(static_bytes(id)?)),
            Weights::File(path) => self.runtime.open(ModelData::File(path)),
            blended @ Weights::Blend(..) => self.runtime.open(ModelData::Bytes(&bytes(blended)?)),
        }
    }

    fn content(&self, weights: &Weights) -> Result<Content> {
        Ok(match weights {
            Weights::Embedded(id) => Content::Embedded(id),
            Weights::File(path) => Content::Files(self.files.of_model(path)?),
            Weights::Blend(pair, share) => {
                Content::Blend(Box::new([self.content(&pair[0])?, self.content(&pair[1])?]), *share)
            }
        })
    }

    /// The hash of a picture that a recipe names.
    ///
    /// # Errors
    /// [`Code::FileMissing`], [`Code::FileUnreadable`].
    pub(crate) fn hash_of(&self, picture: &Path) -> Result<Checksum> {
        self.files.of_file(picture, "picture")
    }

    /// Everything that determines the output of the model that `choice` resolves to, and of its denoising twin: hashes,
    /// and how the model is used. A registry model need not be installed: it runs only with its published hash.
    ///
    /// # Errors
    /// [`Code::ModelUnknown`]; [`Code::FileMissing`] and [`Code::FileUnreadable`] for a file.
    pub(crate) fn identity(&self, choice: &ModelChoice, own: &str) -> Result<String> {
        let registry = self.store.registry();
        let id = match choice {
            ModelChoice::Embedded => own,
            ModelChoice::Id(id) => id,
            ModelChoice::File { path, descriptor } => {
                let descriptor = match descriptor {
                    DescriptorSource::Like(id) => &registry.get(id)?.descriptor,
                    DescriptorSource::Given(descriptor) => &**descriptor,
                };
                let twin = descriptor.twin().map(|twin| self.files.of_model(&twin_of(path, twin)).ok());
                return told(&(
                    descriptor,
                    texts(&self.files.of_model(path)?),
                    twin.map(|twin| twin.map(|t| texts(&t))),
                ));
            }
        };
        let entry = registry.get(id)?;
        let twin = entry.descriptor.twin().and_then(|twin| registry.get(twin).ok());
        told(&[Some(entry), twin].map(|entry| entry.map(|entry| (&entry.descriptor, entry.published()))))
    }
}

/// The file of a twin: in its model's folder, with the name that the descriptor gives it.
pub(crate) fn twin_of(path: &Path, name: &str) -> PathBuf {
    path.with_file_name(format!("{name}.onnx"))
}

fn texts(hashes: &[Checksum]) -> Vec<String> {
    hashes.iter().map(ToString::to_string).collect()
}

fn told(facts: &impl Serialize) -> Result<String> {
    serde_json::to_string(facts).map_err(|cause| Error::new(Code::Internal, "cannot name a model").because(cause))
}

/// Bytes of the file, or of the first of two.
fn size(weights: &Weights) -> u64 {
    match weights {
        Weights::Embedded(id) => embedded(id).map_or(0, |(_, bytes)| bytes.len() as u64),
        Weights::File(path) => ModelData::File(path).size(),
        Weights::Blend(pair, _) => size(&pair[0]),
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::engine::Engine;

    fn identity(engine: &Engine, choice: &ModelChoice, own: &str) -> String {
        engine.device().identity(choice, own).unwrap()
    }

    /// The hash of the file that was compiled in, by the crate `sha2` itself.
    fn hash(id: &str) -> String {
        use sha2::Digest;
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../models/weights/{id}.onnx"));
        let digest = sha2::Sha256::digest(std::fs::read(path).unwrap());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn an_embedded_model_is_known_by_its_bytes_and_its_twin_by_its_own() {
        let engine = Engine::new().unwrap();
        let matte = identity(&engine, &ModelChoice::Embedded, Registry::EMBEDDED);
        assert!(matte.contains(&hash(Registry::EMBEDDED)), "{matte}");
        let [twice, _] = Registry::EMBEDDED_UPSCALE;
        let upscale = identity(&engine, &ModelChoice::Embedded, twice);
        for id in [twice, "packshot-upscale-2x-denoise-1"] {
            assert!(upscale.contains(&hash(id)), "{id} in {upscale}");
        }
        assert_eq!(upscale, identity(&engine, &ModelChoice::Id(twice.to_owned()), Registry::EMBEDDED));
    }

    #[test]
    fn a_model_that_is_not_here_is_known_by_its_published_hash() {
        let engine = Engine::builder().cache_dir("/nowhere").build().unwrap();
        let registry = engine.store().registry();
        for entry in registry.iter().filter(|entry| entry.files.iter().any(|file| file.checksum.is_some())) {
            let identity = identity(&engine, &ModelChoice::Id(entry.id.clone()), Registry::EMBEDDED);
            for checksum in entry.files.iter().filter_map(|file| file.checksum) {
                assert!(identity.contains(&checksum.to_string()), "{}", entry.id);
            }
        }
    }

    #[test]
    fn another_descriptor_is_another_identity() {
        let engine = Engine::new().unwrap();
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/net.onnx");
        let of = |tables: &str| {
            let descriptor = DescriptorSource::Given(Box::new(Descriptor::from_toml(tables).unwrap()));
            identity(&engine, &ModelChoice::File { path: path.clone(), descriptor }, "")
        };
        let plain = of("[upscale]\nscale = 2\nhalo = 2\n");
        assert_eq!(plain, of("[upscale]\nhalo = 2\nscale = 2\n"));
        assert_ne!(plain, of("[upscale]\nscale = 2\nhalo = 3\n"));
        assert_ne!(plain, of("[upscale]\nscale = 2\nhalo = 2\ndenoise = 'net-strong'\n"));
    }
}
