//! A decoded photo to one that is twice as large.

use packshot::{Channels, Photo};
use packshot_resize::{self as resize, Filter};

use super::side;
use crate::metrics;
use crate::place::{Place, text};
use crate::row::{Figure, Row};
use crate::serve::Fault;

/// Packshot's own net, and FSRCNN with the same weights on both sides.
pub(super) fn twice(place: &Place) -> Result<Row, Fault> {
    let photo = Photo::open(place.inputs.product(4.0)?.photo)?;
    // Even sides, so that half of them is a whole number; sharp, for it was made from a larger one.
    let half = (photo.width() / 4, photo.height() / 4);
    let large = (2 * half.0, 2 * half.1);
    let from = (photo.width(), photo.height());
    let truth = resize::rgb(&photo.to_rgb8(), from, resize::whole(from), large, Filter::Lanczos3)?;
    let small = resize::rgb(&truth, large, resize::whole(large), half, Filter::Bicubic)?;
    let file = place.inputs.folder.join("half.png");
    Photo::new(half.0, half.1, Channels::Rgb, small)?.save(&file)?;
    let (file, fsrcnn) = (text(&file), text(&place.inputs.data("models/FSRCNN_x2.onnx")?));
    let upscale = |backend: &str, model: &str| place.job(&["upscale", backend, model, &file]);
    let sides = vec![
        side("FSRCNN in Python", place.python(&["with_fsrcnn.py", &fsrcnn, &file]), []),
        side("packshot, FSRCNN", upscale("onnxruntime", &fsrcnn), []),
        side("packshot", upscale("onnxruntime", "own"), []),
        side("packshot, rten", upscale("rten", "own"), []),
    ];
    let judge = Box::new(move |samples: &[u8]| Ok(vec![Figure::new("PSNR", metrics::psnr(samples, &truth), 2, " dB")]));
    let megapixels = f64::from(half.0) * f64::from(half.1) / 1e6;
    Ok(Row { title: format!("upscale x2, {megapixels:.2} MP to {:.1} MP", 4.0 * megapixels), sides, judge })
}
