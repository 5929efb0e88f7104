use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use packshot_api::{self as api, DocumentFault, Estimate, Template, choices};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Plan, Preset, fault, preset};
use crate::digest::hex;
use crate::error::{Code, Error, Result};
use crate::file;
use crate::photo::{DecodeOptions, Limits, Photo, Samples, Source};
use crate::tools::Pictures;

/// Largest file that is read; a long recipe has a few thousand bytes.
const MOST_BYTES: u64 = 1 << 20;

/// A recipe that was completely checked when it was read. Clones are cheap and share everything.
///
/// ```
/// use packshot::Recipe;
///
/// let recipe = Recipe::preset("white-background")?.with("background", "#eee")?;
/// assert_eq!(recipe.variables()["background"], "#eee");
/// # Ok::<(), packshot::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Recipe {
    text: Option<Arc<Text>>,
    set: BTreeMap<String, String>,
    data: Arc<api::Recipe>,
    plan: Arc<Plan>,
    pictures: Option<Arc<Pixels>>,
}

/// Pictures given beside the text.
#[derive(Debug)]
struct Pixels {
    pictures: Pictures,
    /// SHA-256 of their pixels or files.
    digest: String,
}

/// The source of a recipe.
#[derive(Debug)]
struct Text {
    /// As it was written.
    source: String,
    template: Template,
    /// The folder that paths are relative to; `None` is the working folder.
    folder: Option<PathBuf>,
    /// Its file.
    file: Option<PathBuf>,
}

/// A recipe as text for another process.
#[derive(Serialize, Deserialize)]
struct Packed {
    text: String,
    folder: Option<String>,
    set: BTreeMap<String, String>,
}

