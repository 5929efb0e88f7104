//! `packshot cutout …`

use std::path::{Path, PathBuf};
use std::time::Instant;

use packshot::{Background, Code, Color, DecodeOptions, Engine, Error, Photo, RemoveBackground, Result, Trimap};
use serde_json::{Value, json};

use crate::args::{Cutout as Args, Global};
use crate::engine;
use crate::inputs::{Input, expand};
use crate::photos::{Files, Job, each, interrupt, model, round, told};
use crate::say::Voice;
use crate::sheet::Sheet;

pub(crate) fn run(args: &Args, global: &Global, voice: Voice) -> Result<u8> {
    let inputs = expand(&args.photos.photos, args.photos.recursive)?;
    if (voice.stdout_taken || args.mask.is_some() || args.trimap.is_some()) && inputs.len() != 1 {
        let message = format!("standard output, --mask and --trimap take one photo, not {}", inputs.len());
        return Err(Error::new(Code::OptionInvalid, message));
    }
    let mut cutouts = Cutouts::new(args, engine(global)?.with_cancel(&interrupt()))?;
    each(&mut cutouts, &inputs, &args.photos.output, voice)
}

/// Everything that is the same for each photo, and the sheet they end up on.
struct Cutouts {
    engine: Engine,
    settings: RemoveBackground,
    files: Files,
    sheet: Option<(Sheet, PathBuf)>,
}

impl Cutouts {
    fn new(args: &Args, engine: Engine) -> Result<Self> {
        let mut files = Files::new(&args.reading, args.export.options(Some(&args.frame))?);
        let background = background(args.background.as_deref(), &files.decode)?;
        // What pads the photo continues what is behind the subject.
        files.encode.background = match &background {
            Background::Color(Color([red, green, blue, 255])) => Some([*red, *green, *blue]),
            _ => None,
        };
        let picture = |path: &PathBuf| Photo::open_with(path, &files.decode);
        let settings = RemoveBackground {
            model: model(&args.model)?,
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
        let sheet = args
            .report
            .as_ref()
            .map(|path| (Sheet::new(), path.clone().unwrap_or_else(|| args.photos.output.join("report.html"))));
        Ok(Self { engine, settings, files, sheet })
    }
}

impl Job for Cutouts {
    fn files(&self) -> &Files {
        &self.files
    }

    fn make(&mut self, input: &Input, target: &Path) -> Result<Value> {
        let start = Instant::now();
        let photo = self.files.read(input)?;
        let cutout = self.engine.remove_background(&photo, &self.settings)?;
        self.files.write(&cutout.photo, target)?;
        if let Some((sheet, _)) = &mut self.sheet {
            sheet.add(&input.name(), &photo, &cutout, start.elapsed().as_secs_f64())?;
        }
        let rect = |rect: packshot::Rect| json!([rect.left, rect.top, rect.right(), rect.bottom()]);
        let mut line = told(&cutout.photo, &cutout.ran);
        line["subject"] = json!(cutout.subject.map(rect));
        line["instances"] = json!(cutout.instances.iter().map(|found| rect(found.bounds)).collect::<Vec<_>>());
        line["confidence"] = json!(round(f64::from(cutout.confidence)));
        line["halo"] = json!(round(f64::from(cutout.halo)));
        Ok(line)
    }

    fn failed(&mut self, input: &Input, error: &Error) {
        if let Some((sheet, _)) = &mut self.sheet {
            sheet.fail(&input.name(), &error.to_string(), error.remedy());
        }
    }

    fn remark(&self, line: &Value) -> String {
        if line["subject"].is_null() { "  (no subject found)".to_owned() } else { String::new() }
    }

    fn finish(&mut self, seconds: f64, voice: Voice) -> Result<()> {
        let Some((sheet, path)) = self.sheet.take() else { return Ok(()) };
        packshot::write_atomically(&path, sheet.finish(seconds).as_bytes())?;
        voice.event(&json!({ "event": "report", "ok": true, "path": path }));
        voice.text(&format!("report: {}", path.display()));
        Ok(())
    }
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
