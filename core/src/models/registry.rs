//! The list of known models.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use packshot_api::did_you_mean;
use serde::{Deserialize, Serialize};

use super::checksum::Checksum;
use super::descriptor::{Descriptor, InputSpec, OutputSpec, Tables, UpscaleDescriptor};
use super::fault::{self, KeyFault};
use super::weights::embedded_hash;
use crate::error::{Code, Error, Result};
use crate::network;

const BUILTIN: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/registry.toml"));

/// The models available by id, in the order of their documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Registry {
    models: Vec<ModelEntry>,
}

/// What is known about one model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelEntry {
    /// Its id, which is also the name of its folder in the cache: lower-case letters, digits, `.`, `_` and `-`.
    pub id: String,
    /// What it does.
    pub task: ModelTask,
    /// Its name for people.
    pub title: String,
    /// SPDX expression for the weights.
    pub licence: String,
    /// Whether that licence permits commercial use.
    pub commercial: bool,
    /// What the authors say it was trained on.
    pub training_data: Option<String>,
    /// Page of the authors.
    pub source: Option<String>,
    /// Whether it is compiled into the library; it then has no files.
    pub embedded: bool,
    /// Its files: a backend opens the first, the others are stored beside it. A model that is not published as ONNX has
    /// none: its entry serves as a descriptor for your own files of the same kind.
    pub files: Vec<ModelFile>,
    /// Its input and output formats.
    pub descriptor: Descriptor,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// Name on disk.
    pub name: String,
    /// Where it is downloaded from.
    pub url: String,
    /// Its published hash; a file without one is never used.
    pub checksum: Option<Checksum>,
    /// Its exact size, if published.
    pub bytes: Option<u64>,
    /// The number format of its weights.
    pub precision: Option<Precision>,
}

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ModelTask {
    /// Photo in, matte out.
    RemoveBackground,
    /// Photo in, larger photo out.
    Upscale,
}

/// The number format of a model's weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum Precision {
    Fp32,
    Fp16,
    Int8,
}

impl Registry {
    /// The id of the model for [`ModelTask::RemoveBackground`] that is compiled into the library.
    pub const EMBEDDED: &'static str = "packshot-matte-2";

    /// The ids of the models for [`ModelTask::Upscale`] that are compiled into the library: factor 2 and factor 4.
    pub const EMBEDDED_UPSCALE: [&'static str; 2] = ["packshot-upscale-2x-1", "packshot-upscale-4x-1"];

    /// The models built into Packshot's registry.
    ///
    /// # Errors
    /// None in a released build: the document is part of the library, and a test reads it.
    pub fn builtin() -> Result<Self> {
        Self::parse(BUILTIN, Origin::Builtin)
    }

    /// Your own registry, in the format of `models/registry.toml`.
    ///
    /// # Errors
    /// [`Code::DescriptorInvalid`], with the line and the key.
    pub fn from_toml(document: &str) -> Result<Self> {
        Self::parse(document, Origin::User)
    }

    fn parse(document: &str, origin: Origin) -> Result<Self> {
        let parsed: Document = fault::parse(document)?;
        let mut ids = HashSet::new();
        let mut models = Vec::with_capacity(parsed.model.len());
        for (index, model) in parsed.model.into_iter().enumerate() {
            let id = model.id.clone();
            let entry = model.check(origin).and_then(|entry| match ids.insert(id) {
                true => Ok(entry),
                false => Err(KeyFault::new("id", format!("`{}` appears twice", entry.id))),
            });
            let place = |fault: KeyFault| fault.under(&format!("model[{index}]")).in_document(document);
            models.push(entry.map_err(place)?);
        }
        Ok(Self { models })
    }

    /// Adds the models of `other`.
    ///
    /// # Errors
    /// [`Code::DescriptorInvalid`] if both have the same id: an id never silently changes its meaning.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        if let Some(twice) = other.models.iter().find(|model| self.models.iter().any(|known| known.id == model.id)) {
            let message = format!("the registry already has a model `{}`: give yours another id", twice.id);
            return Err(Error::new(Code::DescriptorInvalid, message));
        }
        self.models.extend(other.models);
        Ok(())
    }

    /// The model called `id`.
    ///
    /// # Errors
    /// [`Code::ModelUnknown`].
    pub fn get(&self, id: &str) -> Result<&ModelEntry> {
        let found = self.models.iter().find(|model| model.id == id);
        found.ok_or_else(|| {
            let ids: Vec<_> = self.models.iter().map(|model| &*model.id).collect();
            let hint = match Path::new(id).extension() {
                Some(extension) if extension.eq_ignore_ascii_case("onnx") => {
                    "; a file needs `like`, the id of a model that works the same, or a `descriptor`".to_owned()
                }
                _ => did_you_mean(id, &ids),
            };
            Error::new(Code::ModelUnknown, format!("there is no model `{id}`{hint}"))
        })
    }

    /// All models.
    pub fn iter(&self) -> std::slice::Iter<'_, ModelEntry> {
        self.models.iter()
    }
}

impl<'a> IntoIterator for &'a Registry {
    type Item = &'a ModelEntry;
    type IntoIter = std::slice::Iter<'a, ModelEntry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl ModelEntry {
    /// The hashes that the model must have to run, as text: of its files, or of the embedded model.
    pub(crate) fn published(&self) -> Vec<String> {
        let own = embedded_hash(&self.id).filter(|_| self.embedded);
        own.into_iter().chain(self.files.iter().filter_map(|file| file.checksum)).map(|hash| hash.to_string()).collect()
    }

