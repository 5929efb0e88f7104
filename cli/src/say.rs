//! Everything the command prints: text for people, or one JSON object per line for programs.
//!
//! Results go to standard output, progress and complaints to standard error. With `--json` all of it is standard
//! output, so that a program reads one stream; when standard output carries the picture, both go to standard error.
//!
//! Whoever reads may go away (`| head`). For standard output that is a quiet end: work that is under way is cancelled, and
//! what is done stays. For standard error it is nothing: the work is what counts.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use packshot::{BatchFailure, Code, Error, Result};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    /// Standard output is a picture.
    pub(crate) stdout_taken: bool,
}

impl Voice {
    /// A line for programs; nothing without `--json`.
    pub(crate) fn event(self, value: &Value) {
        if self.json {
            self.line(&escaped(&value.to_string()));
        }
    }

    /// A line for people; nothing with `--json` or `--quiet`.
    pub(crate) fn text(self, line: &str) {
        if !self.json && !self.quiet {
            self.line(&printable(line));
        }
    }

    /// What was asked for, as it is: to be redirected into a file.
    pub(crate) fn document(self, text: &str) {
        self.line(text.trim_end());
    }

    /// A line about a place in a text, for people only; programs get an event of its own kind.
    pub(crate) fn fault(self, line: &str) {
        if !self.json {
            let _ = writeln!(std::io::stderr(), "{}", printable(line));
        }
    }

    /// A complaint, in whichever form was asked for.
    pub(crate) fn error(self, error: &Error) {
        if self.json {
            self.event(&failure("error", error));
        } else {
            let _ = writeln!(std::io::stderr(), "{}", printable(&complaint(error)));
        }
    }

    /// A complaint that is told to people only; programs get an event of its own kind.
    pub(crate) fn complaint(self, text: &str) {
        if !self.json {
            let _ = writeln!(std::io::stderr(), "error: {}", printable(text));
        }
    }

    /// A result, to standard output.
    ///
    /// # Errors
    /// [`Code::FileUnwritable`], if it is not for want of a reader.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Result<()> {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(cause) if cause.kind() != ErrorKind::BrokenPipe => {
                Err(Error::new(Code::FileUnwritable, "cannot write to standard output").because(cause))
            }
            written => {
                note(written);
                Ok(())
            }
        }
    }

    fn line(self, line: &str) {
        if self.stdout_taken {
            let _ = writeln!(std::io::stderr(), "{line}");
        } else {
            note(writeln!(std::io::stdout(), "{line}"));
        }
    }

    /// A progress bar with rate and time left, on a terminal only.
    pub(crate) fn bar(self, total: u64, unit: &str) -> ProgressBar {
        self.bar_with(total, unit, "{per_sec}  {eta} left  {wide_msg:.dim}")
    }

    /// A progress bar whose message says the rest.
    pub(crate) fn bar_with(self, total: u64, unit: &str, rest: &str) -> ProgressBar {
        let bar = ProgressBar::new(total);
        if self.json || self.quiet || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let template = format!("{{bar:28.cyan/black}} {{human_pos}}/{{human_len}} {unit}  {rest}");
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━╸─"));
        bar
    }
}

static READER_LEFT: AtomicBool = AtomicBool::new(false);

/// Whether nobody reads standard output any more.
pub(crate) fn reader_left() -> bool {
    READER_LEFT.load(Ordering::Relaxed)
}

/// Ends the work if nobody reads what it says.
fn note(written: std::io::Result<()>) {
    if written.is_err_and(|cause| cause.kind() == ErrorKind::BrokenPipe) && !READER_LEFT.swap(true, Ordering::Relaxed) {
        crate::batch::interrupt().cancel();
    }
}

/// `error: what is wrong`, the causes, and what to do.
fn complaint(error: &Error) -> String {
    let BatchFailure { message, because, remedy, .. } = BatchFailure::from(error);
    let causes: String = because.iter().map(|cause| format!("\n  because: {cause}")).collect();
    format!("error: {message}{causes}\n  {remedy}")
}

pub(crate) fn failure(event: &str, error: &Error) -> Value {
    let mut line = json!(BatchFailure::from(error));
    line["event"] = json!(event);
    line["ok"] = json!(false);
    line
}

/// Lines for a terminal: what comes from files and names is written out where it would act on the terminal.
fn printable(text: &str) -> String {
    text.split('\n').map(packshot_policy::plain).collect::<Vec<_>>().join("\n")
}

/// The same for JSON, which is the same value with more letters escaped: whoever reads it gets what was there.
fn escaped(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for letter in json.chars() {
        if packshot_policy::acts(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                safe += &format!("\\u{unit:04x}");
            }
        } else {
            safe.push(letter);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_said_acts_on_a_terminal() {
        let text = "shoe\u{1b}[2J\u{9b}31m\u{202e}gpj.\u{e0041}\r\nnext";
        assert_eq!(printable(text), "shoe\\u{1b}[2J\\u{9b}31m\\u{202e}gpj.\\u{e0041}\\u{d}\nnext");
        let line = escaped(&json!({ "path": text }).to_string());
        assert!(!line.contains(packshot_policy::acts), "{line}");
        assert_eq!(serde_json::from_str::<Value>(&line).ok(), Some(json!({ "path": text })));
    }
}
