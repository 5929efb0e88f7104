//! Who shares a commit, and how they learn of it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::error::{Error, Result};

/// Transactions that are committed together.
#[derive(Debug)]
pub(super) struct Group(watch::Sender<Outcome>);

/// Not yet, committed, or the reason why not.
type Outcome = Option<Result<(), Arc<str>>>;

/// One of the transactions, which waits for the commit.
#[derive(Debug)]
pub(super) struct Member(watch::Receiver<Outcome>);

impl Group {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub(super) fn join(&self) -> Member {
        Member(self.0.subscribe())
    }

    /// Tells all members.
    pub(super) fn end(self, outcome: Result<()>) {
        self.0.send_replace(Some(outcome.map_err(|error| error.to_string().into())));
    }
}

impl Member {
    /// Waits until the group is on disk.
    pub(super) async fn committed(mut self) -> Result<()> {
        match self.0.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(()))) => Ok(()),
            Ok(Some(Err(why))) => Err(Error::Commit(why.to_string())),
            Ok(None) | Err(_) => Err(Error::Commit("the database was closed".to_owned())),
        }
    }
}
