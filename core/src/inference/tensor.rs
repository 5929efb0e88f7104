use crate::{Code, Error, Result};

/// A dense, row-major array of `f32`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tensor {
    shape: Vec<usize>,
    data: Vec<f32>,
}

impl Tensor {
    /// Fails with [`Code::Internal`] unless `data` has exactly as many elements as `shape` says.
    pub(crate) fn new(shape: Vec<usize>, data: Vec<f32>) -> Result<Self> {
        let elements: usize = shape.iter().product();
        if elements != data.len() {
            let message = format!("a tensor of shape {shape:?} needs {elements} elements, not {}", data.len());
            return Err(Error::new(Code::Internal, message));
        }
        Ok(Self { shape, data })
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(crate) fn data(&self) -> &[f32] {
        &self.data
    }

    pub(crate) fn into_data(self) -> Vec<f32> {
        self.data
    }
}
