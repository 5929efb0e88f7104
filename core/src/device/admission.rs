//! Admission: how many calls of an engine run at a time, and how much memory they take together.
//!
//! Calls wait in one queue, in order of arrival. The first of them gets the next free worker, which is a thread, and
//! then waits until its estimated memory is free. A call that needs more than the whole budget runs alone.
//!
//! One extra worker serves small calls: the first of them in the queue gets it at once, and finishes while large ones
//! still wait. Its memory is reserved, so that it never delays those before it.
//!
//! The photos of a batch take turns with the calls, on threads of the batch.
//!
//! A nested call, such as one in a progress listener, does not wait: the outer call holds the worker that it would wait
//! for. See `docs/decisions/036-admission.md`.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use crate::error::{Code, Error, Result};
use crate::run::{Admitted, CancelToken, Run, Task, TaskBody, guard};
use crate::sync::lock;

/// Calls that take at most this many bytes are small: photos of up to two million pixels.
const SMALL: u64 = 112 << 20;
/// Divisor: at most this share of the memory is reserved for a small call.
const SMALL_SHARE: u64 = 4;
/// Divisor: the default share of the machine's memory, and its minimum: two cut-outs of 12 million pixels.
const SHARE: u64 = 4;
const LEAST: u64 = 768 << 20;

type Estimate = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Workers and memory for the calls of an engine, or for the photos of a batch.
pub(crate) struct Admission {
    workers: usize,
    memory: u64,
    /// Bytes reserved for a small call.
    small: u64,
    state: Mutex<State>,
    changed: Condvar,
    /// The engine's admission, for photos of a batch.
    above: Option<Arc<Admission>>,
}

#[derive(Default)]
struct State {
    line: VecDeque<Waiting>,
    next: u64,
    /// Busy workers, without the one for small calls.
    busy: usize,
    /// Whether the worker for small calls is running.
    small: bool,
    /// Threads whose turn has come, and that have not woken up yet.
    called: BTreeSet<u64>,
    /// Calls that have a worker and wait for memory.
    for_memory: VecDeque<u64>,
    /// Number of calls that hold memory, and how much.
    holders: usize,
    bytes: u64,
}

struct Waiting {
    id: u64,
    /// `None` for a thread that blocks until its turn.
    call: Option<Call>,
}

struct Call {
    cancel: CancelToken,
    work: TaskBody,
    estimate: Estimate,
    bytes: Option<u64>,
}

impl Call {
    /// What the estimate was made of, which may be a whole file in memory, goes before the work begins.
    fn run(self) {
        let Self { work, estimate, .. } = self;
        drop(estimate);
        work();
    }
}

impl State {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn join(&mut self, call: Option<Call>) -> u64 {
        let id = self.number();
        self.line.push_back(Waiting { id, call });
        id
    }
}

impl Admission {
    /// For the calls of an engine; by default one worker per core, and a quarter of the machine's memory.
    pub(crate) fn new(workers: Option<usize>, memory: Option<u64>) -> Self {
        let workers = workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        let memory = memory.unwrap_or_else(|| (super::memory::total() / SHARE).max(LEAST));
        Self::within(workers, memory, SMALL.min(memory / SMALL_SHARE), None)
    }

    /// For the photos of one batch, which take at most `memory` together; they also take turns with the engine's calls,
    /// unless such a call has started the batch.
    pub(crate) fn of_batch(self: &Arc<Self>, memory: u64) -> Self {
        Self::within(usize::MAX, memory, 0, (!Admitted::here()).then(|| Arc::clone(self)))
    }

    fn within(workers: usize, memory: u64, small: u64, above: Option<Arc<Self>>) -> Self {
        Self { workers, memory, small, state: Mutex::default(), changed: Condvar::new(), above }
    }

