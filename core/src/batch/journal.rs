//! The journal: a file that records what a batch has done, and survives a crash.
//!
//! The file `.packshot-journal` lies in the output folder. It is append-only; each line is a record with its own
//! checksum, so that after a crash everything except the damaged lines can be read. Each photo has two records:
//! `claim`, before its result gets its name (from then on the batch owns the file of that name), and `done`, after. A
//! claim is synced to the disk before its file is named; memory holds only the offsets of records. The lock is the
//! kernel's, and is released when the process ends, however it ends.
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
/// A power cut loses at most this much of the journal: lost lines cost work, not results.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// Records are shorter; a longer line is damaged and need not be kept in memory.
const LONGEST_LINE: u64 = 1 << 16;

/// An open, locked journal. Records are read from the file on demand.
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    /// Bytes of whole lines.
    length: u64,
    index: Index,
    /// Length in bytes when it was opened.
    found: u64,
    /// Whether records of this run can be looked up, too.
    holds: bool,
    disk: Arc<Disk>,
    synced: Instant,
    /// Dropped after the files, which must be closed before another batch opens the journal.
    _open: Open,
}

impl Journal {
    /// Opens or creates the journal of a folder, and removes unfinished files of a killed batch. Without `resume`,
    /// claims stay valid, but nothing counts as done.
    ///
    /// Waits for a batch of this process that was cancelled and is still closing its files, until `cancel` is
    /// cancelled.
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
        // What follows the last complete line was being written when the process ended.
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

    /// Keeps records of this run available for lookup, too. Only a watching batch makes the same result again; for any
    /// other the memory would grow with each photo for nothing.
    pub(super) fn hold(&mut self) {
        self.holds = true;
    }

    /// The input from which a batch in the folder `output` made this file; `None` for any other file, empty for the
    /// journal and unfinished files.
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

    /// The claims of this name, case-insensitively: the last one for each spelling.
    pub(super) fn claims_of(&mut self, name: &str) -> Vec<Claim> {
        let mut claims: Vec<Claim> = Vec::new();
        for claim in self.claims_at(name_key(name)) {
            claims.retain(|older| older.output != claim.output);
            claims.push(claim);
        }
        claims.retain(|claim| claim.output.to_lowercase() == name.to_lowercase());
        claims
    }

    /// Whether the batch owns the file of this name.
    pub(super) fn is_claimed(&mut self, name: &str) -> bool {
        self.claim_of(name).is_some()
    }

    /// SHA-256 of each content that batches wrote, or were about to write, under this name.
    pub(super) fn written(&mut self, name: &str) -> Vec<String> {
        let claimed = self.claim_of(name).map(|claim| claim.result).filter(|result| !result.is_empty());
        claimed.into_iter().chain(self.done(name).map(|done| done.result)).collect()
    }

    /// The input from which the file of this name was made; `None` if the batch does not own it.
    pub(super) fn source_of(&mut self, name: &str) -> Option<String> {
        self.claim_of(name).map(|claim| claim.input)
    }

    fn claim_of(&mut self, name: &str) -> Option<Claim> {
        self.claims_of(name).into_iter().find(|claim| claim.output == name)
    }

    /// The names that this input got when it wanted this one.
    pub(super) fn names_of(&mut self, input: &str, wanted: &str) -> Vec<String> {
        let mut claims = self.claims_at(wish_key(input, wanted));
        claims.retain(|claim| claim.input == input && claim.wanted == wanted);
        // It may belong to another input by now.
        claims.retain(|claim| self.claim_of(&claim.output).as_ref() == Some(claim));
        claims.into_iter().map(|claim| claim.output).collect()
    }

    fn claims_at(&mut self, key: u64) -> Vec<Claim> {
        let claim = |record| if let Some(Record::Claim(claim)) = record { Some(claim) } else { None };
        self.index.offsets(key).into_iter().filter_map(|offset| claim(self.read(offset))).collect()
    }

    /// The `done` record of the result with this name, from an earlier run, or from this one if it [holds](Self::hold)
    /// its records.
    pub(super) fn done(&mut self, name: &str) -> Option<Done> {
        self.index.offsets(done_key(name)).into_iter().find_map(|offset| match self.read(offset) {
            Some(Record::Done(done)) if done.output == name => Some(done),
            _ => None,
        })
    }

    /// Records that the result of an input will have this name. Before a file gets the name, the journal must be synced
    /// up to the returned length: after a power cut, a file without a claim would count as foreign.
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

    /// Records a result as done; to be called after the file has its name.
    pub(super) fn note(&mut self, done: Done) -> Result<()> {
        let key = done_key(&done.output);
        let offset = self.append(&Record::Done(done))?;
        if self.holds {
            self.index.replace(key, offset);
        }
        if self.synced.elapsed() >= SYNC_EVERY { self.sync() } else { Ok(()) }
    }

    /// Syncs everything to the disk.
    pub(super) fn sync(&mut self) -> Result<()> {
        self.synced = Instant::now();
        self.disk.reach(self.length)
    }

    /// Appends a record, and returns its offset.
    fn append(&mut self, record: &Record) -> Result<u64> {
        let (line, offset) = (line::write(record), self.length);
        let written = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.write_all(line.as_bytes()));
        if let Err(cause) = written {
            // Half a line must not precede the next one. If it cannot be truncated either, its checksum reveals it.
            let _ = self.file.set_len(offset);
            return Err(io_error(&self.path, cause, "cannot write the journal of the batch"));
        }
        self.length += line.len() as u64;
        self.disk.wrote(self.length);
        Ok(offset)
    }

    /// The record at this offset; `None` if it cannot be read any more.
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
        // Closing is not enough: a child process that is being spawned right now inherits the open file for a moment.
        let _ = self.file.unlock();
    }
}

#[derive(Default)]
struct State {
    length: u64,
    claims: Claims,
    done: Index,
    /// Subfolders that contain results.
    folders: HashSet<PathBuf>,
}

/// Reads all intact records; a damaged line loses only its own record.
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
            // The rest of it is read as lines without a valid checksum.
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

/// Removes unfinished files of a killed batch from the output folders. The lock guarantees that no other batch writes
/// them.
fn sweep(folder: &Path, mut below: HashSet<PathBuf>) {
    below.insert(PathBuf::new());
    for entry in below.iter().filter_map(|below| std::fs::read_dir(folder.join(below)).ok()).flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            // Best effort: a leftover file is harmless.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The path of the journal of an output folder.
pub(super) fn place(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Whether this error means that nothing more can be written, as with a full disk.
pub(super) fn ends_the_batch(error: &Error) -> bool {
    error.code() == Code::DiskFull || error.context().any(|(key, value)| key == "file" && value.ends_with(NAME))
}

/// Whether a file belongs to the batch itself: its journal, its lock, an unfinished file.
fn is_own(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(OWN))
}

#[cfg(test)]
mod tests;
