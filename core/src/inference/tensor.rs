//! Inputs and outputs of models.

use crate::error::{Code, Error, Result};

/// A dense, row-major array.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tensor<T = f32> {
    shape: Vec<usize>,
    data: Vec<T>,
}

/// A tensor of floats or of integers. The session converts between these and the type of a port: f16 and f32, i32 and
/// i64.
///
/// A session borrows its inputs, so an output can be fed to later runs without a copy.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    F32(Tensor),
    I64(Tensor<i64>),
}

impl<T> Tensor<T> {
    /// Fails with [`Code::Internal`] unless `data` has exactly as many elements as `shape` says; an empty shape has
    /// one.
    pub(crate) fn new(shape: Vec<usize>, data: Vec<T>) -> Result<Self> {
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

    pub(crate) fn data(&self) -> &[T] {
        &self.data
    }

    pub(crate) fn into_data(self) -> Vec<T> {
        self.data
    }
}

impl Tensor {
    /// The tensor with the order of one axis reversed.
    pub(crate) fn reversed(&self, axis: usize) -> Self {
        let length = self.shape[axis];
        let inner: usize = self.shape[axis + 1..].iter().product();
        let mut data = Vec::with_capacity(self.data.len());
        for block in self.data.chunks_exact(length * inner) {
            block.rchunks_exact(inner).for_each(|row| data.extend_from_slice(row));
        }
        Self { shape: self.shape.clone(), data }
    }

    /// The element-wise mean of two tensors; fails with [`Code::Internal`] if their shapes differ.
    pub(crate) fn mean(mut self, other: &Self) -> Result<Self> {
        if self.shape != other.shape {
            let message = format!("tensors of shape {:?} and {:?} have no mean", self.shape, other.shape);
            return Err(Error::new(Code::Internal, message));
        }
        self.data.iter_mut().zip(&other.data).for_each(|(a, b)| *a = (*a + b) / 2.0);
        Ok(self)
    }
}

impl Value {
    pub(crate) fn shape(&self) -> &[usize] {
        match self {
            Self::F32(tensor) => tensor.shape(),
            Self::I64(tensor) => tensor.shape(),
        }
    }

    /// The floats; fails with [`Code::ModelShape`] for integers, which are ids and not samples.
    pub(crate) fn into_f32(self) -> Result<Tensor> {
        match self {
            Self::F32(tensor) => Ok(tensor),
            Self::I64(_) => Err(Error::new(Code::ModelShape, "the model's answer holds whole numbers, not f32")),
        }
    }
}

impl From<Tensor> for Value {
    fn from(tensor: Tensor) -> Self {
        Self::F32(tensor)
    }
}

impl From<Tensor<i64>> for Value {
    fn from(tensor: Tensor<i64>) -> Self {
        Self::I64(tensor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reversing_an_axis_turns_each_row_round() {
        let tensor = Tensor::new(vec![1, 2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        assert_eq!(tensor.reversed(2).data(), [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
        assert_eq!(tensor.reversed(1).data(), [4.0, 5.0, 6.0, 1.0, 2.0, 3.0]);
        assert_eq!(tensor.reversed(2).mean(&tensor).unwrap().data(), [2.0, 2.0, 2.0, 5.0, 5.0, 5.0]);
        assert!(tensor.mean(&Tensor::new(vec![6], vec![0.0; 6]).unwrap()).is_err());
    }
}
