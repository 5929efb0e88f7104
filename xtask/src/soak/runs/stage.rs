//! Photos, recipes, and what batches made of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::files::{self, Scratch};
use crate::soak::tiff;

const LIGHT: &str = "schema = \"packshot.recipe/1\"\nsteps = [{ export = { format = \"jpeg\" } }]\n";
const NET: &str = "schema = \"packshot.recipe/1\"\nsteps = [{ remove_background = { edges = \"off\" } }]\n";
const JOURNAL: &str = ".packshot-journal";

pub(super) struct Stage(Scratch);

impl Stage {
    /// `many` photos to convert, and a `few` to cut out, no two with the same bytes.
    pub(super) fn build(many: usize, few: usize) -> Result<Self, String> {
        let scratch = Scratch::new("runs")?;
        let write = |name: &str, text: &[u8]| {
            fs::write(scratch.path().join(name), text).map_err(|cause| format!("cannot write {name}: {cause}"))
        };
        write("light.toml", LIGHT.as_bytes())?;
        write("net.toml", NET.as_bytes())?;
        let examples = files::example_photos()?;
        for (name, count) in [("many", many), ("few", few)] {
            let folder = scratch.folder(name)?;
            for index in 0..count {
                // Three of four are made up, of 0.1 to 0.4 million pixels; every fourth is a real one of up to 1.4.
                if index % 4 < 3 {
                    let width = 330 + (index * 37 % 311) as u32;
                    tiff::write_disc(&folder.join(format!("{index:06}.tif")), width, 300 + index as u32 % 340)?;
                    continue;
                }
                let example = &examples[index / 4 % examples.len()];
                let mut bytes = fs::read(example).map_err(|cause| format!("cannot read the example: {cause}"))?;
                // What follows the picture's end is in no decoder's way.
                bytes.extend(index.to_le_bytes());
                write(&format!("{name}/{index:06}.jpg"), &bytes)?;
            }
        }
        Ok(Self(scratch))
    }

    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, String> {
        self.0.folder(name)
    }

    /// `packshot run`, with the backend that every machine has.
    pub(super) fn batch(&self, cli: &Path, recipe: &str, photos: &str, out: &str) -> Command {
        let mut command = Command::new(cli);
        command.args(["--json", "--backend", "rten", "run"]).arg(self.path(recipe)).arg(self.path(photos));
        command.arg("-o").arg(self.path(out)).stdin(Stdio::null());
        command
    }

    pub(super) fn count(&self, photos: &str) -> Result<usize, String> {
        Ok(files::list(&self.path(photos))?.len())
    }

    /// Results with their bytes' hash; unfinished files and the journal are none.
    pub(super) fn results(&self, out: &str) -> Result<BTreeMap<String, u64>, String> {
        let mut results = BTreeMap::new();
        for path in files::list(&self.path(out))? {
            let name = files::name(&path);
            if !name.starts_with(".packshot-") {
                let bytes = fs::read(&path).map_err(|cause| format!("cannot read {name}: {cause}"))?;
                results.insert(name, fnv(&bytes));
            }
        }
        Ok(results)
    }

    /// How many results there are.
    pub(super) fn finished(&self, out: &str) -> usize {
        let names = fs::read_dir(self.path(out)).into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter(|name| !name.to_string_lossy().starts_with(".packshot-")).count()
    }

    /// What is neither a result nor the journal.
    pub(super) fn leftovers(&self, out: &str) -> Result<Vec<String>, String> {
        let names = files::list(&self.path(out))?.iter().map(|path| files::name(path)).collect::<Vec<_>>();
        Ok(names.into_iter().filter(|name| name.starts_with(".packshot-") && name != JOURNAL).collect())
    }

    /// Writes a list of all photos in which every tenth is one that is not there; how many those are.
    pub(super) fn list_with_missing(&self, name: &str) -> Result<usize, String> {
        let photos = files::list(&self.path("many"))?;
        let mut gone = 0;
        let lines = photos.iter().enumerate().map(|(index, path)| {
            gone += usize::from(index % 10 == 0);
            let ending = if index % 10 == 0 { ".gone" } else { "" };
            format!("{}{ending}\n", path.display())
        });
        let text: String = lines.collect();
        fs::write(self.path(name), text).map_err(|cause| format!("cannot write the list: {cause}"))?;
        Ok(gone)
    }
}

/// FNV-1a: finds any difference that is not made on purpose.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3))
}
