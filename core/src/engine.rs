//! The engine: models, backends and sessions of this device, shared by all calls.

mod batch;
mod options;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use packshot_api as api;

use crate::device::{Admission, Device, estimate};
use crate::error::Result;
use crate::inference::{Backend, BackendReport, Runtime};
use crate::models::{Registry, Store, StoreOptions};
use crate::photo::{Limits, Source};
use crate::recipe::{Recipe, Rendition};
use crate::run::{CancelToken, Progress, Run, Stage, Task};
use crate::tools::crop::{Crop, Cropped};
use crate::tools::remove_background::{Cutout, RemoveBackground};
use crate::tools::upscale::{Upscale, Upscaled};
use crate::tools::{self, AnyFacts, Pictures, Tool, ToolResult};

/// Runs tools on this device.
///
/// Create one and keep it: it loads each model once. Clones are cheap and share everything; [`with_cancel`] and
/// [`with_progress`] return a clone whose calls can be cancelled and watched.
///
/// ```no_run
/// use packshot::{Engine, RemoveBackground};
///
/// let engine = Engine::new()?;
/// let cutout = engine.remove_background("shoe.jpg", &RemoveBackground::default())?;
/// cutout.photo.save("shoe.png")?;
/// # Ok::<(), packshot::Error>(())
/// ```
///
/// [`with_cancel`]: Engine::with_cancel
/// [`with_progress`]: Engine::with_progress
#[derive(Clone)]
pub struct Engine {
    device: Arc<Device>,
    run: Run,
}

impl Engine {
    /// An engine with the defaults of [`EngineBuilder`].
    ///
    /// # Errors
    /// Those of [`EngineBuilder::build`].
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// Returns a builder with the defaults.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// The same engine; its calls end with [`Code::Cancelled`](crate::Code::Cancelled) when `cancel` is cancelled.
    #[must_use]
    pub fn with_cancel(mut self, cancel: &CancelToken) -> Self {
        self.run = self.run.cancelled_by(cancel);
        self
    }

