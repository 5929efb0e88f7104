//! Photos that come while the batch runs.
//!
//! Folders are looked at again and again instead of asking the system to tell: that works the same on network drives,
//! in containers and on every platform, and says when a file has stopped growing, which the system does not.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::inputs::{self, Input, Places};
use super::journal::Claims;
use super::pipeline::is_result;
use super::settings::Settings;
use crate::{CancelToken, ErrorKind, Result};

/// Between two looks. A file that is the same in two of them is taken to be complete.
const INTERVAL: Duration = Duration::from_millis(500);

/// What tells that a file has changed.
type Mark = (u64, Option<SystemTime>);

pub(super) struct Watch<'a> {
    settings: &'a Settings,
    output: PathBuf,
    claims: Claims,
    /// Results of this run, below the folder for the results.
    wrote: HashSet<PathBuf>,
    places: Places,
    /// As each file was when it was last looked at, and whether it was handed out like that.
    seen: HashMap<PathBuf, (Mark, bool)>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(settings: &'a Settings, output: PathBuf, claims: Claims) -> Self {
        let (wrote, seen) = (HashSet::new(), HashMap::new());
        Self { settings, output, claims, wrote, places: Places::default(), seen }
    }

    /// A result of this run is no photo to work on.
    pub(super) fn wrote(&mut self, name: &str) {
        self.wrote.insert(self.output.join(name));
    }

    /// Waits for photos that are new or have changed, and complete.
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
            // A drive that is away for a while comes back.
            Err(error) if error.kind() == ErrorKind::File => return Ok(Vec::new()),
            found => found?,
        };
        let (mut there, mut ready) = (HashSet::with_capacity(found.len()), Vec::new());
        for input in found {
            let place = self.places.of(&input.path);
            if self.wrote.contains(&place) || is_result(&input.path, &self.output, &self.claims, &mut self.places) {
                continue;
            }
            let Some(mark) = mark(&input.path) else { continue };
            there.insert(input.path.clone());
            match self.seen.get_mut(&input.path) {
                Some((last, handed)) if *last == mark => {
                    if !std::mem::replace(handed, true) {
                        ready.push(input);
                    }
                }
                _ => {
                    self.seen.insert(input.path, (mark, false));
                }
            }
        }
        self.seen.retain(|path, _| there.contains(path));
        Ok(ready)
    }
}

/// `None` for a file that is empty, which somebody is about to write, or gone.
fn mark(path: &Path) -> Option<Mark> {
    let metadata = std::fs::metadata(path).ok().filter(|metadata| metadata.is_file() && metadata.len() > 0)?;
    Some((metadata.len(), metadata.modified().ok()))
}
