//! `packshot crop`, as a process.

use std::path::Path;

use packshot::{Channels, Photo};

use crate::json;

/// 40 x 30, opaque in the middle 20 x 10.
fn photo(folder: &Path) {
    let inside = |x: u32, y: u32| (10..30).contains(&x) && (10..20).contains(&y);
    let samples =
        (0..30).flat_map(|y| (0..40).flat_map(move |x| [x as u8, y as u8, 9, if inside(x, y) { 255 } else { 0 }]));
    Photo::new(40, 30, Channels::Rgba, samples.collect::<Vec<u8>>()).unwrap().save(folder.join("a.png")).unwrap();
}

#[test]
fn parts_are_as_large_as_asked_and_from_where() {
    let folder = tempfile::tempdir().unwrap();
    photo(folder.path());
    for (arguments, size, first) in [
        (&["--area", "10 5 50% 100%"][..], (10, 25), [10, 5]),
        (&["--aspect", "1:1", "--gravity", "right"], (30, 30), [10, 0]),
        (&["--margin", "5px"], (30, 20), [5, 5]),
        (&["--margin", "--aspect", "1:1"], (20, 20), [10, 5]),
        (&["--aspect", "4:3", "--size", "20"], (20, 15), [0, 0]),
    ] {
        let words = [&["crop", "a.png", "-o", "out", "--existing", "replace"], arguments].concat();
        let output = json(folder.path(), &words);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
        let part = Photo::open(folder.path().join("out/a.png")).unwrap();
        assert_eq!((part.width(), part.height()), size, "{arguments:?}");
        if !arguments.contains(&"--size") {
            assert_eq!(part.as_u8().unwrap()[..2], first, "{arguments:?}");
        }
    }
}

#[test]
fn wrong_usage_is_told_before_a_photo_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, word) in [
        (&["--area", "0 0 9 9", "--margin", "5%"][..], "--margin"),
        (&["--gravity", "top"], "--aspect"),
        (&["--aspect", "4x5"], "4x5"),
        (&["--aspect", "1", "--gravity", "north"], "top-left"),
        (&[], "nothing to crop to"),
    ] {
        let output = json(folder.path(), &[&["crop", "none.png", "-o", "out"], arguments].concat());
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(word), "{arguments:?}: {said}");
    }
}
