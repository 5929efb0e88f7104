//! How many files a change touches by hand: `cargo xtask count`.

use std::fs;

use crate::command::{answer, program};
use crate::files;
use crate::steps::{Outcome, Steps};

/// What the first line of each file says that `cargo xtask generate` writes (the schema has no comments).
const MADE: &str = "of packshot-api by `cargo xtask generate`";
const SCHEMA: &str = "api/schema/packshot.recipe-1.json";

/// The steps of `cargo xtask count`: files that differ between `from` and the working tree, or between two revisions.
pub(crate) fn run(steps: &mut Steps, from: &str, to: Option<&str>) {
    steps.run("files changed by hand", || {
        let mut names = program("git", ["diff", "--name-only", from]);
        let text = answer(names.args(to)).ok_or_else(|| format!("git cannot compare with {from}"))?;
        // Files that git does not know yet.
        let mut new = program("git", ["ls-files", "--others", "--exclude-standard"]);
        let new = if to.is_none() { answer(&mut new).unwrap_or_default() } else { String::new() };
        let (made, by_hand): (Vec<_>, Vec<_>) = text.lines().chain(new.lines()).partition(|path| is_made(path, to));
        by_hand.iter().for_each(|path| println!("{path}"));
        Ok(Outcome::Ok(format!("{}, and {} that are made from them", by_hand.len(), made.len())))
    });
}

fn is_made(path: &str, to: Option<&str>) -> bool {
    let text = match to {
        Some(revision) => answer(&mut program("git", ["show", &format!("{revision}:{path}")])),
        None => fs::read_to_string(files::root().join(path)).ok(),
    };
    path == SCHEMA || text.is_some_and(|text| text.lines().next().is_some_and(|line| line.contains(MADE)))
}
