//! Cancel tokens: a tree in which a parent cancels its children, and never the reverse.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use crate::error::{Code, Error, Result};
use crate::sync::lock;

/// Stops a running operation from any thread. Clones share one state; a cancelled token stays cancelled.
///
/// Every operation has a [`child`](Self::child) of the token that it was started with: it ends when either is
/// cancelled. Cancelling the child alone, such as by dropping its [`Task`](crate::Task), does not affect other
/// operations.
#[derive(Clone, Default)]
pub struct CancelToken(Arc<State>);

#[derive(Default)]
struct State {
    cancelled: AtomicBool,
    hooks: Mutex<Hooks>,
    /// Threads that work for this token and its children; a cancelled one counts until its next checkpoint.
    working: Mutex<usize>,
    idle: Condvar,
    /// The hook by which the parent cancels this token; removed with the last clone of this token.
    parent: Option<CancelGuard>,
}

#[derive(Default)]
struct Hooks {
    next: u64,
    active: BTreeMap<u64, Arc<dyn Fn() + Send + Sync>>,
}

impl CancelToken {
    /// A fresh token.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A token that is cancelled with this one, and can be cancelled without it.
    #[must_use]
    pub fn child(&self) -> Self {
        let child = Self(Arc::new_cyclic(|child: &Weak<State>| {
            let child = Weak::clone(child);
            // Weak, so that a long-lived parent does not keep the child of every call.
            let cancel = move || {
                if let Some(child) = child.upgrade() {
                    Self(child).cancel();
                }
            };
            State { parent: Some(self.hooked(Arc::new(cancel))), ..State::default() }
        }));
        // If the parent was cancelled before the hook was registered, it did not reach this child.
        if self.is_cancelled() {
            child.cancel();
        }
        child
    }

    /// Cancels every operation that was started with this token or a child of it. Calling it again does nothing.
    pub fn cancel(&self) {
        if self.0.cancelled.swap(true, Ordering::SeqCst) {
            return;
        }
        // Called without the lock held, so that a hook may drop its own guard.
        let hooks: Vec<_> = lock(&self.0.hooks).active.values().map(Arc::clone).collect();
        for hook in hooks {
            hook();
        }
    }

    /// Whether [`cancel`](Self::cancel) was called, on this token or a parent of it.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// An error with [`Code::Cancelled`] if the token is cancelled.
    ///
    /// # Errors
    /// [`Code::Cancelled`].
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(Error::new(Code::Cancelled, "the operation was cancelled"));
        }
        Ok(())
    }

    /// Blocks until no thread works for this token or a child of it any more, but at most this long; `false` if one
    /// still does. For hosts that need files closed or cores free before they continue.
    #[must_use]
    pub fn wait_until_idle(&self, time: Duration) -> bool {
        let working = lock(&self.0.working);
        let (working, _) = self
            .0
            .idle
            .wait_timeout_while(working, time, |working| *working > 0)
            .unwrap_or_else(PoisonError::into_inner);
        *working == 0
    }

    /// Calls `hook` once when the token is cancelled (at once if it already is), until the guard is dropped.
    #[must_use = "the hook lives as long as the guard"]
    pub fn on_cancel(&self, hook: impl Fn() + Send + Sync + 'static) -> CancelGuard {
        let hook: Arc<dyn Fn() + Send + Sync> = Arc::new(hook);
        let guard = self.hooked(Arc::clone(&hook));
        // A cancel between the check and the push has either seen the hook or is seen here. Running it twice is
        // harmless, never running it is not.
        if self.is_cancelled() {
            hook();
        }
        guard
    }

    fn hooked(&self, hook: Arc<dyn Fn() + Send + Sync>) -> CancelGuard {
        let mut hooks = lock(&self.0.hooks);
        hooks.next += 1;
        let id = hooks.next;
        hooks.active.insert(id, hook);
        drop(hooks);
        CancelGuard { token: self.clone(), id }
    }

    fn parent(&self) -> Option<&Self> {
        self.0.parent.as_ref().map(|guard| &guard.token)
    }

    /// This token, its parent, and so on.
    fn lineage(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |token| token.parent())
    }
}

/// A thread that works for a token and for all above it, until this is dropped.
pub(crate) struct Working(CancelToken);

impl Working {
    pub(crate) fn new(token: &CancelToken) -> Self {
        token.lineage().for_each(|token| *lock(&token.0.working) += 1);
        Self(token.clone())
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        for token in self.0.lineage() {
            *lock(&token.0.working) -= 1;
            token.0.idle.notify_all();
        }
    }
}

/// Removes a hook of [`CancelToken::on_cancel`] when dropped.
pub struct CancelGuard {
    token: CancelToken,
    id: u64,
}

impl Drop for CancelGuard {
    fn drop(&mut self) {
        // Dropped after the lock is free: what a hook owns may have a hook of this token itself.
        let hook = lock(&self.token.0.hooks).active.remove(&self.id);
        drop(hook);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hooks(token: &CancelToken) -> usize {
        lock(&token.0.hooks).active.len()
    }

    #[test]
    fn a_token_cancelled_early_runs_the_hook_at_once() {
        let cancel = CancelToken::new();
        cancel.cancel();
        let seen = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&seen);
        let _guard = cancel.on_cancel(move || flag.store(true, Ordering::SeqCst));
        assert!(seen.load(Ordering::SeqCst));
        assert!(cancel.child().child().is_cancelled());
    }

    #[test]
    fn a_parent_cancels_its_children_and_no_child_its_parent() {
        let parent = CancelToken::new();
        let (first, second) = (parent.child(), parent.child());
        let below = first.child();
        first.cancel();
        assert!(below.is_cancelled() && !parent.is_cancelled() && !second.is_cancelled());
        parent.cancel();
        assert!(second.is_cancelled());
    }

    #[test]
    fn children_leave_nothing_in_their_parent() {
        let parent = CancelToken::new();
        for _ in 0..1000 {
            let child = parent.child();
            let _guard = child.on_cancel(|| {});
            drop(Working::new(&child.child()));
        }
        assert_eq!(hooks(&parent), 0);
        let child = parent.child();
        let clone = child.clone();
        drop(child);
        assert_eq!(hooks(&parent), 1, "a clone of it is left");
        drop(clone);
        assert_eq!((hooks(&parent), Arc::strong_count(&parent.0)), (0, 1));
    }

    #[test]
    fn a_hook_may_own_the_last_child() {
        let parent = CancelToken::new();
        let child = parent.child();
        let guard = parent.on_cancel(move || child.cancel());
        drop(guard);
        assert_eq!(hooks(&parent), 0);
    }

    #[test]
    fn a_parent_waits_for_those_who_work_for_its_children() {
        let parent = CancelToken::new();
        let (busy, free) = (parent.child().child(), parent.child());
        let working = Working::new(&busy);
        assert!(!parent.wait_until_idle(Duration::ZERO) && free.wait_until_idle(Duration::ZERO));
        drop(working);
        assert!(parent.wait_until_idle(Duration::ZERO));
    }
}