impl Recipe {
    /// Parses a recipe in TOML or JSON (which begins with `{`). Variables have their defaults. Paths of models and
    /// pictures are relative to the working folder.
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`]: the message names the key, and the context has the `line`.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text, None, None)
    }

    /// Reads the recipe in the file at `path`. Paths of models and pictures in it are relative to the folder of the
    /// file.
    ///
    /// # Errors
    /// [`Code::FileMissing`], [`Code::FileUnreadable`], [`Code::LimitBytes`] above 1 MiB, and those of
    /// [`parse`](Self::parse), with the `file`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = file::read_bounded(path, MOST_BYTES)?;
        let text = String::from_utf8(bytes).map_err(|cause| {
            let line =
                cause.as_bytes()[..cause.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            let message = "the recipe is not UTF-8 text; save it as UTF-8";
            Error::new(Code::RecipeInvalid, message).with("line", line).because(cause).at(path)
        })?;
        let folder = path.parent().map(Path::to_owned);
        Self::read(&text, folder, Some(path.to_owned())).map_err(|error| error.at(path))
    }

    /// A recipe that comes with the library, such as `white-background`; see [`presets`](Self::presets).
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`], with the names of all presets.
    pub fn preset(name: &str) -> Result<Self> {
        let text = preset::text(name).ok_or_else(|| {
            let hint = match Path::new(name).extension() {
                Some(_) => "; if it is a file, open it as one".to_owned(),
                None => choices(name, &preset::names()),
            };
            let message = format!("there is no preset `{name}`{hint}");
            Error::new(Code::RecipeInvalid, message)
        })?;
        Self::parse(text)
    }

    /// The recipes that come with the library.
    #[must_use]
    pub fn presets() -> Vec<Preset> {
        preset::all()
    }

    /// A recipe as data. It has no variables. Paths of models and pictures are relative to the working folder.
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`], with the key.
    pub fn new(data: api::Recipe) -> Result<Self> {
        data.check().map_err(|fault| fault::error(&fault))?;
        let plan = Plan::read(&data).map_err(|fault| fault::error(&fault))?;
        Ok(Self { text: None, set: BTreeMap::new(), data: Arc::new(data), plan: Arc::new(plan), pictures: None })
    }

    fn read(text: &str, folder: Option<PathBuf>, file: Option<PathBuf>) -> Result<Self> {
        let template = Template::parse(text).map_err(|fault| fault::error(&fault))?;
        Self::filled(Arc::new(Text { source: text.to_owned(), template, folder, file }), BTreeMap::new())
    }

    fn filled(text: Arc<Text>, set: BTreeMap<String, String>) -> Result<Self> {
        let read = || -> Result<(api::Recipe, Plan), DocumentFault> {
            let data = text.template.recipe(&set)?;
            let plan = match &text.folder {
                Some(folder) => Plan::read(&text.template.recipe_beside(folder, &set)?),
                None => Plan::read(&data),
            };
            Ok((data, plan.map_err(|fault| text.template.placed(fault))?))
        };
        let (data, plan) = read().map_err(|fault| fault::error(&fault))?;
        Ok(Self { text: Some(text), set, data: Arc::new(data), plan: Arc::new(plan), pictures: None })
    }

    /// The recipe with pictures for its cut-outs: a mask, a trimap, a background. They count in its
    /// [`hash`](Self::hash) by their content, and are not part of its text.
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`] if the recipe has no cut-out; those of
    /// [`RemoveBackground::read`](crate::RemoveBackground::read).
    pub fn with_pictures(&self, pictures: &Pictures) -> Result<Self> {
        let Some(plan) = self.plan.with_pictures(&pictures.decoded(&DecodeOptions::new())?)? else {
            return Err(Error::new(Code::RecipeInvalid, "the recipe has no cut-out that could use a picture"));
        };
        let digests = pictures.sources().map(|source| source.map(digest).transpose());
        let digests = digests.into_iter().map(|digest| Ok(digest?.unwrap_or_default())).collect::<Result<Vec<_>>>()?;
        let pixels = Pixels { pictures: pictures.clone(), digest: digests.join(" ") };
        Ok(Self { plan: Arc::new(plan), pictures: Some(Arc::new(pixels)), ..self.clone() })
    }

    /// The files of the recipe: its own, those of models, those of pictures.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let given = self.pictures.iter().flat_map(|pixels| pixels.pictures.files().map(Path::to_owned));
        let own = self.text.iter().filter_map(|text| text.file.clone());
        own.chain(self.plan.files()).chain(given).collect()
    }

    /// The recipe with another value for a variable.
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`] for a variable that the recipe does not have, for text where its default is a number or
    /// a truth value, and for a value that the options do not take.
    pub fn with(&self, name: impl Into<String>, value: impl Into<String>) -> Result<Self> {
        self.with_all([(name, value)])
    }

    /// The recipe with other values for several variables at once; the rest stay as they are.
    ///
    /// # Errors
    /// Those of [`with`](Self::with).
    pub fn with_all(&self, values: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Result<Self> {
        let mut set = self.set.clone();
        set.extend(values.into_iter().map(|(name, value)| (name.into(), value.into())));
        let filled = match &self.text {
            Some(text) => Self::filled(Arc::clone(text), set)?,
            None if set.is_empty() => return Ok(self.clone()),
            None => return Err(Error::new(Code::RecipeInvalid, "a recipe that was given as data has no variables")),
        };
        match &self.pictures {
            Some(pixels) => filled.with_pictures(&pixels.pictures),
            None => Ok(filled),
        }
    }

    /// Every variable with its value, as text.
    #[must_use]
    pub fn variables(&self) -> BTreeMap<String, String> {
        let defaults = self.text.iter().flat_map(|text| text.template.variables());
        let mut values: BTreeMap<_, _> = defaults.map(|(name, value)| (name.to_owned(), value)).collect();
        values.extend(self.set.clone());
        values
    }

    /// Its name for people.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.data.name.as_deref()
    }

    /// What it is for.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.data.description.as_deref()
    }

    /// The recipe as data, with values in the place of variables.
    #[must_use]
    pub fn data(&self) -> &api::Recipe {
        &self.data
    }

    /// The recipe as TOML, with values in the place of variables.
    #[must_use]
    pub fn to_toml(&self) -> String {
        self.data.to_toml()
    }

    /// The recipe as JSON, with values in the place of variables.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.data.to_json()
    }

    /// Serializes the recipe for another process, to be read by [`unpack`](Self::unpack): its text, the values of its
    /// variables, and the folder of its file. The same text in the same folder with the same values gives the same
    /// output.
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`] if it has pictures, which cannot be written as text; [`Code::Internal`].
    pub fn pack(&self) -> Result<String> {
        if self.pictures.is_some() {
            return Err(Error::new(Code::RecipeInvalid, "a recipe with pictures cannot be packed as text"));
        }
        let folder = self.text.iter().find_map(|text| text.folder.as_deref());
        // Another process may work in another folder.
        let folder = folder.map(|folder| absolute(folder).to_string_lossy().into_owned());
        let text = self.text.as_ref().map_or_else(|| self.to_json(), |text| text.source.clone());
        let packed = Packed { text, folder, set: self.set.clone() };
        serde_json::to_string(&packed)
            .map_err(|cause| Error::new(Code::Internal, "the recipe cannot be packed").because(cause))
    }

    /// Reads what [`pack`](Self::pack) wrote.
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`] if the text is of another version, or not a packed recipe.
    pub fn unpack(packed: &str) -> Result<Self> {
        let Packed { text, folder, set } = serde_json::from_str(packed)
            .map_err(|cause| Error::new(Code::RecipeInvalid, "this is not a packed recipe").because(cause))?;
        Self::read(&text, folder.map(PathBuf::from), None)?.with_all(set)
    }

    /// SHA-256 of everything that determines the result, as 64 hexadecimal digits: the same for recipes with the same
    /// steps and options, in TOML or JSON, whatever their names. Files of models and pictures count by their paths as
    /// written, not by their content.
    #[must_use]
    pub fn hash(&self) -> String {
        let hash = Sha256::new().chain_update(self.data.canonical());
        hex(match &self.pictures {
            Some(pixels) => hash.chain_update(&pixels.digest),
            None => hash,
        })
    }

    /// Estimates what each step makes of a photo of this width and height, in pixels, and what it costs; see
    /// [`api::Recipe::estimate`].
    pub fn estimate(
        &self,
        photo: (u32, u32),
        price: impl FnMut(&api::Step, (u32, u32), (u32, u32)) -> u64,
    ) -> Estimate {
        self.data.estimate(photo, price)
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }
}

/// SHA-256 of a file, or of a photo's samples and form.
fn digest(source: &Source) -> Result<String> {
    Ok(match source {
        Source::Path(path) => hex(Sha256::new().chain_update(file::read_bounded(path, Limits::default().max_bytes)?)),
        Source::Bytes(bytes) => hex(Sha256::new().chain_update(bytes)),
        Source::Photo(photo) => hex(digest_of_pixels(photo)),
    })
}

fn digest_of_pixels(photo: &Photo) -> Sha256 {
    let facts = format!("{} {} {:?} {:?} ", photo.width(), photo.height(), photo.channels(), photo.depth());
    let hash = Sha256::new().chain_update(facts).chain_update(photo.profile().unwrap_or_default());
    match photo.samples() {
        Samples::U8(samples) => hash.chain_update(samples),
        Samples::U16(samples) => samples.iter().fold(hash, |hash, sample| hash.chain_update(sample.to_le_bytes())),
    }
}

/// Makes a folder absolute; an empty one is the working folder.
fn absolute(folder: &Path) -> PathBuf {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    std::path::absolute(here).unwrap_or_else(|_| folder.to_owned())
}
