//! Which threads do the work of a call that was admitted.

use std::cell::Cell;
use std::marker::PhantomData;

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// The calling thread does the work of an admitted call, until this is dropped: calls that it makes are parts of that one,
/// and wait for no turn of their own. So do tasks that it starts.
pub(crate) struct Admitted {
    before: bool,
    /// Of this thread.
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