    /// The same engine; its calls report to `listener`, on the working thread.
    #[must_use]
    pub fn with_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.run = self.run.reporting_to(listener);
        self
    }

    /// Cuts the subject out of a photo, and blocks until it is done. The photo is a [`Photo`](crate::Photo), or the
    /// path or the bytes of a file; see [`Source`].
    ///
    /// # Errors
    /// Those of [`Source::read`]; [`Code::OptionInvalid`](crate::Code::OptionInvalid),
    /// [`Code::MaskSize`](crate::Code::MaskSize) and [`Code::SubjectMissing`](crate::Code::SubjectMissing) for settings
    /// that do not fit the photo; the codes of kind `Model` and `Backend`; [`Code::Cancelled`](crate::Code::Cancelled).
    pub fn remove_background(&self, photo: impl Into<Source>, settings: &RemoveBackground) -> Result<Cutout> {
        self.start_remove_background(photo, settings).wait()
    }

    /// Starts cutting the subject out of a photo: `.await` the task in asynchronous code.
    pub fn start_remove_background(&self, photo: impl Into<Source>, settings: &RemoveBackground) -> Task<Cutout> {
        self.start_tool(photo.into(), settings)
    }

    /// Makes a photo larger, with detail that a model adds, and blocks until it is done. The photo keeps its depth, its
    /// channels, its profile and its metadata.
    ///
    /// # Errors
    /// Those of [`Source::read`]; [`Code::OptionInvalid`](crate::Code::OptionInvalid) for settings out of range, a
    /// model of another task, or `denoise` with a model that has no twin for it;
    /// [`Code::LimitPixels`](crate::Code::LimitPixels) for a result of more than 2^29 pixels; the codes of kind `Model`
    /// and `Backend`; [`Code::Cancelled`](crate::Code::Cancelled).
    pub fn upscale(&self, photo: impl Into<Source>, settings: &Upscale) -> Result<Upscaled> {
        self.start_upscale(photo, settings).wait()
    }

    /// Starts making a photo larger: `.await` the task in asynchronous code.
    pub fn start_upscale(&self, photo: impl Into<Source>, settings: &Upscale) -> Task<Upscaled> {
        self.start_tool(photo.into(), settings)
    }

    /// Keeps a part of a photo, and blocks until it is done. The photo keeps its depth, its channels, its profile and
    /// its metadata.
    ///
    /// # Errors
    /// Those of [`Source::read`]; [`Code::OptionInvalid`](crate::Code::OptionInvalid) for settings that exclude each
    /// other or an empty area; [`Code::SubjectMissing`](crate::Code::SubjectMissing) if there is no subject to crop to;
    /// the codes of kind `Model` and `Backend`; [`Code::Cancelled`](crate::Code::Cancelled).
    pub fn crop(&self, photo: impl Into<Source>, settings: &Crop) -> Result<Cropped> {
        self.start_crop(photo, settings).wait()
    }

    /// Starts cropping a photo: `.await` the task in asynchronous code.
    pub fn start_crop(&self, photo: impl Into<Source>, settings: &Crop) -> Task<Cropped> {
        self.start_tool(photo.into(), settings)
    }

    /// Starts the tool of a step, with options as data and the pictures that belong to them: the entry point of the
    /// language bindings. Options are read, and pictures decoded, when the call starts working.
    ///
    /// The task fails with [`Code::OptionInvalid`](crate::Code::OptionInvalid) for a step that is not a tool and for
    /// pictures that the tool does not take, and with the errors of the tool.
    pub fn start_step(
        &self,
        photo: impl Into<Source>,
        step: api::Step,
        pictures: Pictures,
    ) -> Task<ToolResult<AnyFacts>> {
        let sized = step.clone();
        let largest = move |from| estimate::count(sized.reach(from));
        self.start(photo.into(), largest, move |device, run, photo| {
            run.checkpoint(Stage::Decode, 0.0)?;
            let step = tools::with_pictures(&step, &pictures, &device.reading())?;
            step.run(device, run, &photo.into_photo(&device.reading())?)
        })
    }

    /// Queues a call of a tool.
    fn start_tool<T: Tool>(&self, photo: Source, settings: &T) -> Task<ToolResult<T::Facts>> {
        let settings = Arc::new(settings.clone());
        let reaching = Arc::clone(&settings);
        let largest = move |from| estimate::count(reaching.reach(from));
        self.start(photo, largest, move |device, run, photo| {
            run.checkpoint(Stage::Decode, 0.0)?;
            settings.run(device, run, &photo.into_photo(&device.reading())?)
        })
    }

    /// Runs `recipe` on a photo, and blocks until it is done.
    ///
    /// # Errors
    /// Those of [`Source::read`] and of the recipe's tools; [`Code::Cancelled`](crate::Code::Cancelled).
    pub fn run_recipe(&self, photo: impl Into<Source>, recipe: &Recipe) -> Result<Rendition> {
        self.start_recipe(photo, recipe).wait()
    }

    /// Starts running a recipe on a photo: `.await` the task in asynchronous code.
    pub fn start_recipe(&self, photo: impl Into<Source>, recipe: &Recipe) -> Task<Rendition> {
        let (recipe, steps) = (recipe.clone(), recipe.clone());
        let largest = move |size| estimate::largest_of(steps.data())(size);
        self.start(photo.into(), largest, move |device, run, photo| recipe.plan().run(device, run, photo))
    }

    /// Queues `work` on `photo`. `largest` returns, for a photo's width and height, the pixel count of the largest
    /// picture that the work makes.
    fn start<T: Send + 'static>(
        &self,
        photo: Source,
        largest: impl Fn((u32, u32)) -> u64 + Send + Sync + 'static,
        work: impl FnOnce(&Device, &Run, Source) -> Result<T> + Send + 'static,
    ) -> Task<T> {
        let (device, measured) = (Arc::clone(&self.device), photo.clone());
        let estimate = move || estimate::of_source(&measured, &largest);
        self.device.admission().start(&self.run, estimate, move |run| work(&device, run, photo))
    }

    /// The same engine, with the cancel token and the progress listener of `run`.
    #[must_use]
    pub fn with_run(mut self, run: &Run) -> Self {
        self.run = run.clone();
        self
    }

    /// The cancel token and the progress listener of this engine's calls, for work outside of tools.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    pub(crate) fn device(&self) -> &Arc<Device> {
        &self.device
    }

    /// The requested backend; [`probe`](Self::probe) resolves it to one that runs.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.device.runtime.backend
    }

    /// The limits for photos that this engine's calls read.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.device.limits
    }

    /// The models on this machine.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.device.store
    }

    /// Loads the embedded model with a backend, and reports which one runs and why.
    ///
    /// # Errors
    /// [`Code::BackendMissing`](crate::Code::BackendMissing) with the list of searched places.
    pub fn probe(&self, backend: Backend) -> Result<BackendReport> {
        self.device.probe(backend)
    }
}

