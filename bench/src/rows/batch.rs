//! A folder of photos to a folder of JPEGs on white, with the same weights.

use std::fs;

use packshot::{Channels, EncodeOptions, ImageFormat, Photo};

use super::{side, unjudged};
use crate::metrics;
use crate::place::{Place, text};
use crate::row::{Figure, Limit, Row};
use crate::serve::Fault;

/// Photos of a round.
const PHOTOS: usize = 16;

/// What a script in Python with rembg and Pillow does, one photo after the other.
pub(super) fn folder(place: &Place, megapixels: f64) -> Result<Row, Fault> {
    let product = place.inputs.product(megapixels)?;
    let photo = Photo::open(&product.photo)?;
    let folder = place.inputs.folder.join(format!("photos-{megapixels}"));
    fs::create_dir_all(&folder)?;
    let mut rgb = photo.to_rgb8();
    let truth = on_white(&rgb, &product.alpha);
    for number in 0..PHOTOS {
        let options = EncodeOptions::new(ImageFormat::Jpeg).quality(92);
        let photo = Photo::new(product.size.0, product.size.1, Channels::Rgb, rgb.clone())?;
        photo.save_with(folder.join(format!("{number:02}.jpg")), &options)?;
        // A little darker each time: no two photos are the same.
        rgb.iter_mut().for_each(|sample| *sample = sample.saturating_sub(1));
    }
    let (folder, model) = (text(&folder), text(&place.inputs.data("models/u2netp-fp16.onnx")?));
    let batch = |edges: &str, workers: &str| place.job(&["batch", &model, &folder, edges, workers]);
    let sides = vec![
        side("rembg and Pillow", place.python(&["with_rembg.py", "folder", "u2net_custom", &model, &folder]), []),
        side("packshot", batch("off", "default"), [Limit::Ratio(1.0, "rembg and Pillow")]),
        side("packshot, one worker", batch("off", "1"), []),
        unjudged("packshot, fast edges", batch("fast", "default")),
    ];
    let judge = Box::new(move |file: &[u8]| {
        let psnr = metrics::psnr(&Photo::decode(file)?.to_rgb8(), &truth);
        Ok(vec![Figure::new("PSNR", psnr, 1, " dB"), Figure::new("file", file.len() as f64 / 1e6, 2, " MB")])
    });
    Ok(Row { title: format!("{PHOTOS} photos of {megapixels} MP to JPEG on white, u2netp 320 fp16"), sides, judge })
}

fn on_white(rgb: &[u8], alpha: &[u8]) -> Vec<u8> {
    let mix = |(pixel, alpha): (&[u8], &u8)| -> Vec<u8> {
        let part = u32::from(*alpha);
        pixel.iter().map(|&sample| ((u32::from(sample) * part + 255 * (255 - part) + 127) / 255) as u8).collect()
    };
    rgb.chunks_exact(3).zip(alpha).flat_map(mix).collect()
}
