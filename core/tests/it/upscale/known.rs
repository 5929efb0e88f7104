//! Nets whose answers are known.

use std::sync::{Arc, Mutex};

use packshot::{
    CancelToken, Channels, Code, Engine, Error, ModelChoice, Photo, RemoveBackground, Result, Samples, Size, Target,
    Upscale,
};
use proptest::prelude::*;

use super::{by, difference, engine, like, model, noise, small};

/// Repeats each pixel four times.
fn twice() -> ModelChoice {
    model(small("twice.onnx"), "scale = 2\nhalo = 0\n")
}

/// Mixes pixels up to two apart.
fn net() -> ModelChoice {
    model(small("net.onnx"), "scale = 2\nhalo = 2\ndenoise = 'net-strong'\n")
}

fn upscale(engine: &Engine, photo: &Photo, settings: &Upscale) -> Result<Photo> {
    engine.upscale(photo, settings).map(|upscaled| upscaled.photo)
}

#[test]
fn every_factor_gives_exactly_its_size() {
    let engine = engine();
    for (width, height) in [(1, 1), (1, 40), (40, 1), (33, 70)] {
        let photo = noise(width, height, Channels::Rgb);
        for scale in [1.0, 1.01, 1.5, 2.0, 3.0, 4.0, 5.3, 8.0] {
            let upscaled = engine.upscale(&photo, &by(scale, twice())).unwrap();
            let side = |side: u32| (f64::from(side) * scale).round() as u32;
            let found = (upscaled.photo.width(), upscaled.photo.height());
            assert_eq!(found, (side(width), side(height)), "{width} x {height} by {scale}");
            let unchanged = found == (width, height);
            assert_eq!((upscaled.photo == photo, upscaled.ran.model.is_none()), (unchanged, unchanged));
            assert_eq!(upscaled.scale, if unchanged { 1.0 } else { scale });
        }
    }
}

#[test]
fn a_net_with_its_channels_last_gives_the_same() {
    let engine = engine();
    let last = model(small("twice_nhwc.onnx"), "scale = 2\nhalo = 0\nlayout = 'nhwc'\n");
    for channels in [Channels::Gray, Channels::Rgba] {
        let photo = noise(33, 20, channels);
        let settings = |model| Upscale { tile: Some(32), ..by(2.0, model) };
        let large = upscale(&engine, &photo, &settings(last.clone())).unwrap();
        assert_eq!(large, upscale(&engine, &photo, &settings(twice())).unwrap(), "{channels:?}");
    }
    let first = model(small("twice_nhwc.onnx"), "scale = 2\nhalo = 0\n");
    let error = upscale(&engine, &noise(33, 20, Channels::Rgb), &by(2.0, first)).unwrap_err();
    assert_eq!(error.code(), Code::ModelShape, "{error}");
}

#[test]
fn sizes_are_reached_and_never_undercut() {
    let engine = engine();
    let photo = noise(60, 40, Channels::Gray);
    let size =
        |size: &str| Upscale { model: twice(), target: Target::Size(size.parse().unwrap()), ..Upscale::default() };
    for (text, result) in [("100", (100, 67)), ("x100", (150, 100)), ("100x100", (100, 67)), ("50", (60, 40))] {
        let upscaled = engine.upscale(&photo, &size(text)).unwrap();
        assert_eq!((upscaled.photo.width(), upscaled.photo.height()), result, "{text}");
    }
    assert_eq!(engine.upscale(&photo, &size("60")).unwrap().photo, photo);
    assert_eq!(engine.upscale(&photo, &size("481")).unwrap_err().code(), Code::OptionInvalid);
}

#[test]
fn samples_go_through_a_net_unharmed_whatever_they_are() {
    let engine = engine();
    for channels in [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba] {
        let count = channels.count();
        let colors = channels.without_alpha().count();
        let eight = noise(37, 21, channels);
        let Samples::U8(samples) = eight.samples() else { panic!("another depth") };
        let wide: Vec<u16> =
            samples.iter().enumerate().map(|(at, &v)| (u16::from(v) * 257) ^ (at as u16 & 0x3f)).collect();
        let sixteen = Photo::new(37, 21, channels, wide).unwrap();
        for photo in [eight, sixteen] {
            let settings = Upscale { tile: Some(32), ..by(2.0, twice()) };
            let large = upscale(&engine, &photo, &settings).unwrap();
            assert_eq!((large.channels(), large.depth()), (channels, photo.depth()));
            let (before, after) = (super::values(&photo), super::values(&large));
            for (at, pixel) in after.chunks_exact(count).enumerate() {
                let (x, y) = (at % 74 / 2, at / 74 / 2);
                let source = &before[(y * 37 + x) * count..][..count];
                let seen = !channels.has_alpha() || source[colors] > 0.0;
                assert!(!seen || pixel[..colors] == source[..colors], "{channels:?} at {x}, {y}");
            }
        }
    }
}

