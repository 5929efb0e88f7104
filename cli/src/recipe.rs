//! `packshot recipe …`

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use packshot::api::path_text;
use packshot::{Code, Error, Recipe, Result, api};
use serde_json::json;

use crate::exit;
use crate::say::Voice;

#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// List the presets and what they make
    List,
    /// Print a preset or a file: a starting point for your own recipe
    ///
    /// Prints the text unchanged, with its variables. With --toml, --json or --set, variables are replaced by their
    /// values.
    Show(Show),
    /// Check recipes, and report errors with line and key
    Check {
        /// Files or presets
        #[arg(required = true, value_name = "FILE|NAME")]
        recipes: Vec<PathBuf>,
    },
    /// Print the JSON Schema of recipes, for completion and checks in editors
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) recipe: PathBuf,
    /// As TOML, with variables replaced by their values
    #[arg(long)]
    pub(crate) toml: bool,
    /// Set a variable
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    pub(crate) set: Vec<(String, String)>,
}

/// Parses a variable and its value.
pub(crate) fn assignment(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.trim().is_empty());
    let (name, value) = pair.ok_or("write NAME=VALUE, such as background=white")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

pub(crate) fn run(action: &Action, voice: Voice) -> Result<u8> {
    match action {
        Action::List => list(voice),
        Action::Show(args) => return show(args, voice),
        Action::Check { recipes } => return Ok(check(recipes, voice)),
        Action::Schema => voice.document(api::RECIPE_SCHEMA),
    }
    Ok(exit::DONE)
}

fn list(voice: Voice) {
    let presets = Recipe::presets();
    let width = presets.iter().map(|preset| preset.name.len()).max().unwrap_or_default();
    for preset in presets {
        voice.event(&json!({ "event": "preset", "name": preset.name, "description": preset.description }));
        voice.text(&format!("{:width$}  {}", preset.name, preset.description));
    }
}

/// Loads a recipe by the name of a preset, or else from a file.
pub(crate) fn load(path: &Path) -> Result<Recipe> {
    match path.to_str() {
        Some(name) if is_preset(name) => Recipe::preset(name),
        // Most likely a preset was meant; its error names them all.
        Some(name) if !name.contains(['/', '\\', '.']) && !path.exists() => Recipe::preset(name),
        _ => Recipe::open(path),
    }
}

fn is_preset(name: &str) -> bool {
    Recipe::presets().iter().any(|preset| preset.name == name)
}

fn show(args: &Show, voice: Voice) -> Result<u8> {
    let recipe = load(&args.recipe)?.with_all(args.set.clone())?;
    if voice.json {
        voice.document(&recipe.to_json());
    } else if args.toml || !args.set.is_empty() {
        voice.document(&recipe.to_toml());
    } else {
        voice.document(&text(&args.recipe)?);
    }
    Ok(exit::DONE)
}

/// The text of a preset or a file that was already read.
fn text(path: &Path) -> Result<String> {
    if let Some(preset) = Recipe::presets().into_iter().find(|preset| Path::new(preset.name) == path) {
        return Ok(preset.text.to_owned());
    }
    let unreadable = |cause| Error::new(Code::FileUnreadable, "cannot read the recipe").at(path).because(cause);
    fs::read_to_string(path).map_err(unreadable)
}

fn check(paths: &[PathBuf], voice: Voice) -> u8 {
    let mut failed = 0;
    for path in paths {
        let name = &*path_text(path);
        match load(path) {
            Ok(recipe) => {
                voice.event(&json!({ "event": "check", "ok": true, "file": name, "hash": recipe.hash() }));
                voice.text(&format!("{name}: in order"));
            }
            Err(error) => {
                failed += 1;
                tell(name, &error, voice);
            }
        }
    }
    match failed {
        0 => exit::DONE,
        failed if failed == paths.len() => exit::NOTHING_DONE,
        _ => exit::SOME_FAILED,
    }
}

/// Prints `file:line: key: message`, which editors and terminals turn into a link.
fn tell(name: &str, error: &Error, voice: Voice) {
    let line = error.context().find(|(key, _)| *key == "line").map(|(_, line)| line);
    let (key, message) = match error.message().strip_prefix('`').and_then(|rest| rest.split_once("`: ")) {
        Some((key, message)) => (Some(key), message),
        None => (None, error.message()),
    };
    voice.event(&json!({
        "event": "check", "ok": false, "file": name, "line": line.and_then(|line| line.parse::<usize>().ok()), "key": key,
        "code": error.code().as_str(), "message": message, "remedy": error.remedy(),
    }));
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let key = key.map(|key| format!(": {key}")).unwrap_or_default();
    voice.fault(&format!("{name}{line}{key}: {message}"));
}
