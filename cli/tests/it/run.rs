//! `packshot run`, as a process.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use packshot::{Channels, EncodeOptions, ImageFormat, Photo};
use serde_json::Value;

const RECIPE: &str = "schema = \"packshot.recipe/1\"\nsteps = [{ export = { format = \"jpeg\", quality = \"${quality}\" } }]\n\
                      [variables]\nquality = 80\n";

struct Ground(tempfile::TempDir);

impl Ground {
    /// A recipe and so many photos.
    fn with(photos: usize) -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(ground.path("in")).unwrap();
        std::fs::write(ground.path("recipe.toml"), RECIPE).unwrap();
        for index in 0..photos {
            let samples: Vec<u8> = (0..96 * 64 * 3).map(|at: usize| (at * (index + 3) / 7) as u8).collect();
            let photo = Photo::new(96, 64, Channels::Rgb, samples).unwrap();
            let bytes = photo.encode(&EncodeOptions::new(ImageFormat::Png)).unwrap();
            std::fs::write(ground.path(&format!("in/{index:03}.png")), bytes).unwrap();
        }
        ground
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    fn run(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packshot"));
        command.env("PACKSHOT_CACHE", self.path("cache")).args(["--backend", "rten", "run", "recipe.toml"]).args(words);
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    /// How many results there are, also while a batch is at it: what it is writing loses its name at any moment.
    fn finished(&self, below: &str) -> usize {
        let names = std::fs::read_dir(self.path(below)).into_iter().flatten().map(|entry| entry.unwrap().file_name());
        names.filter(|name| !name.to_string_lossy().starts_with(".packshot-")).count()
    }

    fn results(&self, below: &str) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(self.path(below)).unwrap().map(|entry| entry.unwrap());
        entries
            .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
            .filter(|(name, _)| name != ".packshot-journal")
            .collect()
    }
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn code(output: &Output) -> Option<i32> {
    println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output.status.code()
}

#[test]
fn a_folder_with_a_bad_photo_has_all_others_and_exit_code_1() {
    let ground = Ground::with(3);
    std::fs::write(ground.path("in/bad.jpg"), b"no photo").unwrap();
    let words = ["--json", "in", "-o", "out", "--set", "quality=60", "--report", "r.json", "--sheet", "s.html"];
    let output = ground.run(&words).output().unwrap();
    assert_eq!(code(&output), Some(1));
    let lines = lines(&output);
    assert_eq!(lines.iter().filter(|line| line["event"] == "photo").count(), 4);
    let done = lines.last().unwrap();
    assert_eq!((&done["event"], &done["done"], &done["failed"]), (&"done".into(), &3.into(), &1.into()));
    assert_eq!(ground.results("out").len(), 3);
    let sheet = std::fs::read_to_string(ground.path("s.html")).unwrap();
    assert!(sheet.contains("bad.jpg") && sheet.matches("data:image/jpeg").count() == 6);
    // Done before, and one that fails again.
    let output = ground.run(&["in", "-o", "out", "--set", "quality=60"]).output().unwrap();
    assert_eq!(code(&output), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("3 done before, 1 failed"));
}

#[test]
fn killed_three_times_and_resumed_it_is_as_if_nothing_had_been() {
    let ground = Ground::with(80);
    assert_eq!(code(&ground.run(&["in", "-o", "undisturbed"]).output().unwrap()), Some(0));
    let expected = ground.results("undisturbed");
    for round in 1..=3 {
        let mut child = ground.run(&["in", "-o", "out", "--quiet"]).spawn().unwrap();
        // Not before it has begun, however slow the machine is.
        while child.try_wait().unwrap().is_none() && ground.finished("out") <= 12 * round {
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let whole = ground.results("out").into_iter().filter(|(name, _)| !name.starts_with(".packshot-batch-"));
        for (name, bytes) in whole {
            assert_eq!(Some(&bytes), expected.get(&name), "{name} after kill {round}");
        }
    }
    let output = ground.run(&["--json", "in", "-o", "out"]).output().unwrap();
    assert_eq!(code(&output), Some(0));
    let done = lines(&output).pop().unwrap();
    assert!(done["resumed"].as_u64().unwrap() > 12, "{done}");
    assert_eq!(done["resumed"].as_u64().unwrap() + done["done"].as_u64().unwrap(), 80, "{done}");
    assert!(ground.results("out") == expected, "other results, or leftovers");
}

#[test]
fn paths_come_on_standard_input_and_one_photo_goes_to_standard_output() {
    let ground = Ground::with(3);
    for (words, list) in [
        (["-", "-o", "a"].as_slice(), "in/000.png\nin/001.png\r\n\nin/000.png\n"),
        (&["-", "-0", "-o", "b"], "in/000.png\0in/001.png\0"),
    ] {
        let mut child = ground.run(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
        assert_eq!(code(&child.wait_with_output().unwrap()), Some(0));
    }
    assert_eq!(ground.results("a").keys().collect::<Vec<_>>(), ["000.jpg", "001.jpg"]);
    assert!(ground.results("a") == ground.results("b"));
    let output = ground.run(&["in/000.png", "-o", "-"]).output().unwrap();
    assert_eq!((output.status.code(), &output.stdout), (Some(0), &ground.results("a")["000.jpg"]));
}

#[test]
fn a_table_sets_variables_row_by_row() {
    let ground = Ground::with(1);
    std::fs::write(ground.path("t.csv"), "input,output,quality\nin/000.png,good,95\nin/000.png,small,10\n").unwrap();
    assert_eq!(code(&ground.run(&["--table", "t.csv", "-o", "out"]).output().unwrap()), Some(0));
    let results = ground.results("out");
    assert!(results["good.jpg"].len() > 2 * results["small.jpg"].len());
}

#[test]
fn exit_codes_and_faults_are_told() {
    let ground = Ground::with(1);
    std::fs::write(ground.path("bad.jpg"), b"no photo").unwrap();
    std::fs::write(ground.path("t.csv"), "input,size\nin/000.png,3\n").unwrap();
    for (words, expected, told) in [
        (["bad.jpg", "-o", "out"].as_slice(), 3, "1 failed"),
        (&["in/*.webp", "-o", "out"], 3, "no photo in in/*.webp"),
        (&["in", "-o", "out", "--set", "size=3"], 2, "size"),
        (&["in", "-o", "out", "--memory", "much"], 2, "512M"),
        (&["in", "-o", "out", "--name", "same"], 2, "{stem}"),
        (&["--table", "t.csv", "-o", "out"], 2, "line: 1"),
        (&["in"], 2, "--output"),
    ] {
        let output = ground.run(words).output().unwrap();
        assert_eq!(code(&output), Some(expected), "{words:?}");
        let text = [output.stdout, output.stderr].concat();
        assert!(String::from_utf8_lossy(&text).contains(told), "{words:?}");
    }
    assert!(Path::new(&ground.path("out/.packshot-journal")).is_file());
}