    /// Bytes that a download takes, over all files; `None` unless each has a published size.
    #[must_use]
    pub fn download(&self) -> Option<u64> {
        let files = Some(&self.files).filter(|files| !files.is_empty());
        files.and_then(|files| files.iter().map(|file| file.bytes).sum())
    }

    /// Fails for a model that must not, or cannot safely, be used.
    ///
    /// # Errors
    /// [`Code::ModelLicence`] for a non-commercial licence unless `allow_noncommercial`;
    /// [`Code::ModelUnverifiable`] if a file has no hash, or if the model has no files.
    pub fn permit(&self, allow_noncommercial: bool) -> Result<()> {
        if !self.commercial && !allow_noncommercial {
            let message = format!("the licence of `{}` does not permit commercial use", self.id);
            return Err(Error::new(Code::ModelLicence, message).with("licence", &self.licence));
        }
        if self.files.is_empty() && !self.embedded {
            let message =
                format!("`{}` is not published as an ONNX file: load your own copy, like `{}`", self.id, self.id);
            return Err(Error::new(Code::ModelUnverifiable, message));
        }
        match self.files.iter().find(|file| file.checksum.is_none()) {
            Some(file) => {
                let message = format!("the registry gives no hash for `{}` of model `{}`", file.name, self.id);
                Err(Error::new(Code::ModelUnverifiable, message))
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for ModelTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RemoveBackground => "remove_background",
            Self::Upscale => "upscale",
        })
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fp32 => "fp32",
            Self::Fp16 => "fp16",
            Self::Int8 => "int8",
        })
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Origin {
    Builtin,
    User,
}

/// The document as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    model: Vec<ModelTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelTable {
    id: String,
    task: ModelTask,
    title: String,
    licence: String,
    commercial: bool,
    training_data: Option<String>,
    source: Option<String>,
    #[serde(default)]
    embedded: bool,
    #[serde(default)]
    files: Vec<FileTable>,
    input: Option<InputSpec>,
    output: Option<OutputSpec>,
    upscale: Option<UpscaleDescriptor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTable {
    name: String,
    url: String,
    sha256: Option<String>,
    md5: Option<String>,
    bytes: Option<u64>,
    precision: Option<Precision>,
}

impl ModelTable {
    fn check(self, origin: Origin) -> Result<ModelEntry, KeyFault> {
        let id_char = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "._-".contains(char);
        if self.id.is_empty() || self.id.starts_with('.') || !self.id.chars().all(id_char) {
            return Err(KeyFault::new(
                "id",
                "must be lower-case letters, digits, `.`, `_` and `-`, and not begin with `.`",
            ));
        }
        for (key, text) in [("title", &self.title), ("licence", &self.licence)] {
            if text.trim().is_empty() {
                return Err(KeyFault::new(key, "must not be empty"));
            }
        }
        if self.embedded && origin == Origin::User {
            return Err(KeyFault::new("embedded", "is only for models inside the library"));
        }
        if self.embedded && !self.files.is_empty() {
            return Err(KeyFault::new("files", "must be absent where `embedded` is true"));
        }
        if !self.embedded && self.files.is_empty() && origin == Origin::User {
            return Err(KeyFault::new("files", "must name at least one file"));
        }
        let mut names = HashSet::new();
        let mut files = Vec::with_capacity(self.files.len());
        for (index, file) in self.files.into_iter().enumerate() {
            let name = file.name.to_lowercase();
            let file = file.check().and_then(|file| match names.insert(name) {
                true => Ok(file),
                false => Err(KeyFault::new("name", "appears twice in this model")),
            });
            files.push(file.map_err(|fault| fault.under(&format!("files[{index}]")))?);
        }
        let descriptor = Tables { input: self.input, output: self.output, upscale: self.upscale }.check()?;
        if descriptor.task() != self.task {
            return Err(KeyFault::new("task", format!("is not that of the descriptor, {}", descriptor.task())));
        }
        Ok(ModelEntry {
            id: self.id,
            task: self.task,
            title: self.title,
            licence: self.licence,
            commercial: self.commercial,
            training_data: self.training_data,
            source: self.source,
            embedded: self.embedded,
            files,
            descriptor,
        })
    }
}

impl FileTable {
    fn check(self) -> Result<ModelFile, KeyFault> {
        // The store creates files with these endings beside the model's own.
        let taken = [".part", ".lock"].iter().any(|ending| self.name.ends_with(ending));
        let strange = |char: char| char.is_control() || r#"/\:*?"<>|"#.contains(char);
        if self.name.is_empty() || self.name.starts_with('.') || taken || self.name.contains(strange) {
            return Err(KeyFault::new("name", "must be a plain file name, without a folder"));
        }
        if !network::is_safe(&self.url) {
            return Err(KeyFault::new("url", "must be an https address, or http on this machine"));
        }
        if self.bytes == Some(0) {
            return Err(KeyFault::new("bytes", "must be above 0"));
        }
        let checksum = match (&self.sha256, &self.md5) {
            (Some(_), Some(_)) => return Err(KeyFault::new("md5", "must be absent where `sha256` is given")),
            (Some(hex), None) => {
                let checksum = Checksum::sha256(hex);
                Some(checksum.ok_or_else(|| KeyFault::new("sha256", "must be 64 hexadecimal digits"))?)
            }
            (None, Some(hex)) => {
                let checksum = Checksum::md5(hex);
                Some(checksum.ok_or_else(|| KeyFault::new("md5", "must be 32 hexadecimal digits"))?)
            }
            (None, None) => None,
        };
        Ok(ModelFile { name: self.name, url: self.url, checksum, bytes: self.bytes, precision: self.precision })
    }
}