#[test]
fn profile_and_metadata_stay_with_the_photo() {
    let path = crate::common::committed("bindings/cases/photos/sideways.jpg");
    let photo = Photo::open(path).unwrap();
    let large = upscale(&engine(), &photo, &by(2.0, twice())).unwrap();
    assert!(photo.exif().is_some());
    assert_eq!((large.exif(), large.profile(), large.format()), (photo.exif(), photo.profile(), photo.format()));
}

#[test]
fn flat_pictures_stay_flat_up_to_their_borders() {
    let engine = engine();
    for value in [0_u8, 1, 77, 128, 254, 255] {
        let photo = Photo::new(45, 33, Channels::Rgb, vec![value; 45 * 33 * 3]).unwrap();
        for scale in [1.7, 2.0, 3.4] {
            let large = upscale(&engine, &photo, &Upscale { tile: Some(32), ..by(scale, net()) }).unwrap();
            assert!(large.as_u8().unwrap().iter().all(|&sample| sample == value), "{value} by {scale}");
        }
    }
}

#[test]
fn between_two_nets_weights_are_blended() {
    let engine = engine();
    let photo = noise(20, 20, Channels::Rgb);
    let with = |choice: ModelChoice, denoise: Option<f32>| Upscale { denoise, ..by(2.0, choice) };
    let plain = upscale(&engine, &photo, &with(net(), None)).unwrap();
    let strong_net = model(small("net-strong.onnx"), "scale = 2\nhalo = 2\nplain = 'net'\n");
    let strong = upscale(&engine, &photo, &with(strong_net.clone(), None)).unwrap();
    assert!(difference(&plain, &strong).0 > 0.05, "the two nets differ");
    for (choice, own) in [(net(), &plain), (strong_net, &strong)] {
        let at = |denoise| upscale(&engine, &photo, &with(choice.clone(), Some(denoise))).unwrap();
        assert_eq!((&at(0.0), &at(1.0)), (&plain, &strong));
        assert_eq!(&upscale(&engine, &photo, &with(choice.clone(), None)).unwrap(), own);
        let (near, middle) = (at(0.1), at(0.5));
        assert!(difference(&near, &plain).0 < difference(&middle, &plain).0);
        assert!(difference(&middle, &strong).0 < difference(&near, &strong).0);
        assert_eq!(at(0.5), middle, "again, from the session that was kept or made anew");
    }
}

#[test]
fn denoise_needs_a_twin_that_matches() {
    let engine = engine();
    let photo = noise(8, 8, Channels::Rgb);
    let with = |denoise, choice| upscale(&engine, &photo, &Upscale { denoise: Some(denoise), ..by(2.0, choice) });
    with(0.0, twice()).unwrap();
    let error = with(0.5, twice()).unwrap_err();
    assert_eq!(error.code(), Code::OptionInvalid);
    assert!(error.to_string().contains("twice.onnx") && error.to_string().contains("option: denoise"), "{error}");
    let missing = model(small("net.onnx"), "scale = 2\nhalo = 2\ndenoise = 'nowhere'\n");
    for denoise in [0.5, 1.0] {
        let error = with(denoise, missing.clone()).unwrap_err();
        assert_eq!(error.code(), Code::FileMissing);
        assert!(error.to_string().contains("nowhere.onnx"), "{error}");
    }
    let other = model(small("net.onnx"), "scale = 2\nhalo = 2\ndenoise = 'twice'\n");
    let error = with(0.5, other).unwrap_err();
    assert_eq!(error.code(), Code::ModelShape);
    assert!(error.to_string().contains("cannot be blended"), "{error}");
}

