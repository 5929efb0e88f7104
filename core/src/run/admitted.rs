//! Marks threads that do the work of an admitted call.

use std::cell::Cell;
use std::marker::PhantomData;

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// Marks the calling thread as doing the work of an admitted call, until dropped: calls that it makes, and tasks that
/// it starts, are parts of that call and do not queue.
pub(crate) struct Admitted {
    before: bool,
    /// Bound to this thread.
    _not_send: PhantomData<*const ()>,
}

impl Admitted {
    pub(crate) fn enter() -> Self {
        Self { before: HERE.replace(true), _not_send: PhantomData }
    }

    pub(crate) fn here() -> bool {
        HERE.get()
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        HERE.set(self.before);
    }
}
