//! The main job, through the public API, with the real embedded model.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::common::{committed, onnx_runtime, outside};
use packshot::{
    Area, Backend, Background, CancelToken, Channels, Code, Color, Cutout, DescriptorSource, Edges, Engine, Instances,
    Matte, ModelChoice, NoteCode, Output, Photo, Pictures, Recipe, Rect, RemoveBackground, Stage, Trimap, Upscale,
    from_json,
};

fn engine() -> Engine {
    Engine::builder().backend(Backend::Rten).build().unwrap()
}

/// A render of ours with its exact alpha.
fn render(name: &str) -> (Photo, Matte) {
    let folder = committed("models/testdata/renders");
    let photo = Photo::open(folder.join(format!("{name}.jpg"))).unwrap();
    let alpha = Photo::open(folder.join(format!("{name}.alpha.png"))).unwrap().to_matte();
    (photo, alpha)
}

fn iou(a: &Matte, b: &Matte) -> f64 {
    let (mut both, mut either) = (0_u32, 0_u32);
    for (&a, &b) in a.alpha().iter().zip(b.alpha()) {
        both += u32::from(a >= 128 && b >= 128);
        either += u32::from(a >= 128 || b >= 128);
    }
    f64::from(both) / f64::from(either.max(1))
}

/// A matte of `width` by `height` with filled rectangles.
fn rectangles(width: u32, height: u32, rectangles: &[Rect]) -> Matte {
    let inside = |i: u32| rectangles.iter().any(|rect| rect.contains(i % width, i / width));
    Matte::new(width, height, (0..width * height).map(|i| if inside(i) { 255 } else { 0 }).collect()).unwrap()
}

fn gray_photo(width: u32, height: u32) -> Photo {
    Photo::new(width, height, Channels::Rgb, vec![90_u8; (width * height * 3) as usize]).unwrap()
}

fn with_mask(mask: Matte) -> RemoveBackground {
    RemoveBackground { mask: Some(mask), ..RemoveBackground::default() }
}

fn area(rect: Rect) -> Option<Area> {
    Some(rect.into())
}

#[test]
fn the_embedded_model_finds_the_subject_of_our_renders() {
    let engine = engine();
    let mut scores = Vec::new();
    for entry in std::fs::read_dir(committed("models/testdata/renders")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = file.strip_suffix(".jpg") else { continue };
        let (photo, truth) = render(name);
        let cutout = engine.remove_background(&photo, &RemoveBackground::default()).unwrap();
        assert_eq!((cutout.photo.width(), cutout.photo.height()), (photo.width(), photo.height()));
        assert_eq!(cutout.photo.channels(), Channels::Rgba);
        scores.push((iou(&cutout.matte, &truth), name.to_owned()));
    }
    assert!(scores.len() >= 8, "{} renders", scores.len());
    let mean = scores.iter().map(|(score, _)| score).sum::<f64>() / scores.len() as f64;
    println!("mean IoU {mean:.3}: {scores:?}");
    assert!(mean > MEAN_IOU, "mean IoU {mean:.3}: {scores:?}");
}

/// What the committed weights reach on the committed renders, less a small margin: models/RESULTS.md.
const MEAN_IOU: f64 = 0.93;

#[test]
fn real_products_are_cut_out() {
    let Some(folder) = outside("images/products") else { return };
    let engine = engine();
    let mut scores = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "jpg") {
            continue;
        }
        let truth = Photo::open(path.with_extension("alpha.png")).unwrap().to_matte();
        let cutout = engine.remove_background(&*path, &RemoveBackground::default()).unwrap();
        scores.push((iou(&cutout.matte, &truth), path.file_stem().unwrap().to_owned()));
    }
    let mean = scores.iter().map(|(score, _)| score).sum::<f64>() / scores.len() as f64;
    println!("mean IoU {mean:.3}: {scores:?}");
    assert!(mean > PRODUCTS_IOU, "mean IoU {mean:.3}: {scores:?}");
}

