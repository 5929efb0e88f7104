//! `packshot cutout`, as a process.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use packshot::{Channels, Photo};
use serde_json::Value;

use crate::packshot;

fn render() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/testdata/renders");
    let mut photos: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    photos.sort();
    photos.swap_remove(0)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_photo_becomes_a_png_of_the_same_name_and_size() {
    let folder = tempfile::tempdir().unwrap();
    let photo = render();
    let output =
        packshot(folder.path()).arg("cutout").arg(&photo).arg("-o").arg(folder.path().join("out")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let target = folder.path().join("out").join(photo.with_extension("png").file_name().unwrap());
    let (before, after) = (Photo::open(&photo).unwrap(), Photo::open(&target).unwrap());
    assert_eq!((after.width(), after.height()), (before.width(), before.height()));
    assert_eq!(after.channels(), Channels::Rgba);
    assert!(text(&output.stdout).contains("rten"), "what ran is always told");
}

#[test]
fn one_bad_photo_does_not_stop_the_others_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.jpg");
    let bytes = std::fs::read(render()).unwrap();
    std::fs::write(&broken, &bytes[..bytes.len() / 2]).unwrap();
    let out = folder.path().join("out");
    let output = packshot(folder.path())
        .args(["--json", "cutout"])
        .arg(&broken)
        .arg(render())
        .arg(folder.path().join("none.jpg"))
        .arg("--sheet")
        .arg("-o")
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let events = lines(&output);
    let mut codes: Vec<_> = events.iter().filter_map(|event| event["code"].as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["file_missing", "photo_truncated"]);
    let missing = events.iter().find(|event| event["code"] == "file_missing").unwrap();
    assert!(missing["because"][0].as_str().unwrap().contains("No such file"), "{missing}");
    let done = events.last().unwrap();
    assert_eq!((&done["event"], &done["done"], &done["failed"]), (&"done".into(), &1.into(), &2.into()));
    let mut names: Vec<_> =
        std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != ".packshot-journal");
    assert_eq!(names.len(), 2, "{names:?}");
    let page = std::fs::read_to_string(out.join("sheet.html")).unwrap();
    assert!(page.contains("data:image/webp;base64,") && page.contains("Failed <b>2</b>"));
}

#[test]
fn nothing_done_is_exit_code_3_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let output = packshot(folder.path()).args(["cutout", "/nowhere/x.jpg", "-o"]).arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("/nowhere/x.jpg") && complaint.contains("Check the path."), "{complaint}");
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["cutout"][..],
        &["cutout", "x.jpg", "--region", "1 2 3"],
        &["cutout", "x.jpg", "--background", "nocolour"],
        &["cutout", "x.jpg", "--quality", "0"],
        &["cutout", "x.jpg", "--model", "m.onnx"],
        &["cutout", "x.jpg", "y.jpg", "-o", "-"],
        &["cutout", "x.jpg", "--result", "alpha", "--background", "white"],
    ] {
        let output = packshot(folder.path()).current_dir(folder.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn works_as_a_filter() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = packshot(folder.path())
        .args(["cutout", "-", "-o", "-", "--background", "white", "--format", "jpeg"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let photo = std::fs::read(render()).unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&photo));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(Photo::decode(&output.stdout).unwrap().channels(), Channels::Rgb);
}

#[test]
fn edges_are_chosen_and_a_trimap_goes_out_and_in() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, out) = (render(), folder.path().join("out"));
    let run = |more: &[&str]| {
        let output = packshot(folder.path()).args(["--json", "cutout", "-o"]).arg(&out).arg(&photo).args(more).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(0), "{more:?}: {}", text(&output.stderr));
        let line = lines(&output).swap_remove(0);
        assert!((0.0..=1.0).contains(&line["halo"].as_f64().unwrap()), "{line}");
        (Photo::open(line["output"].as_str().unwrap()).unwrap(), line)
    };
    let (trimap, _) = run(&["--edges", "fine", "--result", "trimap"]);
    assert!(trimap.as_u8().unwrap().iter().all(|sample| [0, 128, 255].contains(sample)));
    let file = folder.path().join("trimap.png");
    trimap.save(&file).unwrap();
    let (alpha, line) = run(&["--edges", "fine", "--trimap", file.to_str().unwrap(), "--result", "alpha"]);
    assert!(line["model"].is_null(), "a trimap replaces the model: {line}");
    let sure = trimap.as_u8().unwrap().iter().zip(alpha.as_u8().unwrap()).filter(|(sample, _)| **sample != 128);
    assert!(sure.clone().count() > 0 && sure.clone().all(|(sample, alpha)| sample == alpha));
    // Half-transparent pixels have other colours with the spill than without.
    let (clean, _) = run(&["--solidify", "--keep-holes"]);
    let (spill, _) = run(&["--solidify", "--keep-holes", "--keep-spill"]);
    assert_ne!(clean.as_u8().unwrap(), spill.as_u8().unwrap());
    let refused = packshot(folder.path()).arg("cutout").arg(&photo).args(["--edges", "soft"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("off, fast or fine"), "{}", text(&refused.stderr));
}

