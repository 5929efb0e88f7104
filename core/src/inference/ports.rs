//! The inputs and outputs that a model declares.

use std::fmt;

use super::Value;
use crate::error::{Code, Error, Result};

/// The inputs and outputs of a model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ports {
    pub(super) inputs: Vec<Port>,
    pub(super) outputs: Vec<Port>,
}

/// One input or output.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Port {
    pub(super) name: String,
    /// `None` if the model does not say.
    pub(super) element: Option<Element>,
    /// Length of each axis, `None` for a dynamic one; `None` if the model declares no shape.
    pub(super) shape: Option<Vec<Option<usize>>>,
}

/// The type of a port's elements.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Element {
    F32,
    #[cfg_attr(not(feature = "ort-dynamic"), allow(dead_code, reason = "rten reads it as F32"))]
    F16,
    #[cfg_attr(not(feature = "ort-dynamic"), allow(dead_code, reason = "rten reads it as I32"))]
    I64,
    I32,
    /// An unsupported type, in the backend's words.
    Other(String),
}

impl Element {
    /// Whether the session can convert between `value` and this.
    fn takes(&self, value: &Value) -> bool {
        match self {
            Self::F32 | Self::F16 => matches!(value, Value::F32(_)),
            Self::I64 | Self::I32 => matches!(value, Value::I64(_)),
            Self::Other(_) => false,
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::I64 => "i64",
            Self::I32 => "i32",
            Self::Other(name) => name,
        })
    }
}

/// `image f32 [1, 3, ?, ?]`, without what the model does not declare.
impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(element) = &self.element {
            write!(f, " {element}")?;
        }
        let Some(shape) = &self.shape else { return Ok(()) };
        let axes: Vec<_> = shape.iter().map(|axis| axis.map_or_else(|| "?".to_owned(), |n| n.to_string())).collect();
        write!(f, " [{}]", axes.join(", "))
    }
}

impl Port {
    fn check(&self, value: &Value) -> Result<()> {
        if self.element.as_ref().is_some_and(|element| !element.takes(value)) {
            let given = if matches!(value, Value::F32(_)) { "f32" } else { "i64" };
            return Err(unfit(format!("the model's input is `{self}`, which does not take {given}")));
        }
        let Some(declared) = &self.shape else { return Ok(()) };
        let given = value.shape();
        let fits = declared.len() == given.len()
            && declared.iter().zip(given).all(|(declared, given)| declared.is_none_or(|length| length == *given));
        match fits {
            true => Ok(()),
            false => Err(unfit(format!("the model's input is `{self}`; the tensor has shape {given:?}"))),
        }
    }
}

impl Ports {
    /// The names of the input and the output of an image-to-image model: those in `wanted`, or the first of each.
    ///
    /// Fails with [`Code::ModelShape`], listing the ports, if there is no such port or it does not hold floats.
    pub(crate) fn picture(&self, wanted: (Option<&str>, Option<&str>)) -> Result<(&str, &str)> {
        let choose = |kind, ports: &'_ [Port], wanted: Option<&str>| {
            let index = wanted.map_or(Ok(0), |name| find(kind, ports, name))?;
            let port = ports.get(index).ok_or_else(|| unfit(format!("the model has no {kind}")))?;
            match &port.element {
                Some(Element::F32 | Element::F16) | None => Ok(index),
                Some(_) => Err(unfit(format!("the model's {kind} `{port}` holds no samples of a picture"))),
            }
        };
        let (input, output) = (choose("input", &self.inputs, wanted.0)?, choose("output", &self.outputs, wanted.1)?);
        Ok((&self.inputs[input].name, &self.outputs[output].name))
    }

    /// Resolves the names of a run's ports to positions.
    ///
    /// Fails with [`Code::ModelShape`], listing the ports, for a port that is unknown, repeated or missing, and for a
    /// tensor of another type or shape than its port.
    pub(super) fn resolve(&self, inputs: &[(&str, &Value)], outputs: &[&str]) -> Result<(Vec<usize>, Vec<usize>)> {
        let mut fed = Vec::with_capacity(inputs.len());
        for (name, value) in inputs {
            let index = find("input", &self.inputs, name)?;
            if fed.contains(&index) {
                return Err(unfit(format!("the model's input `{name}` is given twice")));
            }
            self.inputs[index].check(value)?;
            fed.push(index);
        }
        if let Some((_, missing)) = self.inputs.iter().enumerate().find(|(index, _)| !fed.contains(index)) {
            return Err(unfit(format!("the model also needs its input `{missing}`")));
        }
        let read = outputs.iter().map(|name| find("output", &self.outputs, name)).collect::<Result<_>>()?;
        Ok((fed, read))
    }
}

fn find(kind: &str, ports: &[Port], name: &str) -> Result<usize> {
    ports.iter().position(|port| port.name == name).ok_or_else(|| {
        let there: Vec<_> = ports.iter().map(Port::to_string).collect();
        let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        unfit(format!("the model has no {kind} `{name}`; it has: {there}"))
    })
}

pub(super) fn unfit(message: String) -> Error {
    Error::new(Code::ModelShape, message)
}
