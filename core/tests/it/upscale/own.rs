//! Packshot's own nets.

use packshot::{Channels, ModelChoice, Photo, Rect, Target, Upscale};

use super::{by, difference, engine, engines, like, noise};
use crate::common::committed;

#[test]
fn white_stays_white_whatever_is_asked() {
    let engine = engine();
    let white = Photo::new(50, 40, Channels::Rgb, vec![255_u8; 50 * 40 * 3]).unwrap();
    for scale in [1.5, 2.0, 4.0, 8.0] {
        for denoise in [None, Some(0.5), Some(1.0)] {
            let settings = Upscale { target: Target::Scale(scale), denoise, tile: Some(32), ..Upscale::default() };
            let large = engine.upscale(&white, &settings).unwrap().photo;
            assert!(large.as_u8().unwrap().iter().all(|&sample| sample == 255), "{scale}, {denoise:?}");
        }
    }
}

#[test]
fn the_factor_chooses_the_nets() {
    let engine = engine();
    let photo = noise(30, 20, Channels::Rgb);
    for (scale, nets) in [
        (2.0, "packshot-upscale-2x-1"),
        (2.1, "packshot-upscale-4x-1"),
        (4.0, "packshot-upscale-4x-1"),
        (4.1, "packshot-upscale-4x-1, packshot-upscale-2x-1"),
        (8.0, "packshot-upscale-4x-1, packshot-upscale-2x-1"),
    ] {
        let settings = Upscale { target: Target::Scale(scale), ..Upscale::default() };
        let upscaled = engine.upscale(&photo, &settings).unwrap();
        assert_eq!(upscaled.ran.model.as_deref(), Some(nets), "{scale}");
    }
}

#[test]
fn tiles_leave_no_seam_with_any_backend() {
    let photo = noise(100, 90, Channels::Rgb);
    let mut answers = Vec::new();
    for engine in engines() {
        for scale in [2.0, 4.0] {
            for denoise in [None, Some(0.3)] {
                let settings =
                    |tile| Upscale { target: Target::Scale(scale), denoise, tile: Some(tile), ..Upscale::default() };
                let run = |tile| engine.upscale(&photo, &settings(tile)).unwrap().photo;
                let (whole, tiled) = (run(2048), run(32));
                assert!(difference(&whole, &tiled).0 <= 1.001 / 255.0, "{scale}, {denoise:?}");
                answers.push(whole);
            }
        }
    }
    for (rten, onnxruntime) in answers[..4].iter().zip(&answers[4..]) {
        assert!(difference(rten, onnxruntime).0 <= 1.001 / 255.0, "backends agree");
    }
}

/// The largest net of the registry looks further than a tile is wide. Its weights are nobody's to commit; what runs by its
/// entry is another net of the same kind.
#[test]
fn a_halo_wider_than_the_photo_changes_nothing() {
    let photo = noise(40, 30, Channels::Rgb);
    let file = committed("models/weights/packshot-upscale-4x-1.onnx");
    let settings = |tile| Upscale { tile: Some(tile), ..by(4.0, like(file.clone(), "realesrgan-x4plus")) };
    for engine in engines() {
        let own = engine.upscale(&photo, &by(4.0, ModelChoice::Embedded)).unwrap().photo;
        for tile in [32, 2048] {
            let wide = engine.upscale(&photo, &settings(tile)).unwrap().photo;
            assert!(difference(&own, &wide).0 <= 1.001 / 255.0, "tiles of {tile}");
        }
    }
}

/// What the exported files answer in ONNX Runtime by themselves, with the weights mixed by other code: see
/// `models/testdata_upscale.py`.
#[test]
fn golden_pictures_are_met_to_a_byte() {
    let folder = committed("models/testdata/upscale");
    let input = Photo::open(folder.join("input.png")).unwrap();
    // The golden pictures repeat the border; a frame as wide as the nets look far does so here.
    let framed = framed(&input, 8);
    for engine in engines() {
        for scale in [2, 4] {
            for (name, denoise) in [("", 0.0), ("-half", 0.5), ("-denoise", 1.0)] {
                let target = Target::Scale(f64::from(scale));
                let settings = Upscale { target, denoise: Some(denoise), ..Upscale::default() };
                let large = engine.upscale(&framed, &settings).unwrap().photo;
                let (width, height) = (input.width() * scale, input.height() * scale);
                let found = large.crop(Rect { left: 8 * scale, top: 8 * scale, width, height }).unwrap();
                let golden = Photo::open(folder.join(format!("{scale}x{name}.png"))).unwrap();
                let (most, _) = difference(&found, &golden);
                assert!(most <= 1.001 / 255.0, "{scale}x{name}: {:.0}/255", most * 255.0);
            }
        }
    }
}

/// The photo with its outermost pixels repeated so many times on each side.
fn framed(photo: &Photo, border: u32) -> Photo {
    let (width, height) = (photo.width() + 2 * border, photo.height() + 2 * border);
    let inside = |at: u32, length: u32| at.saturating_sub(border).min(length - 1);
    let samples = photo.to_rgb8();
    let pixel = |x: u32, y: u32| {
        let at = (inside(y, photo.height()) * photo.width() + inside(x, photo.width())) as usize * 3;
        [samples[at], samples[at + 1], samples[at + 2]]
    };
    let pixel = &pixel;
    let framed: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    Photo::new(width, height, Channels::Rgb, framed).unwrap()
}
