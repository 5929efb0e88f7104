//! The cache of loaded models, shared by all clones of an engine.
//!
//! A session is identified by the content of its model, not by a path. Unused sessions are evicted, the least recently
//! used first, as soon as all sessions together exceed the budget.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use crate::error::Result;
use crate::inference::Opened;
use crate::models::Checksum;
use crate::sync::lock;

/// Assumed bytes of a session besides its weights, for each lane: memory that ONNX Runtime keeps from its runs.
/// Measured: 30 MB for the net of factor 2, 56 MB for that of 4.
const ARENA: u64 = 64 << 20;

/// Sessions that are kept regardless of size: a recipe that uses this many would otherwise reload them for each photo.
const KEPT: usize = 4;

/// Divisor: the share of the machine's memory for sessions, and its bounds.
const SHARE: u64 = 8;
const LEAST: u64 = 256 << 20;
const MOST: u64 = 2 << 30;

/// Identifies a session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) content: Content,
    /// Number of concurrent callers it was opened for, which determines threads and lanes.
    pub(super) callers: Option<NonZeroUsize>,
}

/// The weights of a model, whatever its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Content {
    /// Compiled into the library, under this id.
    Embedded(&'static str),
    /// Files with these hashes.
    Files(Vec<Checksum>),
    /// Blend of two, with the percentage taken from the second.
    Blend(Box<[Content; 2]>, u8),
}

/// The sessions of an engine.
pub(super) struct Sessions {
    budget: u64,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    slots: HashMap<Key, Slot>,
    /// Counts requests: the order in which sessions were used.
    clock: u64,
}

struct Slot {
    /// Loaded by the first caller while the others wait: a model is loaded only once.
    opened: Arc<Mutex<Option<Arc<Opened>>>>,
    bytes: u64,
    used: u64,
}

impl Default for Sessions {
    fn default() -> Self {
        Self::within(budget())
    }
}

impl Sessions {
    fn within(budget: u64) -> Self {
        Self { budget, held: Mutex::default() }
    }

    /// The session for `key`, loaded by `load` if it is not cached, and whether it was loaded now. `weights` is the
    /// size of its model in bytes.
    pub(super) fn get(
        &self,
        key: &Key,
        weights: u64,
        load: impl FnOnce() -> Result<Opened>,
    ) -> Result<(Arc<Opened>, bool)> {
        let (slot, evicted) = {
            let mut held = lock(&self.held);
            held.clock += 1;
            let used = held.clock;
            let lanes = key.callers.map_or(1, NonZeroUsize::get) as u64;
            let bytes = weights.saturating_add(ARENA).saturating_mul(lanes);
            let slot = held.slots.entry(key.clone()).or_insert_with(|| Slot { opened: Arc::default(), bytes, used });
            slot.used = used;
            let opened = Arc::clone(&slot.opened);
            (opened, held.evict(self.budget))
        };
        // Dropped without the lock held: that may take a while.
        drop(evicted);
        let mut filled = lock(&slot);
        if let Some(opened) = &*filled {
            return Ok((Arc::clone(opened), false));
        }
        match load() {
            Ok(opened) => Ok((Arc::clone(filled.insert(Arc::new(opened))), true)),
            Err(error) => {
                drop(filled);
                self.forget(key);
                Err(error)
            }
        }
    }

    /// Removes `key` from the cache; current users keep their session.
    pub(super) fn forget(&self, key: &Key) {
        let slot = lock(&self.held).slots.remove(key);
        drop(slot);
    }
}

impl Held {
    /// Removes unused sessions, the least recently used first, until the rest fits.
    fn evict(&mut self, budget: u64) -> Vec<Slot> {
        let mut evicted = Vec::new();
        while self.slots.len() > KEPT && self.slots.values().map(|slot| slot.bytes).sum::<u64>() > budget {
            let unused = self.slots.iter().filter(|(_, slot)| slot.is_unused());
            let Some(oldest) = unused.min_by_key(|(_, slot)| slot.used).map(|(key, _)| key.clone()) else { break };
            evicted.extend(self.slots.remove(&oldest));
        }
        evicted
    }
}

impl Slot {
    /// Whether no caller waits for it or uses it. New users come only through [`Sessions::get`], which holds the lock.
    fn is_unused(&self) -> bool {
        Arc::strong_count(&self.opened) == 1
            && self
                .opened
                .try_lock()
                .is_ok_and(|opened| opened.as_ref().is_none_or(|opened| Arc::strong_count(opened) == 1))
    }
}

/// An eighth of the machine's memory, within bounds.
fn budget() -> u64 {
    (super::memory::total() / SHARE).clamp(LEAST, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Code, Error};
    use crate::inference::{Backend, ModelData, Runtime};

    const TINY: &[u8] = include_bytes!("../../tests/data/tiny.onnx");

    fn key(number: u8) -> Key {
        Key { content: Content::Files(vec![Checksum::Md5([number; 16])]), callers: None }
    }

    fn load() -> Result<Opened> {
        let runtime = Runtime { backend: Backend::Rten, ..Runtime::default() };
        runtime.open(ModelData::Embedded(TINY))
    }

    fn held(sessions: &Sessions) -> Vec<u8> {
        let held = lock(&sessions.held);
        let number = |key: &Key| match &key.content {
            Content::Files(hashes) => match hashes[0] {
                Checksum::Md5(bytes) => bytes[0],
                Checksum::Sha256(_) => 0,
            },
            _ => 0,
        };
        let mut numbers: Vec<_> = held.slots.keys().map(number).collect();
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn many_models_stay_within_the_budget_and_the_oldest_goes_first() {
        let sessions = Sessions::within(5 * (ARENA + 1));
        for number in 0..50 {
            assert!(sessions.get(&key(number), 1, load).unwrap().1);
            // Asked for all the time, and so never let go.
            sessions.get(&key(0), 1, load).unwrap();
        }
        assert_eq!(held(&sessions), [0, 46, 47, 48, 49]);
        assert!(!sessions.get(&key(48), 1, load).unwrap().1, "it is still there");
        assert!(sessions.get(&key(1), 1, load).unwrap().1, "it was let go");
    }

    #[test]
    fn what_is_in_use_is_kept_and_what_failed_is_not() {
        let sessions = Sessions::within(0);
        let used: Vec<_> = (0..5).map(|number| sessions.get(&key(number), 1, load).unwrap().0).collect();
        assert_eq!(held(&sessions), [0, 1, 2, 3, 4]);
        drop(used);
        let failed = sessions.get(&key(9), 1, || Err(Error::new(Code::ModelInvalid, "no")));
        assert!(failed.is_err());
        assert_eq!(held(&sessions), [2, 3, 4], "but for as many as one recipe may need");
    }

    #[test]
    fn threads_that_want_the_same_load_it_once() {
        let sessions = Sessions::default();
        let loaded = Mutex::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let counted = || {
                        *lock(&loaded) += 1;
                        load()
                    };
                    sessions.get(&key(1), 1, counted).unwrap();
                });
            }
        });
        assert_eq!(*lock(&loaded), 1);
    }
}
