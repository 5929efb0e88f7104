//! Lanes for callers that run a model at the same time.

use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A few interchangeable values; each caller gets the one with the fewest users.
pub(super) struct Lanes<T>(Vec<(T, AtomicUsize)>);

/// A lane, until dropped.
pub(super) struct Lane<'a, T>(&'a (T, AtomicUsize));

impl<T> Default for Lanes<T> {
    /// Without lanes: the state after all were released.
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Lanes<T> {
    /// `lanes` must not be empty.
    pub(super) fn new(lanes: impl IntoIterator<Item = T>) -> Self {
        Self(lanes.into_iter().map(|lane| (lane, AtomicUsize::new(0))).collect())
    }

    pub(super) fn pick(&self) -> Lane<'_, T> {
        // Two callers may pick the same free lane; one of them then waits a little.
        let mut best = &self.0[0];
        for lane in &self.0 {
            if lane.1.compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                return Lane(lane);
            }
            if lane.1.load(Ordering::SeqCst) < best.1.load(Ordering::SeqCst) {
                best = lane;
            }
        }
        best.1.fetch_add(1, Ordering::SeqCst);
        Lane(best)
    }
}

impl<T> Deref for Lane<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0
    }
}

impl<T> Drop for Lane<'_, T> {
    fn drop(&mut self) {
        self.0.1.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_emptiest_lane_is_taken() {
        let lanes = Lanes::new(["a", "b"]);
        let first = lanes.pick();
        let second = lanes.pick();
        assert_eq!((*first, *second), ("a", "b"));
        let third = lanes.pick();
        assert_eq!(*third, "a");
        drop(second);
        assert_eq!(*lanes.pick(), "b");
    }
}
