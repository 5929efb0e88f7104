//! `packshot run …`

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::ProgressBar;
use packshot::api::Batch;
use packshot::{BatchEvent, BatchFailure, BatchItem, BatchOutcome, BatchReport, Code, Error, Recipe, Result, Source};
use serde_json::json;

use crate::args::{Global, Run as Args};
use crate::photos::{interrupt, stdin};
use crate::say::Voice;
use crate::{engine, exit};

/// How long an interrupted batch may take to close its files.
const CLOSING: Duration = Duration::from_secs(30);

pub(crate) fn run(args: &Args, global: &Global, voice: Voice) -> Result<u8> {
    let recipe = recipe(args)?;
    if voice.stdout_taken {
        return filter(args, global, &recipe);
    }
    let batch = batch(args)?;
    let (cancel, bar) = (interrupt(), voice.bar_with(0, "photos", "{wide_msg:.dim}"));
    let last: std::sync::Arc<Mutex<Option<BatchEvent>>> = std::sync::Arc::default();
    let (heard, shown) = (std::sync::Arc::clone(&last), bar.clone());
    let engine = engine(global)?.with_cancel(&cancel);
    let result = engine.batch_in_step(&recipe, batch, move |event| {
        tell(event, &shown, voice);
        if let Ok(mut heard) = heard.lock() {
            *heard = Some(event.clone());
        }
    });
    if cancel.is_cancelled() {
        // The batch's own thread still writes the end of the journal and of the report.
        let _ = cancel.wait_until_idle(CLOSING);
    }
    bar.finish_and_clear();
    match result {
        Ok(report) => Ok(told(&report, args.watch, voice)),
        Err(error) if error.code() == Code::Cancelled => {
            let finished = last.lock().ok().and_then(|mut last| last.take());
            let (done, failed) = finished.map_or((0, 0), |event| (event.done + event.resumed, event.failed));
            voice.event(&json!({ "event": "interrupted", "done": done, "failed": failed }));
            voice.text(&format!("interrupted: {done} done; the same command goes on from there"));
            Ok(exit::INTERRUPTED)
        }
        Err(error) => Err(error),
    }
}

/// The preset of that name, or the file.
fn recipe(args: &Args) -> Result<Recipe> {
    let is_preset = Recipe::presets().iter().any(|preset| preset.name == args.recipe);
    let recipe = match is_preset && !Path::new(&args.recipe).is_file() {
        true => Recipe::preset(&args.recipe)?,
        false if Path::new(&args.recipe).exists() => Recipe::open(&args.recipe)?,
        // Its message lists the presets.
        false if !args.recipe.contains(['.', '/', std::path::MAIN_SEPARATOR]) => Recipe::preset(&args.recipe)?,
        false => Recipe::open(&args.recipe)?,
    };
    let mut values = Vec::with_capacity(args.set.len());
    for word in &args.set {
        let pair = word.split_once('=').filter(|(name, _)| !name.trim().is_empty());
        let (name, value) = pair.ok_or_else(|| {
            Error::new(Code::OptionInvalid, format!("--set {word}: write NAME=VALUE, such as --set background=white"))
        })?;
        values.push((name.trim(), value));
    }
    recipe.with_all(values)
}

fn batch(args: &Args) -> Result<Batch> {
    let text = |path: &std::path::PathBuf| path.display().to_string();
    let mut inputs: Vec<String> = args.inputs.iter().filter(|input| *input != "-").cloned().collect();
    if args.from.is_some() || inputs.len() < args.inputs.len() {
        inputs.extend(list(args.from.as_deref().unwrap_or(Path::new("-")), args.null)?);
    }
    Ok(Batch {
        inputs,
        table: args.table.as_ref().map(text),
        output: args.output.as_ref().map(text),
        recursive: Some(args.recursive),
        name: args.name.clone(),
        existing: args.existing.as_deref().map(str::parse).transpose()?,
        resume: Some(!args.fresh),
        workers: args.workers,
        memory: args.memory.as_deref().map(bytes).transpose()?,
        retries: args.retries,
        max_failures: args.max_failures,
        watch: Some(args.watch),
        report: args.report.as_ref().map(text),
        sheet: args.sheet.as_ref().map(text),
    })
}

/// Paths, one a line or with a zero byte after each, from a file or standard input.
fn list(from: &Path, null: bool) -> Result<Vec<String>> {
    let unreadable = |cause| Error::new(Code::FileUnreadable, "cannot read the list of photos").at(from).because(cause);
    let mut bytes = Vec::new();
    if from.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = std::fs::read(from).map_err(unreadable)?;
    }
    let text = String::from_utf8(bytes)
        .map_err(|cause| Error::new(Code::OptionInvalid, "the list of photos is not UTF-8").at(from).because(cause))?;
    let paths = text.split(if null { '\0' } else { '\n' });
    let paths = paths.map(|path| if null { path } else { path.strip_suffix('\r').unwrap_or(path) });
    Ok(paths.filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// `512M`, `2G` or a number of bytes.
fn bytes(text: &str) -> Result<u64> {
    let (number, unit) = text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()));
    let shift = match unit.trim().trim_end_matches(['b', 'B', 'i']).to_ascii_lowercase().as_str() {
        "" => Some(0),
        "k" => Some(10),
        "m" => Some(20),
        "g" => Some(30),
        _ => None,
    };
    let bytes = number.parse::<u64>().ok().zip(shift).and_then(|(number, shift)| number.checked_mul(1 << shift));
    bytes.ok_or_else(|| Error::new(Code::OptionInvalid, format!("--memory {text}: write a size such as 512M or 2G")))
}

