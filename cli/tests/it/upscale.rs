//! `packshot upscale`, as a process.

use std::path::Path;
use std::process::Output;

use packshot::{Channels, Photo};
use serde_json::Value;

use crate::json;

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn photo(folder: &Path, name: &str) {
    let samples: Vec<u8> = (0..40 * 30 * 3).map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    Photo::new(40, 30, Channels::Rgb, samples).unwrap().save(folder.join(name)).unwrap();
}

#[test]
fn photos_become_as_large_as_asked() {
    let folder = tempfile::tempdir().unwrap();
    photo(folder.path(), "a.png");
    photo(folder.path(), "b.png");
    for (arguments, size) in [
        (&[][..], (80, 60)),
        (&["--scale", "1.5", "--denoise", "0.4"], (60, 45)),
        (&["--size", "100", "--tile", "32"], (100, 75)),
        (&["--size", "20x"], (40, 30)),
    ] {
        let output = json(folder.path(), &[&["upscale", "a.png", "b.png", "-o", "out"], arguments].concat());
        let lines = lines(&output);
        assert_eq!(output.status.code(), Some(0), "{lines:?}");
        assert_eq!((&lines[0]["width"], &lines[0]["height"]), (&size.0.into(), &size.1.into()), "{arguments:?}");
        assert_eq!(lines[2]["done"], 2);
        let large = Photo::open(folder.path().join("out/b.png")).unwrap();
        assert_eq!((large.width(), large.height()), size);
    }
}

#[test]
fn wrong_usage_is_told_before_a_photo_is_read() {
    let folder = tempfile::tempdir().unwrap();
    photo(folder.path(), "a.png");
    for (arguments, word) in [
        (&["--scale", "9"][..], "1 to 8"),
        (&["--denoise", "1.5"], "0 to 1"),
        (&["--tile", "4"], "32 to 2048"),
        (&["--model", "net.onnx"], "--like"),
    ] {
        let output = json(folder.path(), &[&["upscale", "a.png", "-o", "out"], arguments].concat());
        let lines = lines(&output);
        assert_eq!(output.status.code(), Some(2), "{lines:?}");
        assert_eq!(lines[0]["code"], "option_invalid");
        assert!(lines[0]["message"].as_str().unwrap().contains(word), "{lines:?}");
        assert!(!folder.path().join("out").exists());
    }
}

#[test]
fn a_model_of_another_task_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    photo(folder.path(), "a.png");
    let output = json(folder.path(), &["upscale", "a.png", "-o", "out", "--model", "u2netp"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(lines(&output)[0]["message"].as_str().unwrap().contains("not for upscale"));
}

#[test]
fn models_are_listed_with_their_task() {
    let folder = tempfile::tempdir().unwrap();
    let lines = lines(&json(folder.path(), &["models", "list"]));
    let found = |id: &str| lines.iter().find(|line| line["id"] == id).unwrap();
    assert_eq!(found("u2netp")["task"], "remove_background");
    let net = found("packshot-upscale-2x-1");
    assert_eq!((&net["task"], &net["state"]), (&"upscale".into(), &"built in".into()));
    let file = found("realesr-general-x4v3");
    assert_eq!((&file["state"], &file["bytes"]), (&"as file".into(), &serde_json::Value::Null));
    assert_eq!(found("u2netp")["bytes"], 4_574_861);
}
