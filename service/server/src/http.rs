//! What every route shares: how requests are read, who asks, and how answers and errors are written.

mod answer;
mod body;
mod caller;
mod context;
mod idempotency;
mod layer;
mod metrics;
mod path;
mod problem;

pub(crate) use answer::Answer;
pub(crate) use body::{Body, Query, content};
pub(crate) use caller::{Caller, Costly, Operator, Org};
pub(crate) use idempotency::IdempotencyKey;
pub(crate) use layer::around;
pub(crate) use metrics::{render as metrics_text, settle as settle_metrics};
pub(crate) use path::PathId;
