//! What JavaScript can close.

/// Something that is open until it is closed. What `lib/` knows to be closed never comes here.
pub(crate) struct Open<T>(Option<T>);

impl<T> Open<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self(Some(inner))
    }

    pub(crate) fn get(&self) -> napi::Result<&T> {
        self.0.as_ref().ok_or_else(|| napi::Error::from_reason("it is closed"))
    }

    pub(crate) fn close(&mut self) -> Option<T> {
        self.0.take()
    }
}
