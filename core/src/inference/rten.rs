//! Sessions of rten. It computes in f32 and i32, whatever a model declares: f16 and i64 are converted as it loads.

use std::sync::Arc;

use ::rten::{
    DataType, Dimension, Model, NodeId, RunError, RunErrorKind, RunOptions, ThreadPool, Value as Answer, ValueOrView,
    ValueType, ValueView,
};
use rten_tensor::Layout;

use super::lanes::Lanes;
use super::ports::{Element, Port, unfit};
use super::{ModelData, Ports, Session, Tensor, Value};
use crate::error::{Code, Error, Result};
use crate::run::CancelToken;

pub(crate) struct RtenSession {
    model: Model,
    ports: Ports,
    lanes: Lanes<Arc<ThreadPool>>,
}

impl RtenSession {
    /// Opens a session for `lanes` concurrent runs with `threads` threads each.
    pub(crate) fn open(data: ModelData<'_>, (lanes, threads): (usize, usize)) -> Result<Self> {
        let model = match data {
            ModelData::Embedded(bytes) => Model::load_static_slice(bytes),
            ModelData::Bytes(bytes) => Model::load(bytes.to_vec()),
            ModelData::File(path) => Model::load_file(path),
        }
        .map_err(|cause| Error::new(Code::ModelInvalid, "rten cannot load the model").because(cause))?;
        let ports = |ids: &[NodeId]| ids.iter().map(|id| port(&model, *id)).collect();
        let ports = Ports { inputs: ports(model.input_ids()), outputs: ports(model.output_ids()) };
        let lanes = Lanes::new((0..lanes).map(|_| Arc::new(ThreadPool::with_num_threads(threads))));
        Ok(Self { ports, lanes, model })
    }
}

fn port(model: &Model, id: NodeId) -> Port {
    let info = model.node_info(id);
    let axis = |axis: &Dimension| match axis {
        Dimension::Fixed(length) => Some(*length),
        Dimension::Symbolic(_) => None,
    };
    let shape = info.as_ref().and_then(|info| info.shape());
    Port {
        name: info.as_ref().and_then(|info| info.name()).unwrap_or_default().to_owned(),
        element: info.as_ref().and_then(|info| info.dtype()).map(|dtype| match dtype {
            ValueType::Tensor(DataType::Float) => Element::F32,
            ValueType::Tensor(DataType::Int32) => Element::I32,
            other => Element::Other(format!("{other:?}")),
        }),
        shape: shape.map(|axes| axes.iter().map(axis).collect()),
    }
}

impl Session for RtenSession {
    fn ports(&self) -> &Ports {
        &self.ports
    }

    fn run(&self, inputs: &[(&str, &Value)], outputs: &[&str], cancel: &CancelToken) -> Result<Vec<Value>> {
        let (fed, read) = self.ports.resolve(inputs, outputs)?;
        cancel.check()?;
        let ids = self.model.input_ids();
        let given = fed.iter().zip(inputs).map(|(port, (name, value))| Ok((ids[*port], feed(name, value)?)));
        let given = given.collect::<Result<Vec<_>>>()?;
        let ids = self.model.output_ids();
        let wanted: Vec<_> = read.iter().map(|port| ids[*port]).collect();
        let lane = self.lanes.pick();
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&lane)));
        let answers = self.model.run(given, &wanted, Some(options)).map_err(failed)?;
        cancel.check()?;
        answers.into_iter().zip(outputs).map(|(answer, name)| answered(name, answer)).collect()
    }
}

fn feed<'a>(name: &str, value: &'a Value) -> Result<ValueOrView<'a>> {
    match value {
        Value::F32(tensor) => {
            ValueView::from_shape(tensor.shape(), tensor.data()).map(ValueOrView::View).map_err(refused)
        }
        Value::I64(tensor) => {
            let narrow = |&number: &i64| {
                let message = || format!("rten computes with 32 bits, and the input `{name}` holds {number}");
                i32::try_from(number).map_err(|_| unfit(message()))
            };
            let data = tensor.data().iter().map(narrow).collect::<Result<Vec<i32>>>()?;
            Answer::from_shape(tensor.shape(), data).map(ValueOrView::Value).map_err(refused)
        }
    }
}

fn refused(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(Code::Internal, "rten does not take the tensor").because(cause)
}

fn answered(name: &str, answer: Answer) -> Result<Value> {
    match answer {
        Answer::FloatTensor(tensor) => Ok(Tensor::new(tensor.shape().to_vec(), tensor.into_data())?.into()),
        Answer::Int32Tensor(tensor) => {
            let shape = tensor.shape().to_vec();
            Ok(Tensor::new(shape, tensor.into_data().into_iter().map(i64::from).collect())?.into())
        }
        other => {
            Err(unfit(format!("the model's output `{name}` is of type {:?}, which cannot be read", other.dtype())))
        }
    }
}

fn failed(cause: RunError) -> Error {
    let code = match cause.kind() {
        RunErrorKind::InvalidInput | RunErrorKind::NodeNotFound => Code::ModelShape,
        _ => Code::BackendFailed,
    };
    Error::new(code, "rten failed to run the model").because(cause)
}
