use std::path::PathBuf;

use packshot_api as api;

use crate::error::{Code, Error, Result};
use crate::models::Descriptor;

/// The model that a tool uses.
#[derive(Debug, Clone, Default)]
pub enum ModelChoice {
    /// Packshot's own model for the task, compiled into the library.
    #[default]
    Embedded,
    /// A registry model, by id; it must be on this machine, or the engine must be allowed to download it.
    Id(String),
    /// Any ONNX file, with its descriptor.
    File {
        /// The ONNX file.
        path: PathBuf,
        /// Its inputs and outputs.
        descriptor: DescriptorSource,
    },
}

/// Where the descriptor of a model file comes from.
#[derive(Debug, Clone)]
pub enum DescriptorSource {
    /// The same as that of this registry model.
    Like(String),
    /// Given by the caller.
    Given(Box<Descriptor>),
}

impl ModelChoice {
    pub(crate) fn read(model: &api::Model) -> Result<Self> {
        let api::ModelFile { file, like, descriptor } = match model {
            api::Model::Id(id) => return Ok(Self::Id(id.clone())),
            api::Model::File(file) => file,
        };
        let descriptor = match (like, descriptor) {
            (Some(like), None) => DescriptorSource::Like(like.clone()),
            (None, Some(text)) => DescriptorSource::Given(Box::new(Descriptor::from_toml(text)?)),
            _ => {
                let message =
                    "a model file needs either `like`, the id of a model that works the same, or a `descriptor`";
                return Err(Error::new(Code::OptionInvalid, message).with("option", "model"));
            }
        };
        Ok(Self::File { path: PathBuf::from(file), descriptor })
    }
}
