//! A cut-out reaches for no network and writes nothing but its result, also with a version of ONNX Runtime that sends
//! telemetry. The core's own test has the control: the same library with telemetry left on is caught by the same trace.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn a_cut_out_opens_no_socket_and_writes_only_its_result() {
    let Some(library) = std::env::var_os("PACKSHOT_TEST_ORT") else {
        eprintln!("skipped: PACKSHOT_TEST_ORT is not set");
        return;
    };
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("skipped: there is no strace");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("home")).unwrap();
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/photos/coffee.jpg");
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-s", "512", "-e", "trace=%network,%file", "-o"]).arg(at("trace"));
    command.arg(env!("CARGO_BIN_EXE_packshot")).args(["--json", "--backend", "onnxruntime", "--ort-library"]);
    command.arg(library).arg("cutout").arg(photo).arg("-o").arg(at("out"));
    // The command must see to its own silence.
    command.env_remove("ORT_DISABLE_TELEMETRY").env_remove("CI").env("HOME", at("home")).current_dir(at("home"));
    for name in ["XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "TMPDIR"] {
        command.env(name, at("home"));
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));

    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(line["backend"], "onnxruntime");
    let version = line["version"].as_str().unwrap();
    let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
    assert!(minor >= 29, "{version} proves nothing: it has no telemetry");

    let trace = std::fs::read_to_string(at("trace")).unwrap();
    assert!(trace.contains("libonnxruntime"), "the trace does not show the library being loaded");
    let sockets: Vec<&str> = trace.lines().filter(|line| line.contains("AF_INET")).collect();
    assert!(sockets.is_empty(), "{sockets:#?}");
    let out = at("out").display().to_string();
    let writes =
        |line: &&str| ["O_WRONLY", "O_RDWR", "O_CREAT", "mkdir(", "unlink"].iter().any(|call| line.contains(call));
    let harmless =
        |line: &&str| line.contains(&out) || line.contains("\"/dev/null\"") || line.contains("\"/proc/self/");
    let elsewhere: Vec<&str> = trace.lines().filter(writes).filter(|line| !harmless(line)).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
    assert_eq!(std::fs::read_dir(at("home")).unwrap().count(), 0, "something was left in the home folder");
}
