//! `packshot upscale …`

use std::path::Path;

use packshot::{Code, Engine, Error, Result, Target, Upscale};
use serde_json::{Value, json};

use crate::args::{Global, Upscale as Args};
use crate::engine;
use crate::inputs::{Input, expand};
use crate::photos::{Files, Job, each, interrupt, model, round, told};
use crate::say::Voice;

pub(crate) fn run(args: &Args, global: &Global, voice: Voice) -> Result<u8> {
    let inputs = expand(&args.photos.photos, args.photos.recursive)?;
    if voice.stdout_taken && inputs.len() != 1 {
        let message = format!("standard output takes one photo, not {}", inputs.len());
        return Err(Error::new(Code::OptionInvalid, message));
    }
    let default = Upscale::default();
    let target = match (args.size, args.scale) {
        (Some(size), _) => Target::Size(size),
        (None, Some(scale)) => Target::Scale(scale),
        (None, None) => default.target,
    };
    let denoise = args.denoise.map(|denoise| denoise as f32);
    let settings = Upscale { model: model(&args.model)?, target, denoise, tile: args.tile };
    settings.check()?;
    let engine = engine(global)?.with_cancel(&interrupt());
    let files = Files::new(&args.reading, args.export.options(None)?);
    each(&mut Upscales { engine, settings, files }, &inputs, &args.photos.output, voice)
}

/// Everything that is the same for each photo.
struct Upscales {
    engine: Engine,
    settings: Upscale,
    files: Files,
}

impl Job for Upscales {
    fn files(&self) -> &Files {
        &self.files
    }

    fn make(&mut self, input: &Input, target: &Path) -> Result<Value> {
        let upscaled = self.engine.upscale(self.files.read(input)?, &self.settings)?;
        self.files.write(&upscaled.photo, target)?;
        let mut line = told(&upscaled.photo, &upscaled.ran);
        line["scale"] = json!(round(upscaled.scale));
        Ok(line)
    }

    fn remark(&self, line: &Value) -> String {
        format!("  {} x {}", line["width"], line["height"])
    }
}
