//! The inputs and outputs that a model declares.

use crate::{Code, Error, Result};

/// The chosen input and output of a model, and the shape that the input must have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ports {
    /// Name of the input that gets the tensor.
    pub(crate) input: String,
    /// Length of each input axis, `None` where the model leaves it open; `None` if it says nothing at all.
    pub(crate) input_shape: Option<Vec<Option<usize>>>,
    /// Name of the output that is returned.
    pub(crate) output: String,
}

/// The port called `wanted`, or the first one; fails with [`Code::ModelShape`] and lists what there is.
pub(crate) fn choose<'a>(kind: &str, names: &[&'a str], wanted: Option<&str>) -> Result<(usize, &'a str)> {
    let index = match wanted {
        Some(wanted) => names.iter().position(|name| *name == wanted),
        None => (!names.is_empty()).then_some(0),
    };
    index.map(|index| (index, names[index])).ok_or_else(|| {
        let wanted = wanted.map_or_else(String::new, |name| format!(" `{name}`"));
        Error::new(Code::ModelShape, format!("the model has no {kind}{wanted}; it has: {}", listed(names)))
    })
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

impl Ports {
    /// Fails with [`Code::ModelShape`] unless a tensor of this shape can be fed to the model.
    pub(crate) fn check(&self, shape: &[usize]) -> Result<()> {
        let Some(declared) = &self.input_shape else { return Ok(()) };
        let fits = declared.len() == shape.len()
            && declared.iter().zip(shape).all(|(declared, actual)| declared.is_none_or(|length| length == *actual));
        if fits {
            return Ok(());
        }
        let axes: Vec<_> =
            declared.iter().map(|axis| axis.map_or_else(|| "?".to_owned(), |length| length.to_string())).collect();
        let message =
            format!("the model's input `{}` has shape [{}], the tensor {shape:?}", self.input, axes.join(", "));
        Err(Error::new(Code::ModelShape, message))
    }
}
