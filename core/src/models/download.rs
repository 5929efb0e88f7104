//! Downloads a model's files.
//!
//! One process downloads, the others wait for its lock and then find the file. Bytes are hashed while they are written
//! to a partial file beside the final one; only a file with the published hash gets the final name.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap, IF_RANGE, RANGE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use super::lock::Lock;
use super::part::Part;
use super::registry::{ModelEntry, ModelFile};
use super::store::{self, ModelPaths, StoreOptions};
use crate::error::{Code, Error, Result};
use crate::network;
use crate::run::{Run, Stage, Task};

/// A download gives up after this many consecutive tries without progress.
const TRIES: u32 = 4;
/// The longest pause that a server may ask for.
const PAUSE_MAX: Duration = Duration::from_secs(10);
/// The largest file that is accepted without a published size: four times the largest known model.
const BYTES_MAX: u64 = 4 << 30;

/// Downloads the files of `entry` to `folder`.
pub(super) fn fetch(entry: &ModelEntry, folder: &Path, options: StoreOptions, run: &Run) -> Result<()> {
    let (files, folder) = (entry.files.clone(), folder.to_owned());
    // On its own thread: the caller's may already drive an async runtime, and a cancelled caller must not wait for a
    // disk or a name server that does not answer.
    Task::spawn(run, move |run| {
        std::fs::create_dir_all(&folder).map_err(|cause| {
            Error::new(Code::FileUnwritable, "cannot create the model's folder").at(&folder).because(cause)
        })?;
        for (index, file) in files.iter().enumerate() {
            let place = ModelPaths::of(file, &folder);
            let _lock = Lock::acquire(&place.lock, run.cancel())?;
            let mut progress = Progress { run: run.clone(), done: index, files: files.len(), shown: 0.0 };
            // Another process may have downloaded it while this one waited for the lock.
            if !store::is_present(file, &folder) {
                fetch_file(file, &place, options, &mut progress)?;
            }
            progress.report(1, Some(1))?;
        }
        Ok(())
    })
    .wait()
}

fn fetch_file(file: &ModelFile, place: &ModelPaths, options: StoreOptions, progress: &mut Progress) -> Result<()> {
    let Some(published) = file.checksum else {
        return Err(Error::new(Code::ModelUnverifiable, format!("the registry gives no hash for `{}`", file.name)));
    };
    let cancel = progress.run.cancel().clone();
    let part = Part::open(place.part.clone(), published, &cancel)?;
    let mut transfer =
        Transfer { client: client(file, options)?, file, part, options, progress, etag: None, resumed: false };
    // An earlier process may have ended between the last byte and the rename.
    if !transfer.part.is_whole() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| Error::new(Code::Internal, "cannot start a runtime").because(cause))?;
        let result = runtime.block_on(async {
            let cancelled = Arc::new(tokio::sync::Notify::new());
            let wake = Arc::clone(&cancelled);
            let _guard = cancel.on_cancel(move || wake.notify_one());
            tokio::select! {
                () = cancelled.notified() => cancel.check(),
                result = transfer.complete() => result,
            }
        });
        // An ordinary shutdown would wait for a name server that does not answer.
        runtime.shutdown_background();
        result?;
    }
    transfer.part.finish(&place.whole)
}

