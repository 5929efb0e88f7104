//! The threads of a batch, and the channels between them.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use packshot_api::{Batch, Existing, ImageFormat, path_text};

use super::collect::Collector;
use super::event::{BatchEvent, BatchOutcome, BatchReport, Listener};
use super::inputs::{self, Input, Once, RealPaths, Way};
use super::journal::{self, Journal};
use super::list::InputList;
use super::names::{Given, Names, Place};
use super::originals::Originals;
use super::settings::Settings;
use super::table;
use super::teller::Teller;
use super::watch::Watch;
use super::work::{Finished, Ready, WorkerContext};
use crate::device::Device;
use crate::digest;
use crate::error::{Code, Error, Result};
use crate::recipe::Recipe;
use crate::run::{CancelToken, Run, Task, Working, guard};
use crate::sync::lock;

/// A batch that is about to run.
pub(crate) struct Job {
    pub(crate) device: Arc<Device>,
    pub(crate) recipe: Recipe,
    pub(crate) cancel: CancelToken,
    pub(crate) listener: Listener,
    /// Whether the batch waits for the listener.
    pub(crate) in_step: bool,
}

impl Job {
    /// Runs the batch as a task, with the cancel token and the listener of `run`.
    pub(crate) fn start(self, run: &Run, batch: Batch) -> Task<BatchReport> {
        if batch.watch != Some(true) {
            return Task::spawn(run, move |run| Self { cancel: run.cancel().clone(), ..self }.run(batch));
        }
        // The task's token is not a child of the engine's, so that the task waits for the report even though its work
        // was cancelled; dropping the task still cancels the work.
        let cancel = run.cancel().child();
        let working = Working::new(&cancel);
        let job = Self { cancel: cancel.clone(), ..self };
        Task::spawn(&Run::default(), move |run| {
            let work = cancel.clone();
            let _dropped = run.cancel().on_cancel(move || work.cancel());
            let report = job.run(batch);
            drop(working);
            report
        })
    }

    fn run(self, batch: Batch) -> Result<BatchReport> {
        let mut settings = Settings::read(batch)?;
        let several = NonZeroUsize::new(settings.workers).filter(|workers| workers.get() > 1);
        let own = several.map(|workers| self.device.for_callers(workers));
        let device = own.as_ref().unwrap_or(&self.device);
        self.recipe.plan().check_models(device, &Run::default().cancelled_by(&self.cancel))?;
        if settings.watch {
            watchable(&settings.inputs)?;
        }
        std::fs::create_dir_all(&settings.output)
            .map_err(|cause| crate::file::io_error(&settings.output, cause, "cannot create the output folder"))?;
        let originals = Arc::new(originals(&settings, &self.recipe)?);
        let mut journal = Journal::open(&settings.output, settings.resume, &self.cancel)?;
        if settings.watch {
            journal.hold();
        }
        let mut names = Names::new(&settings.output, &settings.name, settings.existing, Arc::clone(&originals));
        let inputs = if settings.watch {
            InputList::default()
        } else {
            find(&settings, &self.recipe, &mut journal, &originals)?
        };
        if !settings.watch {
            if inputs.is_empty() {
                return Err(nothing(&settings));
            }
            inputs.iter().for_each(|input| names.announce(&input));
            // A long list of arguments is as large as that of the photos.
            settings.inputs = Vec::new();
        }
        for (path, what) in [(&settings.report, "report"), (&settings.sheet, "sheet")] {
            if let Some(path) = path {
                originals.check(path, what)?;
                names.reserve(path);
            }
        }
        originals.check(journal.path(), "journal")?;
        // The batch's own token is cancelled with the caller's, and also when a disk is full.
        let stop = self.cancel.child();

        let total = (!settings.watch).then_some(inputs.len());
        let mut collector = Collector::begin(&settings, journal.path(), total)?;
        let journal = Mutex::new(journal);
        let context = WorkerContext {
            device,
            recipe: &self.recipe,
            settings: &settings,
            journal: &journal,
            admission: Arc::new(self.device.admission().of_batch(settings.memory)),
            originals: &originals,
            run: Run::default().cancelled_by(&stop),
        };
        let feeder = Feeder { names, inputs };
        let ended = self.telling(&stop, |tell| {
            context.run_threads(
                feeder,
                |finished| {
                    let event = collector.add(finished)?;
                    tell(event);
                    Ok(!collector.has_stopped())
                },
                &stop,
            )
        });
        let synced = lock(&journal).sync();
        let interrupted = self.cancel.is_cancelled() && !settings.watch;
        let report = collector.finish()?;
        ended.and(synced)?;
        if interrupted { Err(cancelled()) } else { Ok(report) }
    }
}

