//! What a power cut leaves.

use std::fs;
use std::path::Path;

use packshot::api::Batch;

use super::{Ground, counts, export, run};

/// A journal whose last lines have not reached the disk: claims have, before their files got their names.
fn cut_after_the_last_claim(ground: &Ground) {
    let journal = fs::read_to_string(ground.path("out/.packshot-journal")).unwrap();
    let claim = journal.rfind("{\"claim\"").unwrap();
    let end = claim + journal[claim..].find('\n').unwrap() + 1;
    assert!(end < journal.len());
    fs::write(ground.path("out/.packshot-journal"), &journal[..end]).unwrap();
}

/// What file systems make of a file whose name was on the disk before its content.
fn tear(path: &Path, how: &str) {
    let mut bytes = fs::read(path).unwrap();
    let half = bytes.len() / 2;
    match how {
        "empty" => bytes.clear(),
        "tail of zeros" => bytes[half..].fill(0),
        "all zeros" => bytes.fill(0),
        "half" => bytes.truncate(half),
        _ => panic!("{how} is not known"),
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_result_that_a_power_cut_tore_is_made_again() {
    for how in ["empty", "tail of zeros", "all zeros", "half"] {
        // Whether the journal has the result or, with what was written last, lost it.
        for lost in [false, true] {
            let ground = Ground::with(3);
            let batch = Batch { workers: Some(1), ..ground.batch() };
            assert_eq!(counts(&run(&export(), &batch).unwrap()), [3, 3, 0, 0, 0]);
            let whole = ground.results();
            if lost {
                cut_after_the_last_claim(&ground);
            }
            tear(&ground.path("out/02.png"), how);
            assert_eq!(counts(&run(&export(), &batch).unwrap()), [3, 1, 2, 0, 0], "{how}, lost: {lost}");
            assert_eq!(ground.results(), whole, "{how}, lost: {lost}");
        }
    }
}

#[cfg(target_os = "linux")]
mod order {
    use std::process::Command;

    use packshot::api::Batch;
    use packshot::{Channels, Photo};

    use super::super::{Ground, export, run};

    /// How a child is told what to do, and where.
    const TASK: &str = "PACKSHOT_TEST_POWER";

    #[test]
    #[ignore = "the child of the next tests"]
    fn child() {
        let Ok(task) = std::env::var(TASK) else { return };
        let (what, folder) = task.split_once(' ').unwrap();
        if what == "save" {
            let photo = Photo::new(8, 8, Channels::Rgb, vec![90_u8; 192]).unwrap();
            photo.save(format!("{folder}/saved.png")).unwrap();
        } else {
            let place = |name: &str| Some(format!("{folder}/{name}").into());
            let inputs = vec![format!("{folder}/in").into()];
            let (report, sheet) = (place("report.json"), place("sheet.html"));
            let batch = Batch { inputs, output: place("out"), report, sheet, workers: Some(2), ..Batch::default() };
            assert_eq!(run(&export(), &batch).unwrap().done, 4);
        }
    }

    /// The child's calls about files, in order, with the paths of open files; `None` where nothing traces.
    fn trace(what: &str, ground: &Ground) -> Option<Vec<String>> {
        if Command::new("strace").arg("-V").output().is_err() {
            eprintln!("skipped: there is no strace");
            return None;
        }
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-y", "-s", "400", "-o"]).arg(ground.path("trace"));
        command.args(["-e", "trace=write,fsync,fdatasync,rename,renameat,renameat2"]);
        command.arg(std::env::current_exe().unwrap()).args(["batch::power::order::child", "--exact", "--ignored"]);
        let output = command.env(TASK, format!("{what} {}", ground.text(""))).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let text = std::fs::read_to_string(ground.path("trace")).unwrap();
        Some(text.lines().map(str::to_owned).collect())
    }

    /// Where the call is whose line has all these words.
    fn find(calls: &[String], words: &[&str]) -> usize {
        let found = calls.iter().position(|call| words.iter().all(|word| call.contains(word)));
        found.unwrap_or_else(|| panic!("no call with {words:?} in\n{}", calls.join("\n")))
    }

    /// The file is written, synced and renamed to its name, and then its folder is synced.
    fn check_order(calls: &[String], prefix: &str, name: &str, folder: &str) {
        let folder = format!("<{}>", folder.trim_end_matches('/'));
        let written = find(calls, &["write(", prefix]);
        let synced = find(calls, &["fsync(", prefix]);
        let renamed = find(calls, &["rename", prefix, &format!("/{name}\"")]);
        let kept = renamed + find(&calls[renamed..], &["fsync(", &folder]);
        assert!(written < synced && synced < renamed && renamed < kept, "{name}:\n{}", calls.join("\n"));
    }

    #[test]
    fn a_saved_file_is_on_the_disk_before_its_name_and_its_name_before_the_call_returns() {
        let ground = Ground::new();
        let Some(calls) = trace("save", &ground) else { return };
        check_order(&calls, "/.packshot-", "saved.png", &ground.text(""));
    }

    #[test]
    fn a_batch_brings_each_claim_to_the_disk_before_the_file_and_its_report_as_a_saved_file() {
        let ground = Ground::with(4);
        let Some(calls) = trace("batch", &ground) else { return };
        for name in ["report.json", "sheet.html"] {
            check_order(&calls, &format!(".packshot-batch-{name}"), name, &ground.text(""));
        }
        for name in ["00.png", "01.png", "02.png", "03.png"] {
            let claimed = find(&calls, &["write(", "/.packshot-journal>", "claim", name]);
            let renamed = find(&calls, &["rename", ".packshot-batch-", &format!("/{name}\"")]);
            // It may have begun to wait for the disk before another worker's line came: the last one counts.
            let synced = calls[claimed..renamed].iter().any(|call| call.contains("fdatasync("));
            assert!(synced, "{name}:\n{}", calls.join("\n"));
            let note = find(&calls, &["write(", "/.packshot-journal>", "done", name]);
            assert!(renamed < note, "{name} is noted before it is there");
        }
        // The results themselves are not waited for: their hashes are in the journal.
        assert!(!calls.iter().any(|call| call.contains("fsync(") && call.contains("/out/.packshot-batch-")));
    }
}
