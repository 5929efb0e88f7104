//! Tests that run models. They need no network; those that need more than the repository holds skip with a message:
//!
//! - `PACKSHOT_TEST_ORT`: an ONNX Runtime library, 1.29 or later
//! - `PACKSHOT_TEST_DATA`: a folder with `models/u2netp-fp16.onnx` and `models/fns-candy-dyn.onnx`

#[cfg(all(unix, feature = "ort-dynamic"))]
mod exit;
mod models;
mod ports;
#[cfg(feature = "ort-dynamic")]
mod process;
#[cfg(all(target_os = "linux", feature = "ort-dynamic"))]
mod telemetry;

use std::num::NonZero;
use std::path::PathBuf;

use super::{Backend, ModelData, Opened, Runtime, Tensor, Value};
use crate::error::Code;
use crate::run::CancelToken;
use crate::test_data::skipped;

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

fn open(runtime: &Runtime, model: &'static [u8]) -> Opened {
    runtime.open(ModelData::Embedded(model)).unwrap()
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

fn run(opened: &Opened, input: Tensor) -> Tensor {
    opened.run((None, None), input, &CancelToken::new()).unwrap()
}

fn difference(a: &Tensor, b: &Tensor) -> f32 {
    assert_eq!(a.shape(), b.shape());
    a.data().iter().zip(b.data()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_backends_agree() {
    for model in [TINY, TINY_OPEN] {
        let outputs: Vec<_> = runtimes().map(|runtime| run(&open(&runtime, model), noise(&[1, 3, 8, 8]))).collect();
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
        let opened = open(&runtime, TINY);
        // Away from the edges every weight counts once; they cancel out, and the bias is left.
        let ports = (Some("image"), Some("logits"));
        let value = opened.run(ports, image.clone(), &CancelToken::new()).unwrap().data()[8 * 4 + 4];
        assert!((value - 0.25).abs() < 1e-6, "{value} from {}", opened.backend);
    }
}

#[test]
fn weights_are_no_inputs() {
    for runtime in runtimes() {
        run(&open(&runtime, TINY_OLD), noise(&[1, 3, 8, 8]));
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
            let error = runtime.open(data).map(|_| ()).unwrap_err();
            assert_eq!(error.code(), Code::ModelInvalid, "{data:?}");
        }
        let error = runtime.open(ModelData::File(&temp.path().join("none.onnx"))).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), Code::FileMissing);
    }
}

#[test]
fn a_model_loads_from_a_file() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tiny.onnx"));
    for runtime in runtimes() {
        let opened = runtime.open(ModelData::File(&path)).unwrap();
        let matte = opened.run((None, Some("matte")), noise(&[1, 3, 8, 8]), &CancelToken::new()).unwrap();
        assert!(matte.data().iter().all(|alpha| (0.0..=1.0).contains(alpha)));
    }
}

#[test]
fn auto_takes_what_onnxruntime_cannot_load_to_rten() {
    let Some(runtime) = onnxruntime() else { return };
    // The first field is the version of the format, here one that is still to come; rten does not ask for it.
    let newer: Vec<_> = [&[8, 99], &TINY[2..]].concat();
    let auto = Runtime { backend: Backend::Auto, ..runtime };
    let opened = auto.open(ModelData::Bytes(&newer)).unwrap();
    assert_eq!(opened.backend.name, "rten");
    assert!(opened.backend.reason.contains("99"), "{}", opened.backend);
    assert_eq!(run(&opened, noise(&[1, 3, 8, 8])), run(&open(&rten(), TINY), noise(&[1, 3, 8, 8])));

    let Opened { backend, .. } = auto.open(ModelData::Embedded(TINY)).unwrap();
    assert_eq!(backend.name, "onnxruntime");
    assert!(backend.reason.contains("named by the caller"), "{backend}");
}

#[test]
fn threads_share_a_session() {
    for threads in [None, NonZero::new(1)] {
        for runtime in runtimes() {
            let opened = open(&Runtime { threads, ..runtime }, TINY_OPEN);
            std::thread::scope(|scope| {
                for size in 5..9 {
                    let opened = &opened;
                    scope.spawn(move || {
                        let first = run(opened, noise(&[1, 3, size, size]));
                        for _ in 0..50 {
                            assert_eq!(run(opened, noise(&[1, 3, size, size])), first);
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
        let error = open(&runtime, TINY).run((None, None), noise(&[1, 3, 8, 8]), &cancel).unwrap_err();
        assert_eq!(error.code(), Code::Cancelled);
    }
}
