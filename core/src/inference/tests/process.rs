//! ONNX Runtime is loaded once per process, so what depends on its loading runs in child processes: this test binary
//! again, with one ignored test as its body.

use std::path::Path;
use std::process::{Command, Stdio};

use super::*;

/// Every variable that silences ONNX Runtime's telemetry. On the machines of CI services it would be silent anyway.
pub(super) const SILENCERS: &[&str] = &[
    "ORT_DISABLE_TELEMETRY",
    "ORT_RUNNING_UNIT_TESTS",
    "APPVEYOR",
    "BITBUCKET_BUILD_NUMBER",
    "BUILDKITE",
    "CI",
    "CIRCLECI",
    "CODEBUILD_BUILD_ID",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "JENKINS_URL",
    "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
    "TEAMCITY_VERSION",
    "TF_BUILD",
    "TRAVIS",
];

/// A command that runs the ignored test `body` of this module's parent in a process with a clean environment;
/// `wrapper` goes before it.
pub(super) fn child(wrapper: &[&str], body: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let (program, before) = wrapper
        .split_first()
        .map_or((test.as_os_str(), &[][..]), |(program, rest)| (std::ffi::OsStr::new(*program), rest));
    let mut command = Command::new(program);
    command.args(before);
    if !wrapper.is_empty() {
        command.arg(&test);
    }
    command.args(["--exact", &format!("inference::tests::{body}"), "--ignored", "--nocapture", "--test-threads=1"]);
    for name in SILENCERS.iter().chain(&["PACKSHOT_ORT_DYLIB", "ORT_DYLIB_PATH", "ORT_LOG"]) {
        command.env_remove(name);
    }
    command
}

fn succeeds(mut command: Command) {
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

fn auto(library: &Path) -> Runtime {
    Runtime { library: Some(library.to_owned()), ..Runtime::default() }
}

#[test]
fn without_the_variable_a_telemetry_version_is_refused() {
    let Some(library) = given("PACKSHOT_TEST_ORT") else { return };
    let mut command = child(&[], "process::refused");
    command.env("PACKSHOT_ORT_DYLIB", library);
    succeeds(command);
}

#[test]
#[ignore = "body of a child process"]
fn refused() {
    let opened = Runtime::default().open(ModelData::Embedded(TINY)).unwrap();
    assert_eq!(opened.backend.name, "rten");
    assert!(opened.backend.reason.contains("packshot::disable_ort_telemetry()"), "{}", opened.backend);
    let runtime = Runtime { backend: Backend::OnnxRuntime, ..Runtime::default() };
    let error = runtime.open(ModelData::Embedded(TINY)).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), Code::BackendMissing);
}

#[test]
fn a_variable_names_the_library() {
    let Some(library) = given("PACKSHOT_TEST_ORT") else { return };
    let mut command = child(&[], "process::named");
    command.env("ORT_DYLIB_PATH", &library).env("PACKSHOT_ORT_DYLIB", library.parent().unwrap());
    command.env("ORT_DISABLE_TELEMETRY", "1").env("PACKSHOT_TEST_ORT", library);
    succeeds(command);
}

#[test]
#[ignore = "body of a child process"]
fn named() {
    let library = given("PACKSHOT_TEST_ORT").unwrap();
    let opened = Runtime::default().open(ModelData::Embedded(TINY)).unwrap();
    assert_eq!(opened.backend.name, "onnxruntime", "{}", opened.backend);
    assert_eq!(opened.backend.library, Some(library.canonicalize().unwrap()));
    assert_eq!(opened.backend.reason, "PACKSHOT_ORT_DYLIB");

    // Another library in the same process is refused, and Auto says why it did not get it.
    let temp = tempfile::tempdir().unwrap();
    let copy = temp.path().join("libonnxruntime.so");
    std::fs::copy(&library, &copy).unwrap();
    let opened = auto(&copy).open(ModelData::Embedded(TINY)).unwrap();
    assert_eq!(opened.backend.name, "rten");
    assert!(opened.backend.reason.contains("this process already uses ONNX Runtime"), "{}", opened.backend);
    // The same one by another name is fine.
    let opened = auto(library.parent().unwrap()).open(ModelData::Embedded(TINY)).unwrap();
    assert_eq!(opened.backend.name, "onnxruntime");
}

#[test]
fn what_is_no_library_is_passed_over() {
    succeeds(child(&[], "process::passed_over"));
}

#[test]
#[ignore = "body of a child process"]
fn passed_over() {
    let temp = tempfile::tempdir().unwrap();
    let garbage = temp.path().join("libonnxruntime.so");
    std::fs::write(&garbage, "not a library").unwrap();
    let opened = auto(&garbage).open(ModelData::Embedded(TINY)).unwrap();
    assert_eq!(opened.backend.name, "rten");
    assert!(opened.backend.reason.contains(garbage.to_str().unwrap()), "{}", opened.backend);
    println!("{}", opened.backend);

    let missing = temp.path().join("nowhere.so");
    for backend in [Backend::Auto, Backend::OnnxRuntime] {
        let runtime = Runtime { backend, ..auto(&missing) };
        let error = runtime.open(ModelData::Embedded(TINY)).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), Code::FileMissing);
        assert!(error.to_string().contains("nowhere.so"), "{error}");
    }
    let runtime = Runtime { backend: Backend::OnnxRuntime, ..Runtime::default() };
    let error = runtime.open(ModelData::Embedded(TINY)).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), Code::BackendMissing);
    for place in ["PACKSHOT_ORT_DYLIB (not set)", "ORT_DYLIB_PATH (not set)", "beside this library"] {
        assert!(error.to_string().contains(place), "{error}");
    }
}
