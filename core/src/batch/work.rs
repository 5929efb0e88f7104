//! One photo, from its bytes to its result.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use packshot_api::Existing;

use super::event::{BatchFailure, BatchItem, BatchOutcome, BatchStep};
use super::inputs::Input;
use super::journal::{Claim, Done, Journal};
use super::names::Place;
use super::originals::Originals;
use super::own::{UNFINISHED, is_changed};
use super::settings::Settings;
use super::{sheet, table};
use crate::device::{Admission, Device, estimate};
use crate::error::{Code, Error, Result};
use crate::note::Note;
use crate::photo::{Photo, Source};
use crate::recipe::Recipe;
use crate::run::{Run, Stage, guard};
use crate::sync::lock;
use crate::{digest, file};

/// Pause before the first retry of a photo; it doubles with each retry.
const PAUSE: Duration = Duration::from_millis(100);

/// Version of the pixel operations. Raise it with any change that alters results by more than rounding: results of an
/// older version are then made again, and no folder mixes both. See
/// `docs/decisions/024-models-decide-about-results.md`.
const PIXELS: u32 = 1;

/// A photo on its way from the feeder to a worker.
pub(super) struct Ready {
    pub(super) input: Input,
    pub(super) place: Place,
    /// Its bytes, or the error from reading them.
    pub(super) bytes: Result<Vec<u8>>,
    pub(super) begun: Instant,
}

/// A photo on its way to the collector.
pub(super) struct Finished {
    pub(super) item: BatchItem,
    /// Its part of the sheet.
    pub(super) card: Option<String>,
    /// It failed in a way in which all other photos would fail too.
    pub(super) ends_all: bool,
}

/// The result of working on a photo.
struct Made {
    outcome: BatchOutcome,
    card: Option<String>,
    steps: Vec<BatchStep>,
    notes: Vec<Note>,
}

impl Made {
    fn resumed(card: Option<String>) -> Self {
        Self { outcome: BatchOutcome::Resumed, card, steps: Vec::new(), notes: Vec::new() }
    }

    fn skipped() -> Self {
        Self { outcome: BatchOutcome::Skipped, card: None, steps: Vec::new(), notes: Vec::new() }
    }
}

/// What all workers share.
pub(super) struct WorkerContext<'a> {
    pub(super) device: &'a Device,
    pub(super) recipe: &'a Recipe,
    pub(super) settings: &'a Settings,
    pub(super) journal: &'a Mutex<Journal>,
    pub(super) admission: Arc<Admission>,
    pub(super) originals: &'a Originals,
    pub(super) run: Run,
}

