//! Codecs, on a photo of 12 megapixels in memory.

use packshot::{Channels, EncodeOptions, ImageFormat, Photo};

use super::side;
use crate::metrics;
use crate::place::{Place, text};
use crate::row::{Figure, Judge, Limit, Row};
use crate::serve::Fault;

/// The quality at which JPEGs are written.
const QUALITY: u8 = 85;

/// Baseline, colour at half resolution.
pub(super) fn jpeg_decode(place: &Place) -> Result<Row, Fault> {
    let ((width, height), rgb) = place.inputs.large()?;
    let options = EncodeOptions::new(ImageFormat::Jpeg).quality(QUALITY);
    let file = Photo::new(width, height, Channels::Rgb, rgb.clone())?.encode(&options)?;
    let path = text(&place.inputs.write("large.jpg", &file)?);
    let sides = vec![
        side("turbojpeg", place.codec(true, &["turbojpeg-decode", &path]), []),
        side("packshot", place.codec(false, &["decode", &path]), [Limit::Ratio(1.3, "turbojpeg")]),
        side("Pillow", place.python(&["with_pillow.py", "decode", &path]), []),
        side("sharp", place.node(&["with_sharp.mjs", "decode", &path]), []),
    ];
    let title = format!("decode JPEG, 12 MP, {:.1} MB", file.len() as f64 / 1e6);
    Ok(Row { title, sides, judge: samples_like(rgb) })
}

/// Quality 85, baseline, colour at half resolution.
pub(super) fn jpeg_encode(place: &Place) -> Result<Row, Fault> {
    let (size, rgb) = place.inputs.large()?;
    let (width, height, quality) = (size.0.to_string(), size.1.to_string(), QUALITY.to_string());
    let path = text(&place.inputs.write("large.rgb", &rgb)?);
    let words = ["jpeg", &path, &width, &height, &quality];
    let sides = vec![
        side("turbojpeg", place.codec(true, &["turbojpeg-encode", &path, &width, &height, &quality]), []),
        side("packshot", place.codec(false, &words), [Limit::Ratio(3.1, "turbojpeg")]),
        side("packshot, turbo", place.codec(true, &words), [Limit::Ratio(1.1, "turbojpeg")]),
        side("Pillow", place.python(&["with_pillow.py", "jpeg", &path, &width, &height, &quality]), []),
        side("sharp", place.node(&["with_sharp.mjs", "jpeg", &path, &width, &height, &quality]), []),
    ];
    Ok(Row { title: format!("encode JPEG, 12 MP, quality {QUALITY}"), sides, judge: file_like(rgb) })
}

/// A cut-out as Packshot writes it.
pub(super) fn png_decode(place: &Place) -> Result<Row, Fault> {
    let ((width, height), rgba) = cut_out(place)?;
    let file =
        Photo::new(width, height, Channels::Rgba, rgba.clone())?.encode(&EncodeOptions::new(ImageFormat::Png))?;
    let path = text(&place.inputs.write("large.png", &file)?);
    let sides = vec![
        side("packshot", place.codec(false, &["decode", &path]), []),
        side("Pillow", place.python(&["with_pillow.py", "decode", &path]), []),
        side("sharp", place.node(&["with_sharp.mjs", "decode", &path]), []),
    ];
    let title = format!("decode PNG with alpha, 12 MP, {:.1} MB", file.len() as f64 / 1e6);
    Ok(Row { title, sides, judge: samples_like(rgba) })
}

/// A cut-out; the peers at their fastest compression.
pub(super) fn png_encode(place: &Place) -> Result<Row, Fault> {
    let (size, rgba) = cut_out(place)?;
    let (width, height) = (size.0.to_string(), size.1.to_string());
    let path = text(&place.inputs.write("large.rgba", &rgba)?);
    let words = ["png", &path, &width, &height];
    let sides = vec![
        side("packshot", place.codec(false, &words), []),
        side("Pillow", place.python(&["with_pillow.py", "png", &path, &width, &height]), []),
        side("sharp", place.node(&["with_sharp.mjs", "png", &path, &width, &height]), []),
    ];
    Ok(Row { title: "encode PNG with alpha, 12 MP".to_owned(), sides, judge: file_like(rgba) })
}

/// The large photo where an ellipse of two fifths of it is the subject, with a soft edge of a few pixels.
fn cut_out(place: &Place) -> Result<((u32, u32), Vec<u8>), Fault> {
    let (size, rgb) = place.inputs.large()?;
    let (half_width, half_height) = (f64::from(size.0) / 2.0, f64::from(size.1) / 2.0);
    let alpha = |x: usize, y: usize| {
        let radius = ((x as f64 / half_width - 1.0) / 0.7).hypot((y as f64 / half_height - 1.0) / 0.7);
        ((1.0 - radius) * 500.0 + 0.5).clamp(0.0, 1.0)
    };
    let width = size.0 as usize;
    let pixels = rgb.chunks_exact(3).enumerate().flat_map(|(i, pixel)| {
        match (alpha(i % width, i / width) * 255.0).round() as u8 {
            0 => [0; 4],
            alpha => [pixel[0], pixel[1], pixel[2], alpha],
        }
    });
    Ok((size, pixels.collect()))
}

fn samples_like(truth: Vec<u8>) -> Judge {
    Box::new(move |samples| {
        if samples.len() != truth.len() {
            return Err("it has another size".into());
        }
        Ok(vec![Figure::new("PSNR", metrics::psnr(samples, &truth), 1, " dB")])
    })
}

fn file_like(truth: Vec<u8>) -> Judge {
    let judge = samples_like(truth);
    Box::new(move |file| {
        let photo = Photo::decode(file)?;
        let mut figures = judge(photo.as_u8().ok_or("it has not 8 bits")?)?;
        figures.push(Figure::new("file", file.len() as f64 / 1e6, 2, " MB"));
        Ok(figures)
    })
}
