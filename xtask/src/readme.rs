//! The README's main command does what the README says. It runs as it was built for the tests: the words are the same, and a
//! release build, which shares nothing with them, would double the time of CI. The README's other code is a copy of code that
//! runs elsewhere.

use std::fs;

use crate::build;
use crate::command::{self, program};
use crate::files::{self, Scratch};
use crate::soak::png;
use crate::steps::{Outcome, StepResult};

/// How the command begins; the words for `packshot` follow.
const COMMAND: &str = "cargo run --release -p packshot-cli --no-default-features -- ";

/// Where the code of the README runs, by the name of its language.
const SOURCES: [(&str, &str); 6] = [
    ("python", "python/README.md"),
    ("js", "node/README.md"),
    ("swift", "swift/README.md"),
    ("kotlin", "bindings/kotlin/README.md"),
    ("rust", "examples/rust/guide.rs"),
    ("sh", "examples/command-line/guide.sh"),
];

/// Cuts out the example photos: one whole PNG for each, and a contact sheet.
pub(crate) fn cut_out_examples() -> StepResult {
    let photos = files::example_photos()?;
    let scratch = Scratch::new("readme")?;
    let out = scratch.path().join("out");
    let readme = read("README.md")?;
    let words = readme.lines().find_map(|line| line.strip_prefix(COMMAND)).ok_or("README.md has no main command")?;
    // Into a folder that goes away again.
    let words = words.split_whitespace().map(|word| if word == "out" { out.as_os_str() } else { word.as_ref() });
    command::run(program(build::program("packshot")?, []).args(words))?;

    let mut cutouts = files::list(&out)?;
    cutouts.retain(|path| files::has_extension(path, &["png"]));
    if cutouts.len() != photos.len() {
        return Err(format!("{} photos gave {} PNG files", photos.len(), cutouts.len()));
    }
    for cutout in &cutouts {
        png::check(cutout)?;
    }
    if !out.join("sheet.html").is_file() {
        return Err("there is no sheet.html".to_owned());
    }
    Ok(Outcome::Ok(format!("{} cut-outs and a sheet", cutouts.len())))
}

/// Compares the README's code with the programs and pages that CI runs.
pub(crate) fn code_that_runs() -> StepResult {
    let readme = read("README.md")?;
    let mut count = 0;
    for (language, source) in SOURCES {
        let runs = trimmed(&read(source)?);
        for block in blocks(&readme, language) {
            count += 1;
            if let Some(missing) = missing(block, language, &runs) {
                return Err(format!(
                    "README.md shows code that {source} does not have, so nothing runs it:\n{missing}"
                ));
            }
        }
    }
    Ok(Outcome::Ok(format!("{count} blocks")))
}

/// What of a block does not stand in `runs`: the whole block, or a command.
fn missing(block: &str, language: &str, runs: &str) -> Option<String> {
    let block = trimmed(block);
    if language == "sh" {
        return block
            .lines()
            .filter(|line| line.starts_with("packshot "))
            .find(|line| !runs.contains(*line))
            .map(str::to_owned);
    }
    (!runs.contains(&block)).then_some(block)
}

/// The code of a page in one language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

fn trimmed(text: &str) -> String {
    text.lines().fold(String::new(), |text, line| text + line.trim() + "\n")
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(files::root().join(path)).map_err(|cause| format!("{path}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_runs_nowhere_is_found() {
        let page = "```js\nf();\n```\ntext\n```sh\ncd node\npackshot run a\n```\n";
        assert_eq!(blocks(page, "js"), ["f();\n"]);
        assert_eq!(missing("f();\ng();\n", "js", &trimmed("  f();\n  g();\nh();")), None);
        assert_eq!(missing("f();\nh();\n", "js", "f();\ng();\nh();\n").as_deref(), Some("f();\nh();\n"));
        assert_eq!(missing("cd node\npackshot run a\n", "sh", "packshot run a\n"), None);
        assert_eq!(missing("packshot run b\n", "sh", "packshot run a\n").as_deref(), Some("packshot run b"));
    }
}