    /// Queues `work` as a task. `estimate` returns the bytes that it takes; it may read the head of a file.
    pub(crate) fn start<T: Send + 'static>(
        self: &Arc<Self>,
        run: &Run,
        estimate: impl Fn() -> u64 + Send + Sync + 'static,
        work: impl FnOnce(&Run) -> Result<T> + Send + 'static,
    ) -> Task<T> {
        if Admitted::here() {
            return Task::spawn(run, work);
        }
        let (task, work) = Task::prepare(run, work);
        let call = Call { cancel: task.cancel().clone(), work, estimate: Arc::new(estimate), bytes: None };
        let mut state = lock(&self.state);
        let id = state.join(Some(call));
        let calls = self.call_up(&mut state);
        let measures = !state.line.is_empty() && !state.small;
        state.small |= measures;
        drop(state);
        self.spawn(calls);
        if measures {
            let admission = Arc::clone(self);
            if thread(move || admission.serve_small()).is_err() {
                lock(&self.state).small = false;
            }
        }
        let admission = Arc::downgrade(self);
        task.on_cancel(move || Self::leave(&admission, id))
    }

    /// Waits for a turn and for `bytes` of memory.
    ///
    /// # Errors
    /// [`Code::Cancelled`], as soon as `cancel` is.
    pub(crate) fn enter(self: &Arc<Self>, bytes: u64, cancel: &CancelToken) -> Result<Permit> {
        let admission = Arc::downgrade(self);
        let _wakes = cancel.on_cancel(move || {
            if let Some(admission) = admission.upgrade() {
                admission.wake();
            }
        });
        let mut state = lock(&self.state);
        let id = state.join(None);
        let calls = self.call_up(&mut state);
        drop(state);
        self.spawn(calls);
        let mut state = lock(&self.state);
        while !state.called.remove(&id) {
            if cancel.is_cancelled() {
                state.line.retain(|waiting| waiting.id != id);
                return Err(cancelled());
            }
            state = self.wait(state);
        }
        drop(state);
        let turn = Turn(Arc::clone(self));
        let memory = self.reserve(bytes, cancel)?;
        let above = self.above.as_ref().map(|above| above.enter(bytes, cancel)).transpose()?;
        Ok(Permit { _above: above.map(Box::new), _memory: memory, _turn: turn, _admitted: Admitted::enter() })
    }

    /// Removes a cancelled call from the queue, and wakes the others: it may have waited for memory.
    fn leave(admission: &Weak<Self>, id: u64) {
        let Some(admission) = admission.upgrade() else { return };
        let mut state = lock(&admission.state);
        let place = state.line.iter().position(|waiting| waiting.id == id);
        let left = place.and_then(|place| state.line.remove(place));
        drop(state);
        admission.changed.notify_all();
        // Dropped without the lock held: the call's data may be large.
        drop(left);
    }

    /// Assigns free workers to the head of the queue. The caller must start the returned calls.
    fn call_up(&self, state: &mut State) -> Vec<Call> {
        let mut calls = Vec::new();
        while state.busy < self.workers
            && let Some(Waiting { id, call }) = state.line.pop_front()
        {
            state.busy += 1;
            match call {
                Some(call) => calls.push(call),
                None => {
                    state.called.insert(id);
                    self.changed.notify_all();
                }
            }
        }
        calls
    }

    /// Releases a worker, and returns the calls that come next.
    fn give_back(&self) -> Vec<Call> {
        let mut state = lock(&self.state);
        state.busy -= 1;
        self.call_up(&mut state)
    }

    /// Starts a thread for each of `calls`, which have a worker.
    fn spawn(self: &Arc<Self>, mut calls: Vec<Call>) {
        while let Some(call) = calls.pop() {
            let admission = Arc::clone(self);
            // If no thread can be started, the call fails, and the next one tries.
            if thread(move || admission.serve(call)).is_err() {
                calls.extend(self.give_back());
            }
        }
    }

    /// Runs a call, and then those whose turn comes.
    fn serve(self: Arc<Self>, mut call: Call) {
        loop {
            {
                let _admitted = Admitted::enter();
                let bytes = call.bytes.unwrap_or_else(|| measured(&call.estimate));
                // `None` if the call was cancelled.
                if let Ok(_memory) = self.reserve(bytes, &call.cancel) {
                    call.run();
                }
            }
            let mut calls = self.give_back();
            let next = (!calls.is_empty()).then(|| calls.remove(0));
            self.spawn(calls);
            match next {
                Some(next) => call = next,
                None => return,
            }
        }
    }

    /// Estimates the calls in the queue, and runs the small ones.
    fn serve_small(self: Arc<Self>) {
        loop {
            let mut state = lock(&self.state);
            let calls = state.line.iter().filter_map(|waiting| Some((waiting.id, waiting.call.as_ref()?)));
            let unknown = calls.clone().find(|(_, call)| call.bytes.is_none());
            if let Some((id, estimate)) = unknown.map(|(id, call)| (id, Arc::clone(&call.estimate))) {
                drop(state);
                let bytes = measured(&estimate);
                let mut state = lock(&self.state);
                let waiting = state.line.iter_mut().find(|waiting| waiting.id == id);
                if let Some(call) = waiting.and_then(|waiting| waiting.call.as_mut()) {
                    call.bytes = Some(bytes);
                }
                continue;
            }
            let is_small = |waiting: &Waiting| {
                waiting.call.as_ref().is_some_and(|call| call.bytes.is_some_and(|bytes| bytes <= self.small))
            };
            let place = state.line.iter().position(is_small);
            let Some(call) = place.and_then(|place| state.line.remove(place)?.call) else {
                state.small = false;
                return;
            };
            drop(state);
            let _admitted = Admitted::enter();
            call.run();
        }
    }

    /// Waits for memory in order of arrival; a request above the budget waits until no other call holds any.
    fn reserve(self: &Arc<Self>, bytes: u64, cancel: &CancelToken) -> Result<Memory> {
        let mut state = lock(&self.state);
        let id = state.number();
        state.for_memory.push_back(id);
        loop {
            if cancel.is_cancelled() {
                state.for_memory.retain(|waiting| *waiting != id);
                self.changed.notify_all();
                return Err(cancelled());
            }
            let fits = state.holders == 0 || state.bytes.saturating_add(bytes) <= self.memory - self.small;
            if fits && state.for_memory.front() == Some(&id) {
                state.for_memory.pop_front();
                state.holders += 1;
                state.bytes = state.bytes.saturating_add(bytes);
                self.changed.notify_all();
                return Ok(Memory { admission: Arc::clone(self), bytes });
            }
            state = self.wait(state);
        }
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes all waiting threads; none can miss it between checking its condition and waiting.
    fn wake(&self) {
        drop(lock(&self.state));
        self.changed.notify_all();
    }
}

/// A worker and memory, until dropped.
pub(crate) struct Permit {
    // Dropped in this order.
    _above: Option<Box<Permit>>,
    _memory: Memory,
    _turn: Turn,
    _admitted: Admitted,
}

struct Turn(Arc<Admission>);

impl Drop for Turn {
    fn drop(&mut self) {
        let calls = self.0.give_back();
        self.0.spawn(calls);
    }
}

struct Memory {
    admission: Arc<Admission>,
    bytes: u64,
}

impl Drop for Memory {
    fn drop(&mut self) {
        let mut state = lock(&self.admission.state);
        state.holders -= 1;
        state.bytes = state.bytes.saturating_sub(self.bytes);
        drop(state);
        self.admission.changed.notify_all();
    }
}

/// A call that cannot be estimated is not small.
fn measured(estimate: &Estimate) -> u64 {
    guard(|| Ok(estimate())).unwrap_or(SMALL + 1)
}

fn thread(work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name("packshot".to_owned()).spawn(work).map(drop)
}

fn cancelled() -> Error {
    Error::new(Code::Cancelled, "the operation was cancelled while it was queued")
}

#[cfg(test)]
mod tests;
