//! Everything the command prints: text for people, or one JSON object per line for programs.
//!
//! Results are written to standard output, progress and errors to standard error. With `--json` everything is written
//! to standard output, so that a program reads one stream; if standard output carries the picture, both use standard
//! error.
//!
//! The reader may close the pipe (`| head`). On standard output that ends the command quietly: running work is
//! cancelled, and finished work is kept. On standard error it is ignored.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use packshot::{BatchFailure, Code, Error, Result};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    /// Whether standard output carries a picture.
    pub(crate) stdout_taken: bool,
}

impl Voice {
    /// Prints a line for programs; nothing without `--json`.
    pub(crate) fn event(self, value: &Value) {
        if self.json {
            self.line(&escaped(&value.to_string()));
        }
    }

    /// Prints a line for people; nothing with `--json` or `--quiet`.
    pub(crate) fn text(self, line: &str) {
        if !self.json && !self.quiet {
            self.line(&printable(line));
        }
    }

    /// Prints a document unchanged, for redirection into a file.
    pub(crate) fn document(self, text: &str) {
        self.line(text.trim_end());
    }

    /// Prints a line about a position in a text, for people only; programs get a separate event.
    pub(crate) fn fault(self, line: &str) {
        if !self.json {
            let _ = writeln!(std::io::stderr(), "{}", printable(line));
        }
    }

    /// Prints an error, as text or JSON.
    pub(crate) fn error(self, error: &Error) {
        if self.json {
            self.event(&failure("error", error));
        } else {
            let _ = writeln!(std::io::stderr(), "{}", printable(&complaint(error)));
        }
    }

    /// Prints an error for people only; programs get a separate event.
    pub(crate) fn complaint(self, text: &str) {
        if !self.json {
            let _ = writeln!(std::io::stderr(), "error: {}", printable(text));
        }
    }

    /// Writes a result to standard output.
    ///
    /// # Errors
    /// [`Code::FileUnwritable`], unless the reader has closed the pipe.
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

    /// A progress bar with `rest` as the last part of its template.
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

/// Whether the reader of standard output has closed the pipe.
pub(crate) fn reader_left() -> bool {
    READER_LEFT.load(Ordering::Relaxed)
}

/// Ends the work if the reader has closed the pipe.
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

/// Lines for a terminal: escapes control characters from files and names.
fn printable(text: &str) -> String {
    text.split('\n').map(packshot_policy::plain).collect::<Vec<_>>().join("\n")
}

/// The same for JSON: the value is unchanged, with more characters escaped.
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