impl Job {
    /// Runs `work`, and passes its events to the listener.
    fn telling(&self, stop: &CancelToken, work: impl FnOnce(&dyn Fn(BatchEvent)) -> Result<()>) -> Result<()> {
        if self.in_step {
            return work(&|event| (self.listener)(&event));
        }
        let teller = Teller::default();
        std::thread::scope(|scope| {
            let heard = start(scope, || teller.run(&self.listener, stop))?;
            let ended = guard(|| work(&|event| teller.tell(event, stop)));
            teller.end();
            joined(heard).and(ended)
        })
    }
}

/// The files that the call reads, as far as they are known before photos are searched. The journal must not be among
/// them.
fn originals(settings: &Settings, recipe: &Recipe) -> Result<Originals> {
    let originals = Originals::default();
    let named = settings.inputs.iter().filter(|word| word.is_file());
    let files = recipe.files();
    files.iter().chain(&settings.table).chain(&settings.protect).chain(named).for_each(|file| originals.add(file));
    let place = journal::place(&settings.output);
    originals.check(&place, "journal")?;
    if place.is_symlink() {
        return Err(Error::new(Code::FileProtected, "the journal is a link, which may lead to a photo").at(&place));
    }
    Ok(originals)
}

fn cancelled() -> Error {
    Error::new(Code::Cancelled, "the batch was cancelled; start it again to resume")
}

fn nothing(settings: &Settings) -> Error {
    let words: Vec<_> = settings.inputs.iter().chain(&settings.table).map(|path| path_text(path)).collect();
    Error::new(Code::FileMissing, format!("no photo in {}", words.join(", ")))
}

/// Fails for a missing folder, which would otherwise go unnoticed while the batch waits for photos.
fn watchable(words: &[PathBuf]) -> Result<()> {
    let is_pattern = |word: &&PathBuf| word.to_str().is_some_and(|word| word.contains(['*', '?', '[']));
    match words.iter().find(|word| !word.exists() && !is_pattern(word)) {
        Some(missing) => Err(Error::new(Code::FileMissing, "there is nothing to watch").at(missing)),
        None => Ok(()),
    }
}

/// All inputs except the batch's own results, which may lie among them. A named result is an input nevertheless, unless
/// the photo that it was made from is named too, as with a shell's `*`.
fn find(settings: &Settings, recipe: &Recipe, journal: &mut Journal, originals: &Originals) -> Result<InputList> {
    let (mut list, mut once, mut places) = (InputList::default(), Once::default(), RealPaths::default());
    let output = settings.output.canonicalize().unwrap_or_else(|_| settings.output.clone());
    let named: BTreeSet<u64> =
        settings.inputs.iter().map(|word| digest::key(&[inputs::key(word).as_bytes()])).collect();
    let empty = inputs::each(&settings.inputs, settings.recursive, &mut |input, way| {
        let source = journal.made_of(&input.path, &output, &mut places);
        let is_input =
            source.is_none_or(|source| way == Way::Named && !named.contains(&digest::key(&[source.as_bytes()])));
        if is_input && once.is_new(&input) {
            list.push(input);
        }
    })?;
    if let Some(table) = &settings.table {
        table::read(table, recipe, &|file| originals.add(file), &mut |input| {
            if once.is_new(&input) {
                list.push(input);
            }
        })?;
    }
    if !list.is_empty() {
        // Each of them fails, and is reported as a failure.
        empty.into_iter().for_each(|path| list.push(Input { path, ..Input::default() }));
    }
    list.shrink();
    Ok(list)
}

/// The source of inputs.
struct Feeder {
    names: Names,
    inputs: InputList,
}

impl<'a> WorkerContext<'a> {
    /// Runs feeder and workers; calls `collect` for each finished photo on this thread.
    fn run_threads(
        &self,
        feeder: Feeder,
        mut collect: impl FnMut(Finished) -> Result<bool>,
        stop: &CancelToken,
    ) -> Result<()> {
        let workers = self.settings.workers;
        let (to_work, work) = sync_channel::<Ready>(1);
        let (to_collect, collected) = sync_channel::<Finished>(workers);
        let work = Arc::new(Mutex::new(work));
        std::thread::scope(|scope| {
            let mut started = start(scope, {
                let to_collect = to_collect.clone();
                move || {
                    // Dropping the channels tells the other threads that this one has ended, for whatever reason.
                    let fed = guard(|| self.feed(feeder, &to_work, &to_collect));
                    if let Err(error) = fed
                        && error.code() != Code::Cancelled
                    {
                        stop.cancel();
                        return Err(error);
                    }
                    Ok(())
                }
            })
            .map(|feeding| vec![feeding]);
            for _ in 0..workers {
                let (work, to_collect) = (Arc::clone(&work), to_collect.clone());
                let worker = pool(self.settings.threads)
                    .and_then(|pool| start(scope, move || pool.install(|| self.worker_loop(&work, &to_collect))));
                started = started.and_then(|mut threads| worker.map(|worker| threads.push(worker)).map(|()| threads));
            }
            drop((to_collect, work));
            if started.is_err() {
                stop.cancel();
            }
            let mut result = Ok(());
            for finished in collected {
                if result.is_err() {
                    continue;
                }
                match guard(|| collect(finished)) {
                    Ok(true) => {}
                    Ok(false) => stop.cancel(),
                    Err(error) => {
                        stop.cancel();
                        result = Err(error);
                    }
                }
            }
            for thread in started? {
                result = result.and(joined(thread));
            }
            result
        })
    }