/// Builds an [`Engine`].
#[derive(Default)]
#[must_use]
pub struct EngineBuilder {
    runtime: Runtime,
    cache: Option<PathBuf>,
    options: StoreOptions,
    registries: Vec<Registry>,
    download: bool,
    workers: Option<NonZeroUsize>,
    memory: Option<u64>,
    limits: Limits,
}

impl EngineBuilder {
    /// Which backend runs models; by default ONNX Runtime where it is installed, rten otherwise.
    pub fn backend(mut self, backend: Backend) -> Self {
        self.runtime.backend = backend;
        self
    }

    /// The ONNX Runtime library to load, in preference to any that is found automatically.
    pub fn ort_library(mut self, path: impl Into<PathBuf>) -> Self {
        self.runtime.library = Some(path.into());
        self
    }

    /// An optional ONNX Runtime library, or its folder, such as the one in another package: tried after the environment
    /// variables and before the system's. It is not an error if it is missing or cannot be used.
    pub fn offered_ort_library(mut self, path: impl Into<PathBuf>) -> Self {
        self.runtime.offered = Some(path.into());
        self
    }

    /// Threads for one model run; by default the number of cores, at most 4.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.runtime.threads = Some(threads);
        self
    }

    /// How many calls run at a time, each on its own thread; by default the number of cores. Further calls wait in
    /// order of arrival; a cancelled one leaves the queue at once. One extra worker serves photos of up to two million
    /// pixels, which therefore do not wait for large ones. Photos of batches take turns with the calls.
    pub fn workers(mut self, workers: NonZeroUsize) -> Self {
        self.workers = Some(workers);
        self
    }

    /// Memory in bytes for all calls and batches together, as estimated from the headers of their photos; by default a
    /// quarter of the machine's memory. A photo that needs more than that runs alone. Models are not counted: loaded
    /// ones take up to an eighth of the machine's memory.
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// Limits for the photos and pictures that calls read; a recipe may set its own. Photos that are decoded already
    /// are used whatever their size.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The folder for models; by default `PACKSHOT_CACHE`, then the platform's cache folder.
    pub fn cache_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Some(folder.into());
        self
    }

    /// Whether a tool may download a missing registry model; off by default, so that only [`Store::pull`] uses the
    /// network.
    pub fn download(mut self, download: bool) -> Self {
        self.download = download;
        self
    }

    /// Forbids the network, whatever other settings permit.
    pub fn offline(mut self, offline: bool) -> Self {
        self.options.offline = offline;
        self
    }

    /// Permits models whose licence forbids commercial use; off by default.
    pub fn allow_noncommercial(mut self, allow: bool) -> Self {
        self.options.allow_noncommercial = allow;
        self
    }

    /// Adds models to those that Packshot knows.
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registries.push(registry);
        self
    }

    /// Builds the engine. Models are loaded by the first call that needs them.
    ///
    /// # Errors
    /// [`Code::DescriptorInvalid`](crate::Code::DescriptorInvalid) when an added registry repeats an id.
    pub fn build(self) -> Result<Engine> {
        let mut registry = Registry::builtin()?;
        for more in self.registries {
            registry.merge(more)?;
        }
        let store = Store::new(self.cache, self.options)?.with_registry(registry);
        let admission = Admission::new(self.workers.map(NonZeroUsize::get), self.memory);
        let device = Device::new(self.runtime, store, self.download, self.limits, admission);
        Ok(Engine { device: Arc::new(device), run: Run::default() })
    }
}
