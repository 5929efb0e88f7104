//! `packshot cutout …`

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

use packshot::models::Descriptor;
use packshot::{
    Background, CancelToken, Code, Color, ColorPolicy, DecodeOptions, DescriptorSource, EncodeOptions, Engine, Error,
    ModelChoice, Photo, RemoveBackground, Result, Trimap,
};
use serde_json::{Value, json};

use crate::args::{Cutout as Args, Global};
use crate::inputs::{Input, expand, targets};
use crate::say::{Voice, complaint, failure};
use crate::sheet::Sheet;
use crate::{engine, exit};

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

pub(crate) fn run(args: &Args, global: &Global, voice: Voice) -> Result<u8> {
    let start = Instant::now();
    let inputs = expand(&args.photos, args.recursive)?;
    if (voice.stdout_taken || args.mask.is_some() || args.trimap.is_some()) && inputs.len() != 1 {
        let message = format!("standard output, --mask and --trimap take one photo, not {}", inputs.len());
        return Err(Error::new(Code::OptionInvalid, message));
    }
    let job = Job::new(args, engine(global)?.with_cancel(&interrupt()))?;
    let targets =
        if voice.stdout_taken { vec![PathBuf::from("-")] } else { targets(&inputs, &args.output, job.extension()) };
    if !voice.stdout_taken {
        std::fs::create_dir_all(&args.output).map_err(|cause| {
            Error::new(Code::FileUnwritable, "cannot make the folder for the results").at(&args.output).because(cause)
        })?;
    }

    let mut sheet = args.report.as_ref().map(|_| Sheet::new());
    let bar = voice.bar(inputs.len() as u64, "photos");
    let mut failed = 0;
    for (input, target) in inputs.iter().zip(&targets) {
        bar.set_message(input.name());
        match job.cut(input, target, sheet.as_mut()) {
            Ok(line) => {
                voice.event(&line);
                bar.suspend(|| voice.text(&sentence(&line)));
            }
            Err(error) if error.code() == Code::Cancelled => {
                bar.finish_and_clear();
                return Err(error);
            }
            Err(error) => {
                failed += 1;
                if let Some(sheet) = &mut sheet {
                    sheet.fail(&input.name(), &error.to_string(), error.remedy());
                }
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
    if let (Some(sheet), Some(path)) = (sheet, &args.report) {
        let path = path.clone().unwrap_or_else(|| args.output.join("report.html"));
        packshot::write_atomically(&path, sheet.finish(seconds).as_bytes())?;
        voice.event(&json!({ "event": "report", "ok": true, "path": path }));
        voice.text(&format!("report: {}", path.display()));
    }
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

/// Everything that is the same for each photo.
struct Job {
    engine: Engine,
    settings: RemoveBackground,
    decode: DecodeOptions,
    encode: EncodeOptions,
}

impl Job {
    fn new(args: &Args, engine: Engine) -> Result<Self> {
        let mut decode = DecodeOptions::default();
        if args.keep_profile {
            decode.color = ColorPolicy::Keep;
        }
        if let Some(pixels) = args.max_pixels {
            decode.limits.max_pixels = pixels;
        }
        let background = background(args.background.as_deref(), &decode)?;
        let mut encode = args.export.options()?;
        // What pads the photo continues what is behind the subject.
        encode.background = match &background {
            Background::Color(Color([red, green, blue, 255])) => Some([*red, *green, *blue]),
            _ => None,
        };
        let picture = |path: &PathBuf| Photo::open_with(path, &decode);
        let settings = RemoveBackground {
            model: model(args)?,
            output: args.result,
            edges: args.edges,
            decontaminate: !args.keep_spill,
            keep_holes: args.keep_holes,
            solidify: args.solidify,
            mask: args.mask.as_ref().map(picture).transpose()?.map(|mask| mask.to_matte()),
            trimap: args
                .trimap
                .as_ref()
                .map(picture)
                .transpose()?
                .map(|trimap| Trimap::from_photo(&trimap))
                .transpose()?,
            background,
            crop: args.crop,
            region: args.region,
            subject: args.subject,
            instances: args.instances.clone(),
        };
        settings.check()?;
        Ok(Self { engine, settings, decode, encode })
    }

    fn extension(&self) -> &'static str {
        self.encode.format.extension()
    }

    /// Cuts one photo; the answer is its line of `--json`.
    fn cut(&self, input: &Input, target: &Path, sheet: Option<&mut Sheet>) -> Result<Value> {
        let start = Instant::now();
        let photo = match input {
            Input::File(path) => Photo::open_with(path, &self.decode)?,
            Input::Stdin => Photo::decode_with(&stdin(self.decode.limits.max_bytes)?, &self.decode)?,
        };
        let cutout = self.engine.remove_background(&photo, &self.settings)?;
        let bytes = cutout.photo.encode(&self.encode)?;
        if target.as_os_str() == "-" {
            let mut stdout = std::io::stdout().lock();
            stdout
                .write_all(&bytes)
                .and_then(|()| stdout.flush())
                .map_err(|cause| Error::new(Code::FileUnwritable, "cannot write to standard output").because(cause))?;
        } else {
            packshot::write_atomically(target, &bytes)?;
        }
        let seconds = start.elapsed().as_secs_f64();
        if let Some(sheet) = sheet {
            sheet.add(&input.name(), &photo, &cutout, seconds)?;
        }
        let rect = |rect: packshot::Rect| json!([rect.left, rect.top, rect.right(), rect.bottom()]);
        let stages: serde_json::Map<String, Value> = cutout
            .ran
            .stages
            .iter()
            .map(|(stage, time)| (stage.as_str().to_owned(), json!(round(time.as_secs_f64()))))
            .collect();
        Ok(json!({
            "event": "photo",
            "ok": true,
            "input": input.name(),
            "output": target,
            "width": cutout.photo.width(),
            "height": cutout.photo.height(),
            "subject": cutout.subject.map(rect),
            "instances": cutout.instances.iter().map(|found| rect(found.bounds)).collect::<Vec<_>>(),
            "confidence": round(f64::from(cutout.confidence)),
            "halo": round(f64::from(cutout.halo)),
            "model": cutout.ran.model,
            "backend": cutout.ran.backend.as_ref().map(|backend| backend.name),
            "version": cutout.ran.backend.as_ref().and_then(|backend| backend.version.as_deref()),
            "why": cutout.ran.backend.as_ref().map(|backend| backend.reason.as_str()),
            "seconds": round(seconds),
            "stages": stages,
        }))
    }
}

fn model(args: &Args) -> Result<ModelChoice> {
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

/// A file if there is one of that name, a colour otherwise.
fn background(text: Option<&str>, decode: &DecodeOptions) -> Result<Background> {
    let Some(text) = text else { return Ok(Background::Transparent) };
    if Path::new(text).is_file() {
        return Ok(Background::Image(Photo::open_with(text, decode)?));
    }
    text.parse::<Color>().map(Background::Color).map_err(|cause| {
        Error::new(Code::OptionInvalid, format!("`{text}` is neither a colour nor a picture file")).because(cause)
    })
}

fn stdin(limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than the limit, so that the decoder sees that it was exceeded.
    std::io::stdin()
        .lock()
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::new(Code::FileUnreadable, "cannot read standard input").because(cause))?;
    Ok(bytes)
}

fn sentence(line: &Value) -> String {
    let text = |key: &str| line[key].as_str().unwrap_or_default();
    let subject = if line["subject"].is_null() { "  (no subject found)" } else { "" };
    format!("{}  {:.2} s  {}{subject}", text("output"), line["seconds"].as_f64().unwrap_or_default(), text("backend"))
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
