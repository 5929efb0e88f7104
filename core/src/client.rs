//! The client of the hosted service: accounts, organisations, API keys, credits and assets.
//!
//! - **Call**: a [`Client`] has a method for each operation. It returns a [`Call`], which is sent when it is awaited, and whose
//!   [`Call::with_response`] also returns request id, rate limits and credits ([`Answer`]). Lists are [`Pages`].
//! - **Once**: what adds or removes something has an idempotency key before its first byte is sent, and keeps it in all attempts.
//!   [`Call::key`] returns it, and a [`Journal`] records it, so that a program can find out after a crash what it has done.
//! - **In time**: a call has a deadline. What is sent again, and when, is a table in the documentation of the repository
//!   (`client/retry.rs`); a call that cannot succeed before its deadline fails at once.
//! - **Who**: an API key, or a session whose tokens are in a [`TokenStore`] and are refreshed once for all calls.
//! - **Errors**: one [`Error`] with a class, a stable code, what to do, and whether the request may have been carried out.
//! - **Webhooks**: [`webhook`] verifies and signs them.
//! - **In tests**: [`Transport`] and [`Clock`] can be replaced.
//! - **Logs**: `tracing` spans and events with method, route, status, attempt and request id, and nothing else.
//!
//! ```no_run
//! use packshot::api::service::{Capture, Credits, NewHold};
//! use packshot::client::Client;
//!
//! # async fn example() -> Result<(), packshot::client::Error> {
//! let client = Client::builder().base_url("https://packshot.example").api_key("psk_…").build()?;
//! let hold = NewHold { amount: Credits::from_millis(1500), quote: None, expires_in: Some(600) };
//! let hold = client.holds().create(&hold).await?;
//! // … the work …
//! let answer = client.holds().capture(&hold.id, &Capture { amount: None }).with_response().await?;
//! println!("{} credits, request {:?}", answer.data.captured, answer.request_id());
//! # Ok(())
//! # }
//! ```

mod answer;
mod builder;
mod call;
mod clock;
mod error;
mod host;
mod journal;
mod key;
mod notice;
mod pages;
mod rate_limit;
pub mod resource;
mod retry;
mod send;
mod session;
mod tokens;
mod transport;
mod upload;
pub mod webhook;

/// What a [`Transport`] sends and receives.
pub use {bytes, http};

pub use answer::Answer;
pub use builder::{Client, ClientBuilder};
pub use call::Call;
pub use clock::{Clock, TokioClock};
pub use error::{Error, ErrorKind, Result};
pub use host::{BoxFuture, Cause};
pub use journal::{Journal, Started};
pub use notice::Notice;
pub use pages::Pages;
pub use rate_limit::RateLimit;
pub use tokens::{FileTokens, MemoryTokens, TokenStore};
pub use transport::{Transport, TransportError};
pub use upload::{Upload, UploadProgress, UploadSource};
