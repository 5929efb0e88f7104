//! Sessions of rten.

use std::sync::Arc;

use ::rten::{DataType, Dimension, Model, NodeId, RunError, RunErrorKind, RunOptions, ThreadPool, Value, ValueType};
use rten_tensor::Layout;

use super::lanes::Lanes;
use super::ports::choose;
use super::{ModelData, Ports, Session, Tensor};
use crate::{CancelToken, Code, Error, Result};

pub(crate) struct RtenSession {
    model: Model,
    input: NodeId,
    output: NodeId,
    ports: Ports,
    lanes: Lanes<Arc<ThreadPool>>,
}

impl RtenSession {
    /// `shape`: runs at once, and threads for each.
    pub(crate) fn open(
        data: ModelData<'_>,
        input: Option<&str>,
        output: Option<&str>,
        shape: (usize, usize),
    ) -> Result<Self> {
        let model = match data {
            ModelData::Embedded(bytes) => Model::load_static_slice(bytes),
            ModelData::Bytes(bytes) => Model::load(bytes.to_vec()),
            ModelData::File(path) => Model::load_file(path),
        }
        .map_err(|cause| Error::new(Code::ModelInvalid, "rten cannot load the model").because(cause))?;

        let inputs = names(&model, model.input_ids());
        let outputs = names(&model, model.output_ids());
        let (input_index, input) = choose("input", &inputs, input)?;
        let (output_index, output) = choose("output", &outputs, output)?;
        let (input_id, output_id) = (model.input_ids()[input_index], model.output_ids()[output_index]);
        for (name, id) in [(input, input_id), (output, output_id)] {
            let dtype = model.node_info(id).and_then(|node| node.dtype());
            if dtype.is_some_and(|dtype| dtype != ValueType::Tensor(DataType::Float)) {
                let message = format!("`{name}` is not a tensor of floating point numbers");
                return Err(Error::new(Code::ModelShape, message));
            }
        }
        let ports = Ports {
            input: input.to_owned(),
            input_shape: model.input_shape(input_index).map(|axes| axes.iter().map(fixed).collect()),
            output: output.to_owned(),
        };
        let (lanes, threads) = shape;
        let lanes = Lanes::new((0..lanes).map(|_| Arc::new(ThreadPool::with_num_threads(threads))));
        Ok(Self { input: input_id, output: output_id, ports, lanes, model })
    }
}

fn names<'a>(model: &'a Model, ids: &[NodeId]) -> Vec<&'a str> {
    ids.iter().map(|id| model.node_info(*id).and_then(|node| node.name()).unwrap_or_default()).collect()
}

fn fixed(axis: &Dimension) -> Option<usize> {
    match axis {
        Dimension::Fixed(length) => Some(*length),
        Dimension::Symbolic(_) => None,
    }
}

impl Session for RtenSession {
    fn run(&self, input: Tensor, cancel: &CancelToken) -> Result<Tensor> {
        self.ports.check(input.shape())?;
        cancel.check()?;
        let shape = input.shape().to_vec();
        let value = Value::from_shape(shape, input.into_data())
            .map_err(|cause| Error::new(Code::Internal, "rten does not take the tensor").because(cause))?;
        let lane = self.lanes.pick();
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&lane)));
        let [output] =
            self.model.run_n(vec![(self.input, value.into())], [self.output], Some(options)).map_err(failed)?;
        cancel.check()?;
        let output: rten_tensor::Tensor<f32> = output
            .try_into()
            .map_err(|cause| Error::new(Code::ModelShape, "the output is not of type float32").because(cause))?;
        Tensor::new(output.shape().to_vec(), output.into_data())
    }
}

fn failed(cause: RunError) -> Error {
    let code = match cause.kind() {
        RunErrorKind::InvalidInput | RunErrorKind::NodeNotFound => Code::ModelShape,
        _ => Code::BackendFailed,
    };
    Error::new(code, "rten failed to run the model").because(cause)
}
