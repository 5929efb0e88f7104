//! A side's half of the conversation: this process does one job again and again, when it is told to.
//!
//! It says `ready` when all that does not belong to a round is done. Then each line it reads is an order: `round` is
//! answered with `done SECONDS`, `save PATH` writes the last round's answer there and says `saved`. The end of the
//! input ends it. `peers/protocol.py` and `peers/protocol.mjs` say the same words.

use std::error::Error;
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

/// Whatever went wrong, for people.
pub(crate) type Fault = Box<dyn Error + Send + Sync>;

/// An answer, and the time that counts.
pub(crate) type Timed = (Vec<u8>, Duration);

/// Serves rounds of `work`, whose answer is what the row compares: a file or plain samples.
pub(crate) fn serve(mut work: impl FnMut() -> Result<Vec<u8>, Fault>) -> Result<(), Fault> {
    serve_timed(move || {
        let begin = Instant::now();
        let answer = work()?;
        Ok((answer, begin.elapsed()))
    })
}

/// The same for work of which only a part counts: it tells how long that took.
pub(crate) fn serve_timed(mut work: impl FnMut() -> Result<Timed, Fault>) -> Result<(), Fault> {
    let mut answer = Vec::new();
    say("ready")?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ') {
            None if line == "round" => {
                // To free the last answer is nobody's work.
                drop(std::mem::take(&mut answer));
                let time;
                (answer, time) = work()?;
                say(&format!("done {}", time.as_secs_f64()))?;
            }
            Some(("save", path)) => {
                std::fs::write(path, &answer)?;
                say("saved")?;
            }
            _ => return Err(format!("`{line}` is not understood").into()),
        }
    }
    Ok(())
}

fn say(words: &str) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{words}")?;
    Ok(out.flush()?)
}