const PRODUCTS_IOU: f64 = 0.97;

/// The same weights, the same pixels in, the same alpha out as rembg's own golden file, with both backends.
#[test]
fn u2netp_agrees_with_rembg() {
    let (Some(model), Some(photo), Some(golden)) = (
        outside("models/u2netp-fp16.onnx"),
        outside("images/rembg/anime-girl-1.jpg"),
        outside("images/rembg/anime-girl-1.u2netp.png"),
    ) else {
        return;
    };
    let photo = Photo::open(photo).unwrap();
    let golden = Photo::open(golden).unwrap().to_matte();
    let settings = RemoveBackground {
        model: ModelChoice::File { path: model, descriptor: DescriptorSource::Like("u2netp".to_owned()) },
        // As rembg: the model's matte, scaled up.
        edges: Edges::Off,
        ..RemoveBackground::default()
    };
    let mut engines = vec![engine()];
    if let Some(library) = onnx_runtime() {
        engines.push(Engine::builder().backend(Backend::OnnxRuntime).ort_library(library).build().unwrap());
    }
    for engine in engines {
        let cutout = engine.remove_background(&photo, &settings).unwrap();
        let sum: u64 = cutout.matte.alpha().iter().zip(golden.alpha()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mae = sum as f64 / 255.0 / golden.alpha().len() as f64;
        let backend = cutout.ran.backend.unwrap();
        println!("u2netp against rembg, {}: MAE {mae:.5}", backend.name);
        assert!(mae <= 0.002, "{}: {mae}", backend.name);
    }
}

#[test]
fn an_own_mask_replaces_the_model() {
    let photo = gray_photo(40, 30);
    let subject = Rect { left: 10, top: 5, width: 20, height: 10 };
    let cutout = engine().remove_background(&photo, &with_mask(rectangles(40, 30, &[subject]))).unwrap();
    assert_eq!(cutout.subject, Some(subject));
    assert_eq!(cutout.ran.model, None);
    assert_eq!(cutout.confidence, 1.0);
    let error = engine().remove_background(&photo, &with_mask(rectangles(30, 40, &[subject]))).unwrap_err();
    assert_eq!(error.code(), Code::MaskSize);
}

#[test]
fn instances_and_boxes_choose_subjects() {
    let photo = gray_photo(100, 60);
    let large = Rect { left: 5, top: 5, width: 40, height: 40 };
    let small = Rect { left: 60, top: 10, width: 20, height: 20 };
    let base = with_mask(rectangles(100, 60, &[large, small]));
    let subject = |settings: &RemoveBackground| engine().remove_background(&photo, settings).map(|cut| cut.subject);
    let choose = |instances| RemoveBackground { instances, ..base.clone() };

    assert_eq!(subject(&base).unwrap(), Some(large.union(small)));
    assert_eq!(subject(&choose(Instances::Largest)).unwrap(), Some(large));
    assert_eq!(subject(&choose(Instances::These(vec![1]))).unwrap(), Some(small));
    let error = subject(&choose(Instances::These(vec![2]))).unwrap_err();
    assert_eq!(error.code(), Code::SubjectMissing);

    let near_small = Rect { left: 58, top: 8, width: 10, height: 10 };
    assert_eq!(subject(&RemoveBackground { region: area(small), ..base.clone() }).unwrap(), Some(small));
    let boxed = RemoveBackground { subject: area(small), ..base.clone() };
    assert_eq!(subject(&boxed).unwrap(), Some(small));
    let partly = RemoveBackground { subject: area(near_small), instances: Instances::Largest, ..base.clone() };
    assert_eq!(subject(&partly).unwrap().map(|found| (found.left, found.top)), Some((60, 10)));
    let empty = Rect { left: 85, top: 45, width: 10, height: 10 };
    assert_eq!(subject(&RemoveBackground { subject: area(empty), ..base }).unwrap_err().code(), Code::SubjectMissing);
}

#[test]
fn outputs_and_backgrounds() {
    let photo = gray_photo(20, 10);
    let base = with_mask(rectangles(20, 10, &[Rect { left: 0, top: 0, width: 10, height: 10 }]));
    let picture = |settings: RemoveBackground| engine().remove_background(&photo, &settings).unwrap().photo;
    let white = picture(RemoveBackground { background: Background::Color(Color::WHITE), ..base.clone() });
    assert_eq!(white.channels(), Channels::Rgb);
    assert_eq!(white.as_u8().unwrap()[27..33], [90, 90, 90, 255, 255, 255]);
    assert_eq!(picture(RemoveBackground { output: Output::Mask, ..base.clone() }).channels(), Channels::Gray);
    let wrong = RemoveBackground { output: Output::Alpha, background: Background::Color(Color::WHITE), ..base };
    assert_eq!(engine().remove_background(&photo, &wrong).unwrap_err().code(), Code::OptionInvalid);
}

#[test]
fn a_photos_own_alpha_is_kept() {
    let mut samples = vec![200_u8; 20 * 10 * 4];
    samples[3] = 0;
    samples[7] = 100;
    let photo = Photo::new(20, 10, Channels::Rgba, samples).unwrap();
    let cutout = engine().remove_background(&photo, &with_mask(rectangles(20, 10, &[Rect::whole(20, 10)]))).unwrap();
    assert_eq!(cutout.matte.alpha()[..3], [0, 100, 200]);
}

#[test]
fn odd_photos_do_not_break_the_pipeline() {
    let engine = engine();
    for (width, height) in [(1, 1), (1, 3000), (3000, 1), (2, 5), (321, 319)] {
        let cutout = engine.remove_background(gray_photo(width, height), &RemoveBackground::default()).unwrap();
        assert_eq!((cutout.matte.width(), cutout.matte.height()), (width, height));
    }
    let deep = Photo::new(64, 64, Channels::Gray, vec![30_000_u16; 64 * 64]).unwrap();
    let cutout = engine.remove_background(&deep, &RemoveBackground::default()).unwrap();
    assert_eq!(cutout.photo.channels(), Channels::GrayAlpha);
    assert!(cutout.photo.as_u16().is_some());
}

#[test]
fn cancelling_answers_soon_wherever_the_work_is() {
    let photo = gray_photo(4000, 3000);
    let begin = Instant::now();
    engine().remove_background(&photo, &RemoveBackground::default()).unwrap();
    let whole = begin.elapsed();
    let mut latest = Duration::ZERO;
    for wait in [0, 5, 20, 60, 120] {
        let cancel = CancelToken::new();
        let engine = engine().with_cancel(&cancel);
        let cancelled = Arc::new(Mutex::new(None));
        let moment = Arc::clone(&cancelled);
        let stopper = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(wait));
            *moment.lock().unwrap() = Some(Instant::now());
            cancel.cancel();
        });
        let result = engine.remove_background(&photo, &RemoveBackground::default());
        let answered = Instant::now();
        stopper.join().unwrap();
        // A machine fast enough to be done before the cancel has nothing to answer.
        if let Err(error) = result {
            assert_eq!(error.code(), Code::Cancelled);
            latest = latest.max(answered.saturating_duration_since(cancelled.lock().unwrap().unwrap()));
        }
    }
    println!("answered {latest:?} after the cancel at the latest; the whole work takes {whole:?}");
    // The promise; where other tests make the whole work slow, an answer may be as much slower.
    assert!(latest < Duration::from_millis(150).max(whole / 10), "{latest:?} of {whole:?}");
    crate::common::shown(&["cancel"]);
}

