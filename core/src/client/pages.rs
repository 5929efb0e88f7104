//! Long lists, page by page.

use std::collections::VecDeque;
use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use packshot_api::service::{Page, Transaction};

use super::call::Call;
use super::error::Result;
use super::host::BoxFuture;

/// The items of a list, in a stream. The next page is fetched when the items of the one before are used up. After an
/// error the stream ends.
///
/// ```no_run
/// # async fn example(client: packshot::client::Client) -> Result<(), packshot::client::Error> {
/// let mut transactions = client.credits().transactions().page_size(100);
/// while let Some(transaction) = transactions.next().await {
///     println!("{}", transaction?.amount);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a list is fetched when its items are asked for"]
pub struct Pages<T> {
    items: VecDeque<T>,
    /// The call for the page that follows, if there is one.
    next: Option<Call<Page<T>>>,
    running: Option<Running<T>>,
}

/// A call that runs, and the same call as a pattern for the next one.
type Running<T> = (BoxFuture<'static, Result<Page<T>>>, Call<Page<T>>);

impl<T: Send + Unpin + 'static> Pages<T> {
    pub(super) fn new(first: Call<Page<T>>) -> Self {
        Self { items: VecDeque::new(), next: Some(first), running: None }
    }

    /// The next item; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The first items, at most `limit`.
    ///
    /// # Errors
    /// If a page cannot be fetched.
    pub async fn collect(mut self, limit: usize) -> Result<Vec<T>> {
        let mut items = Vec::new();
        while items.len() < limit {
            let Some(item) = self.next().await else { break };
            items.push(item?);
        }
        Ok(items)
    }
}

impl Pages<Transaction> {
    /// Fetches so many at once.
    pub fn page_size(mut self, items: u32) -> Self {
        self.next = self.next.map(|first| first.query("limit", Some(items)));
        self
    }

    /// Begins after the transaction with this number.
    pub fn after(mut self, number: i64) -> Self {
        self.next = self.next.map(|first| first.after(number.to_string()));
        self
    }
}

impl<T: Send + Unpin + 'static> Stream for Pages<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if let Some((call, pattern)) = &mut self.running {
                let page = ready!(call.as_mut().poll(context));
                let pattern = pattern.clone();
                self.running = None;
                let page = match page {
                    Ok(page) => page,
                    Err(error) => return Poll::Ready(Some(Err(error))),
                };
                self.next = page.next.map(|next| pattern.after(next));
                self.items = page.items.into();
                continue;
            }
            let Some(call) = self.next.take() else { return Poll::Ready(None) };
            self.running = Some((call.clone().into_future(), call));
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}