#[test]
fn a_result_never_replaces_its_photo() {
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("a.png");
    Photo::open(render()).unwrap().save(&photo).unwrap();
    let before = std::fs::read(&photo).unwrap();
    let output = packshot(folder.path()).current_dir(folder.path()).args(["cutout", "a.png"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(std::fs::read(&photo).unwrap(), before);
    assert!(folder.path().join("a-2.png").exists());
}

#[test]
fn an_output_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"x").unwrap();
    let output = packshot(folder.path())
        .args(["--json", "cutout"])
        .arg(render())
        .arg("-o")
        .arg(file.join("out"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(lines(&output)[0]["code"], "file_unwritable");
}

#[test]
fn models_doctor_completions_and_manual() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = packshot(folder.path()).args(arguments).output().unwrap();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, list, _) = run(&["models", "list"]);
    assert_eq!(code, Some(0));
    assert!(list.contains("packshot-matte-2") && list.contains("u2netp"), "{list}");
    assert!(list.contains("2.5 MB") && list.contains("4.6 MB") && list.contains("973 MB"), "{list}");
    let (code, _, complaint) = run(&["models", "path", "u2netp"]);
    assert_eq!(code, Some(3));
    assert!(complaint.contains("packshot models pull"), "{complaint}");
    let (code, _, complaint) = run(&["models", "pull", "u2netp", "--offline"]);
    assert_eq!(code, Some(3));
    assert!(complaint.contains("ffline"), "{complaint}");
    let (code, doctor, _) = run(&["doctor"]);
    assert_eq!(code, Some(0));
    assert!(doctor.contains("rten") && doctor.contains("JPEG"), "{doctor}");
    let (code, script, _) = run(&["completions", "bash"]);
    assert!(code == Some(0) && script.contains("_packshot"));
    let (code, manual, _) = run(&["man"]);
    assert!(code == Some(0) && manual.contains(".TH") && manual.contains("cutout"));
}

#[test]
fn files_are_as_shops_ask_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let photo = render();
    let out = folder.path().join("out");
    let cutout = |more: &[&str]| {
        let mut command = packshot(folder.path());
        command.args(["cutout", "--edges", "off", "--format", "jpeg", "-o"]).arg(&out).arg(&photo).args(more);
        command.output().unwrap()
    };
    let output = cutout(&["--background", "#102030", "--size", "300", "--fit", "pad", "--max-bytes", "12kB"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let bytes = std::fs::read(out.join(photo.with_extension("jpg").file_name().unwrap())).unwrap();
    let saved = Photo::decode(&bytes).unwrap();
    assert_eq!((saved.width(), saved.height(), bytes.len() <= 12_000), (300, 300, true));
    let corner = &saved.as_u8().unwrap()[..3];
    assert!(corner.iter().zip([16, 32, 48]).all(|(a, b)| a.abs_diff(b) <= 12), "{corner:?}");
    assert_eq!(cutout(&["--max-bytes", "100B"]).status.code(), Some(3), "no JPEG is that small");
    for wrong in [&["--max-bytes", "12 apples"][..], &["--size", "1200x", "--fit", "pad"], &["--fit", "pad"]] {
        assert_eq!(cutout(wrong).status.code(), Some(2), "{wrong:?}");
    }
}
