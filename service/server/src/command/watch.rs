//! What an operator watches: the log, and spans for a collector.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt, registry};

use super::args::Args;
use crate::error::Result;
#[cfg(feature = "traces")]
use crate::traces::Traces;

/// Ends with the service.
pub(super) struct Watch {
    #[cfg(feature = "traces")]
    traces: Option<Traces>,
}

/// A line for each request and each fault. What is written is chosen where it happens; no body, header or address is.
#[allow(clippy::unnecessary_wraps, reason = "a collector's address can be wrong")]
pub(super) fn begin(args: &Args) -> Result<Watch> {
    let colours = std::io::stderr().is_terminal();
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines =
        if args.json_logs { lines.json().flatten_event(true).boxed() } else { lines.with_ansi(colours).boxed() };
    let log = registry().with(lines.with_filter(LevelFilter::INFO));
    #[cfg(feature = "traces")]
    let traces = args.traces.as_deref().map(Traces::to).transpose()?;
    #[cfg(feature = "traces")]
    let log = log.with(traces.as_ref().map(Traces::layer));
    // It is set once in a process; a second time changes nothing.
    log.try_init().ok();
    Ok(Watch {
        #[cfg(feature = "traces")]
        traces,
    })
}

impl Watch {
    /// Sends what is left.
    #[allow(clippy::unused_async, reason = "a collector takes its time")]
    pub(super) async fn end(self) {
        #[cfg(feature = "traces")]
        if let Some(traces) = self.traces {
            traces.end().await;
        }
    }
}
