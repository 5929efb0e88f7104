//! Several named inputs and outputs, of several types.

use super::*;
use crate::error::Result;

const PORTS: &[u8] = include_bytes!("../../../tests/data/ports.onnx");
const TWICE_NHWC: &[u8] = include_bytes!("../../../tests/data/twice_nhwc.onnx");

fn f32s(shape: &[usize], data: &[f32]) -> Value {
    Tensor::new(shape.to_vec(), data.to_vec()).unwrap().into()
}

fn i64s(shape: &[usize], data: &[i64]) -> Value {
    Tensor::new(shape.to_vec(), data.to_vec()).unwrap().into()
}

/// A picture of two pixels, a mask for it, ids and a step.
fn given() -> [(&'static str, Value); 4] {
    [
        ("image", f32s(&[1, 3, 1, 2], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0])),
        ("mask", f32s(&[1, 1, 1, 2], &[0.0, 1.0])),
        ("ids", i64s(&[2], &[49406, -7])),
        ("step", i64s(&[], &[3])),
    ]
}

fn ask(opened: &Opened, inputs: &[(&str, Value)], outputs: &[&str]) -> Result<Vec<Value>> {
    let inputs: Vec<_> = inputs.iter().map(|(name, value)| (*name, value)).collect();
    opened.session.run(&inputs, outputs, &CancelToken::new())
}

#[test]
fn inputs_and_outputs_go_by_their_names_whatever_the_order() {
    for runtime in runtimes() {
        let opened = open(&runtime, PORTS);
        let mut inputs = given();
        inputs.reverse();
        let answers = ask(&opened, &inputs, &["short", "filled", "next"]).unwrap();
        let filled = f32s(&[1, 3, 1, 2], &[0.0, 0.0, 2.0, 0.0, 4.0, 0.0]);
        let next = i64s(&[2], &[49409, -4]);
        assert_eq!(answers, [next.clone(), filled, next], "{}", opened.backend);
    }
}

#[test]
fn an_answer_goes_into_the_next_run() {
    for runtime in runtimes() {
        let opened = open(&runtime, PORTS);
        let [image, mask, (_, mut ids), step] = given();
        for _ in 0..3 {
            let inputs = [("image", &image.1), ("mask", &mask.1), ("ids", &ids), ("step", &step.1)];
            ids = opened.session.run(&inputs, &["next"], &CancelToken::new()).unwrap().remove(0);
        }
        assert_eq!(ids, i64s(&[2], &[49415, 2]));
    }
}

#[test]
fn half_precision_is_converted_at_the_edge() {
    let input = noise(&[1, 3, 8, 8]);
    let whole = run(&open(&rten(), TINY), input.clone());
    for runtime in runtimes() {
        let opened = open(&runtime, TINY_HALF);
        let mut answers = ask(&opened, &[("image", input.clone().into())], &["matte", "logits"]).unwrap();
        let logits = answers.pop().unwrap().into_f32().unwrap();
        assert!(difference(&logits, &whole) < 2e-3, "{} from {}", difference(&logits, &whole), opened.backend);
        let matte = answers.pop().unwrap().into_f32().unwrap();
        for (matte, logit) in matte.data().iter().zip(logits.data()) {
            assert!((matte - 1.0 / (1.0 + (-logit).exp())).abs() < 1e-3);
        }
    }
}

#[test]
fn a_model_with_its_channels_last_is_fed_as_it_is() {
    for runtime in runtimes() {
        let large = run(&open(&runtime, TWICE_NHWC), Tensor::new(vec![1, 1, 1, 3], vec![0.1, 0.2, 0.3]).unwrap());
        assert_eq!((large.shape(), large.data()), (&[1, 2, 2, 3][..], &[0.1, 0.2, 0.3].repeat(4)[..]));
    }
}

#[test]
fn what_does_not_fit_is_told_with_what_would() {
    for runtime in runtimes() {
        let opened = open(&runtime, PORTS);
        let with = |name: &'static str, value: Value| {
            let mut inputs = given().to_vec();
            inputs.retain(|(known, _)| *known != name);
            [inputs, vec![(name, value)]].concat()
        };
        let twice = [given().to_vec(), given()[..1].to_vec()].concat();
        for (inputs, output, told) in [
            (with("prompt", i64s(&[1], &[0])), "next", &["no input `prompt`", "image f32 [1, 3, ?, ?], mask f32"][..]),
            (given().to_vec(), "alpha", &["no output `alpha`", "filled", "next", "short"]),
            (given()[..3].to_vec(), "next", &["also needs its input `step i32 []`"]),
            (twice, "next", &["`image` is given twice"]),
            (with("mask", i64s(&[1, 1, 1, 2], &[0, 1])), "next", &["mask f32 [1, 1, ?, ?]", "does not take i64"]),
            (with("step", f32s(&[], &[3.0])), "next", &["step i32 []", "does not take f32"]),
            (with("image", f32s(&[1, 4, 1, 1], &[0.0; 4])), "next", &["image f32 [1, 3, ?, ?]", "[1, 4, 1, 1]"]),
            (with("step", i64s(&[1], &[3])), "next", &["step i32 []", "shape [1]"]),
            (with("step", i64s(&[], &[1 << 40])), "next", &["step", "1099511627776"]),
        ] {
            let error = ask(&opened, &inputs, &[output]).unwrap_err();
            assert_eq!(error.code(), Code::ModelShape, "{error}");
            for told in told {
                assert!(error.to_string().contains(told), "{error} should tell {told}: {}", opened.backend);
            }
        }
    }
}

#[test]
fn a_picture_needs_ports_for_pictures() {
    for runtime in runtimes() {
        let tiny = open(&runtime, TINY);
        for (names, told) in [
            ((None, Some("alpha")), "no output `alpha`; it has: logits"),
            ((Some("photo"), None), "no input `photo`; it has: image f32 [1, 3, 8, 8]"),
        ] {
            let error = tiny.session.ports().picture(names).unwrap_err();
            assert!(error.code() == Code::ModelShape && error.to_string().contains(told), "{error}");
        }
        for shape in [&[1, 3, 8, 9][..], &[3, 8, 8]] {
            let error = tiny.run((None, None), noise(shape), &CancelToken::new()).unwrap_err();
            assert!(error.code() == Code::ModelShape && error.to_string().contains("[1, 3, 8, 8]"), "{error}");
        }
        let error = open(&runtime, PORTS).session.ports().picture((Some("ids"), None)).map(drop).unwrap_err();
        assert!(error.to_string().contains("holds no samples of a picture"), "{error}");
    }
}