#[test]
fn models_of_another_task_are_refused() {
    let engine = engine();
    let photo = noise(8, 8, Channels::Rgb);
    let refused = |error: Error, words: &[&str]| {
        assert_eq!(error.code(), Code::OptionInvalid, "{error}");
        assert!(words.iter().all(|word| error.to_string().contains(word)), "{error}");
        assert!(error.context().any(|fact| fact == ("option", "model")), "{error}");
    };
    for choice in [ModelChoice::Id("u2netp".into()), like(small("twice.onnx"), "u2netp")] {
        let error = upscale(&engine, &photo, &by(2.0, choice)).unwrap_err();
        refused(error, &["for remove_background, not for upscale"]);
    }
    for choice in [ModelChoice::Id("fsrcnn-x2".into()), twice()] {
        let settings = RemoveBackground { model: choice, ..RemoveBackground::default() };
        refused(engine.remove_background(&photo, &settings).unwrap_err(), &["for upscale, not for remove_background"]);
    }
    let error = upscale(&engine, &photo, &by(2.0, ModelChoice::Id("fsrcnn-x2".into()))).unwrap_err();
    assert_eq!(error.code(), Code::ModelUnverifiable, "known, but not published as an ONNX file: {error}");
}

#[test]
fn a_descriptor_that_does_not_fit_is_found_out() {
    let engine = engine();
    let photo = noise(8, 8, Channels::Rgb);
    for wrong in ["scale = 4\nhalo = 2", "scale = 2\nhalo = 2\nchannels = 'y'", "scale = 2\nhalo = 2\ninput = 'x'"] {
        let error = upscale(&engine, &photo, &by(2.0, model(small("net.onnx"), wrong))).unwrap_err();
        assert_eq!(error.code(), Code::ModelShape, "{wrong}: {error}");
    }
    let ranges = [
        ("denoise", Upscale { denoise: Some(2.0), ..Upscale::default() }),
        ("scale", by(9.0, twice())),
        ("scale", by(f64::NAN, twice())),
        ("tile", Upscale { tile: Some(3), ..Upscale::default() }),
    ];
    for (option, settings) in ranges {
        let error = upscale(&engine, &photo, &settings).unwrap_err();
        assert_eq!(error.code(), Code::OptionInvalid);
        assert!(error.context().any(|fact| fact == ("option", option)), "{error}");
    }
    let huge = Upscale { target: Target::Size(Size::Width(64)), ..by(8.0, twice()) };
    assert_eq!(upscale(&engine, &noise(8, 1, Channels::Gray), &huge).unwrap().height(), 8);
}

#[test]
fn progress_rises_with_every_tile_and_cancel_is_heard_between_tiles() {
    let photo = noise(160, 160, Channels::Rgb);
    let settings = Upscale { tile: Some(32), ..by(2.0, net()) };
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&heard);
    let watched = engine().with_progress(move |progress| listener.lock().unwrap().push(progress));
    watched.upscale(&photo, &settings).unwrap();
    let fractions: Vec<f32> = heard.lock().unwrap().iter().map(|progress| progress.fraction).collect();
    assert!(fractions.is_sorted() && fractions[0] == 0.0 && fractions.last() == Some(&1.0), "{fractions:?}");
    assert!(fractions.len() >= 25, "25 tiles: {fractions:?}");

    let cancel = CancelToken::new();
    let (token, tiles) = (cancel.clone(), Arc::new(Mutex::new(0)));
    let counted = Arc::clone(&tiles);
    let stopped = engine().with_cancel(&cancel).with_progress(move |progress| {
        if progress.stage == packshot::Stage::Inference {
            let mut tiles = counted.lock().unwrap();
            *tiles += 1;
            if *tiles == 10 {
                token.cancel();
            }
        }
    });
    assert_eq!(stopped.upscale(&photo, &settings).unwrap_err().code(), Code::Cancelled);
    assert!(cancel.wait_until_idle(std::time::Duration::from_secs(20)));
    assert_eq!(*tiles.lock().unwrap(), 10, "no tile begins after the cancel");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn tiles_leave_no_trace(
        (width, height) in (1_u32..120, 1_u32..120),
        tile in 32_u32..64,
        scale in 1.0_f64..=4.0,
        multiple in 1_u32..5,
    ) {
        let engine = engine();
        let photo = noise(width, height, Channels::Rgb);
        let net = model(small("net.onnx"), &format!("scale = 2\nhalo = 2\nmultiple_of = {multiple}"));
        let whole = upscale(&engine, &photo, &Upscale { tile: Some(2048), ..by(scale, net.clone()) }).unwrap();
        let tiled = upscale(&engine, &photo, &Upscale { tile: Some(tile), ..by(scale, net) }).unwrap();
        // Sums may be rounded in another order, and then to another byte.
        let (most, seen) = difference(&whole, &tiled);
        prop_assert!(most <= 1.001 / 255.0 && seen == 0.0, "{most}");
    }
}
