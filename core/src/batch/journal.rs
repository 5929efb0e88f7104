//! What a batch has done, in a file that survives it.
//!
//! The file `.packshot-journal` lies in the folder for the results. It only grows, line by line; each line is a record
//! with its own checksum, so that whatever is left after a crash can be read up to the damage and beyond. Two records
//! make a photo: `claim`, before its result gets its name (from then on a file of that name is the batch's own), and
//! `done`, after. Claims are on the disk before the file is; in memory are only the places of the records. The kernel holds the lock, and gives it back when the process ends, however it ends.
//!
//! See `docs/decisions/019-journal.md`.

mod disk;
mod index;
mod line;
mod open;

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use disk::Disk;
use index::{Claims, Index, done_key, name_key, wish_key};
use line::Record;
pub(super) use line::{Claim, Done};
use open::{Open, is_shutting_down};

use super::inputs::RealPaths;
use super::own::{OWN, UNFINISHED};
use crate::error::{Code, Error, Result};
use crate::file::{io_error, sync_folder};
use crate::run::CancelToken;

const NAME: &str = ".packshot-journal";
/// At most this much of what is done is lost when the power is: lost lines cost work, not results.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// A record is shorter; a longer line is damage and need not be held.
const LONGEST_LINE: u64 = 1 << 16;

/// An open journal, which nobody else has. What it says is read from the file when it is asked for.
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    /// Bytes of whole lines.
    length: u64,
    index: Index,
    /// Bytes that it had when it was opened.
    found: u64,
    /// Whether records of this run can be asked for, too.
    holds: bool,
    disk: Arc<Disk>,
    synced: Instant,
    /// After the files, which have to be closed before others look.
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
                Err(TryLockError::WouldBlock) if is_shutting_down(&path) => {
                    cancel.check()?;
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(Code::BatchBusy, "another batch writes to the folder").at(folder));
                }
                Err(TryLockError::Error(cause)) => return Err(fault(cause)),
            }
        }
        let State { length, claims, done, folders } = replay(&mut file).map_err(fault)?;
        // What follows the last whole line was being written when the process ended.
        file.set_len(length).map_err(fault)?;
        sync_folder(folder).map_err(fault)?;
        let disk = Disk::new(file.try_clone().map_err(fault)?, path.clone());
        disk.wrote(length);
        sweep(folder, folders);
        let forgets = !resume && !done.is_empty();
        let mut index = if resume { done } else { Index::default() };
        index.claims(claims);
        let mut journal = Self {
            file,
            path: path.clone(),
            length,
            index,
            found: length,
            holds: false,
            disk: Arc::new(disk),
            synced: Instant::now(),
            _open: Open::note(&path, cancel),
        };
        if forgets {
            journal.append(&Record::Fresh)?;
        }
        Ok(journal)
    }

    /// Lets records of this run be asked for, too. Only a batch that watches makes the same result again; for any other
    /// they would be memory that grows with each photo.
    pub(super) fn hold(&mut self) {
        self.holds = true;
    }

    /// The input that a file was made of by a batch of this folder, which is `output`; `None` for any other file. Empty for
    /// the journal and unfinished files.
    pub(super) fn made_of(&mut self, path: &Path, output: &Path, places: &mut RealPaths) -> Option<String> {
        let place = places.of(path);
        let below = place.strip_prefix(output).ok()?;
        if is_own(path) {
            return Some(String::new());
        }
        let name: Option<Vec<_>> = below.iter().map(|part| part.to_str()).collect();
        self.source_of(&name?.join("/"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The claims of this name, whatever its case: the last one for each spelling.
    pub(super) fn claims_of(&mut self, name: &str) -> Vec<Claim> {
        let mut claims: Vec<Claim> = Vec::new();
        for claim in self.claims_at(name_key(name)) {
            claims.retain(|older| older.output != claim.output);
            claims.push(claim);
        }
        claims.retain(|claim| claim.output.to_lowercase() == name.to_lowercase());
        claims
    }

    /// Whether a file of this name is the batch's own.
    pub(super) fn is_claimed(&mut self, name: &str) -> bool {
        self.claim_of(name).is_some()
    }

    /// SHA-256 of what batches wrote, or were about to write, under this name.
    pub(super) fn written(&mut self, name: &str) -> Vec<String> {
        let claimed = self.claim_of(name).map(|claim| claim.result).filter(|result| !result.is_empty());
        claimed.into_iter().chain(self.done(name).map(|done| done.result)).collect()
    }

    /// The input that a file of this name was made of; `None` if it is not the batch's own.
    pub(super) fn source_of(&mut self, name: &str) -> Option<String> {
        self.claim_of(name).map(|claim| claim.input)
    }

    fn claim_of(&mut self, name: &str) -> Option<Claim> {
        self.claims_of(name).into_iter().find(|claim| claim.output == name)
    }

    /// The names that this input has when it wants this one.
    pub(super) fn names_of(&mut self, input: &str, wanted: &str) -> Vec<String> {
        let mut claims = self.claims_at(wish_key(input, wanted));
        claims.retain(|claim| claim.input == input && claim.wanted == wanted);
        // It may be somebody else's by now.
        claims.retain(|claim| self.claim_of(&claim.output).as_ref() == Some(claim));
        claims.into_iter().map(|claim| claim.output).collect()
    }

    fn claims_at(&mut self, key: u64) -> Vec<Claim> {
        let claim = |record| if let Some(Record::Claim(claim)) = record { Some(claim) } else { None };
        self.index.offsets(key).into_iter().filter_map(|offset| claim(self.read(offset))).collect()
    }

    /// What an earlier run noted of the result with this name, or this one if it [holds](Self::hold) its records.
    pub(super) fn done(&mut self, name: &str) -> Option<Done> {
        self.index.offsets(done_key(name)).into_iter().find_map(|offset| match self.read(offset) {
            Some(Record::Done(done)) if done.output == name => Some(done),
            _ => None,
        })
    }

    /// Notes that the result of an input will have this name. Before a file gets it, the claim must be on the disk up to
    /// the length that is returned: after a power cut, a file without a claim would be taken for somebody else's.
    pub(super) fn claim(&mut self, claim: Claim) -> Result<(Arc<Disk>, u64)> {
        let disk = Arc::clone(&self.disk);
        if self.claim_of(&claim.output).as_ref() == Some(&claim) {
            return Ok((disk, self.found));
        }
        let offset = self.append(&Record::Claim(claim.clone()))?;
        if self.holds {
            self.index.add(name_key(&claim.output), offset);
        }
        Ok((disk, self.length))
    }

    /// Notes that a result lies in its place; to be called after it does.
    pub(super) fn note(&mut self, done: Done) -> Result<()> {
        let key = done_key(&done.output);
        let offset = self.append(&Record::Done(done))?;
        if self.holds {
            self.index.replace(key, offset);
        }
        if self.synced.elapsed() >= SYNC_EVERY { self.sync() } else { Ok(()) }
    }

    /// Brings everything to the disk.
    pub(super) fn sync(&mut self) -> Result<()> {
        self.synced = Instant::now();
        self.disk.reach(self.length)
    }

    /// Writes a record behind the last one, and returns where it begins.
    fn append(&mut self, record: &Record) -> Result<u64> {
        let (line, offset) = (line::write(record), self.length);
        let written = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.write_all(line.as_bytes()));
        if let Err(cause) = written {
            // Half a line must not stand before the next one. If it cannot be taken back either, its checksum tells.
            let _ = self.file.set_len(offset);
            return Err(io_error(&self.path, cause, "cannot write the journal of the batch"));
        }
        self.length += line.len() as u64;
        self.disk.wrote(self.length);
        Ok(offset)
    }

    /// The record that begins there; `None` if it cannot be read any more, as if it were not there.
    fn read(&self, offset: u64) -> Option<Record> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset)).ok()?;
        let mut bytes = Vec::new();
        BufReader::with_capacity(1 << 10, file).take(LONGEST_LINE).read_until(b'\n', &mut bytes).ok()?;
        line::read(&bytes)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _ = self.sync();
        // Not by closing alone: a process that somebody is starting right now has the file open for a moment, too.
        let _ = self.file.unlock();
    }
}

