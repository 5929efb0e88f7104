//! Models that people use.

use std::time::{Duration, Instant};

use super::*;

fn model(name: &str) -> Option<PathBuf> {
    crate::test_data::outside(&format!("models/{name}"))
}

/// The fastest of five runs.
fn timed(opened: &Opened, input: &Tensor) -> (Tensor, Duration) {
    let runs = (0..5).map(|_| {
        let (input, begin) = (input.clone(), Instant::now());
        (run(opened, input), begin.elapsed())
    });
    runs.min_by_key(|(_, time)| *time).unwrap()
}

#[test]
fn u2netp_in_half_precision_runs_alike() {
    let Some(path) = model("u2netp-fp16.onnx") else { return };
    let input = noise(&[1, 3, 320, 320]);
    let outputs: Vec<_> = runtimes()
        .map(|runtime| {
            let runtime = Runtime { threads: NonZero::new(2), ..runtime };
            let begin = Instant::now();
            let opened = runtime.open(ModelData::File(&path)).unwrap();
            let load = begin.elapsed();
            let (output, time) = timed(&opened, &input);
            println!("{}: load {load:.1?}, run {time:.1?}", opened.backend);
            output
        })
        .collect();
    assert_eq!(outputs[0].shape(), [1, 1, 320, 320]);
    if let [rten, onnxruntime] = &outputs[..] {
        let difference = difference(rten, onnxruntime);
        println!("largest difference: {difference:e}");
        // Both compute in float32, apart from what is rounded where the graph casts to float16 and ONNX Runtime obeys.
        assert!(difference < 1e-2);
    }
}

#[test]
fn onnxruntime_stops_in_the_middle_of_a_run() {
    let (Some(runtime), Some(path)) = (onnxruntime(), model("fns-candy-dyn.onnx")) else { return };
    let opened = runtime.open(ModelData::File(&path)).unwrap();
    let input = noise(&[1, 3, 512, 512]);
    let begin = Instant::now();
    run(&opened, input.clone());
    let whole = begin.elapsed();

    let cancel = CancelToken::new();
    let token = cancel.clone();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(whole / 4);
        token.cancel();
        Instant::now()
    });
    let error = opened.run((None, None), input, &cancel).unwrap_err();
    let returned = Instant::now();
    assert_eq!(error.code(), Code::Cancelled);
    let latency = returned.duration_since(canceller.join().unwrap());
    println!("a run takes {whole:.0?}; cancelled, it returned after {latency:.0?}");
    assert!(latency < whole / 2, "{latency:?} of {whole:?}");
    // The session is as good as before.
    run(&opened, noise(&[1, 3, 64, 64]));
}
