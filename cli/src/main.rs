//! The program `packshot`.

#[cfg(feature = "serve")]
mod serve;

use std::process::ExitCode;

use packshot_cli::Host;

/// Large buffers go back to the system as soon as they are freed.
#[global_allocator]
static ALLOCATOR: packshot::PageAllocator = packshot::PageAllocator;

fn main() -> ExitCode {
    silence_onnx_runtime();
    #[cfg(feature = "serve")]
    if std::env::args_os().nth(1).is_some_and(|word| word == "serve") {
        return serve::run();
    }
    ExitCode::from(packshot_cli::run(Host::Program, None, std::env::args_os().skip(1)))
}

/// Neither photos nor telemetry leave this machine.
#[allow(unsafe_code, reason = "the environment is changed before any other thread exists")]
fn silence_onnx_runtime() {
    // SAFETY: this is the first statement of `main`; no other thread runs yet.
    unsafe { packshot::disable_ort_telemetry() };
}
