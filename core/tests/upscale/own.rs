//! Packshot's own nets.

use packshot::{Channels, Photo, Target, Upscale};

use super::{difference, engine, engines, noise};

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
