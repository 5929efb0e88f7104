//! Nets that people use, on photos with references.

use std::path::PathBuf;

use packshot::{Channels, Depth, ModelChoice, Photo, Rect, Upscale};

use super::{by, difference, engine, engines, like, psnr};
use crate::common::outside;

/// Model file, model of the registry that it is like, and its factor.
const NETS: [(&str, &str, f64); 6] = [
    ("realesr-general-x4v3.onnx", "realesr-general-x4v3", 4.0),
    ("realesr-animevideov3-x4.onnx", "realesr-animevideov3", 4.0),
    ("FSRCNN_x2.onnx", "fsrcnn-x2", 2.0),
    ("FSRCNN_x3.onnx", "fsrcnn-x3", 3.0),
    ("FSRCNN_x4.onnx", "fsrcnn-x4", 4.0),
    ("FSRCNN-small_x2.onnx", "fsrcnn-x2", 2.0),
];

fn net(file: &str, id: &str) -> Option<ModelChoice> {
    outside(&format!("models/{file}")).map(|path| like(path, id))
}

fn photo(path: &str) -> Option<PathBuf> {
    outside(&format!("images/{path}"))
}

#[test]
fn tiles_leave_no_seam_with_any_net_and_backend() {
    let Some(path) = photo("realesrgan/lq_baboon.png") else { return };
    let photo = middle(&Photo::open(path).unwrap());
    for engine in engines() {
        for (file, id, scale) in NETS {
            let Some(net) = net(file, id) else { return };
            let run = |tile| engine.upscale(&photo, &Upscale { tile: Some(tile), ..by(scale, net.clone()) }).unwrap();
            let (whole, tiled) = (run(2048), run(32));
            let (most, seen) = difference(&whole.photo, &tiled.photo);
            let backend = whole.ran.backend.unwrap().name;
            println!("{file}, {backend}: tiles differ by at most {:.2}/255, {seen} beyond 1/255", most * 255.0);
            assert!(most <= 1.001 / 255.0 && seen <= 1e-4, "{file}, {backend}: {most}");
        }
    }
}

/// The authors' own picture, made by their TensorFlow code.
#[test]
fn fsrcnn_agrees_with_its_authors() {
    let (Some(input), Some(output)) = (photo("fsrcnn/input.png"), photo("fsrcnn/fsrcnnOutput.png")) else { return };
    let (input, output) = (Photo::open(input).unwrap(), Photo::open(output).unwrap());
    for engine in engines() {
        let Some(net) = net("FSRCNN_x3.onnx", "fsrcnn-x3") else { return };
        let found = engine.upscale(&input, &by(3.0, net)).unwrap().photo;
        let agreement = psnr(&found, &output);
        println!("FSRCNN x3 against its authors' picture: {agreement:.2} dB");
        assert!(agreement > 34.5, "{agreement:.2} dB");
    }
}

/// More detail of the original comes back than by a filter.
#[test]
fn nets_beat_bicubic_on_a_photo_with_its_original() {
    let (Some(small), Some(original)) = (photo("fsrcnn/input.png"), photo("fsrcnn/original.png")) else { return };
    let Some(bicubic) = photo("fsrcnn/bicubicOutput.png") else { return };
    let Some(net) = net("FSRCNN_x3.onnx", "fsrcnn-x3") else { return };
    let open = |path| Photo::open(path).unwrap();
    let (small, original, bicubic) = (open(small), open(original), open(bicubic));
    let found = engine().upscale(&small, &by(3.0, net)).unwrap().photo;
    let (net, filter) = (psnr(&found, &original), psnr(&bicubic, &original));
    println!("FSRCNN x3: {net:.2} dB, bicubic {filter:.2} dB");
    assert!(net > filter, "{net:.2} dB, bicubic {filter:.2} dB");
}

#[test]
fn sixteen_bit_with_alpha_keeps_both() {
    let Some(path) = photo("realesrgan/tree_alpha_16bit.png") else { return };
    let Some(net) = net("FSRCNN_x2.onnx", "fsrcnn-x2") else { return };
    let tree = Photo::open(path).unwrap();
    let large = engine().upscale(&tree, &by(2.0, net)).unwrap().photo;
    assert_eq!((large.width(), large.height()), (684, 512));
    assert_eq!((large.channels(), large.depth()), (Channels::Rgba, Depth::Sixteen));
    let samples = large.as_u16().unwrap();
    let fine = samples.iter().filter(|&&sample| sample % 257 != 0).count();
    assert!(fine > samples.len() / 4, "{fine} of {} samples have more than 8 bits", samples.len());
    // Where four pixels around agree that nothing, or everything, is seen, so does the result.
    let (small, at) = (tree.as_u16().unwrap(), |x: u32, y: u32| ((y * 342 + x) * 4 + 3) as usize);
    for (y, x) in (1..511_u32).flat_map(|y| (1..683_u32).map(move |x| (y, x))) {
        let (left, top) = ((x - 1) / 2, (y - 1) / 2);
        let near = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(right, down)| small[at(left + right, top + down)]);
        let alpha = samples[((y * 684 + x) * 4 + 3) as usize];
        let (least, most) = (near.iter().min().unwrap(), near.iter().max().unwrap());
        assert!((least..=most).contains(&&alpha), "alpha {alpha} at {x}, {y} between {near:?}");
    }
}

#[test]
fn gray_stays_gray_and_flat_stays_flat() {
    let Some(path) = photo("realesrgan/wolf_gray.jpg") else { return };
    let wolf = Photo::open(path).unwrap();
    assert_eq!(wolf.channels(), Channels::Gray);
    let white = Photo::new(70, 50, Channels::Rgb, vec![255_u8; 70 * 50 * 3]).unwrap();
    for (file, id, scale) in NETS {
        let Some(net) = net(file, id) else { return };
        let engine = engine();
        let large = engine.upscale(middle(&wolf), &by(scale, net.clone())).unwrap().photo;
        assert_eq!((large.channels(), large.width()), (Channels::Gray, (64.0 * scale) as u32), "{file}");
        let settings = Upscale { tile: Some(32), ..by(scale, net) };
        let large = engine.upscale(&white, &settings).unwrap().photo;
        let least = large.as_u8().unwrap().iter().min().unwrap();
        println!("{file}: white becomes {least} at least");
        assert!(*least >= 250, "{file}: white becomes {least}");
        // A net may give each of the pixels that it makes of one a value of its own, but the same everywhere.
        let (samples, width, period) = (large.as_u8().unwrap(), large.width() as usize, scale as usize);
        let center = |at: usize| at % period + 16 * period;
        for (at, &sample) in samples.iter().enumerate() {
            let (x, y) = (at / 3 % width, at / 3 / width);
            let inside = samples[(center(y) * width + center(x)) * 3 + at % 3];
            assert!(sample.abs_diff(inside) <= 1, "{file}: {sample} at {x}, {y}, and {inside} inside");
        }
    }
}

/// A part of 64 x 64 from the middle.
fn middle(photo: &Photo) -> Photo {
    let (left, top) = ((photo.width() - 64) / 2, (photo.height() - 64) / 2);
    photo.crop(Rect { left, top, width: 64, height: 64 }).unwrap()
}
