//! Batches: many photos through one recipe, whatever happens on the way.
//!
//! Feeder, workers and a collector run side by side. The feeder gives each input a name, in order, and reads it;
//! workers wait for their turn among the engine's calls, decode, run the recipe, encode, write and record the result in
//! the [`journal`]; the collector counts, calls the listener, and writes the report and the sheet. The number of photos
//! in flight is bounded at each step. Every other photo takes some 70 to 170 bytes, listed in
//! `docs/decisions/028-what-a-photo-of-a-batch-leaves.md`.

mod collect;
mod event;
mod inputs;
mod journal;
mod list;
mod names;
mod originals;
mod own;
mod pace;
mod pipeline;
mod report;
mod settings;
mod sheet;
mod stream;
mod table;
mod teller;
mod watch;
mod work;

pub use event::{BatchEvent, BatchFailure, BatchItem, BatchOutcome, BatchReport, BatchStep};
pub use inputs::looks_like_a_photo;
pub(crate) use pipeline::Job;
