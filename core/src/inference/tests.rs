//! Tests that run models. They need no network; those that need more than the repository holds skip with a message:
//!
//! - `PACKSHOT_TEST_ORT`: an ONNX Runtime library, 1.29 or later
//! - `PACKSHOT_TEST_DATA`: a folder with `models/u2netp-fp16.onnx` and `models/fns-candy-dyn.onnx`

#[cfg(all(unix, feature = "ort-dynamic"))]
mod exit;
mod models;
#[cfg(feature = "ort-dynamic")]
mod process;
#[cfg(all(target_os = "linux", feature = "ort-dynamic"))]
mod telemetry;

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Backend, ModelData, Opened, Runtime, Session, Tensor};
use crate::test_data::skipped;
use crate::{CancelToken, Code};

const TINY: &[u8] = include_bytes!("../../tests/data/tiny.onnx");
const TINY_OPEN: &[u8] = include_bytes!("../../tests/data/tiny_open.onnx");
const TINY_HALF: &[u8] = include_bytes!("../../tests/data/tiny_half.onnx");
const TINY_OLD: &[u8] = include_bytes!("../../tests/data/tiny_old.onnx");

/// A path from the environment; without it, the test is skipped.
fn given(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).or_else(|| skipped(&format!("{variable} is not set")))
}

fn rten() -> Runtime {
    Runtime { backend: Backend::Rten, ..Runtime::default() }
}

fn onnxruntime() -> Option<Runtime> {
    let library = given("PACKSHOT_TEST_ORT").filter(|_| cfg!(feature = "ort-dynamic"))?;
    Some(Runtime { backend: Backend::OnnxRuntime, library: Some(library), ..Runtime::default() })
}

/// Every backend that can be tested here.
fn runtimes() -> impl Iterator<Item = Runtime> {
    [Some(rten()), onnxruntime()].into_iter().flatten()
}

fn open(runtime: &Runtime, model: &'static [u8]) -> Arc<dyn Session> {
    runtime.open(ModelData::Embedded(model), None, None).unwrap().session
}

/// The same values in [-1, 1) every time.
fn noise(shape: &[usize]) -> Tensor {
    let mut state = 0x2545_f491_u32;
    let data = (0..shape.iter().product()).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    });
    Tensor::new(shape.to_vec(), data.collect()).unwrap()
}

fn run(session: &dyn Session, input: Tensor) -> Tensor {
    session.run(input, &CancelToken::new()).unwrap()
}

fn difference(a: &Tensor, b: &Tensor) -> f32 {
    assert_eq!(a.shape(), b.shape());
    a.data().iter().zip(b.data()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_backends_agree() {
    for model in [TINY, TINY_OPEN] {
        let outputs: Vec<_> = runtimes().map(|runtime| run(&*open(&runtime, model), noise(&[1, 3, 8, 8]))).collect();
        assert_eq!(outputs[0].shape(), [1, 1, 8, 8]);
        for output in &outputs {
            assert!(difference(output, &outputs[0]) <= 1e-5);
        }
    }
}

#[test]
fn a_convolution_has_the_right_value() {
    let image = Tensor::new(vec![1, 3, 8, 8], vec![1.0; 192]).unwrap();
    for runtime in runtimes() {
        let opened = runtime.open(ModelData::Embedded(TINY), Some("image"), Some("logits")).unwrap();
        // Away from the edges every weight counts once; they cancel out, and the bias is left.
        let value = run(&*opened.session, image.clone()).data()[8 * 4 + 4];
        assert!((value - 0.25).abs() < 1e-6, "{value} from {}", opened.backend);
    }
}

#[test]
fn weights_are_no_inputs() {
    for runtime in runtimes() {
        let session = open(&runtime, TINY_OLD);
        run(&*session, noise(&[1, 3, 8, 8]));
    }
}

#[test]
fn a_wrong_shape_or_name_is_named() {
    for runtime in runtimes() {
        let session = open(&runtime, TINY);
        for shape in [&[1, 3, 8, 9][..], &[3, 8, 8]] {
            let error = session.run(noise(shape), &CancelToken::new()).unwrap_err();
            assert_eq!(error.code(), Code::ModelShape);
            assert!(error.to_string().contains("[1, 3, 8, 8]"), "{error}");
        }
        let error = runtime.open(ModelData::Embedded(TINY), None, Some("alpha")).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), Code::ModelShape);
        assert!(error.to_string().contains("`alpha`; it has: logits, matte"), "{error}");
    }
}

#[test]
fn what_is_no_model_is_an_error() {
    let temp = tempfile::tempdir().unwrap();
    let garbage = temp.path().join("garbage.onnx");
    std::fs::write(&garbage, b"this is not a model").unwrap();
    let auto = onnxruntime().map(|runtime| Runtime { backend: Backend::Auto, ..runtime });
    for runtime in runtimes().chain(auto) {
        for data in [ModelData::Embedded(b""), ModelData::Embedded(&TINY[..100]), ModelData::File(&garbage)] {
            let error = runtime.open(data, None, None).map(|_| ()).unwrap_err();
            assert_eq!(error.code(), Code::ModelInvalid, "{data:?}");
        }
        let error = runtime.open(ModelData::File(&temp.path().join("none.onnx")), None, None).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), Code::FileMissing);
    }
}

#[test]
fn a_model_loads_from_a_file() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tiny.onnx"));
    for runtime in runtimes() {
        let opened = runtime.open(ModelData::File(&path), None, Some("matte")).unwrap();
        assert!(run(&*opened.session, noise(&[1, 3, 8, 8])).data().iter().all(|alpha| (0.0..=1.0).contains(alpha)));
    }
}

#[test]
fn auto_takes_what_onnxruntime_cannot_feed_to_rten() {
    let Some(runtime) = onnxruntime() else { return };
    let input = || noise(&[1, 3, 8, 8]);
    let auto = Runtime { backend: Backend::Auto, ..runtime };
    let Opened { session, backend } = auto.open(ModelData::Embedded(TINY_HALF), None, None).unwrap();
    assert_eq!(backend.name, "rten");
    assert!(backend.reason.contains("f16"), "{backend}");
    assert!(difference(&run(&*session, input()), &run(&*open(&rten(), TINY), input())) < 1e-3);

    let Opened { backend, .. } = auto.open(ModelData::Embedded(TINY), None, None).unwrap();
    assert_eq!(backend.name, "onnxruntime");
    assert!(backend.reason.contains("named by the caller"), "{backend}");
}

#[test]
fn threads_share_a_session() {
    for threads in [None, NonZero::new(1)] {
        for runtime in runtimes() {
            let session = open(&Runtime { threads, ..runtime }, TINY_OPEN);
            std::thread::scope(|scope| {
                for size in 5..9 {
                    let session = &session;
                    scope.spawn(move || {
                        let first = run(&**session, noise(&[1, 3, size, size]));
                        for _ in 0..50 {
                            assert_eq!(run(&**session, noise(&[1, 3, size, size])), first);
                        }
                    });
                }
            });
        }
    }
}

#[test]
fn a_cancelled_run_does_not_start() {
    let cancel = CancelToken::new();
    cancel.cancel();
    for runtime in runtimes() {
        let error = open(&runtime, TINY).run(noise(&[1, 3, 8, 8]), &cancel).unwrap_err();
        assert_eq!(error.code(), Code::Cancelled);
    }
}