    fn worker_loop(&self, work: &Mutex<Receiver<Ready>>, to_collect: &SyncSender<Finished>) -> Result<()> {
        loop {
            // Its own statement, so that the lock is not held during the work.
            let next = lock(work).recv();
            let Ok(ready) = next else { return Ok(()) };
            if self.run.cancel().is_cancelled() {
                continue;
            }
            if let Some(finished) = self.finish(ready)
                && to_collect.send(finished).is_err()
            {
                return Ok(());
            }
        }
    }

    fn feed(&self, feeder: Feeder, to_work: &SyncSender<Ready>, done: &SyncSender<Finished>) -> Result<()> {
        let Feeder { mut names, inputs } = feeder;
        if self.settings.watch {
            let output = self.settings.output.canonicalize().unwrap_or_else(|_| self.settings.output.clone());
            let mut watch = Watch::new(self.settings, output, self.journal, self.originals);
            // A changed photo keeps its output name.
            let mut given: BTreeMap<u128, Given> = BTreeMap::new();
            let mut number = 0;
            loop {
                let fresh = watch.wait(self.run.cancel())?;
                fresh.iter().for_each(|input| names.announce(input));
                for input in fresh {
                    number += 1;
                    let key = digest::wide_key(&[input.path.as_os_str().as_encoded_bytes()]);
                    let place = match given.get(&key) {
                        Some(given) => self.format(&input).and_then(|format| names.again(&input, *given, format)),
                        None => self.place(&mut names, &input, number),
                    };
                    if let Ok(place) = &place {
                        given.entry(key).or_insert(Given { number, count: place.count, foreign: place.foreign });
                    }
                    self.feed_one(input, place, to_work, done)?;
                }
            }
        }
        for (input, number) in inputs.iter().zip(1..) {
            let place = self.place(&mut names, &input, number);
            self.feed_one(input, place, to_work, done)?;
        }
        Ok(())
    }

    fn place(&self, names: &mut Names, input: &Input, number: u64) -> Result<Place> {
        names.place(input, number, self.format(input)?, &mut lock(self.journal))
    }

    fn format(&self, input: &Input) -> Result<ImageFormat> {
        // A variable may determine the format.
        Ok(match input.row.as_ref().filter(|row| !row.variables.is_empty()) {
            Some(row) => table::with(self.recipe, &row.variables)?.plan().format(),
            None => self.recipe.plan().format(),
        })
    }

    /// Sends an input to the workers, or to the collector if there is nothing to do.
    fn feed_one(
        &self,
        input: Input,
        place: Result<Place>,
        to_work: &SyncSender<Ready>,
        done: &SyncSender<Finished>,
    ) -> Result<()> {
        self.run.cancel().check()?;
        let begun = Instant::now();
        let gone = || Error::new(Code::Cancelled, "the workers have ended");
        let item = match place {
            Ok(place) if place.foreign && self.settings.existing != Existing::Replace => {
                self.kept(&input, &place, begun)
            }
            Ok(place) => {
                let bytes = self.load(&input);
                return to_work.send(Ready { input, place, bytes, begun }).map_err(|_| gone());
            }
            Err(error) => self.item(&input, None, BatchOutcome::Failed, begun).failed(&error),
        };
        let card = self.settings.sheet.is_some().then(|| super::sheet::failure(&item));
        done.send(Finished { item, card, ends_all: false }).map_err(|_| gone())
    }
}

/// A worker's own threads for pixel operations. In a shared pool, a worker would be interrupted in the middle of its
/// photo by the work of another, whose data would evict its own from the core's cache.
fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|_| "packshot-batch".to_owned())
        .build()
        .map_err(|cause| Error::new(Code::Internal, "cannot start a thread").because(cause))
}

type Handle<'scope> = std::thread::ScopedJoinHandle<'scope, Result<()>>;

fn joined(thread: Handle<'_>) -> Result<()> {
    thread.join().unwrap_or_else(|_| Err(Error::new(Code::Internal, "a thread died")))
}

fn start<'scope>(
    scope: &'scope std::thread::Scope<'scope, '_>,
    work: impl FnOnce() -> Result<()> + Send + 'scope,
) -> Result<Handle<'scope>> {
    std::thread::Builder::new()
        .name("packshot-batch".to_owned())
        .spawn_scoped(scope, work)
        .map_err(|cause| Error::new(Code::Internal, "cannot start a thread").because(cause))
}