#[derive(Default)]
struct State {
    length: u64,
    claims: Claims,
    done: Index,
    /// Where results lie, below the folder.
    folders: HashSet<PathBuf>,
}

/// Reads what can be read; a damaged line costs what it said, and nothing else.
fn replay(file: &mut File) -> std::io::Result<State> {
    let mut state = State::default();
    let mut reader = BufReader::new(file);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes)? as u64;
        let offset = state.length;
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
            Some(Record::Claim(claim)) => {
                state.claims.insert((name_key(&claim.output), wish_key(&claim.input, &claim.wanted)), offset);
                if let Some(below) = Path::new(&claim.output).parent()
                    && !state.folders.contains(below)
                {
                    state.folders.insert(below.to_owned());
                }
            }
            Some(Record::Done(done)) => state.done.replace(done_key(&done.output), offset),
            Some(Record::Fresh) => state.done = Index::default(),
            None => {}
        }
    }
}

/// Removes unfinished files of a killed batch, where results go. Nobody else writes such files: we have the lock.
fn sweep(folder: &Path, mut below: HashSet<PathBuf>) {
    below.insert(PathBuf::new());
    for entry in below.iter().filter_map(|below| std::fs::read_dir(folder.join(below)).ok()).flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            // Best effort: a leftover file is harmless.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Where the journal of a folder for results lies.
pub(super) fn place(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Whether nothing more can be written to where this error comes from.
pub(super) fn ends_the_batch(error: &Error) -> bool {
    error.code() == Code::DiskFull || error.context().any(|(key, value)| key == "file" && value.ends_with(NAME))
}

/// Whether a file is one of the batch's own.
fn is_own(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(OWN))
}

#[cfg(test)]
mod tests;