/// One photo to standard output.
fn filter(args: &Args, global: &Global, recipe: &Recipe) -> Result<u8> {
    let [input] = args.inputs.as_slice() else {
        let message = format!("standard output takes one photo, not {}", args.inputs.len());
        return Err(Error::new(Code::OptionInvalid, message));
    };
    let source = match input.as_str() {
        "-" => Source::from(stdin(packshot::Limits::default().max_bytes)?),
        path => Source::from(path),
    };
    let rendition = engine(global)?.with_cancel(&interrupt()).run_recipe(source, recipe)?;
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(&rendition.bytes)
        .and_then(|()| stdout.flush())
        .map_err(|cause| Error::new(Code::FileUnwritable, "cannot write to standard output").because(cause))?;
    Ok(exit::DONE)
}

fn tell(event: &BatchEvent, bar: &ProgressBar, voice: Voice) {
    let BatchEvent { total, done, failed, skipped, resumed, rate, left, item, .. } = event;
    if voice.json {
        let mut line = json!(item);
        line["event"] = json!("photo");
        line["ok"] = json!(item.outcome != BatchOutcome::Failed);
        line["rate"] = json!(rate);
        line["left"] = json!(left);
        voice.event(&line);
    }
    let finished = done + failed + skipped + resumed;
    bar.set_length(total.unwrap_or(finished));
    bar.set_position(finished);
    let left = left.map_or_else(String::new, |left| format!("{} left  ", clock(left)));
    let failures = if *failed > 0 { format!("{failed} failed  ") } else { String::new() };
    bar.set_message(format!("{rate:.1}/s  {left}{failures}{}", item.input));
    match (&item.error, voice.json) {
        (Some(error), false) => bar.suspend(|| eprintln!("{}", complaint(item, error))),
        (None, false) if item.renamed && item.outcome == BatchOutcome::Done => {
            let output = item.output.as_deref().unwrap_or_default();
            bar.suspend(|| voice.text(&format!("{}: its name was taken, so it is {output}", item.input)));
        }
        _ => {}
    }
}

fn complaint(item: &BatchItem, error: &BatchFailure) -> String {
    let place = if error.message.contains(&item.input) { String::new() } else { format!("{}: ", item.input) };
    format!("{place}error: {}\n  {}", error.message, error.remedy)
}

/// Says how it ended; the exit code.
fn told(report: &BatchReport, watched: bool, voice: Voice) -> u8 {
    let BatchReport { total, done, resumed, skipped, failed, seconds, rate, .. } = report;
    let mut line = json!(report);
    line["event"] = json!("done");
    voice.event(&line);
    let count = |count: u64, word: &str| if count > 0 { format!(", {count} {word}") } else { String::new() };
    voice.text(&format!(
        "{done} done{}{}{}, {} ({rate:.1}/s)",
        count(*resumed, "done before"),
        count(*skipped, "skipped: a file of that name is there"),
        count(*failed, "failed"),
        clock(*seconds),
    ));
    let missing = total.saturating_sub(done + resumed + skipped + failed);
    if let Some(failure) = &report.stopped {
        voice.complaint(&format!("{}; {missing} not begun\n  {}", failure.message, failure.remedy));
        voice.text("the same command goes on from here");
    }
    for (name, path) in [("report", &report.report), ("sheet", &report.sheet)] {
        if let Some(path) = path {
            voice.text(&format!("{name}: {path}"));
        }
    }
    match (done + resumed + skipped, failed + missing) {
        (_, 0) => exit::DONE,
        (0, _) if !watched => exit::NOTHING_DONE,
        _ => exit::SOME_FAILED,
    }
}

fn clock(seconds: f64) -> String {
    let whole = seconds as u64;
    match whole {
        0..60 => format!("{seconds:.1} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        let sizes = [("1", 1), ("3k", 3 << 10), ("512M", 512 << 20), ("2 GiB", 2 << 30), ("1gb", 1 << 30)];
        sizes.iter().for_each(|(text, size)| assert_eq!(bytes(text).unwrap(), *size, "{text}"));
        for text in ["", "G", "1.5G", "-1", "1T", "99999999999999999G"] {
            assert_eq!(bytes(text).unwrap_err().code(), Code::OptionInvalid, "{text}");
        }
    }
}
