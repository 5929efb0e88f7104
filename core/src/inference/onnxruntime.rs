//! Sessions of ONNX Runtime.

use std::sync::{Arc, Mutex, PoisonError};

use ort::session::{RunOptions, Session as Inner, SessionOutputs};
use ort::value::{Outlet, TensorElementType, TensorRef, ValueType};

use super::exit::{self, Inside};
use super::lanes::Lanes;
use super::library::Library;
use super::ports::choose;
use super::{ModelData, Ports, Session, Tensor};
use crate::{CancelToken, Code, Error, Result};

pub(crate) struct OrtSession {
    // `ort` asks for exclusive access: not every execution provider of ONNX Runtime is safe to run twice at once.
    lanes: Lanes<Mutex<Inner>>,
    ports: Ports,
}

impl OrtSession {
    /// `lanes` runs at once, with so many threads each.
    pub(crate) fn open(
        library: &Library,
        data: ModelData<'_>,
        input: Option<&str>,
        output: Option<&str>,
        (lanes, threads): (usize, usize),
    ) -> Result<Self> {
        let _inside = Inside::enter();
        let load = || {
            exit::watching(|| load(library, data, threads))
                .map_err(|cause| Error::new(Code::ModelInvalid, "ONNX Runtime cannot load the model").because(cause))
        };
        let session = load()?;
        let inputs = names(session.inputs());
        let outputs = names(session.outputs());
        let (input_index, input) = choose("input", &inputs, input)?;
        let (output_index, output) = choose("output", &outputs, output)?;
        float32(&session.outputs()[output_index])?;
        let ports = Ports {
            input: input.to_owned(),
            input_shape: Some(float32(&session.inputs()[input_index])?),
            output: output.to_owned(),
        };
        let mut sessions = vec![Mutex::new(session)];
        for _ in 1..lanes {
            sessions.push(Mutex::new(load()?));
        }
        Ok(Self { lanes: Lanes::new(sessions), ports })
    }
}

impl Drop for OrtSession {
    fn drop(&mut self) {
        let lanes = std::mem::take(&mut self.lanes);
        if exit::is_exiting() {
            // The process ends, and with it all that they hold.
            return std::mem::forget(lanes);
        }
        let _inside = Inside::enter();
        drop(lanes);
    }
}

fn load(library: &Library, data: ModelData<'_>, threads: usize) -> Result<Inner, ort::Error> {
    // Spinning threads gain nothing in a matting network and burn the cores that decoding and encoding need.
    let mut builder =
        Inner::builder(&library.environment)?.with_intra_threads(threads)?.with_intra_op_spinning(false)?;
    match data {
        ModelData::Embedded(bytes) | ModelData::Bytes(bytes) => builder.commit_from_memory(bytes),
        ModelData::File(path) => builder.commit_from_file(path),
    }
}

fn names(outlets: &[Outlet]) -> Vec<&str> {
    outlets.iter().map(Outlet::name).collect()
}

/// The declared shape of a port, `None` where an axis is open. A port of another type is one that this backend cannot
/// feed, though rten may.
fn float32(outlet: &Outlet) -> Result<Vec<Option<usize>>> {
    match outlet.dtype() {
        ValueType::Tensor { ty: TensorElementType::Float32, shape, .. } => {
            Ok(shape.iter().map(|length| usize::try_from(*length).ok()).collect())
        }
        other => {
            let message = format!("`{}` is of type {other}, not float32", outlet.name());
            Err(Error::new(Code::ModelInvalid, message))
        }
    }
}

impl Session for OrtSession {
    fn run(&self, input: Tensor, cancel: &CancelToken) -> Result<Tensor> {
        self.ports.check(input.shape())?;
        let lane = self.lanes.pick();
        let mut session = lane.lock().unwrap_or_else(PoisonError::into_inner);
        cancel.check()?;
        // After the lock: whoever waits for it is not inside. Before the rest, which is dropped first.
        let inside = Inside::enter();
        let options = Arc::new(RunOptions::new().map_err(failed)?);
        inside.runs(&options);
        let terminate = Arc::clone(&options);
        let _guard = cancel.on_cancel(move || {
            // It can only fail for a null pointer, and nobody could be told here.
            let _ = terminate.terminate();
        });
        let tensor = TensorRef::from_array_view((input.shape(), input.data())).map_err(failed)?;
        let inputs = ort::inputs![self.ports.input.as_str() => tensor];
        let outputs = session.run_with_options(inputs, &*options);
        cancel.check()?;
        self.chosen(&outputs.map_err(failed)?)
    }
}

impl OrtSession {
    fn chosen(&self, outputs: &SessionOutputs<'_>) -> Result<Tensor> {
        let (shape, data) = outputs[self.ports.output.as_str()].try_extract_tensor::<f32>().map_err(failed)?;
        let shape = shape.iter().map(|length| usize::try_from(*length).unwrap_or(0)).collect();
        Tensor::new(shape, data.to_vec())
    }
}

fn failed(cause: ort::Error) -> Error {
    Error::new(Code::BackendFailed, "ONNX Runtime failed to run the model").because(cause)
}
