//! Whole cut-outs with the same weights: the file of a photo in, the file of a PNG out, warm.

use packshot::Photo;

use super::{side, unjudged};
use crate::inputs::Product;
use crate::metrics;
use crate::place::{Place, text};
use crate::row::{Figure, Judge, Limit, Row};
use crate::serve::Fault;

/// ISNet 1024 with fp16 weights. The raw session is ONNX Runtime alone, on a tensor that is ready.
pub(super) fn isnet(place: &Place, megapixels: f64) -> Result<Row, Fault> {
    let product = place.inputs.product(megapixels)?;
    let photo = text(&product.photo);
    let model = text(&place.isnet()?);
    let descriptor = text(&place.inputs.root.join("bench/isnet.toml"));
    let large = megapixels > 10.0;
    let most = if large { 1.25 } else { 1.10 };
    let fast: &[Limit] = if large { &[Limit::Ratio(1.10, "packshot")] } else { &[] };
    let cutout = |edges, colors| place.job(&["cutout", &model, &descriptor, &photo, edges, colors]);
    let sides = vec![
        unjudged("raw session", place.job(&["raw", &model, "1024", &photo])),
        side(
            "packshot",
            place.job(&["cutout", &model, &descriptor, &photo, "off", "off"]),
            [Limit::Ratio(most, "raw session")],
        ),
        side("packshot, fast edges", cutout("fast", "off"), fast),
        side("packshot, as by default", cutout("fast", "on"), []),
        side("imgly", place.node(&["with_imgly.mjs", &photo]), []),
        side("rembg", place.python(&["with_rembg.py", "cutout", "dis_custom", &model, &photo]), []),
    ];
    Ok(Row { title: format!("cut-out, ISNet 1024 fp16, {}", size(&product)), sides, judge: judge(product) })
}

/// u2netp 320 with fp16 weights.
pub(super) fn u2netp(place: &Place, megapixels: f64) -> Result<Row, Fault> {
    let product = place.inputs.product(megapixels)?;
    let photo = text(&product.photo);
    let model = text(&place.inputs.data("models/u2netp-fp16.onnx")?);
    let sides = vec![
        unjudged("raw session", place.job(&["raw", &model, "320", &photo])),
        side("packshot", place.job(&["cutout", &model, "u2netp", &photo, "off", "off"]), []),
        side("rembg", place.python(&["with_rembg.py", "cutout", "u2net_custom", &model, &photo]), []),
    ];
    Ok(Row { title: format!("cut-out, u2netp 320 fp16, {}", size(&product)), sides, judge: judge(product) })
}

fn size(product: &Product) -> String {
    format!("{:.1} MP", f64::from(product.size.0) * f64::from(product.size.1) / 1e6)
}

/// How well the alpha of a PNG agrees with the true one, and the size of the file.
pub(super) fn judge(product: Product) -> Judge {
    Box::new(move |file| {
        let alpha = Photo::decode(file)?.alpha8().ok_or("it has no alpha")?;
        if alpha.len() != product.alpha.len() {
            return Err("it has another size".into());
        }
        Ok(vec![
            Figure::new("IoU", metrics::iou(&alpha, &product.alpha), 4, ""),
            Figure::new("MSE", metrics::mse(&alpha, &product.alpha), 5, ""),
            Figure::new("file", file.len() as f64 / 1e6, 2, " MB"),
        ])
    })
}
