//! Sessions of ONNX Runtime.

use std::sync::{Arc, Mutex};

use half::f16;
use half::slice::HalfFloatSliceExt;
use ort::session::{RunOptions, Session as Inner, SessionInputValue};
use ort::value::{DynValue, Outlet, PrimitiveTensorElementType, TensorElementType, TensorRef, ValueType};

use super::exit::{self, Inside};
use super::lanes::Lanes;
use super::library::Library;
use super::ports::{Element, Port, unfit};
use super::{ModelData, Ports, Session, Tensor, Value};
use crate::error::{Code, Error, Result};
use crate::run::CancelToken;
use crate::sync::lock;

pub(crate) struct OrtSession {
    // `ort` asks for exclusive access: not every execution provider of ONNX Runtime is safe to run twice at once.
    lanes: Lanes<Mutex<Inner>>,
    ports: Ports,
}

impl OrtSession {
    /// Opens a session for `lanes` concurrent runs with `threads` threads each.
    pub(crate) fn open(library: &Library, data: ModelData<'_>, (lanes, threads): (usize, usize)) -> Result<Self> {
        let _inside = Inside::enter();
        let load = || {
            exit::watching(|| load(library, data, threads))
                .map_err(|cause| Error::new(Code::ModelInvalid, "ONNX Runtime cannot load the model").because(cause))
        };
        let session = load()?;
        let ports = |outlets: &[Outlet]| outlets.iter().map(port).collect();
        let ports = Ports { inputs: ports(session.inputs()), outputs: ports(session.outputs()) };
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
            // The process is exiting, and frees everything.
            return std::mem::forget(lanes);
        }
        let _inside = Inside::enter();
        drop(lanes);
    }
}

fn load(library: &Library, data: ModelData<'_>, threads: usize) -> Result<Inner, ort::Error> {
    // Spinning threads gain nothing in a matting network and occupy cores that decoding and encoding need.
    let mut builder =
        Inner::builder(&library.environment)?.with_intra_threads(threads)?.with_intra_op_spinning(false)?;
    match data {
        ModelData::Embedded(bytes) | ModelData::Bytes(bytes) => builder.commit_from_memory(bytes),
        ModelData::File(path) => builder.commit_from_file(path),
    }
}

fn port(outlet: &Outlet) -> Port {
    let name = outlet.name().to_owned();
    let ValueType::Tensor { ty, shape, .. } = outlet.dtype() else {
        return Port { name, element: Some(Element::Other(outlet.dtype().to_string())), shape: None };
    };
    let element = match ty {
        TensorElementType::Float32 => Element::F32,
        TensorElementType::Float16 => Element::F16,
        TensorElementType::Int64 => Element::I64,
        TensorElementType::Int32 => Element::I32,
        other => Element::Other(other.to_string()),
    };
    let shape = shape.iter().map(|length| usize::try_from(*length).ok()).collect();
    Port { name, element: Some(element), shape: Some(shape) }
}

impl Session for OrtSession {
    fn ports(&self) -> &Ports {
        &self.ports
    }

    fn run(&self, inputs: &[(&str, &Value)], outputs: &[&str], cancel: &CancelToken) -> Result<Vec<Value>> {
        let (fed, _) = self.ports.resolve(inputs, outputs)?;
        let lane = self.lanes.pick();
        let mut session = lock(&lane);
        cancel.check()?;
        // Taken after the lock, since a waiting thread is not inside; and before the rest, which is dropped first.
        let inside = Inside::enter();
        let options = Arc::new(RunOptions::new().map_err(failed)?);
        inside.runs(&options);
        let terminate = Arc::clone(&options);
        let _guard = cancel.on_cancel(move || {
            // It can only fail for a null pointer, and nobody could be told here.
            let _ = terminate.terminate();
        });
        let given =
            fed.iter().zip(inputs).map(|(index, (name, value))| Ok((*name, feed(&self.ports.inputs[*index], value)?)));
        let given = given.collect::<Result<Vec<_>>>()?;
        let answers = session.run_with_options(given, &*options);
        cancel.check()?;
        let answers = answers.map_err(failed)?;
        outputs.iter().map(|name| answered(name, &answers[*name])).collect()
    }
}

/// The tensor for ONNX Runtime: borrowed if `port` needs no conversion.
fn feed<'a>(port: &Port, value: &'a Value) -> Result<SessionInputValue<'a>> {
    fn owned<T>(shape: &[usize], data: Vec<T>) -> Result<SessionInputValue<'static>>
    where
        T: PrimitiveTensorElementType + std::fmt::Debug + Clone + 'static,
    {
        Ok(ort::value::Tensor::from_array((shape, data)).map_err(failed)?.into())
    }
    match (value, &port.element) {
        (Value::F32(tensor), Some(Element::F16)) => {
            let mut data = vec![f16::ZERO; tensor.data().len()];
            data.convert_from_f32_slice(tensor.data());
            owned(tensor.shape(), data)
        }
        (Value::F32(tensor), _) => {
            Ok(TensorRef::from_array_view((tensor.shape(), tensor.data())).map_err(failed)?.into())
        }
        (Value::I64(tensor), Some(Element::I32)) => {
            let narrow = |&number: &i64| {
                i32::try_from(number).map_err(|_| unfit(format!("the model's input `{port}` cannot hold {number}")))
            };
            owned(tensor.shape(), tensor.data().iter().map(narrow).collect::<Result<Vec<i32>>>()?)
        }
        (Value::I64(tensor), _) => {
            Ok(TensorRef::from_array_view((tensor.shape(), tensor.data())).map_err(failed)?.into())
        }
    }
}

fn answered(name: &str, answer: &DynValue) -> Result<Value> {
    fn read<T: PrimitiveTensorElementType, U>(
        answer: &DynValue,
        convert: impl Fn(&[T]) -> Vec<U>,
    ) -> Result<Tensor<U>> {
        let (shape, data) = answer.try_extract_tensor::<T>().map_err(failed)?;
        Tensor::new(shape.iter().map(|length| usize::try_from(*length).unwrap_or(0)).collect(), convert(data))
    }
    Ok(match answer.dtype().tensor_type() {
        Some(TensorElementType::Float32) => read(answer, <[f32]>::to_vec)?.into(),
        Some(TensorElementType::Float16) => read(answer, <[f16]>::to_f32_vec)?.into(),
        Some(TensorElementType::Int64) => read(answer, <[i64]>::to_vec)?.into(),
        Some(TensorElementType::Int32) => {
            read(answer, |data: &[i32]| data.iter().copied().map(i64::from).collect())?.into()
        }
        _ => {
            let message = format!("the model's output `{name}` is of type {}, which cannot be read", answer.dtype());
            return Err(unfit(message));
        }
    })
}

fn failed(cause: ort::Error) -> Error {
    Error::new(Code::BackendFailed, "ONNX Runtime failed to run the model").because(cause)
}
