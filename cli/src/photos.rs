//! What the commands that work on photos share: the loop over them, reading, writing, and what is told.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

use packshot::models::Descriptor;
use packshot::{
    CancelToken, Code, ColorPolicy, DecodeOptions, DescriptorSource, EncodeOptions, Error, ModelChoice, Photo, Ran,
    Result,
};
use serde_json::{Value, json};

use crate::args::{Model, Reading};
use crate::exit;
use crate::inputs::{Input, targets};
use crate::say::{Voice, complaint, failure};

/// What a command does with each photo.
pub(crate) trait Job {
    /// How photos are read and results written.
    fn files(&self) -> &Files;

    /// Makes one result; the answer is its line of `--json`, less what is the same for all commands.
    fn make(&mut self, input: &Input, target: &Path) -> Result<Value>;

    /// Hears of a photo that failed.
    fn failed(&mut self, _: &Input, _: &Error) {}

    /// The end of the line for people.
    fn remark(&self, line: &Value) -> String;

    /// Is called after the last photo.
    fn finish(&mut self, _seconds: f64, _: Voice) -> Result<()> {
        Ok(())
    }
}

/// Does the job for each photo, into the folder `output`. One that fails does not stop the others.
pub(crate) fn each(job: &mut impl Job, inputs: &[Input], output: &Path, voice: Voice) -> Result<u8> {
    let start = Instant::now();
    let targets = match voice.stdout_taken {
        true => vec![PathBuf::from("-")],
        false => {
            std::fs::create_dir_all(output).map_err(|cause| {
                Error::new(Code::FileUnwritable, "cannot make the folder for the results").at(output).because(cause)
            })?;
            targets(inputs, output, job.files().encode.format.extension())
        }
    };
    let bar = voice.bar(inputs.len() as u64, "photos");
    let mut failed = 0;
    for (input, target) in inputs.iter().zip(&targets) {
        bar.set_message(input.name());
        let begin = Instant::now();
        match job.make(input, target) {
            Ok(mut line) => {
                line["event"] = json!("photo");
                line["ok"] = json!(true);
                line["input"] = json!(input.name());
                line["output"] = json!(target);
                line["seconds"] = json!(round(begin.elapsed().as_secs_f64()));
                voice.event(&line);
                bar.suspend(|| voice.text(&(sentence(&line) + &job.remark(&line))));
            }
            Err(error) if error.code() == Code::Cancelled => {
                bar.finish_and_clear();
                return Err(error);
            }
            Err(error) => {
                failed += 1;
                job.failed(input, &error);
                let mut line = failure("photo", &error);
                line["input"] = json!(input.name());
                voice.event(&line);
                if !voice.json {
                    let named = error.context().any(|(key, _)| key == "file");
                    let place = if named { String::new() } else { format!("{}: ", input.name()) };
                    bar.suspend(|| eprintln!("{place}{}", complaint(&error)));
                }
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();

    let seconds = start.elapsed().as_secs_f64();
    job.finish(seconds, voice)?;
    let done = inputs.len() - failed;
    voice.event(&json!({ "event": "done", "done": done, "failed": failed, "seconds": round(seconds) }));
    if inputs.len() > 1 {
        voice.text(&format!("{done} done, {failed} failed, {seconds:.1} s"));
    }
    Ok(match (done, failed) {
        (_, 0) => exit::DONE,
        (0, _) => exit::NOTHING_DONE,
        _ => exit::SOME_FAILED,
    })
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

/// How photos are read and results written.
pub(crate) struct Files {
    pub(crate) decode: DecodeOptions,
    pub(crate) encode: EncodeOptions,
}

impl Files {
    pub(crate) fn new(reading: &Reading, encode: EncodeOptions) -> Self {
        let mut decode = DecodeOptions::default();
        if reading.keep_profile {
            decode.color = ColorPolicy::Keep;
        }
        if let Some(pixels) = reading.max_pixels {
            decode.limits.max_pixels = pixels;
        }
        Self { decode, encode }
    }

    pub(crate) fn read(&self, input: &Input) -> Result<Photo> {
        match input {
            Input::File(path) => Photo::open_with(path, &self.decode),
            Input::Stdin => Photo::decode_with(&stdin(self.decode.limits.max_bytes)?, &self.decode),
        }
    }

    /// Writes to a file, or to standard output where `target` is `-`.
    pub(crate) fn write(&self, photo: &Photo, target: &Path) -> Result<()> {
        let bytes = photo.encode(&self.encode)?;
        if target.as_os_str() != "-" {
            return packshot::write_atomically(target, &bytes);
        }
        let mut stdout = std::io::stdout().lock();
        stdout
            .write_all(&bytes)
            .and_then(|()| stdout.flush())
            .map_err(|cause| Error::new(Code::FileUnwritable, "cannot write to standard output").because(cause))
    }
}

/// All of standard input, or one byte more than `limit`.
pub(crate) fn stdin(limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than the limit, so that the decoder sees that it was exceeded.
    std::io::stdin()
        .lock()
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::new(Code::FileUnreadable, "cannot read standard input").because(cause))?;
    Ok(bytes)
}

/// The model that `--model`, `--like` and `--descriptor` name.
pub(crate) fn model(args: &Model) -> Result<ModelChoice> {
    let Some(model) = &args.model else { return Ok(ModelChoice::Embedded) };
    let is_file = model.ends_with(".onnx") || model.contains(std::path::MAIN_SEPARATOR);
    let descriptor = match (&args.like, &args.descriptor) {
        (Some(id), _) => DescriptorSource::Like(id.clone()),
        (None, Some(path)) => DescriptorSource::Given(Box::new(Descriptor::from_file(path)?)),
        (None, None) if is_file => {
            let message = format!("{model} is a file: say what it takes with --like ID or --descriptor FILE");
            return Err(Error::new(Code::OptionInvalid, message));
        }
        (None, None) => return Ok(ModelChoice::Id(model.clone())),
    };
    Ok(ModelChoice::File { path: model.into(), descriptor })
}

/// What a line of `--json` says about every result.
pub(crate) fn told(photo: &Photo, ran: &Ran) -> Value {
    let stages: serde_json::Map<String, Value> =
        ran.stages.iter().map(|(stage, time)| (stage.as_str().to_owned(), json!(round(time.as_secs_f64())))).collect();
    json!({
        "width": photo.width(),
        "height": photo.height(),
        "model": ran.model,
        "backend": ran.backend.as_ref().map(|backend| backend.name),
        "version": ran.backend.as_ref().and_then(|backend| backend.version.as_deref()),
        "why": ran.backend.as_ref().map(|backend| backend.reason.as_str()),
        "stages": stages,
    })
}

fn sentence(line: &Value) -> String {
    let text = |key: &str| line[key].as_str().unwrap_or_default();
    format!("{}  {:.2} s  {}", text("output"), line["seconds"].as_f64().unwrap_or_default(), text("backend"))
}

pub(crate) fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
