//! What nobody can be faster than: the session of ONNX Runtime, run on a tensor that is ready.

use std::path::{Path, PathBuf};

use ort::session::{OutputSelector, RunOptions, Session};
use ort::value::TensorRef;
use packshot::Photo;
use packshot_resize as resize;

use crate::serve::Fault;
use crate::side::THREADS;

/// Runs the model on a photo scaled to `side` by `side`; only the first output is asked for. The session has the
/// defaults of ONNX Runtime but for the number of threads.
pub(super) fn session(model: &Path, side: u32, photo: &Path) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let library = std::env::var_os("ORT_DYLIB_PATH").map(PathBuf::from).ok_or("ORT_DYLIB_PATH is not set")?;
    let environment = ort::init_from(&library)?.with_name("bench").with_telemetry(false).build()?;
    let open = || -> Result<_, ort::Error> {
        Session::builder(&environment)?.with_intra_threads(THREADS)?.commit_from_file(model)
    };
    let mut session = open()?;
    let input = session.inputs().first().ok_or("the model has no input")?.name().to_owned();
    let output = session.outputs().first().ok_or("the model has no output")?.name().to_owned();

    let photo = Photo::open(photo)?;
    let from = (photo.width(), photo.height());
    let rgb = resize::rgb(&photo.to_rgb8(), from, resize::whole(from), (side, side), resize::Filter::Bilinear)?;
    let plane = |channel: usize| rgb.iter().skip(channel).step_by(3).map(|v| f32::from(*v) / 256.0 - 0.5);
    let tensor: Vec<f32> = (0..3).flat_map(plane).collect();
    let shape = [1, 3, side as usize, side as usize];
    Ok(move || {
        let options = RunOptions::new()?.with_outputs(OutputSelector::no_default().with(&output));
        let inputs = ort::inputs![input.as_str() => TensorRef::from_array_view((shape, tensor.as_slice()))?];
        let outputs = session.run_with_options(inputs, &options)?;
        let (_, values) = outputs[output.as_str()].try_extract_tensor::<f32>()?;
        Ok(values.iter().map(|value| (value * 255.0).round() as u8).collect())
    })
}
