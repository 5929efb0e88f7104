//! No socket is opened and no file is written when a version of ONNX Runtime that sends telemetry runs a model.
//!
//! The proof is a trace of the system calls. It is worth something because the same trace of a process that leaves
//! telemetry on, through `ort` alone, shows both.

use std::process::Stdio;
use std::time::Duration;

use super::process::child;
use super::*;

/// How long a child waits after its last run. With telemetry on, the first file appears at once; the first name lookup
/// took 9 seconds where this was written, and up to 20 elsewhere.
const HOLD: Duration = Duration::from_secs(25);

/// A network namespace without any network: the control shall try to send, and not succeed.
const ISOLATION: &[&str] = &["unshare", "--map-root-user", "--net"];

/// Calls that change the file system, apart from opening a file to write.
const CHANGES: &[&str] = &[
    "creat(",
    "mkdir",
    "mknod",
    "rename",
    "unlink",
    "rmdir(",
    "link(",
    "linkat(",
    "symlink",
    "truncate(",
    "chmod",
    "fchmodat",
    "utime",
];

/// Whether a line of a trace reaches for the network or changes a file.
fn violates(line: &str) -> bool {
    // `strace -f -o` puts the thread's number before each call.
    let call = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let writes = call.starts_with("open") && ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| call.contains(flag));
    let changes = writes || CHANGES.iter().any(|name| call.starts_with(name));
    let harmless = ["\"/dev/null\"", "\"/dev/tty\"", "\"/proc/self/"].iter().any(|path| call.contains(path));
    call.starts_with("socket(") || (changes && !harmless)
}

/// Runs a body under strace, in empty folders, and returns the violations and the paths that it left behind.
fn traced(body: &str, variable: Option<&str>) -> (Vec<String>, Vec<PathBuf>) {
    let temp = tempfile::tempdir().unwrap();
    let home = temp.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let trace = temp.path().join("trace");
    let strace = ["strace", "-f", "-qq", "-s", "256", "-e", "trace=%network,%file", "-o", trace.to_str().unwrap()];
    let mut command = child(&[ISOLATION, &strace].concat(), body);
    command.current_dir(&home).env("PACKSHOT_TEST_ORT", given("PACKSHOT_TEST_ORT").unwrap());
    for name in ["HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "TMPDIR"] {
        command.env(name, &home);
    }
    if let Some(value) = variable {
        command.env("ORT_DISABLE_TELEMETRY", value);
    }
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    let trace = std::fs::read_to_string(&trace).unwrap();
    assert!(trace.contains("libonnxruntime"), "the trace does not show the library being loaded");
    let left = std::fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().path()).collect();
    (trace.lines().filter(|line| violates(line)).map(str::to_owned).collect(), left)
}

#[test]
fn nothing_is_sent_and_nothing_is_written() {
    if given("PACKSHOT_TEST_ORT").is_none() {
        return;
    }
    let traced_alone = std::process::Command::new(ISOLATION[0]).args(&ISOLATION[1..]).args(["strace", "-V"]).output();
    if !traced_alone.is_ok_and(|output| output.status.success()) {
        println!("skipped: `unshare --net` and strace are needed");
        return;
    }
    std::thread::scope(|scope| {
        let quiet = scope.spawn(|| traced("telemetry::allowed", Some("1")));
        let refused = scope.spawn(|| traced("telemetry::refused", None));
        let (loud, left) = traced("telemetry::left_on", None);
        println!("with telemetry on:\n{}\n{left:?}", loud.join("\n"));
        assert!(loud.iter().any(|line| line.contains("socket(")), "the control opened no socket");
        assert!(loud.iter().any(|line| line.contains("O_CREAT")), "the control wrote no file");

        for run in [quiet, refused] {
            let (violations, left) = run.join().unwrap();
            assert!(violations.is_empty() && left.is_empty(), "{}\n{left:?}", violations.join("\n"));
        }
    });
}

#[test]
#[ignore = "body of a child process"]
fn allowed() {
    let runtime = onnxruntime().unwrap();
    let opened = runtime.open(ModelData::Embedded(TINY)).unwrap();
    let backend = &opened.backend;
    let version = backend.version.clone().unwrap();
    let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
    assert!(version.starts_with("1.") && minor >= 29, "{backend} proves nothing: it has no telemetry");
    for _ in 0..5 {
        run(&opened, noise(&[1, 3, 8, 8]));
    }
    std::thread::sleep(HOLD);
}

/// Without the variable the library is mapped to read its version, and left alone.
#[test]
#[ignore = "body of a child process"]
fn refused() {
    let runtime = Runtime { backend: Backend::Auto, ..onnxruntime().unwrap() };
    let opened = runtime.open(ModelData::Embedded(TINY)).unwrap();
    assert_eq!(opened.backend.name, "rten");
    run(&opened, noise(&[1, 3, 8, 8]));
    std::thread::sleep(HOLD);
}

/// The control goes past Packshot, whose API has no way to do this.
#[test]
#[ignore = "body of a child process"]
fn left_on() {
    let environment = ort::init_from(given("PACKSHOT_TEST_ORT").unwrap()).unwrap().build().unwrap();
    let mut session = ort::session::Session::builder(&environment).unwrap().commit_from_memory(TINY).unwrap();
    let input = noise(&[1, 3, 8, 8]);
    for _ in 0..5 {
        let tensor = ort::value::TensorRef::from_array_view((input.shape(), input.data())).unwrap();
        session.run(ort::inputs!["image" => tensor]).unwrap();
    }
    std::thread::sleep(HOLD);
}
