//! What it costs to come from another language: the same cut-out by each binding and by Rust itself.

use std::fs;
use std::path::PathBuf;

use packshot::Photo;

use super::{cutouts, side, unjudged};
use crate::place::{Place, launch, text};
use crate::row::{Contender, Limit, Row};
use crate::serve::Fault;
use crate::side::Launch;

/// A binding may take this much of Rust's time.
const MOST: Limit = Limit::Ratio(1.05, "Rust");

/// Bytes of a JPEG in, bytes of a PNG out.
pub(super) fn bytes(place: &Place) -> Result<Row, Fault> {
    let product = place.inputs.product(12.0)?;
    let photo = text(&product.photo);
    let mut sides = vec![side("Rust", place.job(&["boundary-bytes", &photo]), [])];
    sides.extend(languages(place, &["bytes", &photo]).map(|(name, launch)| side(name, launch, [MOST])));
    Ok(Row { title: "across the boundary: bytes, 12 MP".to_owned(), sides, judge: cutouts::judge(product) })
}

/// Samples in, samples out.
pub(super) fn pixels(place: &Place) -> Result<Row, Fault> {
    let product = place.inputs.product(12.0)?;
    let photo = Photo::open(&product.photo)?;
    let samples = place.inputs.folder.join("boundary.rgb");
    fs::write(&samples, photo.to_rgb8())?;
    let (width, height) = (photo.width().to_string(), photo.height().to_string());
    let words = ["pixels", &text(&samples), &width, &height];
    let rust = place.job(&["boundary-pixels", words[1], words[2], words[3]]);
    let mut sides = vec![unjudged("Rust", rust)];
    sides.extend(
        languages(place, &words).map(|(name, launch)| Contender { limits: vec![MOST], ..unjudged(name, launch) }),
    );
    let judge = Box::new(|_: &[u8]| Ok(Vec::new()));
    Ok(Row { title: "across the boundary: samples, 12 MP".to_owned(), sides, judge })
}

/// From the cancel to the caller's answer, wherever the work is. The limit is what the library promises.
pub(super) fn cancel(place: &Place) -> Result<Row, Fault> {
    let photo = text(&place.inputs.product(12.0)?.photo);
    let mut sides = vec![unjudged("Rust", place.job(&["boundary-cancel", &photo]))];
    sides.extend(languages(place, &["cancel", &photo]).map(|(name, launch)| unjudged(name, launch)));
    sides.iter_mut().for_each(|side| side.limits = vec![Limit::Millis(150.0)]);
    let judge = Box::new(|_: &[u8]| Ok(Vec::new()));
    Ok(Row { title: "from the cancel to the answer, fine edges, 12 MP".to_owned(), sides, judge })
}

fn languages(place: &Place, words: &[&str]) -> impl Iterator<Item = (&'static str, Result<Launch, String>)> {
    let with = |script: &'static str| [&[script], words].concat();
    let python = place.python_binding.clone().and_then(|_| place.python(&with("with_packshot.py")));
    let node = place.node_binding.clone().and_then(|_| place.node(&with("with_packshot.mjs")));
    let kotlin = place.kotlin_binding.clone().map(|project| {
        let classes = format!("{0}/target/classes:{0}/target/dependency/*", text(&project));
        launch(PathBuf::from("java"), &[&["-cp", classes.as_str(), "WithPackshotKt"], words].concat())
    });
    let swift = place
        .swift_binding
        .clone()
        .map(|script| launch(PathBuf::from("sh"), &[&[text(&script).as_str()], words].concat()));
    [("Python", python), ("Node", node), ("Kotlin", kotlin), ("Swift", swift)].into_iter()
}