#[test]
fn progress_rises_to_one() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&seen);
    let engine = engine().with_progress(move |progress| listener.lock().unwrap().push(progress));
    engine.remove_background(gray_photo(50, 50), &RemoveBackground::default()).unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].fraction <= pair[1].fraction), "{seen:?}");
    assert_eq!(seen.last().map(|progress| progress.fraction), Some(1.0));
    crate::common::shown(&["progress"]);
}

/// The bytes of a file that belong to somebody else.
struct Lent(Arc<Vec<u8>>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[test]
fn the_bytes_of_a_file_are_let_go_before_the_model_runs() {
    let file = std::fs::read(committed("bindings/cases/photos/mug.jpg")).unwrap();
    let recipe = Recipe::parse("schema = \"packshot.recipe/1\"\nsteps = [{ remove_background = {} }]\n").unwrap();
    let step = || from_json(r#"{"remove_background": {}}"#).unwrap();
    type Way<'a> = &'a dyn Fn(&Engine, Bytes) -> bool;
    let ways: [Way<'_>; 3] = [
        &|engine, file| engine.remove_background(file, &RemoveBackground::default()).is_ok(),
        &|engine, file| engine.start_step(file, step(), Pictures::default()).wait().is_ok(),
        &|engine, file| engine.run_recipe(file, &recipe).is_ok(),
    ];
    for way in ways {
        let (owner, seen) = (Arc::new(file.clone()), Arc::new(Mutex::new(Vec::new())));
        let (lent, heard) = (Arc::downgrade(&owner), Arc::clone(&seen));
        let engine = engine().with_progress(move |progress| {
            if progress.stage == Stage::Inference {
                heard.lock().unwrap().push(lent.strong_count());
            }
        });
        assert!(way(&engine, Bytes::from_owner(Lent(owner))));
        let seen = seen.lock().unwrap();
        assert!(!seen.is_empty() && seen.iter().all(|owners| *owners == 0), "{seen:?}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn the_asynchronous_form_gives_the_same_picture() {
    let (engine, photo) = (engine(), gray_photo(80, 60));
    let settings = RemoveBackground::default();
    let cutout: Cutout = engine.start_remove_background(&photo, &settings).await.unwrap();
    assert_eq!(cutout.photo, engine.remove_background(&photo, &settings).unwrap().photo);
}

#[test]
fn threads_share_one_engine() {
    let engine = engine();
    let (photo, settings) = (gray_photo(200, 100), RemoveBackground::default());
    let expected = engine.remove_background(&photo, &settings).unwrap().photo;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(engine.remove_background(&photo, &settings).unwrap().photo, expected));
        }
    });
    crate::common::shown(&["concurrency"]);
}

