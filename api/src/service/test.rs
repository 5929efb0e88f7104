//! For tests: a clock that they move, and faults that they ask for. Only of a service that was started with a test clock.

use super::Time;
use super::open::{answers, requests};

requests! {
    /// Moves the clock: forward by some seconds, or to a moment.
    pub struct ClockMove {
        /// Forward by so many seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub advance: Option<u64>,
        /// To this moment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<Time>,
    }

    /// Faults of the next requests, each once.
    pub struct Faults {
        /// In the order in which they happen.
        pub faults: Vec<Fault>,
    }

    /// What goes wrong with one request.
    pub struct Fault {
        /// `latency`, `error_before`, `error_after_commit`, `cut_before` or `cut_after_commit`.
        pub kind: String,
        /// Only of requests whose path begins with this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub path: Option<String>,
        /// How long the request takes, in milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub latency: Option<u32>,
    }
}

answers! {
    /// What time it is for the service.
    pub struct ClockReading {
        /// The time.
        pub now: Time,
    }

    /// That the service works.
    pub struct Health {
        /// `ok`.
        pub status: String,
        /// The version of the program.
        pub version: String,
        /// The version of the API.
        pub api: String,
    }
}
