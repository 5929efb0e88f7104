//! What a batch has done, in a file that survives it.
//!
//! The file `.packshot-journal` lies in the folder for the results. It only grows, line by line; each line is a record
//! with its own checksum, so that whatever is left after a crash can be read up to the damage and beyond. Two records
//! make a photo: `claim`, before its result gets its name (from then on a file of that name is the batch's own), and
//! `done`, after. The kernel holds the lock, and gives it back when the process ends, however it ends.
//!
//! See `docs/decisions/019-journal.md`.

mod line;
mod open;

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use line::Record;
pub(super) use line::{Claim, Done};
use open::{Open, is_leaving};

use super::names::OWN;
use crate::file::io_error;
use crate::{CancelToken, Code, Error, Result};

const NAME: &str = ".packshot-journal";
/// What unfinished files of a batch begin with.
pub(super) const UNFINISHED: &str = ".packshot-batch-";
/// At most this much of the journal is lost when the power is: lost lines cost work, not results.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// A record is shorter; a longer line is damage and need not be held.
const LONGEST_LINE: u64 = 1 << 16;

/// The names that were given, and for what.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims(HashMap<String, Claim>, Vec<String>);

impl Claims {
    /// In the order in which they were made.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Claim)> {
        self.1.iter().filter_map(|name| Some((name.as_str(), self.0.get(name)?)))
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    #[cfg(test)]
    pub(super) fn of(claims: impl IntoIterator<Item = Claim>) -> Self {
        let mut all = Self::default();
        claims.into_iter().for_each(|claim| all.insert(claim));
        all
    }

    fn insert(&mut self, claim: Claim) {
        if self.0.insert(claim.output.clone(), claim.clone()).is_none() {
            self.1.push(claim.output);
        }
    }
}

/// An open journal, which nobody else has.
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    /// Bytes of whole lines.
    length: u64,
    claims: Claims,
    done: HashMap<String, Done>,
    /// Whether records are held after they are written.
    holds: bool,
    synced: Instant,
    /// After the file, which has to be closed before others look.
    _open: Open,
}

impl Journal {
    /// Opens or begins the journal of a folder, and removes what a killed batch left unfinished there. Without `resume`,
    /// names stay the batch's own, but nothing counts as done.
    ///
    /// A batch of this process that was cancelled and still closes its files is waited for, as long as `cancel` lets it.
    pub(super) fn open(folder: &Path, resume: bool, cancel: &CancelToken) -> Result<Self> {
        let path = folder.join(NAME);
        let fault = |cause: std::io::Error| io_error(&path, cause, "cannot open the journal of the batch");
        let mut file =
            File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(fault)?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if is_leaving(&path) => {
                    cancel.check()?;
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(Code::BatchBusy, "another batch writes to the folder").at(folder));
                }
                Err(TryLockError::Error(cause)) => return Err(fault(cause)),
            }
        }
        let state = replay(&mut file).map_err(fault)?;
        // What follows the last whole line was being written when the process ended.
        file.set_len(state.length).and_then(|()| file.seek(SeekFrom::End(0))).map_err(fault)?;
        let mut journal = Self {
            file,
            path: path.clone(),
            length: state.length,
            claims: state.claims,
            done: state.done,
            holds: false,
            synced: Instant::now(),
            _open: Open::note(&path, cancel),
        };
        journal.sweep(folder);
        if !resume && !journal.done.is_empty() {
            journal.append(&Record::Fresh)?;
            journal.done.clear();
        }
        Ok(journal)
    }

    /// Lets records of this run be asked for, too. Only a batch that watches makes the same result again; for any other
    /// they would be memory that grows with each photo.
    pub(super) fn hold(&mut self) {
        self.holds = true;
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn claims(&self) -> &Claims {
        &self.claims
    }

    /// What an earlier run noted of the result with this name, or this one if it [holds](Self::hold) its records.
    pub(super) fn done(&self, name: &str) -> Option<&Done> {
        self.done.get(name)
    }

    /// Notes that the result of an input will have this name; to be called before a file gets it.
    pub(super) fn claim(&mut self, claim: Claim) -> Result<()> {
        if self.claims.0.get(&claim.output) != Some(&claim) {
            self.append(&Record::Claim(claim.clone()))?;
            if self.holds {
                self.claims.insert(claim);
            }
        }
        Ok(())
    }

    /// Notes that a result lies in its place; to be called after it does.
    pub(super) fn note(&mut self, done: Done) -> Result<()> {
        self.append(&Record::Done(done.clone()))?;
        if self.holds {
            self.done.insert(done.output.clone(), done);
        }
        Ok(())
    }

    /// Brings everything to the disk.
    pub(super) fn sync(&mut self) -> Result<()> {
        self.synced = Instant::now();
        let path = &self.path;
        self.file.sync_data().map_err(|cause| io_error(path, cause, "cannot write the journal of the batch"))
    }

    fn append(&mut self, record: &Record) -> Result<()> {
        let line = line::write(record);
        if let Err(cause) = self.file.write_all(line.as_bytes()) {
            // Half a line must not stand before the next one. If it cannot be taken back either, its checksum tells.
            let _ = self.file.set_len(self.length).and_then(|()| self.file.seek(SeekFrom::End(0)));
            return Err(io_error(&self.path, cause, "cannot write the journal of the batch"));
        }
        self.length += line.len() as u64;
        if self.synced.elapsed() >= SYNC_EVERY {
            self.sync()?;
        }
        Ok(())
    }

    /// Removes unfinished files of a killed batch, where results go. Nobody else writes such files: we have the lock.
    fn sweep(&self, folder: &Path) {
        let below = self.claims.iter().filter_map(|(name, _)| Path::new(name).parent());
        let folders: std::collections::HashSet<&Path> = below.chain([Path::new("")]).collect();
        for entry in
            folders.into_iter().filter_map(|below| std::fs::read_dir(folder.join(below)).ok()).flatten().flatten()
        {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                // One that stays is in nobody's way.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _ = self.file.sync_data();
    }
}

#[derive(Default)]
struct State {
    length: u64,
    claims: Claims,
    done: HashMap<String, Done>,
}

/// Reads what can be read; a damaged line costs what it said, and nothing else.
fn replay(file: &mut File) -> std::io::Result<State> {
    let mut state = State::default();
    let mut reader = BufReader::new(file);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes)? as u64;
        if bytes.last() != Some(&b'\n') {
            if read < LONGEST_LINE {
                return Ok(state);
            }
            // The rest of it is read as lines that have no checksum.
            state.length += read;
            continue;
        }
        state.length += read;
        match line::read(&bytes) {
            Some(Record::Claim(claim)) => state.claims.insert(claim),
            Some(Record::Done(done)) => {
                state.done.insert(done.output.clone(), done);
            }
            Some(Record::Fresh) => state.done.clear(),
            None => {}
        }
    }
}

/// Whether nothing more can be written to where this error comes from.
pub(super) fn ends_the_batch(error: &Error) -> bool {
    error.code() == Code::DiskFull || error.context().any(|(key, value)| key == "file" && value.ends_with(NAME))
}

/// Whether a file is one of the batch's own.
pub(super) fn is_own(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(OWN))
}

#[cfg(test)]
mod tests;