/// A time limit drops the task. Every later call, of the engine and of all its clones, used to be cancelled for ever.
#[tokio::test(flavor = "current_thread")]
async fn a_call_that_ran_out_of_time_stops_no_other() {
    let engine = engine();
    let (clone, watched) = (engine.clone(), engine.clone().with_progress(|_| {}));
    let (large, small, settings) = (gray_photo(1600, 1200), gray_photo(40, 30), Upscale::default());
    let recipe = Recipe::parse("schema = \"packshot.recipe/1\"\nsteps = [{ upscale = {} }]\n").unwrap();
    let other = watched.start_remove_background(&large, &RemoveBackground::default());
    let limit = Duration::from_millis(20);
    assert!(tokio::time::timeout(limit, engine.start_upscale(&large, &settings)).await.is_err());
    assert!(tokio::time::timeout(limit, clone.start_recipe(&large, &recipe)).await.is_err());
    drop(engine.start_remove_background(&large, &RemoveBackground::default()));
    other.await.unwrap();
    for engine in [engine.clone(), engine, clone, watched] {
        engine.start_upscale(&small, &settings).await.unwrap();
        engine.start_recipe(&small, &recipe).await.unwrap();
        engine.remove_background(&small, &RemoveBackground::default()).unwrap();
        assert!(!engine.run().cancel().is_cancelled());
    }
}

