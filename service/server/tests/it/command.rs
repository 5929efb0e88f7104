//! The program, as an operator meets it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

fn program(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packshot-server"));
    command.args(words).env_remove("DATABASE_URL").env_remove("PACKSHOT_POLICY");
    command
}

fn output(words: &[&str]) -> Output {
    program(words).stdin(Stdio::null()).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A service in a folder, and where it listens.
struct Served {
    child: Child,
    url: String,
    told: String,
}

impl Served {
    fn start(data: &Path, words: &[&str]) -> Self {
        let mut command = program(words);
        command.arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        let mut child = command.stderr(Stdio::piped()).stdin(Stdio::null()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let first = lines.next().expect("a line").expect("text");
        let url = first.rsplit_once(" on ").expect("an address").1.to_owned();
        // The rest is read as it comes, so that the pipe is never full.
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        let mut told = first;
        while let Ok(line) = receiver.recv_timeout(Duration::from_millis(500)) {
            told = told + "\n" + &line;
        }
        Self { child, url, told }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.url.trim_start_matches("http://")).expect("a connection");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Ends it as a supervisor does, and returns its exit code.
    fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().expect("a signal");
        self.child.wait().expect("it ends").code()
    }
}

#[test]
fn it_starts_without_any_configuration_and_goes_on_where_it_was() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path(), &[]);
    assert!(served.told.contains("Narpix") && served.told.contains("points open"), "{}", served.told);
    assert!(served.told.contains("Keep a copy of the key file"), "{}", served.told);
    assert!(served.told.contains("--operator pso_"), "{}", served.told);
    assert!(served.get("/v1/health").starts_with("HTTP/1.1 200"));
    assert_eq!(served.terminate(), Some(0));
    let again = Served::start(data.path(), &[]);
    assert!(!again.told.contains("--operator"), "a link is made once: {}", again.told);
    assert!(again.get("/v1/health").starts_with("HTTP/1.1 200"));
    assert_eq!(again.terminate(), Some(0));
    let link = output(&["admin-link", "--data", data.path().to_str().expect("a path")]);
    assert!(text(&link.stdout).contains("--operator pso_"), "{}", text(&link.stderr));
    std::fs::remove_file(data.path().join("service.key")).expect("it is there");
    let keyless = output(&["--data", data.path().to_str().expect("a path"), "--listen", "127.0.0.1:0"]);
    let told = text(&keyless.stderr);
    assert!(!keyless.status.success() && told.contains("key_file") && told.contains("fingerprint"), "{told}");
}

#[test]
fn every_preset_is_a_service() {
    for name in ["narpix", "neximage", "upixel", "picphoto", "nanaimg"] {
        let data = tempfile::tempdir().expect("a folder");
        let served = Served::start(data.path(), &["--policy", name]);
        let policy = served.get("/v1/policy");
        assert!(policy.to_lowercase().replace(' ', "").contains(name), "{name}");
        assert!(served.get("/v1/plans").contains("\"free\""));
        assert_eq!(served.terminate(), Some(0));
    }
}

#[test]
fn a_policy_that_cannot_be_kept_stops_the_start() {
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("own.toml");
    let preset = packshot_policy::Preset::named("narpix").expect("a preset").text;
    // Without the rules for images nothing ends them.
    let broken: String = preset
        .split("[[rule]]")
        .filter(|rule| !rule.contains("id = \"images-free\""))
        .collect::<Vec<_>>()
        .join("[[rule]]");
    std::fs::write(&file, broken).expect("it can be written");
    let path = file.to_str().expect("a path");
    let refused =
        output(&["--policy", path, "--data", data.path().to_str().expect("a path"), "--listen", "127.0.0.1:0"]);
    let told = text(&refused.stderr);
    assert!(!refused.status.success() && told.contains("policy_unusable"), "{told}");
    assert!(!data.path().join("packshot.db").exists(), "nothing was made");
    let unknown = output(&["--policy", "narpixx"]);
    assert!(text(&unknown.stderr).contains("narpix, neximage"), "{}", text(&unknown.stderr));
}

#[test]
fn an_ephemeral_service_tells_where_it_is_and_ends_with_its_input() {
    let mut child = program(&["--ephemeral", "--test-clock"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let told: Value = serde_json::from_str(&line).expect("JSON");
    let folder = told["data"].as_str().expect("a folder").to_owned();
    assert!(told["url"].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:")), "{told}");
    assert!(told["admin_token"].as_str().is_some_and(|token| token.starts_with("psa_")), "{told}");
    assert!(Path::new(&folder).exists());
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    assert!(!Path::new(&folder).exists(), "it leaves nothing");
    let real = output(&["--test-clock"]);
    assert!(text(&real.stderr).contains("--ephemeral"), "a test clock is never for real data");
}

#[test]
fn settings_are_shown_with_their_source_and_without_secrets() {
    let shown = program(&["config", "--listen", "127.0.0.1:9"])
        .env("DATABASE_URL", "postgres://anna:s3cret@db/x")
        .env("PACKSHOT_SERVICE_KEY", "ab".repeat(32))
        .output();
    let shown = text(&shown.expect("it runs").stdout);
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).expect("a line").to_owned();
    assert!(line("database").contains("anna:…@db") && line("database").ends_with("DATABASE_URL"), "{shown}");
    assert!(line("listen").ends_with("command line") && line("policy").ends_with("default"), "{shown}");
    assert!(!shown.contains("s3cret") && !shown.contains("abab"), "{shown}");
    assert!(!output(&["--listn", "x"]).status.success(), "what is no setting is refused");
}

#[test]
fn the_doctor_finds_what_is_wrong() {
    let data = tempfile::tempdir().expect("a folder");
    let path = data.path().to_str().expect("a path");
    let well = output(&["doctor", "--data", path, "--listen", "127.0.0.1:0"]);
    assert!(well.status.success(), "{}{}", text(&well.stdout), text(&well.stderr));
    assert_eq!(text(&well.stdout).lines().filter(|line| line.starts_with("ok")).count(), 6, "{}", text(&well.stdout));
    let file = data.path().join("file");
    std::fs::write(&file, "").expect("it can be written");
    let unwell = output(&["doctor", "--data", file.to_str().expect("a path"), "--listen", "127.0.0.1:0"]);
    let told = text(&unwell.stdout);
    assert!(!unwell.status.success() && told.contains("failed  data"), "{told}");
    let nobody = output(&["healthcheck", "--listen", "127.0.0.1:9"]);
    assert!(!nobody.status.success() && text(&nobody.stderr).contains("127.0.0.1:9"));
}

#[test]
fn requests_that_have_begun_end_when_it_stops() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path(), &[]);
    let address = served.url.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("a connection");
    write!(stream, "GET /v1/errors HTTP/1.1\r\nHost: localhost\r\n").expect("half is sent");
    stream.flush().expect("it is sent");
    std::thread::sleep(Duration::from_millis(100));
    let ending = std::thread::spawn(move || served.terminate());
    std::thread::sleep(Duration::from_millis(300));
    write!(stream, "Connection: close\r\n\r\n").expect("the other half is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(ending.join().expect("no panic"), Some(0));
    assert!(TcpStream::connect(&address).is_err(), "nothing new is taken");
}
