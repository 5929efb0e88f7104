//! The commands of the hosted service, with the service that the same program serves.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery";

/// A service for tests, and a folder for the settings of a user.
struct Ground {
    service: Child,
    url: String,
    operator: String,
    mail: String,
    folder: TempDir,
}

impl Ground {
    fn new() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packshot"));
        command.args(["serve", "--ephemeral", "--test-clock"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut service = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(service.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let info: Value = serde_json::from_str(&line).unwrap();
        let text = |key: &str| info[key].as_str().unwrap().to_owned();
        let folder = tempfile::tempdir().unwrap();
        Self { service, url: text("url"), operator: text("admin_token"), mail: text("mail"), folder }
    }

    fn command(&self, words: &str) -> Command {
        let mut command = crate::packshot(self.folder.path());
        command.args(words.split(' ')).env("PACKSHOT_CONFIG", self.config()).stdin(Stdio::piped());
        command.env_remove("PACKSHOT_URL").env_remove("PACKSHOT_API_KEY").env_remove("PACKSHOT_ORGANISATION");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn config(&self) -> std::path::PathBuf {
        self.folder.path().join("config")
    }

    fn with_input(&self, words: &str, input: &str) -> Output {
        run(self.command(words), input)
    }

    /// The lines of JSON that a command prints.
    #[track_caller]
    fn json(&self, words: &str) -> Vec<Value> {
        let output = self.with_input(&format!("--json {words}"), "");
        assert!(output.status.success(), "{words}: {}", text(&output.stdout));
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The error of a command, and its exit code.
    #[track_caller]
    fn error(&self, words: &str) -> (Value, Option<i32>) {
        let output = self.with_input(&format!("--json {words}"), "");
        (serde_json::from_str(&text(&output.stdout)).unwrap(), output.status.code())
    }

    /// The code of the only mail. The service sends what waits when its clock is moved.
    fn code(&self) -> String {
        for _ in 0..100 {
            let mails = std::fs::read_dir(&self.mail).ok();
            if let Some(mail) = mails.and_then(|mut files| Some(files.next()?.unwrap().path())) {
                let mail = std::fs::read_to_string(mail).unwrap().replace("=\r\n", "");
                if let Some(code) = mail.split_whitespace().find(|word| word.starts_with("psm_")) {
                    return code.to_owned();
                }
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("no mail in ten seconds")
    }

    /// Moves the clock of the service.
    fn pass(&self, seconds: u64) {
        let address = self.url.trim_start_matches("http://");
        let body = format!("{{\"advance\":{seconds}}}");
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let head =
            "POST /v1/test/clock HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close";
        write!(stream, "{head}\r\nIdempotency-Key: {seconds}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Somebody who has an account and is signed in.
    fn sign_in(&self) {
        let words = format!("account create --url {} --email anna@example.org --age 30 --country DE", self.url);
        assert!(self.with_input(&words, &format!("{PASSWORD}\n")).status.success());
        self.json(&format!("account confirm {}", self.code()));
        let output = self.with_input("login --email anna@example.org", PASSWORD);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.service.stdin.take());
        let _ = self.service.wait();
    }
}

fn run(mut command: Command, input: &str) -> Output {
    let mut child = command.spawn().unwrap();
    // A command that reads nothing may be gone by now.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_new_person_holds_and_captures_credits() {
    let ground = Ground::new();
    ground.sign_in();
    let account = ground.json("account show");
    assert_eq!((&account[0]["email"], &account[1]["role"]), (&"anna@example.org".into(), &"owner".into()));
    assert_eq!(ground.json("credits balance")[0]["available"], 20_000);
    let quote = ground.json("credits quote white-background --size 2000x1500 --count 2").remove(0);
    let quoted = format!("hold create --quote {}", quote["id"].as_str().unwrap());
    let hold = ground.json(&quoted).remove(0);
    assert_eq!((&hold["event"], &hold["amount"]), (&"hold".into(), &quote["amount"]));
    let id = hold["id"].as_str().unwrap();
    let captured = ground.with_input(&format!("hold capture {id} --amount 0.25"), "");
    assert!(text(&captured.stdout).starts_with(&format!("{id}: 0.25 of ")), "{}", text(&captured.stdout));
    let kinds: Vec<_> = ground.json("credits transactions --after 1").iter().map(|line| line["kind"].clone()).collect();
    assert_eq!(kinds, ["hold", "capture"]);
    let statement = text(&ground.with_input("credits statement", "").stdout);
    assert!(statement.starts_with("number,time,kind,") && statement.lines().count() == 4, "{statement}");
    let (error, code) = ground.error("hold create --amount 1000");
    assert_eq!(
        (&error["code"], &error["problem"]["needed"], code),
        (&"insufficient_credits".into(), &1_000_000.into(), Some(3))
    );
}

#[test]
fn a_repeated_command_with_its_key_has_one_effect() {
    let ground = Ground::new();
    ground.sign_in();
    let first = ground.json("hold create --amount 1.5 --idempotency-key order-7");
    assert_eq!(ground.json("hold create --amount 1.5 --idempotency-key order-7"), first);
    let (error, _) = ground.error("hold create --amount 2 --idempotency-key order-7");
    assert_eq!(error["code"], "idempotency_key_reused");
    assert_eq!(ground.json("credits balance")[0]["held"], 1500);
}

#[test]
fn a_session_is_kept_for_one_service_and_readable_by_one_user() {
    let ground = Ground::new();
    ground.sign_in();
    let session = || {
        let files = std::fs::read_dir(ground.config()).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|end| end == "json")).collect::<Vec<_>>()
    };
    let [file] = &session()[..] else { panic!("{:?}", session()) };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(!std::fs::read_to_string(file).unwrap().contains(PASSWORD));
    // Another service never sees the tokens of this one.
    let (error, code) = ground.error("credits balance --url http://127.0.0.1:1");
    assert_eq!((&error["code"], code), (&"not_signed_in".into(), Some(3)));
    assert!(error["remedy"].as_str().unwrap().contains("packshot login"));
    ground.json("logout");
    assert!(session().is_empty());
    assert_eq!(ground.error("credits balance").0["code"], "not_signed_in");
    let (error, code) = ground.error("credits balance --url http://example.org");
    assert_eq!((&error["code"], code), (&"option_invalid".into(), Some(2)));
}

#[test]
fn an_api_key_comes_from_the_environment() {
    let ground = Ground::new();
    ground.sign_in();
    let key = ground.json("keys create shop --permission credits:read").remove(0);
    let mut command = ground.command("--json credits balance");
    command.env("PACKSHOT_URL", &ground.url).env("PACKSHOT_API_KEY", key["secret"].as_str().unwrap());
    command.env("PACKSHOT_CONFIG", Path::new("/nowhere"));
    assert!(run(command, "").status.success());
    let listed = ground.json("keys list");
    assert_eq!((listed.len(), &listed[0]["id"], listed[0].get("secret")), (1, &key["id"], None));
    ground.json(&format!("keys remove {}", key["id"].as_str().unwrap()));
    assert!(ground.json("keys list").is_empty());
    let mut command = ground.command("account show");
    command.env("PACKSHOT_API_KEY", &ground.operator);
    assert!(text(&run(command, "").stdout).contains("operator of the service"));
}

#[test]
fn a_wrong_password_and_no_password_are_told_apart() {
    let ground = Ground::new();
    let login = format!("--json login --url {} --email anna@example.org", ground.url);
    for (input, code, exit) in
        [("wrong password\n", "sign_in_failed", 3), ("\n", "option_invalid", 2), ("", "option_invalid", 2)]
    {
        let output = ground.with_input(&login, input);
        let error: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
        assert_eq!((&error["code"], output.status.code()), (&code.into(), Some(exit)), "{input:?}");
    }
    let (error, code) = ground.error("credits balance");
    assert_eq!((&error["code"], code), (&"option_invalid".into(), Some(2)), "nobody has said which service");
}

#[test]
fn a_photo_goes_up_and_is_proven_to_be_gone() {
    let ground = Ground::new();
    ground.sign_in();
    let folder = ground.folder.path();
    let photo = packshot::Photo::new(8, 8, packshot::Channels::Rgb, vec![90_u8; 192]).unwrap();
    let bytes = photo.encode(&packshot::EncodeOptions::new(packshot::ImageFormat::Png)).unwrap();
    std::fs::write(folder.join("hat.png"), &bytes).unwrap();
    let at = |name: &str| folder.join(name).display().to_string();
    let asset = ground.json(&format!("assets upload {}", at("hat.png"))).remove(0);
    assert_eq!((&asset["state"], &asset["name"]), (&"ready".into(), &"hat.png".into()), "{asset}");
    let id = asset["id"].as_str().unwrap();
    let shown = text(&ground.with_input(&format!("assets show {id}"), "").stdout);
    assert!(shown.contains("24 hours after the upload (NARPIX-1.2d"), "{shown}");
    assert_eq!(ground.json(&format!("assets download {id} -o {}", at("back.png")))[0]["bytes"], bytes.len());
    assert_eq!(std::fs::read(folder.join("back.png")).unwrap(), bytes);
    let again = ground.with_input(&format!("assets download {id} -o {}", at("back.png")), "");
    assert!(!again.status.success() && text(&again.stderr).contains("exists already"), "nothing is written over");
    assert_eq!(ground.json(&format!("assets delete {id}"))[0]["deleted"][0], id);
    assert_eq!(ground.json(&format!("assets restore {id}"))[0]["state"], "ready");
    std::fs::write(folder.join("note.txt"), "no picture").unwrap();
    let refused = ground.with_input(&format!("assets upload {}", at("note.txt")), "");
    assert!(!refused.status.success(), "{}", text(&refused.stdout));
    assert!(text(&refused.stderr).contains("asset_not_a_photo"), "{}", text(&refused.stderr));

    ground.pass(24 * 3600);
    // The access token is refreshed by itself.
    let (gone, _) = ground.error(&format!("assets show {id}"));
    assert_eq!(gone["code"], "not_found");
    let proof = ground.with_input(&format!("assets proof {id}"), "");
    assert!(text(&proof.stdout).starts_with("packshot.purge-proof/1\nservice Narpix\n"), "{}", text(&proof.stdout));
    let key = text(&ground.with_input("retention proof-key", "").stdout).trim().to_owned();
    let verified = run(ground.command(&format!("policy verify-proof - --key {key}")), &text(&proof.stdout));
    let told = text(&verified.stdout);
    assert!(
        verified.status.success() && told.contains("Narpix has proven") && told.contains("rule     images-free"),
        "{told}"
    );
    let forged = text(&proof.stdout).replace("images-free", "images-paid");
    let forged = run(ground.command(&format!("policy verify-proof - --key {key}")), &forged);
    assert!(!forged.status.success() && text(&forged.stderr).contains("was changed"), "{}", text(&forged.stderr));
}