#[test]
fn a_token_stops_every_call_that_was_started_with_it() {
    let cancel = CancelToken::new();
    let engine = engine().with_cancel(&cancel);
    let photo = gray_photo(1600, 1200);
    let tasks = [(); 2].map(|()| engine.start_remove_background(&photo, &RemoveBackground::default()));
    cancel.cancel();
    for task in tasks {
        assert_eq!(task.wait().unwrap_err().code(), Code::Cancelled);
    }
    assert!(cancel.wait_until_idle(Duration::from_secs(60)), "the threads of its calls end");
}

#[test]
fn options_without_effect_are_told() {
    let engine = engine();
    let photo = gray_photo(40, 30);
    let inner = Rect { left: 10, top: 8, width: 20, height: 14 };
    let mask = rectangles(40, 30, &[inner]);
    let sure = Trimap::new(40, 30, mask.alpha().to_vec()).unwrap();
    let mut band = mask.alpha().to_vec();
    band[8 * 40 + 10] = Trimap::UNKNOWN;
    let band = Trimap::new(40, 30, band).unwrap();
    let given = |trimap: &Trimap, mask| {
        let trimap = Some(trimap.clone());
        RemoveBackground { trimap, mask, ..RemoveBackground::default() }
    };
    let shape = RemoveBackground { output: Output::Mask, ..with_mask(mask.clone()) };
    for (settings, options) in [
        (RemoveBackground::default(), &[][..]),
        (RemoveBackground { edges: Edges::Off, ..with_mask(mask.clone()) }, &[]),
        (RemoveBackground { edges: Edges::Fine, keep_holes: true, solidify: true, ..with_mask(mask.clone()) }, &[]),
        (RemoveBackground { edges: Edges::Fast, ..with_mask(mask.clone()) }, &["edges"]),
        (RemoveBackground { edges: Edges::Off, decontaminate: false, ..shape.clone() }, &["decontaminate"]),
        (RemoveBackground { edges: Edges::Off, ..shape }, &[]),
        (given(&band, None), &[]),
        (given(&band, Some(mask.clone())), &[]),
        (given(&sure, None), &["edges"]),
        (given(&sure, Some(mask)), &["edges", "mask"]),
    ] {
        let notes = engine.remove_background(&photo, &settings).unwrap().ran.notes;
        let told: Vec<_> = notes.iter().filter_map(|note| note.text.split('`').nth(1)).collect();
        assert_eq!(told, options, "{settings:?}");
    }
}

/// ONNX Runtime was found and cannot take this model: another backend ran, and the report says so.
#[test]
fn a_fallback_is_told() {
    let Some(library) = onnx_runtime() else { return };
    let engine = Engine::builder().backend(Backend::Auto).ort_library(library).build().unwrap();
    let descriptor = "[input]\nsize = { fixed = [8, 8] }\n";
    let descriptor = packshot::models::Descriptor::from_toml(descriptor).unwrap();
    // The last byte is the version of the operators; nobody has defined this one, and rten does not ask.
    let mut future = std::fs::read(committed("core/tests/data/tiny.onnx")).unwrap();
    *future.last_mut().unwrap() = 127;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("future.onnx");
    std::fs::write(&path, future).unwrap();
    let model = ModelChoice::File { path, descriptor: DescriptorSource::Given(Box::new(descriptor)) };
    let settings = RemoveBackground { model, ..RemoveBackground::default() };
    let ran = engine.remove_background(gray_photo(8, 8), &settings).unwrap().ran;
    assert_eq!(ran.backend.unwrap().name, "rten");
    let [note] = ran.notes.as_slice() else { panic!("{:?}", ran.notes) };
    assert_eq!(note.code, NoteCode::BackendFallback);
    assert!(note.text.contains("future.onnx") && note.text.contains("pset"), "{}", note.text);
    let plain = engine.remove_background(gray_photo(8, 8), &RemoveBackground::default()).unwrap().ran;
    assert_eq!((plain.backend.unwrap().name, plain.notes), ("onnxruntime", Vec::new()));
}
