//! What runs is what the files hold, and is named.

use std::fs;

use packshot::{Engine, ModelChoice, NoteCode, Photo, Size, Target, Upscale};

use super::{by, difference, engine, model, noise, small};

fn with(choice: &ModelChoice, denoise: f32) -> Upscale {
    Upscale { denoise: Some(denoise), ..by(2.0, choice.clone()) }
}

fn upscale(engine: &Engine, photo: &Photo, settings: &Upscale) -> Photo {
    engine.upscale(photo, settings).unwrap().photo
}

#[test]
fn a_model_file_that_was_replaced_runs_as_it_is_now() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.onnx");
    let choice = model(path.clone(), "scale = 2\nhalo = 2\n");
    let photo = noise(20, 20, packshot::Channels::Rgb);
    let (engine, settings) = (engine(), by(2.0, choice));
    let fresh = |name: &str| upscale(&super::engine(), &photo, &by(2.0, model(small(name), "scale = 2\nhalo = 2\n")));
    let (weak, strong) = (fresh("net.onnx"), fresh("net-strong.onnx"));
    assert!(difference(&weak, &strong).0 > 0.05, "the two nets differ");
    assert_eq!(fs::metadata(small("net.onnx")).unwrap().len(), fs::metadata(small("net-strong.onnx")).unwrap().len());
    for _ in 0..2 {
        for (name, expected) in [("net.onnx", &weak), ("net-strong.onnx", &strong)] {
            // In place, and with another file that takes its name.
            fs::copy(small(name), &path).unwrap();
            assert_eq!(&upscale(&engine, &photo, &settings), expected, "{name}, in place");
            fs::copy(small(name), folder.path().join("new")).unwrap();
            fs::rename(folder.path().join("new"), &path).unwrap();
            assert_eq!(&upscale(&engine, &photo, &settings), expected, "{name}, renamed");
        }
    }
}

#[test]
fn a_blend_follows_both_of_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let choice = model(at("a.onnx"), "scale = 2\nhalo = 2\ndenoise = 'b'\n");
    let photo = noise(20, 20, packshot::Channels::Rgb);
    let engine = engine();
    fs::copy(small("net.onnx"), at("a.onnx")).unwrap();
    fs::copy(small("net-strong.onnx"), at("b.onnx")).unwrap();
    let between = upscale(&engine, &photo, &with(&choice, 0.5));
    fs::copy(small("net.onnx"), at("b.onnx")).unwrap();
    let alike = upscale(&engine, &photo, &with(&choice, 0.5));
    assert_ne!(between, alike);
    assert_eq!(alike, upscale(&engine, &photo, &with(&choice, 0.0)), "a blend of a net with itself is the net");
}

#[test]
fn two_blends_at_once_are_each_their_own() {
    let engine = engine();
    let photo = noise(60, 40, packshot::Channels::Rgb);
    let expected = [0.2, 0.8].map(|denoise| {
        let settings = Upscale { denoise: Some(denoise), ..Upscale::default() };
        (settings.clone(), upscale(&super::engine(), &photo, &settings))
    });
    assert!(expected[0].1 != expected[1].1);
    std::thread::scope(|scope| {
        for (settings, expected) in &expected {
            let (engine, photo) = (&engine, &photo);
            scope.spawn(move || {
                for _ in 0..8 {
                    assert_eq!(&upscale(engine, photo, settings), expected);
                }
            });
        }
    });
}

#[test]
fn the_nets_that_ran_are_named() {
    let engine = engine();
    let photo = noise(20, 20, packshot::Channels::Rgb);
    let own = |scale, denoise| Upscale { denoise, ..by(scale, ModelChoice::Embedded) };
    let weak = model(small("net.onnx"), "scale = 2\nhalo = 2\ndenoise = 'net-strong'\n");
    let strong = model(small("net-strong.onnx"), "scale = 2\nhalo = 2\nplain = 'net'\n");
    for (settings, ran) in [
        (own(2.0, None), "packshot-upscale-2x-1"),
        (own(2.0, Some(0.0)), "packshot-upscale-2x-1"),
        (own(2.0, Some(1.0)), "packshot-upscale-2x-denoise-1"),
        (own(2.0, Some(0.3)), "packshot-upscale-2x-1 (70%) + packshot-upscale-2x-denoise-1 (30%)"),
        (own(8.0, Some(1.0)), "packshot-upscale-4x-denoise-1, packshot-upscale-2x-1"),
        (with(&weak, 0.0), "net.onnx"),
        (with(&weak, 1.0), "net-strong.onnx"),
        (with(&strong, 0.0), "net.onnx"),
        (with(&strong, 0.05), "net.onnx (95%) + net-strong.onnx (5%)"),
        (by(2.0, ModelChoice::Id("packshot-upscale-2x-denoise-1".into())), "packshot-upscale-2x-denoise-1"),
    ] {
        let found = engine.upscale(&photo, &settings).unwrap().ran;
        assert_eq!((found.model.as_deref(), &found.notes[..]), (Some(ran), &[][..]), "{settings:?}");
    }
}

#[test]
fn options_without_effect_are_told() {
    let engine = engine();
    let photo = noise(60, 40, packshot::Channels::Gray);
    let to = |size| Target::Size(Size::LongSide(size));
    let choice = ModelChoice::Id("packshot-upscale-4x-1".into());
    let asked = Upscale { model: choice, target: to(60), denoise: Some(0.5), tile: Some(64) };
    let ran = engine.upscale(&photo, &asked).unwrap().ran;
    let options: Vec<_> = ran.notes.iter().filter_map(|note| note.text.split('`').nth(1)).collect();
    assert_eq!((ran.model, options), (None, vec!["model", "denoise", "tile"]));
    assert!(ran.notes.iter().all(|note| note.code == NoteCode::OptionIgnored && note.text.contains("60 x 40")));
    let nothing = |settings: &Upscale| engine.upscale(&photo, settings).unwrap().ran.notes;
    assert_eq!(nothing(&Upscale { target: to(61), ..asked }), []);
    assert_eq!(nothing(&Upscale { target: to(30), ..Upscale::default() }), []);
    assert_eq!(nothing(&Upscale { target: Target::Scale(1.0), denoise: Some(0.5), ..Upscale::default() }), []);
    let little = nothing(&Upscale { target: to(61), denoise: Some(0.004), ..Upscale::default() });
    assert!(little.len() == 1 && little[0].text.contains("0.004"), "{little:?}");
}
