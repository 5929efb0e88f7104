//! Shared by `cutout`, `upscale` and `run`: running a recipe on one photo or many, output on the way, and the exit
//! code.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use indicatif::ProgressBar;
use packshot::api::{Batch, path_text, time_text};
use packshot::{
    BatchEvent, BatchFailure, BatchItem, BatchOutcome, BatchReport, BatchStep, CancelToken, Code, Engine, Error,
    Recipe, Result, Source,
};
use serde_json::{Value, json};

use crate::args::Batching;
use crate::exit;
use crate::say::Voice;

/// How long an interrupted batch may take to close its files.
const CLOSING: Duration = Duration::from_secs(30);
/// Interval of checks whether another batch has left the folder.
const PAUSE: Duration = Duration::from_millis(100);

/// The verbosity for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// One tool: a line for each photo, and the tool's facts in JSON beside the photo's own.
    Tool,
    /// A recipe, perhaps for a hundred thousand photos: only what needs attention.
    Recipe,
}

/// The options of a batch that all commands share.
pub(crate) fn options(output: &Path, args: &Batching) -> Batch {
    let file = |given: &Option<Option<PathBuf>>, name: &str| {
        given.as_ref().map(|path| path.clone().unwrap_or_else(|| output.join(name)))
    };
    Batch {
        output: Some(output.to_owned()),
        report: file(&args.report, "report.json"),
        sheet: file(&args.sheet, "sheet.html"),
        ..args.options.0.clone()
    }
}

pub(crate) fn run(engine: Engine, recipe: &Recipe, batch: Batch, style: Style, voice: Voice) -> Result<u8> {
    let (cancel, bar) = (interrupt(), voice.bar_with(0, "photos", "{wide_msg:.dim}"));
    let engine = engine.with_cancel(&cancel);
    let last: Arc<Mutex<Option<BatchEvent>>> = Arc::default();
    let watched = batch.watch == Some(true);
    let begin = |batch: Batch| {
        let (heard, shown) = (Arc::clone(&last), bar.clone());
        engine.batch_in_step(recipe, batch, move |event| {
            tell(event, &shown, style, voice);
            *heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(event.clone());
        })
    };
    // Several tools in one folder take turns: `xargs -P 4 packshot cutout` works.
    let again = (style == Style::Tool).then(|| batch.clone());
    let mut result = begin(batch);
    while let Some(batch) = &again
        && result.as_ref().is_err_and(|error| error.code() == Code::BatchBusy)
    {
        cancel.check()?;
        std::thread::sleep(PAUSE);
        result = begin(batch.clone());
    }
    if cancel.is_cancelled() {
        // The batch's own thread still writes the end of the journal and of the report.
        let _ = cancel.wait_until_idle(CLOSING);
    }
    bar.finish_and_clear();
    match result {
        Ok(report) => Ok(told(&report, watched, style, voice)),
        Err(error) if error.code() == Code::Cancelled => {
            let finished = last.lock().unwrap_or_else(PoisonError::into_inner).take();
            let (done, failed) = finished.map_or((0, 0), |event| (event.done + event.resumed, event.failed));
            voice.event(&json!({ "event": "interrupted", "done": done, "failed": failed }));
            voice.text(&format!("interrupted: {done} done; run the same command to resume"));
            Ok(exit::INTERRUPTED)
        }
        Err(error) => Err(error),
    }
}

/// Runs the recipe on one photo, and writes it to standard output.
pub(crate) fn filter(
    engine: Engine,
    recipe: &Recipe,
    inputs: &[PathBuf],
    args: &Batching,
    style: Style,
    voice: Voice,
) -> Result<u8> {
    let [input] = inputs else { return refuse(&format!("standard output takes one photo, not {}", inputs.len())) };
    if input.is_dir() || args.report.is_some() || args.sheet.is_some() {
        return refuse("standard output takes one photo; a folder, --report and --sheet need an output folder");
    }
    let source = match input.to_str() {
        Some("-") => Source::from(stdin(packshot::Limits::default().max_bytes)?),
        _ => Source::from(input.as_path()),
    };
    let rendition = engine.with_cancel(&interrupt()).run_recipe(source, recipe)?;
    voice.bytes(&rendition.bytes)?;
    let steps: Vec<Value> = rendition.steps.iter().map(|step| json!(BatchStep::from(step))).collect();
    let mut line = json!({
        "event": "photo", "ok": true, "input": path_text(input), "output": "-", "steps": steps, "notes": rendition.notes,
    });
    if style == Style::Tool {
        merge_step(&mut line);
    }
    voice.event(&line);
    Ok(exit::DONE)
}

fn refuse<T>(message: &str) -> Result<T> {
    Err(Error::new(Code::OptionInvalid, message))
}

/// The token that Ctrl-C cancels; the first Ctrl-C ends the work cleanly, the second ends the process.
pub(crate) fn interrupt() -> CancelToken {
    static TOKEN: OnceLock<CancelToken> = OnceLock::new();
    TOKEN
        .get_or_init(|| {
            let token = CancelToken::new();
            let cancelled = token.clone();
            // Without a handler Ctrl-C still ends the process; results are renamed into place, so nothing is torn.
            let _ = ctrlc::set_handler(move || {
                if cancelled.is_cancelled() {
                    std::process::exit(i32::from(exit::INTERRUPTED));
                }
                cancelled.cancel();
            });
            token
        })
        .clone()
}

