//! Photos in and out, with files made here; with `PACKSHOT_TEST_DATA` also with photos of real cameras.

mod camera;
mod color;
mod damage;
mod formats;
mod jpegs;
mod metadata;
mod tiffs;

use packshot::{Channels, Code, Depth, Photo, Samples};

fn code(result: packshot::Result<Photo>) -> Code {
    result.expect_err("must be refused").code()
}

/// A PNG with more chunks behind its header.
fn with_chunks(png: &[u8], chunks: &[(&[u8; 4], impl AsRef<[u8]>)]) -> Vec<u8> {
    let (head, tail) = png.split_at(33);
    let mut out = head.to_vec();
    for (name, body) in chunks {
        let body = body.as_ref();
        out.extend((body.len() as u32).to_be_bytes());
        out.extend_from_slice(*name);
        out.extend_from_slice(body);
        let mut crc = flate2::Crc::new();
        crc.update(*name);
        crc.update(body);
        out.extend(crc.sum().to_be_bytes());
    }
    out.extend(tail);
    out
}

/// A picture without any repetition.
fn noise(width: u32, height: u32, channels: Channels, depth: Depth) -> Photo {
    let count = (width * height) as usize * channels.count();
    let values = (0..count as u32).map(|i| i.wrapping_mul(2_654_435_761).rotate_left(9) ^ i);
    let samples = match depth {
        Depth::Eight => Samples::U8(values.map(|value| value as u8).collect()),
        Depth::Sixteen => Samples::U16(values.map(|value| value as u16).collect()),
    };
    Photo::new(width, height, channels, samples).unwrap()
}

const CHANNELS: [Channels; 4] = [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba];

/// A smooth picture: what lossy formats are made for.
fn gradient(channels: Channels) -> Photo {
    let (width, height) = (64_u32, 48_u32);
    let pixel = |x: u32, y: u32| [(x * 4) as u8, (y * 5) as u8, 128, 255 - (x * 2) as u8];
    let pixels = (0..width * height).map(|i| pixel(i % width, i / width));
    let samples: Vec<u8> = match channels {
        Channels::Gray => pixels.map(|p| p[0]).collect(),
        Channels::GrayAlpha => pixels.flat_map(|p| [p[0], p[3]]).collect(),
        Channels::Rgb => pixels.flat_map(|p| [p[0], p[1], p[2]]).collect(),
        Channels::Rgba => pixels.flatten().collect(),
    };
    Photo::new(width, height, channels, samples).unwrap()
}

fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
}

fn png_with(info: png::Info<'_>, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = png::Encoder::with_info(&mut out, info).unwrap().write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    out
}
