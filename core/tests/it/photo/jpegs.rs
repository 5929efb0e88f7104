//! JPEGs of every kind, beside what libjpeg-turbo reads in them.
//!
//! `core/tests/data/jpeg` was made with `python fuzz/jpegs.py core/tests/data/jpeg --few`, which says what the index means.
//! `cargo xtask soak jpeg` names a folder with thousands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use packshot::Photo;

/// Another folder that `fuzz/jpegs.py` has made.
const FOLDER: &str = "PACKSHOT_TEST_JPEGS";

#[test]
fn jpegs_are_read_as_libjpeg_turbo_reads_them_or_refused() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/jpeg");
    let folder = std::env::var_os(FOLDER).map_or(own, PathBuf::from);
    let index = std::fs::read_to_string(folder.join("index.txt")).unwrap();
    let (mut counts, mut wrong) = (BTreeMap::<String, usize>::new(), Vec::new());
    for line in index.lines() {
        let (name, expected) = line.split_once(' ').unwrap();
        let found = outcome(&folder, name);
        *counts.entry(format!("{expected}: {found}")).or_default() += 1;
        let is_right = match expected {
            "picture" => found == "the same",
            "maybe" => found == "the same" || found.starts_with("photo_"),
            codes => codes.split(',').any(|code| code == found),
        };
        if !is_right {
            wrong.push(format!("{name}: {found}, not {expected}"));
        }
    }
    for (kind, count) in &counts {
        println!("{count:>6} {kind}");
    }
    println!("{} files, {} wrong", index.lines().count(), wrong.len());
    assert!(index.lines().count() > 50 && wrong.is_empty(), "{wrong:#?}");
}

/// The code, or how the samples compare with libjpeg-turbo's.
fn outcome(folder: &Path, name: &str) -> String {
    let photo = match Photo::decode(&std::fs::read(folder.join(name)).unwrap()) {
        Ok(photo) => photo,
        Err(error) => return error.code().to_string(),
    };
    let Ok(right) = std::fs::read(folder.join(format!("{name}.raw"))) else { return "read".to_owned() };
    // An empty file: libjpeg-turbo refuses it.
    match photo.as_u8().unwrap() {
        samples if samples == right => "the same".to_owned(),
        samples if samples.len() != right.len() => "another size".to_owned(),
        samples => {
            let most = samples.iter().zip(&right).map(|(a, b)| a.abs_diff(*b)).max();
            format!("other samples, by up to {}", most.unwrap_or(0))
        }
    }
}

/// Sizes of garbage after each kind of beginning; quadratic work would take minutes.
#[test]
fn megabytes_of_garbage_are_refused_at_once() {
    let whole = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/jpeg/0000-base-1x1.jpg")).unwrap();
    let scan = whole.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let header = whole[scan..].to_vec()[..14].to_vec();
    let table = whole.windows(2).position(|pair| pair == [0xff, 0xc4]).unwrap();
    let parts: [&[u8]; 7] =
        [&[0xff], &[0xff, 0x00], &[0xff, 0xd0], &[0xff, 0xfe, 0, 2], &[0xff, 0xfe, 0, 0], &header, &whole[table..scan]];
    for part in parts {
        let begin = std::time::Instant::now();
        let garbage = part.repeat((8 << 20) / part.len());
        for head in [&whole[..2], &whole[..scan], &whole[..whole.len() - 20]] {
            let _ = Photo::decode(&[head, &garbage].concat());
        }
        let seconds = begin.elapsed().as_secs_f64();
        assert!(seconds < 20.0, "{:02x?}: {seconds} s", &part[..2.min(part.len())]);
    }
}
