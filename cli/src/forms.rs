//! Options with a special form on the command line. All others are plain flags of their name.

use packshot::api::{Batch, Crop, Decode, Encode, EngineOptions, RemoveBackground, Upscale};

use crate::flags::{Form, Forms};

/// `packshot cutout`
#[derive(Debug, Clone)]
pub(crate) enum CutoutForms {}

impl Forms for CutoutForms {
    type Options = RemoveBackground;
    const HEADING: Option<&'static str> = Some("Result");
    const FORMS: &'static [Form] = &[
        // `--output` is the folder, in each command.
        Form::of("output").called("result"),
        Form::of("background").apart(),
        Form::of("crop").bare("0"),
        Form::of("edges").under("Edges"),
        Form::of("decontaminate")
            .off("keep-spill", "Leave the old background's colour in half-transparent pixels")
            .under("Edges"),
        Form::of("keep_holes").under("Edges"),
        Form::of("solidify").under("Edges"),
        Form::of("region").under("Subject"),
        Form::of("subject").under("Subject"),
        Form::of("instances").under("Subject"),
    ];
}

/// `packshot upscale`
#[derive(Debug, Clone)]
pub(crate) enum UpscaleForms {}

impl Forms for UpscaleForms {
    type Options = Upscale;
    const HEADING: Option<&'static str> = Some("Result");
    const FORMS: &'static [Form] = &[Form::of("scale").short('s').excludes("size"), Form::of("tile").under("Model")];
}

/// `packshot crop`
#[derive(Debug, Clone)]
pub(crate) enum CropForms {}

impl Forms for CropForms {
    type Options = Crop;
    const HEADING: Option<&'static str> = Some("Result");
    const FORMS: &'static [Form] =
        &[Form::of("area").excludes("margin"), Form::of("margin").bare("0"), Form::of("gravity").needs("aspect")];
}

/// The output file of a command.
#[derive(Debug, Clone)]
pub(crate) enum FileForms {}

impl Forms for FileForms {
    type Options = Encode;
    const HEADING: Option<&'static str> = Some("File");
    const FORMS: &'static [Form] = &[Form::of("background").apart(), Form::of("fit").needs("size")];
}

/// The same, for a tool with its own size options.
#[derive(Debug, Clone)]
pub(crate) enum SizedFileForms {}

impl Forms for SizedFileForms {
    type Options = Encode;
    const HEADING: Option<&'static str> = FileForms::HEADING;
    const FORMS: &'static [Form] = &[Form::of("background").apart(), Form::of("size").apart(), Form::of("fit").apart()];
}

/// How photos are read, and how large they may be.
#[derive(Debug, Clone)]
pub(crate) enum PhotoForms {}

impl Forms for PhotoForms {
    type Options = Decode;
    const HEADING: Option<&'static str> = Some("Photo");
    const FORMS: &'static [Form] = &[
        // `--keep-profile`
        Form::of("color").apart(),
        // `--max-bytes` is about the result.
        Form::of("max_bytes").apart(),
    ];
}

/// How a batch runs: the same options for one photo and for many, in each command.
#[derive(Debug, Clone)]
pub(crate) enum BatchForms {}

impl Forms for BatchForms {
    type Options = Batch;
    const HEADING: Option<&'static str> = Some("Work");
    const FORMS: &'static [Form] = &[
        Form::of("output").apart(),
        // `packshot run` has these two.
        Form::of("table").apart(),
        Form::of("watch").apart(),
        // These may be given without a file.
        Form::of("report").apart(),
        Form::of("sheet").apart(),
        Form::of("recursive").short('r').under("Photos"),
        Form::of("name").under("Results"),
        Form::of("existing").under("Results"),
        Form::of("resume").off("fresh", "Start again instead of resuming the last batch").under("Results"),
    ];
}

/// The engine, in every command.
#[derive(Debug, Clone)]
pub(crate) enum EngineForms {}

impl Forms for EngineForms {
    type Options = EngineOptions;
    const HEADING: Option<&'static str> = Some("General");
    const GLOBAL: bool = true;
    const FORMS: &'static [Form] = &[
        // Paths that need not be Unicode.
        Form::of("cache_dir").apart(),
        Form::of("ort_library").apart(),
        // `packshot models pull` is the only command that uses the network.
        Form::of("download").apart(),
        Form::of("offered_ort_library").apart(),
        // The limits of photos are flags of the commands that read them.
        Form::of("max_pixels").apart(),
        Form::of("max_bytes").apart(),
        Form::of("registry").apart(),
    ];
}
