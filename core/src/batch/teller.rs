//! Calls the listener on its own thread: a listener that is slower than the batch misses progress events, and costs
//! neither memory nor time.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::event::{BatchEvent, BatchOutcome, Listener};

use crate::error::Result;
use crate::run::{CancelToken, guard};
use crate::sync::lock;

/// Length of the queue of events.
const MOST_WAITING: usize = 64;
const PAUSE: Duration = Duration::from_millis(50);

/// The queue of events for a listener. When it holds [`MOST_WAITING`], the oldest progress event is dropped; failures
/// never are. If the queue holds only failures, the batch waits.
#[derive(Default)]
pub(super) struct Teller {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<BatchEvent>,
    /// No more events will come.
    ended: bool,
    /// The listener has panicked.
    deaf: bool,
}

impl Teller {
    /// Queues an event.
    pub(super) fn tell(&self, event: BatchEvent, cancel: &CancelToken) {
        let mut state = lock(&self.state);
        while state.waiting.len() >= MOST_WAITING && !state.deaf && !cancel.is_cancelled() {
            match state.waiting.iter().position(is_progress) {
                Some(oldest) => drop(state.waiting.remove(oldest)),
                None => {
                    state = self.changed.wait_timeout(state, PAUSE).unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
        state.waiting.push_back(event);
        drop(state);
        self.changed.notify_all();
    }

    /// Marks the end of the events.
    pub(super) fn end(&self) {
        lock(&self.state).ended = true;
        self.changed.notify_all();
    }

    /// Calls the listener until the events end. A listener that panics is not called again, and stops the batch.
    pub(super) fn run(&self, listener: &Listener, stop: &CancelToken) -> Result<()> {
        while let Some(event) = self.next() {
            guard(|| {
                listener(&event);
                Ok(())
            })
            .inspect_err(|_| {
                lock(&self.state).deaf = true;
                stop.cancel();
                self.changed.notify_all();
            })?;
        }
        Ok(())
    }

    /// Waits for the next event; `None` at the end.
    fn next(&self) -> Option<BatchEvent> {
        let mut state = lock(&self.state);
        while state.waiting.is_empty() && !state.ended {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let event = state.waiting.pop_front();
        drop(state);
        self.changed.notify_all();
        event
    }
}

/// Whether a slow listener may miss it: later events have its counts, and the report has the photo.
fn is_progress(event: &BatchEvent) -> bool {
    event.item.outcome != BatchOutcome::Failed
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::batch::event::BatchItem;
    use crate::error::Code;

    fn event(done: u64, outcome: BatchOutcome) -> BatchEvent {
        let item = BatchItem {
            input: done.to_string().into(),
            output: None,
            outcome,
            renamed: false,
            error: None,
            attempts: 1,
            seconds: 0.0,
            notes: Vec::new(),
            steps: Vec::new(),
        };
        BatchEvent { total: None, done, failed: 0, skipped: 0, resumed: 0, rate: 0.0, left: None, item }
    }

    /// Tells of so many photos while the listener hears nothing, and returns what it hears then.
    fn told_at_once(count: u64, outcome: impl Fn(u64) -> BatchOutcome) -> Vec<u64> {
        let (teller, cancel, heard) = (Teller::default(), CancelToken::new(), Arc::new(Mutex::new(Vec::new())));
        (0..count).for_each(|number| teller.tell(event(number, outcome(number)), &cancel));
        assert!(lock(&teller.state).waiting.len() <= MOST_WAITING);
        teller.end();
        let listener: Listener = Box::new({
            let heard = Arc::clone(&heard);
            move |event| lock(&heard).push(event.done)
        });
        teller.run(&listener, &cancel).unwrap();
        lock(&heard).clone()
    }

    #[test]
    fn of_too_many_the_newest_are_heard_and_every_failure() {
        let most = MOST_WAITING as u64;
        assert_eq!(told_at_once(most, |_| BatchOutcome::Done), (0..most).collect::<Vec<_>>());
        assert_eq!(told_at_once(10_000, |_| BatchOutcome::Done), (10_000 - most..10_000).collect::<Vec<_>>());
        let failed = |number| if number % 500 == 7 { BatchOutcome::Failed } else { BatchOutcome::Done };
        let heard = told_at_once(10_000, failed);
        let failures = (0..10_000).filter(|number| number % 500 == 7).collect::<Vec<_>>();
        assert!(failures.iter().all(|failure| heard.contains(failure)), "{heard:?}");
        assert!(heard.is_sorted() && heard.len() == MOST_WAITING && heard.last() == Some(&9_999));
    }

    #[test]
    fn failures_that_nobody_hears_hold_the_batch_up_until_it_is_cancelled() {
        let (teller, cancel) = (Teller::default(), CancelToken::new());
        (0..MOST_WAITING as u64).for_each(|number| teller.tell(event(number, BatchOutcome::Failed), &cancel));
        std::thread::scope(|scope| {
            let more = scope.spawn(|| teller.tell(event(1000, BatchOutcome::Failed), &cancel));
            std::thread::sleep(3 * PAUSE);
            assert!(!more.is_finished(), "it waits");
            assert_eq!(teller.next().unwrap().done, 0);
            more.join().unwrap();
            let last = scope.spawn(|| teller.tell(event(1001, BatchOutcome::Failed), &cancel));
            std::thread::sleep(3 * PAUSE);
            assert!(!last.is_finished(), "it waits again");
            cancel.cancel();
            last.join().unwrap();
        });
        teller.end();
        let mut rest = 0;
        while teller.next().is_some() {
            rest += 1;
        }
        assert_eq!(rest, MOST_WAITING + 1, "none is lost");
    }

    #[test]
    fn a_listener_that_sleeps_does_not_hold_up_whoever_tells() {
        let (teller, cancel) = (Teller::default(), CancelToken::new());
        let (wake, sleeps) = sync_channel::<()>(0);
        let sleeps = Mutex::new(sleeps);
        let listener: Listener = Box::new(move |_| assert!(lock(&sleeps).recv().is_err()));
        std::thread::scope(|scope| {
            let running = scope.spawn(|| teller.run(&listener, &cancel));
            (0..100_000).for_each(|number| teller.tell(event(number, BatchOutcome::Done), &cancel));
            assert!(!running.is_finished());
            teller.end();
            drop(wake);
            running.join().unwrap().unwrap();
        });
    }

    #[test]
    fn a_listener_that_panics_is_not_called_again() {
        let (teller, cancel) = (Teller::default(), CancelToken::new());
        (0..3).for_each(|number| teller.tell(event(number, BatchOutcome::Failed), &cancel));
        let listener: Listener = Box::new(|event| assert_ne!(event.done, 1, "not this one"));
        assert_eq!(teller.run(&listener, &cancel).unwrap_err().code(), Code::Internal);
        assert!(cancel.is_cancelled());
        (0..1000).for_each(|number| teller.tell(event(number, BatchOutcome::Failed), &CancelToken::new()));
    }
}
