//! The ONNX Runtime library of this process.
//!
//! `ort` binds to one library and creates one environment, permanently: the first success wins, and an engine that asks
//! for another library gets an error.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ort::environment::Environment;
use ort::logging::LogLevel;

use super::exit::{self, Inside};
use super::locate::{Candidate, search};
use super::runtime::Unusable;
use super::{BackendReport, dylib, telemetry};
use crate::error::{Code, Error, Result};
use crate::sync::lock;

/// The loaded library and its environment.
pub(super) struct Library {
    pub(super) environment: Environment,
    version: String,
    path: PathBuf,
    reason: String,
}

enum State {
    Unloaded,
    Loaded(Arc<Library>),
    /// `ort` is bound to a library whose environment could not be created.
    Spoilt(String),
}

static STATE: Mutex<State> = Mutex::new(State::Unloaded);

/// The library of this process, loaded on first use; `named` is tried before any other place, `offered` after the
/// environment variables.
///
/// Fails with [`Code::BackendMissing`], listing every place that was tried, or with [`Code::FileMissing`] if `named`
/// does not exist.
pub(super) fn get(named: Option<&Path>, offered: Option<&Path>) -> Result<Arc<Library>, Unusable> {
    let mut state = lock(&STATE);
    match &*state {
        State::Loaded(library) => return Ok(library.unless_other(named)?),
        State::Spoilt(reason) => return Err(Error::new(Code::BackendMissing, reason.clone()).into()),
        State::Unloaded => {}
    }
    let search = search(named, offered)?;
    let (mut refused, mut absent) = (Vec::new(), true);
    for candidate in &search.candidates {
        match usable(candidate) {
            Err(Refusal { reason, loaded }) => {
                // A bare name that the system's loader does not find counts as a searched place.
                absent &= !loaded && !candidate.path.is_absolute();
                refused.push(reason);
            }
            Ok(found) => {
                let loaded = load(found, candidate.origin, &refused).map(Arc::new);
                *state = match &loaded {
                    Ok(library) => State::Loaded(Arc::clone(library)),
                    Err(reason) => State::Spoilt(reason.clone()),
                };
                return loaded.map_err(|reason| Error::new(Code::BackendMissing, reason).into());
            }
        }
    }
    let mut message = "no usable ONNX Runtime library found".to_owned();
    for (verb, places) in [("tried", &refused), ("looked in", &search.misses)] {
        if !places.is_empty() {
            message += &format!("; {verb}: {}", places.join(", "));
        }
    }
    Err(Unusable { error: Error::new(Code::BackendMissing, message), absent })
}

/// Why a library was skipped.
struct Refusal {
    reason: String,
    /// A library was loaded, whether it is ONNX Runtime or not.
    loaded: bool,
}

/// Probes whether the candidate is an ONNX Runtime that Packshot can and may use; the reason for a refusal names it.
fn usable(candidate: &Candidate) -> Result<dylib::Mapped, Refusal> {
    let refusal = |reason, loaded| {
        let reason = format!("{} ({}; {reason})", candidate.path.display(), candidate.origin);
        Refusal { reason, loaded }
    };
    let found = dylib::probe(&candidate.path).map_err(|reason| refusal(reason, false))?;
    let verdict = || -> Result<(), String> {
        let version = parsed(&found.version).ok_or_else(|| format!("unknown version `{}`", found.version))?;
        if version < (1, ort::MINOR_VERSION) {
            return Err(format!("version {} is older than 1.{}", found.version, ort::MINOR_VERSION));
        }
        telemetry::permits_here(version)
    };
    verdict().map_err(|reason| refusal(reason, true))?;
    Ok(found)
}

fn parsed(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

fn load(found: dylib::Mapped, origin: &str, refused: &[String]) -> Result<Library, String> {
    let dylib::Mapped { version, path } = found;
    let failed = |cause: &dyn std::fmt::Display| format!("ONNX Runtime {version} at {}: {cause}", path.display());
    let _inside = Inside::enter();
    let environment =
        ort::init_from(&path).map_err(|cause| failed(&cause))?.with_name("packshot").with_telemetry(false);
    let environment = exit::watching(|| environment.build()).map_err(|cause| failed(&cause))?;
    // Errors are returned as values; a library must not write to its host's stderr. `ORT_LOG` is ort's own switch.
    if std::env::var_os("ORT_LOG").is_none() {
        environment.set_log_level(LogLevel::Fatal);
    }
    let mut reason = origin.to_owned();
    if !refused.is_empty() {
        reason += &format!("; passed over: {}", refused.join(", "));
    }
    Ok(Library { environment, version, path, reason })
}

impl Library {
    pub(super) fn report(&self) -> BackendReport {
        BackendReport {
            name: "onnxruntime",
            version: Some(self.version.clone()),
            library: Some(self.path.clone()),
            reason: self.reason.clone(),
            fallback: false,
        }
    }

    fn unless_other(self: &Arc<Self>, named: Option<&Path>) -> Result<Arc<Self>> {
        let Some(named) = named else { return Ok(Arc::clone(self)) };
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // A folder stands for the library that was found in it.
        if real(&self.path).starts_with(real(named)) {
            return Ok(Arc::clone(self));
        }
        if !named.exists() {
            let message = "there is no such ONNX Runtime library (named by the caller)";
            return Err(Error::new(Code::FileMissing, message).at(named));
        }
        let message = format!(
            "this process already uses ONNX Runtime {} from {} and cannot load {} as well",
            self.version,
            self.path.display(),
            named.display()
        );
        Err(Error::new(Code::BackendMissing, message))
    }
}
