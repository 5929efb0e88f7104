//! Watches folders for photos that arrive while the batch runs.
//!
//! Folders are polled instead of using the system's notifications: polling works the same on network drives, in
//! containers and on every platform, and detects when a file has stopped growing, which notifications do not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use super::inputs::{self, Input, RealPaths};
use super::journal::Journal;
use super::originals::Originals;
use super::settings::Settings;
use crate::digest;
use crate::error::{ErrorKind, Result};
use crate::run::CancelToken;
use crate::sync::lock;

/// The polling interval. A file that is unchanged between two polls counts as complete.
const INTERVAL: Duration = Duration::from_millis(500);
/// The bit of a mark that is set once the file was handed out.
const HANDED_OUT: u64 = 1;

pub(super) struct Watch<'a> {
    settings: &'a Settings,
    output: PathBuf,
    /// Knows the results of this run, too, before their files exist.
    journal: &'a Mutex<Journal>,
    originals: &'a Originals,
    places: RealPaths,
    /// For the key of each path the mark of the file at the last poll, with the lowest bit set once the file was handed
    /// out in that state.
    seen: BTreeMap<u128, u64>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        output: PathBuf,
        journal: &'a Mutex<Journal>,
        originals: &'a Originals,
    ) -> Self {
        Self { settings, output, journal, originals, places: RealPaths::default(), seen: BTreeMap::new() }
    }

    /// Waits for new or changed photos that are complete.
    pub(super) fn wait(&mut self, cancel: &CancelToken) -> Result<Vec<Input>> {
        loop {
            cancel.check()?;
            let ready = self.look()?;
            if !ready.is_empty() {
                return Ok(ready);
            }
            let mut waited = Duration::ZERO;
            while waited < INTERVAL {
                cancel.check()?;
                std::thread::sleep(Duration::from_millis(20));
                waited += Duration::from_millis(20);
            }
        }
    }

    fn look(&mut self) -> Result<Vec<Input>> {
        let found = match inputs::expand(&self.settings.inputs, self.settings.recursive) {
            // An unreachable drive may come back.
            Err(error) if error.kind() == ErrorKind::File => return Ok(Vec::new()),
            found => found?,
        };
        let (mut there, mut ready) = (BTreeSet::new(), Vec::new());
        for input in found {
            if lock(self.journal).made_of(&input.path, &self.output, &mut self.places).is_some() {
                continue;
            }
            // Registered before its turn comes: it must not count as a foreign file in a result's place.
            self.originals.add(&input.path);
            let Some(mark) = mark(&input.path) else { continue };
            let key = digest::wide_key(&[input.path.as_os_str().as_encoded_bytes()]);
            there.insert(key);
            match self.seen.insert(key, mark) {
                Some(last) if last & !HANDED_OUT == mark => {
                    self.seen.insert(key, mark | HANDED_OUT);
                    if last & HANDED_OUT == 0 {
                        ready.push(input);
                    }
                }
                _ => {}
            }
        }
        self.seen.retain(|key, _| there.contains(key));
        Ok(ready)
    }
}

/// A hash of size and time that detects changes; `None` if missing or empty (probably still being written).
fn mark(path: &Path) -> Option<u64> {
    let metadata = std::fs::metadata(path).ok().filter(|metadata| metadata.is_file() && metadata.len() > 0)?;
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    let nanoseconds = modified.unwrap_or_default().as_nanos();
    Some(digest::key(&[&metadata.len().to_le_bytes(), &nanoseconds.to_le_bytes()]) & !HANDED_OUT)
}