/// Reads all of standard input, or one byte more than `limit`, so that the decoder detects the excess.
fn stdin(limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::new(Code::FileUnreadable, "cannot read standard input").because(cause))?;
    Ok(bytes)
}

fn tell(event: &BatchEvent, bar: &ProgressBar, style: Style, voice: Voice) {
    let BatchEvent { total, done, failed, skipped, resumed, rate, left, item, .. } = event;
    if voice.json {
        let mut line = photo_line(item, style);
        line["rate"] = json!(rate);
        line["left"] = json!(left);
        voice.event(&line);
    }
    let finished = done + failed + skipped + resumed;
    bar.set_length(total.unwrap_or(finished));
    bar.set_position(finished);
    let left = left.map_or_else(String::new, |left| format!("{} left  ", time_text(left)));
    let failures = if *failed > 0 { format!("{failed} failed  ") } else { String::new() };
    bar.set_message(format!("{rate:.1}/s  {left}{failures}{}", path_text(&item.input)));
    bar.suspend(|| match &item.error {
        Some(error) => voice.complaint(&complaint(item, error)),
        None => sentences(item, style).iter().for_each(|line| voice.text(line)),
    });
}

/// The line of `--json` about a photo. An error is reported as in every other event.
fn photo_line(item: &BatchItem, style: Style) -> Value {
    let mut line = json!(item);
    line["event"] = json!("photo");
    line["ok"] = json!(item.outcome != BatchOutcome::Failed);
    if let (Some(Value::Object(error)), Value::Object(line)) = (line.get("error").cloned(), &mut line) {
        line.extend(error);
    }
    if style == Style::Tool {
        merge_step(&mut line);
    }
    line
}

/// A tool has one step, whose facts are merged into the photo's own.
fn merge_step(line: &mut Value) {
    let Value::Object(line) = line else { return };
    if let Some(Value::Array(steps)) = line.remove("steps")
        && let Some(Value::Object(step)) = steps.into_iter().next()
    {
        step.into_iter().for_each(|(key, value)| {
            line.entry(key).or_insert(value);
        });
    }
}

/// The lines for people about a photo that did not fail.
fn sentences(item: &BatchItem, style: Style) -> Vec<String> {
    let (input, output) = (path_text(&item.input), item.output.as_deref().map(path_text).unwrap_or_default());
    let mut lines = Vec::new();
    match item.outcome {
        BatchOutcome::Done if style == Style::Tool => lines.push(sentence(item, &output)),
        BatchOutcome::Resumed if style == Style::Tool => lines.push(format!("{output}  done before")),
        BatchOutcome::Skipped => lines.push(format!(
            "{input}: skipped, because {output} was not written by a batch, or was changed since; \
            --existing replace overwrites it"
        )),
        _ => {}
    }
    lines.extend(item.notes.iter().map(|note| format!("{output}: {}", note.text)));
    if item.renamed && item.outcome == BatchOutcome::Done {
        lines.push(format!("{input}: its name was taken, so it is {output}"));
    }
    lines
}

fn sentence(item: &BatchItem, output: &str) -> String {
    let step = item.steps.first();
    let backend = step.and_then(|step| step.backend.as_deref()).unwrap_or_default();
    let remark = match step {
        Some(step) if step.facts.contains_key("confidence") => match step.facts.get("subject") {
            Some(Value::Null) => "  (no subject found)".to_owned(),
            _ => String::new(),
        },
        Some(BatchStep { width, height, .. }) => format!("  {width} x {height}"),
        None => String::new(),
    };
    format!("{output}  {:.2} s  {backend}{remark}", item.seconds)
}

fn complaint(item: &BatchItem, error: &BatchFailure) -> String {
    let input = path_text(&item.input);
    let place = if error.message.contains(&*input) { String::new() } else { format!("{input}: ") };
    let causes: String = error.because.iter().map(|cause| format!("\n  because: {cause}")).collect();
    format!("{place}{}{causes}\n  {}", error.message, error.remedy)
}

/// Prints the outcome, and returns the exit code.
fn told(report: &BatchReport, watched: bool, style: Style, voice: Voice) -> u8 {
    let BatchReport { total, done, resumed, skipped, failed, seconds, rate, .. } = report;
    let mut line = json!(report);
    line["event"] = json!("done");
    voice.event(&line);
    let count = |count: u64, word: &str| if count > 0 { format!(", {count} {word}") } else { String::new() };
    if style == Style::Recipe || *total > 1 {
        voice.text(&format!(
            "{done} done{}{}{}, {} ({rate:.1}/s)",
            count(*resumed, "done before"),
            count(*skipped, "skipped: the file already exists"),
            count(*failed, "failed"),
            time_text(*seconds),
        ));
    }
    let missing = total.saturating_sub(done + resumed + skipped + failed);
    if let Some(failure) = &report.stopped {
        voice.complaint(&format!("{}; {missing} not started\n  {}", failure.message, failure.remedy));
        voice.text("run the same command to resume");
    }
    for (name, path) in [("report", &report.report), ("sheet", &report.sheet)] {
        if let Some(path) = path {
            voice.text(&format!("{name}: {}", path_text(path)));
        }
    }
    match (done + resumed + skipped, failed + missing) {
        (_, 0) => exit::DONE,
        (0, _) if !watched => exit::NOTHING_DONE,
        _ => exit::SOME_FAILED,
    }
}
