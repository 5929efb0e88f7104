//! Numbers for Prometheus. None of their labels is about a person.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "packshot_requests_total";
const SECONDS: &str = "packshot_request_seconds";
const BUCKETS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

/// A process has one recorder, however many services it runs.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        let handle = PrometheusBuilder::new().set_buckets(BUCKETS).ok()?.install_recorder().ok()?;
        describe_counter!(REQUESTS, Unit::Count, "Requests that were answered, by route, method and status.");
        describe_histogram!(SECONDS, Unit::Seconds, "How long requests took, by route and method.");
        Some(handle)
    };
    RECORDER.get_or_init(install).as_ref()
}

/// Counts an answered request. `route` is the pattern of its address, never the address.
pub(super) fn answered(route: &str, method: &str, status: u16, took: Duration) {
    if recorder().is_none() {
        return;
    }
    let (route, method) = (route.to_owned(), method.to_owned());
    counter!(REQUESTS, "route" => route.clone(), "method" => method.clone(), "status" => status.to_string())
        .increment(1);
    histogram!(SECONDS, "route" => route, "method" => method).record(took.as_secs_f64());
}

/// Adds what was measured to the histograms. Without it measurements would pile up where nobody reads the numbers.
pub(crate) fn settle() {
    if let Some(recorder) = recorder() {
        recorder.run_upkeep();
    }
}

/// All numbers as text: those that were counted, and these, which are asked for at the moment, each with what it means.
pub(crate) fn render(asked: &[(&'static str, &'static str, i64)]) -> String {
    for (name, about, value) in asked {
        describe_gauge!(*name, *about);
        gauge!(*name).set(*value as f64);
    }
    recorder().map(PrometheusHandle::render).unwrap_or_default()
}
