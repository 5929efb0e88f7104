//! Edges alone: alpha from a model's matte, and the subject's colours from its alpha. Photos are decoded beforehand.

use packshot::{Channels, Edges, Engine, Matte, Photo, RemoveBackground};
use packshot_resize::{self as resize, Filter};

use super::side;
use crate::inputs::Lemur;
use crate::metrics;
use crate::place::{Place, text};
use crate::row::{Figure, Judge, Limit, Row};
use crate::serve::Fault;
use crate::work;

/// The background of the colour row: what a studio hangs up, and what shows most on fur.
const GREEN: [u8; 3] = [0, 255, 0];

/// The size at which small models see a photo.
const MODEL_SIDE: u32 = 320;

/// The lemur with u2netp's matte, which Packshot has from the model and the others as a picture of the photo's size. Each makes a band of its own around the edge.
pub(super) fn lemur_alpha(place: &Place) -> Result<Row, Fault> {
    let lemur = place.inputs.lemur()?;
    let (photo, mask) = u2netp_matte(place, &lemur)?;
    let model = text(&place.inputs.data("models/u2netp-fp16.onnx")?);
    let packshot = |edges| place.job(&["edges", &model, "u2netp", &photo, edges]);
    let fine = [
        Limit::Figure("SAD", 1.7),
        Limit::Figure("MSE", 0.0006),
        Limit::Millis(120.0),
        Limit::Faster(5.0, "PyMatting, closed form", "MSE"),
        Limit::Faster(5.0, "rembg, alpha matting", "MSE"),
    ];
    let sides = vec![
        side("packshot, edges off", packshot("off"), []),
        side("packshot, fast", packshot("fast"), []),
        side("packshot, fine", packshot("fine"), fine),
        side("PyMatting, closed form", place.python(&["with_pymatting.py", "alpha", &photo, &mask]), []),
        side("rembg, alpha matting", place.python(&["with_rembg.py", "matting", &photo, &mask]), []),
    ];
    Ok(Row {
        title: "alpha of the lemur, 0.3 MP, from u2netp's matte".to_owned(),
        sides,
        judge: alpha_like(lemur.alpha, lemur.width),
    })
}

/// The lemur laid on green with its true alpha, which all sides are given.
pub(super) fn lemur_foreground(place: &Place) -> Result<Row, Fault> {
    let lemur = place.inputs.lemur()?;
    let over_green = |(color, alpha): (&[u8], &u8)| {
        let alpha = u32::from(*alpha);
        [0, 1, 2].map(|c| ((u32::from(color[c]) * alpha + u32::from(GREEN[c]) * (255 - alpha) + 127) / 255) as u8)
    };
    let rgb: Vec<u8> = lemur.colors.chunks_exact(3).zip(&lemur.alpha).flat_map(over_green).collect();
    let file = place.inputs.folder.join("lemur-on-green.png");
    Photo::new(lemur.width as u32, (lemur.alpha.len() / lemur.width) as u32, Channels::Rgb, rgb)?.save(&file)?;
    let (photo, alpha) = (text(&file), text(&lemur.alpha_file));
    let packshot = |colors| place.job(&["foreground", &photo, &alpha, colors]);
    let fine = [Limit::Figure("MSE", 1e-4), Limit::Millis(60.0), Limit::Faster(5.0, "PyMatting, multi-level", "MSE")];
    let sides = vec![
        side("packshot, decontaminate off", packshot("off"), []),
        side("packshot", packshot("on"), fine),
        side("PyMatting, multi-level", place.python(&["with_pymatting.py", "foreground", &photo, &alpha]), []),
    ];
    let (colors, alpha) = (lemur.colors, lemur.alpha);
    Ok(Row {
        title: "colours of the lemur on green, 0.3 MP, from its true alpha".to_owned(),
        sides,
        judge: Box::new(move |samples| {
            if samples.len() != colors.len() {
                return Err("it has another size".into());
            }
            Ok(vec![Figure::new("MSE", metrics::edge_color_mse(samples, &colors, &alpha), 6, "")])
        }),
    })
}

/// A product with a matte as coarse as a small model's: the true one, scaled down and up again.
pub(super) fn product(place: &Place, megapixels: f64) -> Result<Row, Fault> {
    let product = place.inputs.product(megapixels)?;
    let small = (MODEL_SIDE, MODEL_SIDE);
    let coarse = resize::gray(&product.alpha, product.size, resize::whole(product.size), small, Filter::Area)?;
    let coarse = resize::gray(&coarse, small, resize::whole(small), product.size, Filter::Bicubic)?;
    let mask = Matte::new(product.size.0, product.size.1, coarse)?;
    let mask = text(&place.inputs.gray(&format!("coarse-{megapixels}.png"), &mask)?);
    let photo = text(&product.photo);
    let packshot = |edges| place.job(&["alpha", &photo, &mask, edges]);
    let sides = vec![
        side("packshot, edges off", packshot("off"), []),
        side("packshot, fast", packshot("fast"), []),
        side("packshot, fine", packshot("fine"), []),
    ];
    let title = format!("alpha of a product, {megapixels:.1} MP, from a matte of {MODEL_SIDE} x {MODEL_SIDE}");
    Ok(Row { title, sides, judge: alpha_like(product.alpha, product.size.0 as usize) })
}

/// The photo and u2netp's matte for it, as files.
fn u2netp_matte(place: &Place, lemur: &Lemur) -> Result<(String, String), Fault> {
    let model = text(&place.inputs.data("models/u2netp-fp16.onnx")?);
    let engine = Engine::builder().ort_library(place.library.clone()?).build()?;
    let photo = Photo::open(&lemur.photo)?;
    let plain = RemoveBackground {
        model: work::model_file(&model, "u2netp")?,
        edges: Edges::Off,
        decontaminate: false,
        ..RemoveBackground::default()
    };
    let mask = engine.remove_background(&photo, &plain)?.facts.matte;
    let file = place.inputs.gray("lemur-u2netp.png", &mask)?;
    Ok((text(&lemur.photo), text(&file)))
}

fn alpha_like(truth: Vec<u8>, width: usize) -> Judge {
    Box::new(move |alpha| {
        if alpha.len() != truth.len() {
            return Err("it has another size".into());
        }
        Ok(vec![
            Figure::new("SAD", metrics::sad(alpha, &truth), 2, " k"),
            Figure::new("MSE", metrics::mse(alpha, &truth), 5, ""),
            Figure::new("Grad", metrics::grad(alpha, &truth, width), 2, " k"),
        ])
    })
}
