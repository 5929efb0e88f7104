//! Words of the traits that a host may implement.

use std::pin::Pin;

/// What the client's traits return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The cause of an error, or why something of the host failed.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;