impl WorkerContext<'_> {
    /// Reads the file of a photo.
    pub(super) fn load(&self, input: &Input) -> Result<Vec<u8>> {
        file::read_bounded(&input.path, self.recipe.plan().reading(self.device).limits.max_bytes)
    }

    /// Makes the result, with retries of temporary failures; `None` if the batch ends before.
    pub(super) fn finish(&self, ready: Ready) -> Option<Finished> {
        let Ready { input, place, bytes, begun } = ready;
        let mut bytes = Some(bytes);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let made = guard(|| {
                let bytes = bytes.take().unwrap_or_else(|| self.load(&input))?;
                self.make(&input, &place, bytes)
            });
            let error = match made {
                Ok(Made { outcome: BatchOutcome::Skipped, .. }) => {
                    let item = self.kept(&input, &place, begun);
                    let card = self.settings.sheet.is_some().then(|| sheet::failure(&item));
                    return Some(Finished { item, card, ends_all: false });
                }
                Ok(Made { outcome, card, steps, notes }) => {
                    let attempts = if outcome == BatchOutcome::Done { attempts } else { 0 };
                    let item = self.item(&input, Some(&place), outcome, begun).tried(attempts);
                    let item = BatchItem { steps, notes, ..item };
                    return Some(Finished { item, card, ends_all: false });
                }
                Err(error) => error,
            };
            if error.code() == Code::Cancelled || self.run.cancel().is_cancelled() {
                return None;
            }
            if attempts <= self.settings.retries && error.retryable() {
                self.pause(PAUSE * attempts);
                continue;
            }
            let item = self.item(&input, Some(&place), BatchOutcome::Failed, begun).tried(attempts).failed(&error);
            let card = self.settings.sheet.is_some().then(|| sheet::failure(&item));
            return Some(Finished { item, card, ends_all: super::journal::ends_the_batch(&error) });
        }
    }

    pub(super) fn item(
        &self,
        input: &Input,
        place: Option<&Place>,
        outcome: BatchOutcome,
        begun: Instant,
    ) -> BatchItem {
        BatchItem {
            input: input.path.clone(),
            output: place.map(|place| self.settings.output.join(&place.name)),
            outcome,
            renamed: place.is_some_and(|place| place.name != place.wanted),
            error: None,
            attempts: 0,
            seconds: begun.elapsed().as_secs_f64(),
            steps: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The item for a photo whose result would replace a file that is kept.
    pub(super) fn kept(&self, input: &Input, place: &Place, begun: Instant) -> BatchItem {
        let item = self.item(input, Some(place), BatchOutcome::Skipped, begun);
        match self.settings.existing {
            Existing::Fail => {
                let error = Error::new(
                    Code::FileExists,
                    "a file already exists that no batch wrote, or that was changed since",
                );
                let failed = error.at(item.output.as_deref().unwrap_or(&input.path));
                item.failed(&failed)
            }
            _ => item,
        }
    }

    fn make(&self, input: &Input, place: &Place, bytes: Vec<u8>) -> Result<Made> {
        let takes = estimate::of_file(&bytes, estimate::largest_of(self.recipe.data()));
        let _permit = self.admission.enter(takes, self.run.cancel())?;
        let begun = Instant::now();
        let recipe = match &input.row {
            Some(row) => &table::with(self.recipe, &row.variables)?,
            None => self.recipe,
        };
        let (photo, recipe_hash) = (digest::of(&bytes), self.hash(recipe)?);
        let target = self.settings.output.join(&place.name);
        let noted = lock(self.journal).done(&place.name);
        if let Some(noted) = noted.filter(|noted| noted.photo == photo && noted.recipe == recipe_hash)
            && is_there(&target, &noted)
        {
            return Ok(Made::resumed(self.old_card(input, &target, bytes)));
        }
        if self.is_to_be_kept(place, &target) {
            return Ok(Made::skipped());
        }
        let plan = recipe.plan();
        self.run.checkpoint(Stage::Decode, 0.0)?;
        let at = |error: Error| error.at(&input.path);
        let before = plan.decode(self.device, &Source::from(bytes)).map_err(at)?;
        let (after, steps) = plan.apply(self.device, &self.run, before.clone()).map_err(at)?;
        // A picture that was replaced meanwhile would not match the hash in the journal.
        if plan.reads_pictures() && self.hash(recipe)? != recipe_hash {
            let message = "a picture that the recipe reads was changed during the run";
            return Err(Error::new(Code::FileUnreadable, message).at(&input.path));
        }
        self.run.checkpoint(Stage::Encode, 1.0)?;
        let result = plan.encode(&after).map_err(at)?;
        let time = begun.elapsed();
        let card = self.settings.sheet.is_some().then(|| {
            // Decoded from the file, at its size; AVIF cannot be read back.
            let shown = Photo::decode(&result);
            sheet::card(input, &target, &before, shown.as_ref().unwrap_or(&after), time)
        });
        let notes = plan.notes(before.notes(), &steps);
        drop((before, after));
        match self.save(input, place, &target, &result, photo, recipe_hash) {
            // It was created while the photo was worked on.
            Err(error) if error.code() == Code::FileExists && self.settings.existing != Existing::Number => {
                Ok(Made::skipped())
            }
            saved => saved.map(|()| Made {
                outcome: BatchOutcome::Done,
                card,
                steps: steps.iter().map(BatchStep::from).collect(),
                notes,
            }),
        }
    }

    /// Whether a file exists in the result's place that this batch must not overwrite.
    fn is_to_be_kept(&self, place: &Place, target: &Path) -> bool {
        self.settings.existing != Existing::Replace
            && target.symlink_metadata().is_ok()
            && is_changed(target, &lock(self.journal).written(&place.name))
    }

    /// Claims the name, writes the result and records it.
    fn save(
        &self,
        input: &Input,
        place: &Place,
        target: &Path,
        result: &[u8],
        photo: String,
        recipe: String,
    ) -> Result<()> {
        // Checked again after the name was assigned: links may change.
        self.originals.check(target, "result")?;
        let is_new = self.settings.existing != Existing::Replace && target.symlink_metadata().is_err();
        let (output, wanted, hash) = (place.name.clone(), place.wanted.clone(), digest::of(result));
        let claim = Claim { output: output.clone(), input: input.key().into_owned(), wanted, result: hash.clone() };
        let (disk, length) = lock(self.journal).claim(claim)?;
        disk.reach(length)?;
        write(target, result, is_new)?;
        lock(self.journal).note(Done { output, photo, recipe, result: hash, size: result.len() as u64 })
    }

    /// Hash of everything that determines a result besides the photo: the recipe, its models, and the version of the
    /// pixel operations.
    fn hash(&self, recipe: &Recipe) -> Result<String> {
        let models = recipe.plan().identity(self.device)?;
        Ok(digest::of(format!("{PIXELS} {} {models}", recipe.hash()).as_bytes()))
    }

    /// The card of a photo that was done before; a picture that cannot be shown does not fail the batch.
    fn old_card(&self, input: &Input, target: &Path, bytes: Vec<u8>) -> Option<String> {
        self.settings.sheet.as_ref()?;
        let before = self.recipe.plan().decode(self.device, &Source::from(bytes)).ok()?;
        let after = Photo::open(target).ok();
        Some(sheet::card(input, target, &before, after.as_ref().unwrap_or(&before), Duration::ZERO))
    }

    fn pause(&self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end && !self.run.cancel().is_cancelled() {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl BatchItem {
    fn tried(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    pub(super) fn failed(self, error: &Error) -> Self {
        Self { outcome: BatchOutcome::Failed, error: Some(BatchFailure::from(error)), ..self }
    }
}

fn is_there(target: &Path, noted: &Done) -> bool {
    let size = std::fs::metadata(target).map(|metadata| metadata.is_file().then_some(metadata.len()));
    matches!(size, Ok(Some(size)) if size == noted.size)
        && digest::of_file(target).is_ok_and(|(hash, size)| hash == noted.result && size == noted.size)
}

fn write(target: &Path, bytes: &[u8], is_new: bool) -> Result<()> {
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|cause| file::io_error(folder, cause, "cannot create the folder for the result"))?;
    }
    // A power cut can leave it empty or torn. The journal has its hash, so it is then made again; syncing each photo
    // would cost more than redoing the few that are in flight at such a time.
    file::write_unsynced(target, bytes, UNFINISHED, is_new)
}
