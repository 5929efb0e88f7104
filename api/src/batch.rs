use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::path;
use crate::word::words;

/// Many photos through one recipe: what goes in, where results go, and what to do when something is in the way.
///
/// What a batch reads, it never writes to: photos, table, recipe, model files and `protect` stay as they are, whatever name
/// or link leads to them. In JSON, a path that is not Unicode is `{"bytes": "…"}`, in base64.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Batch {
    /// Files, folders and glob patterns.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "path::list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub inputs: Vec<PathBuf>,
    /// A CSV file with a row for each photo: the column `input` (relative to the CSV file), optionally `output` (the name
    /// of the result), and a column for each variable of the recipe that rows set.
    #[serde(skip_serializing_if = "Option::is_none", with = "path::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub table: Option<PathBuf>,
    /// The folder for the results; made if it is missing.
    #[serde(skip_serializing_if = "Option::is_none", with = "path::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub output: Option<PathBuf>,
    /// Whether folders are searched to any depth; results then keep their subfolder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recursive: Option<bool>,
    /// How results are called: text with `{stem}`, `{ext}`, `{folder}` (the input's, below the one that was given) and
    /// `{number}` (the input's place, from 1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What to do where a file that no batch wrote stands in the place of a result, or of the report or the sheet. A result
    /// that was changed since is such a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing: Option<Existing>,
    /// Go on where the batch in this folder was stopped: what is done with the same photo and the same recipe is not done
    /// again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<bool>,
    /// Photos that are worked on at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workers: Option<u32>,
    /// Most bytes that decoded photos and results may take together; a photo waits until there is room for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// How often a photo is tried again when a file, a disk or a network is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// Stop after this many failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_failures: Option<u64>,
    /// Go on watching the folders for new photos until cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<bool>,
    /// A file for the report, as JSON.
    #[serde(skip_serializing_if = "Option::is_none", with = "path::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub report: Option<PathBuf>,
    /// A file for the contact sheet, as HTML: before and after of each photo.
    #[serde(skip_serializing_if = "Option::is_none", with = "path::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub sheet: Option<PathBuf>,
    /// Other files that this call reads, such as a list of photos: nothing is written to them.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "path::list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub protect: Vec<PathBuf>,
}

words! {
    /// What to do where a file that no batch wrote stands in a result's place.
    Existing, "way with existing files", {
        /// Leave it and count the photo as skipped.
        Skip = "skip",
        /// Write over it.
        Replace = "replace",
        /// Give the result another name: `-2`, `-3`, and so on.
        Number = "number",
        /// Count the photo as failed.
        Fail = "fail",
    }
}
