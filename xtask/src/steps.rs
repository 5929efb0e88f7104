//! Runs the steps of a chore one after the other and says at the end how each went.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::times::{self, Times, in_words};

/// How a step that did not fail ended; the text may be empty.
pub(crate) enum Outcome {
    Ok(String),
    Skipped(String),
}

/// A step's end. The error is a sentence for the person at the terminal, who has seen the command's own output.
pub(crate) type StepResult = Result<Outcome, String>;

/// An [`Outcome::Ok`] without words.
pub(crate) fn ok() -> StepResult {
    Ok(Outcome::Ok(String::new()))
}

/// The steps so far.
#[derive(Default)]
pub(crate) struct Steps {
    rows: Vec<Row>,
}

struct Row {
    name: String,
    result: StepResult,
    time: Duration,
}

impl Row {
    fn words(&self) -> (&'static str, &str) {
        match &self.result {
            Ok(Outcome::Ok(note)) => ("ok", note),
            Ok(Outcome::Skipped(why)) => ("skipped", why),
            Err(why) => ("failed", why),
        }
    }
}

impl Steps {
    /// Runs one step under a header line. Returns whether it did not fail, for steps that make no sense without it.
    pub(crate) fn run(&mut self, name: &str, work: impl FnOnce() -> StepResult) -> bool {
        println!("\n=== {name}");
        let begin = Instant::now();
        let row = Row { name: name.to_owned(), result: work(), time: begin.elapsed() };
        let (state, note) = row.words();
        println!("--- {name}: {state} after {}{}", in_words(row.time), after_colon(note));
        self.rows.push(row);
        self.rows.last().is_some_and(|row| row.result.is_ok())
    }

    /// Writes how long each step took, as rows of the table in `docs/ci.md`.
    pub(crate) fn write_times(&self, path: &Path) -> Result<(), String> {
        let rows: String = self.rows.iter().map(|row| times::row(&row.name, row.time)).collect();
        fs::write(path, rows).map_err(|cause| format!("cannot write {}: {cause}", path.display()))
    }

    /// Prints the list of steps, each with its time and in brackets what `docs/ci.md` says; the exit code is 1 if one failed.
    pub(crate) fn summary(self) -> ExitCode {
        let usual = Times::read();
        let total: Duration = self.rows.iter().map(|row| row.time).sum();
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        println!("\n=== summary, {}", in_words(total));
        for row in &self.rows {
            let (state, note) = row.words();
            let expected = usual.of(&row.name).map_or_else(String::new, |time| format!(" ({})", in_words(time)));
            println!("{state:<8} {:<width$} {:>12}{expected}{}", row.name, in_words(row.time), after_colon(note));
        }
        for row in &self.rows {
            if let Some(time) = usual.exceeded(&row.name, row.time) {
                println!("slow     {}: {}, and docs/ci.md says {}", row.name, in_words(row.time), in_words(time));
            }
        }
        let failed = self.rows.iter().any(|row| row.result.is_err());
        if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

fn after_colon(note: &str) -> String {
    if note.is_empty() { String::new() } else { format!(": {note}") }
}
