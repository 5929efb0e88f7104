//! One ONNX session interface over two backends: ONNX Runtime (fast, loaded at run time) and rten (pure Rust,
//! always there).
//!
//! A [`Session`] is made once per model and shared. Tensors are dense `f32`, row-major.

mod tensor;

pub(crate) use tensor::Tensor;