fn client(file: &ModelFile, options: StoreOptions) -> Result<Client> {
    let is_local = network::is_loopback(&file.url);
    network::client(is_local)?
        .user_agent(concat!("packshot/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(options.connect_timeout)
        .redirect(Policy::custom(move |attempt| {
            let url = attempt.url().as_str();
            let safe = url.starts_with("https://") || (is_local && network::is_loopback(url));
            match (safe, attempt.previous().len() > 10) {
                (true, false) => attempt.follow(),
                (true, true) => attempt.error("too many redirects"),
                (false, _) => {
                    let refusal = format!("the server redirects to {url}, which is not encrypted");
                    attempt.error(refusal)
                }
            }
        }))
        .build()
        .map_err(|cause| Error::new(Code::NetworkFailed, "cannot set up encrypted connections").because(cause))
}

/// Progress of the model, over all its files.
struct Progress {
    run: Run,
    done: usize,
    files: usize,
    shown: f32,
}

impl Progress {
    /// Reports that `arrived` of `expected` bytes of this file have arrived. A restart does not decrease it.
    fn report(&mut self, arrived: u64, expected: Option<u64>) -> Result<()> {
        let file = expected.map_or(0.0, |expected| (arrived as f64 / expected.max(1) as f64).min(1.0));
        let fraction = ((self.done as f64 + file) / self.files as f64) as f32;
        // A thousand reports are enough for any progress bar.
        if fraction < self.shown + 0.001 && fraction < 1.0 && arrived > 0 {
            return self.run.cancel().check();
        }
        self.shown = self.shown.max(fraction);
        self.run.checkpoint(Stage::Download, self.shown)
    }
}

/// One file that is being downloaded.
struct Transfer<'a> {
    client: Client,
    file: &'a ModelFile,
    part: Part,
    options: StoreOptions,
    progress: &'a mut Progress,
    /// The server's ETag of the version that the partial file belongs to.
    etag: Option<String>,
    /// Whether the partial file consists of more than one response.
    resumed: bool,
}

/// Why a try ended early.
enum Trouble {
    /// May succeed after a pause, or after the pause that the server asks for.
    Passing(Error, Option<Duration>),
    Lasting(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Lasting(error)
    }
}

impl Transfer<'_> {
    /// Retries until the published file is complete.
    async fn complete(&mut self) -> Result<()> {
        let mut failures = 0;
        let mut furthest = self.part.len();
        let mut afresh = false;
        loop {
            match self.attempt().await {
                Ok(()) if self.part.is_whole() => return Ok(()),
                // The partial file may mix two versions: restart once from the beginning.
                Ok(()) if self.resumed && !afresh => {
                    afresh = true;
                    self.part.restart()?;
                }
                Ok(()) => {
                    let error = self.error(Code::DownloadCorrupt, "the download is not the published file");
                    let error = error.with("found", self.part.checksum());
                    self.part.discard();
                    return Err(match self.file.checksum {
                        Some(published) => error.with("published", published),
                        None => error,
                    });
                }
                Err(Trouble::Lasting(error)) => return Err(error),
                Err(Trouble::Passing(error, wish)) => {
                    // Only bytes that never arrived before count as progress.
                    failures = if self.part.len() > furthest { 1 } else { failures + 1 };
                    furthest = furthest.max(self.part.len());
                    if failures >= TRIES {
                        return Err(error);
                    }
                    let pause = wish.unwrap_or(self.options.retry_pause.saturating_mul(1 << (failures - 1)));
                    tokio::time::sleep(pause.min(PAUSE_MAX)).await;
                }
            }
        }
    }

    /// Requests the missing bytes once.
    async fn attempt(&mut self) -> Result<(), Trouble> {
        let mut response = self.ask().await?;
        let announced = match response.status() {
            StatusCode::PARTIAL_CONTENT => content_range(response.headers()).and_then(|(_, total)| total),
            _ => response.content_length(),
        };
        let most = self.file.bytes.unwrap_or(BYTES_MAX);
        if announced
            .is_some_and(|announced| announced > most || self.file.bytes.is_some_and(|bytes| bytes != announced))
        {
            self.part.discard();
            let error = self.error(Code::DownloadCorrupt, "the server offers a file of another size");
            return Err(error.with("offered", announced.unwrap_or_default()).with("expected", most).into());
        }
        let expected = self.file.bytes.or(announced);
        self.progress.report(self.part.len(), expected)?;
        while let Some(bytes) = self.in_time(response.chunk()).await? {
            if self.part.len() + bytes.len() as u64 > most {
                self.part.discard();
                return Err(self
                    .error(Code::DownloadCorrupt, format!("the server sends more than {most} bytes"))
                    .into());
            }
            self.part.append(&bytes)?;
            self.progress.report(self.part.len(), expected)?;
        }
        if expected.is_some_and(|expected| self.part.len() < expected) {
            return Err(Trouble::Passing(self.error(Code::NetworkFailed, "the connection was cut"), None));
        }
        Ok(())
    }

    /// A response whose body continues the partial file.
    async fn ask(&mut self) -> Result<Response, Trouble> {
        let offset = self.part.len();
        // The hash is that of the file itself, not of a compressed form.
        let mut request = self.client.get(&self.file.url).header(ACCEPT_ENCODING, "identity");
        if offset > 0 {
            request = request.header(RANGE, format!("bytes={offset}-"));
            if let Some(etag) = &self.etag {
                request = request.header(IF_RANGE, etag);
            }
        }
        let response = self.in_time(request.send()).await?;
        let status = response.status();
        let headers = response.headers();
        match status {
            StatusCode::PARTIAL_CONTENT if offset > 0 => {
                if content_range(headers).is_none_or(|(start, _)| start != offset) {
                    self.part.restart()?;
                    let error = self.error(Code::NetworkFailed, "the server answers with another range than asked for");
                    return Err(Trouble::Passing(error, Some(Duration::ZERO)));
                }
                self.resumed = true;
            }
            StatusCode::OK => {
                // If-Range accepts strong ETags only.
                let etag = headers.get(ETAG).and_then(|etag| etag.to_str().ok()).filter(|etag| !etag.starts_with("W/"));
                self.etag = etag.map(str::to_owned);
                self.resumed = false;
                if offset > 0 {
                    self.part.restart()?;
                }
            }
            StatusCode::RANGE_NOT_SATISFIABLE if offset > 0 => {
                self.part.restart()?;
                let error = self.error(Code::NetworkFailed, "the server has fewer bytes than were already downloaded");
                return Err(Trouble::Passing(error, Some(Duration::ZERO)));
            }
            _ => {
                let error = self.error(Code::NetworkFailed, format!("the server answers {status}"));
                let passing = status.is_server_error()
                    || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
                let wish = headers.get(RETRY_AFTER).and_then(|wish| wish.to_str().ok()?.parse().ok());
                return Err(match wish.map(Duration::from_secs) {
                    Some(wish) if wish > PAUSE_MAX => Trouble::Lasting(error.with("retry_after", wish.as_secs())),
                    wish if passing => Trouble::Passing(error, wish),
                    _ => Trouble::Lasting(error),
                });
            }
        }
        Ok(response)
    }

    /// The result of `step`, unless the server is silent for too long.
    async fn in_time<T>(&self, step: impl Future<Output = reqwest::Result<T>>) -> Result<T, Trouble> {
        let limit = self.options.stall_timeout;
        let Ok(answer) = tokio::time::timeout(limit, step).await else {
            let message = format!("the server sent nothing for {} s", limit.as_secs_f32());
            return Err(self.error(Code::NetworkStalled, message).into());
        };
        answer.map_err(|cause| {
            let lasting = cause.is_redirect() || cause.is_builder();
            let message = match (lasting, cause.is_connect()) {
                (true, _) => "the download is refused",
                (false, true) => "cannot reach the server",
                (false, false) => "the connection was cut",
            };
            let error = self.error(Code::NetworkFailed, message).because(cause.without_url());
            if lasting { Trouble::Lasting(error) } else { Trouble::Passing(error, None) }
        })
    }

    fn error(&self, code: Code, message: impl Into<String>) -> Error {
        Error::new(code, message).with("url", &self.file.url)
    }
}

/// First byte and total length of `Content-Range: bytes FIRST-LAST/TOTAL`.
fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
    let (span, total) = range.split_once('/')?;
    let (first, _) = span.split_once('-')?;
    Some((first.parse().ok()?, total.parse().ok()))
}
