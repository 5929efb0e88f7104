//! From the start of a process to the first PNG on disk, and to the process's end.

use super::cutouts::judge;
use super::side;
use crate::place::{Place, cold, launch, text};
use crate::row::{Limit, Row};
use crate::serve::Fault;

pub(super) fn first_cutout(place: &Place) -> Result<Row, Fault> {
    let product = place.inputs.product(1.0)?;
    let photo = text(&product.photo);
    let model = text(&place.inputs.data("models/u2netp-fp16.onnx")?);
    let stem = product.photo.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folder = |name: &str| place.inputs.folder.join(name);
    let cutout = |name: &str, words: &[&str]| {
        let out = folder(name);
        let out_text = text(&out);
        let words: Vec<&str> = ["cutout", &photo, "-o", &out_text, "--quiet"].iter().chain(words).copied().collect();
        let answer = out.join(format!("{}.png", stem));
        Ok(cold(launch(place.cli.clone()?, &words), answer))
    };
    let library = place.library.clone().map(|library| text(&library));
    let with_library = |name: &str, words: &[&str]| {
        let library = library.clone()?;
        cutout(name, &[&["--backend", "onnxruntime", "--ort-library", &library], words].concat())
    };
    let answer = folder("rembg.png");
    let words = ["with_rembg.py", "start", &model, &photo, &text(&answer)];
    let sides = vec![
        side(
            "packshot, embedded net, rten",
            cutout("start-rten", &["--backend", "rten"]),
            [Limit::Ratio(1.0, "rembg")],
        ),
        side("packshot, embedded net", with_library("start-embedded", &[]), [Limit::Ratio(1.0, "rembg")]),
        side(
            "packshot, u2netp",
            with_library("start-u2netp", &["--model", &model, "--like", "u2netp"]),
            [Limit::Ratio(1.0, "rembg")],
        ),
        side("rembg", place.python(&words).map(|launch| cold(launch, answer)), []),
    ];
    Ok(Row { title: "from process start to the first PNG, 1.0 MP".to_owned(), sides, judge: judge(product) })
}
