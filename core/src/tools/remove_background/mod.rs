//! Cuts the subject out of a photo.
//!
//! look (region, subject box) -> find (scale to the model, run, matte at photo size) -> instances -> inside (solidify,
//! holes) -> edges -> colours -> crop -> compose

mod cutout;
mod edges;
mod notes;
mod options;
mod settings;

use packshot_api as api;
use packshot_resize as resize;

pub use cutout::{Cutout, CutoutFacts};
pub use packshot_api::{Edges, Output};
pub use settings::{Background, Instances, RemoveBackground};

use edges::Work;

use crate::device::{Device, Model};
use crate::error::{Code, Error, Result};
use crate::geometry::{Frame, Rect};
use crate::inference::{BackendReport, Tensor};
use crate::models::{Descriptor, Layout, MatteDescriptor, ModelChoice, ModelTask, Registry};
use crate::ops::components::{Components, Instance};
use crate::ops::{band, compose, pad, spacing};
use crate::photo::{Channels, Matte, Photo};
use crate::run::{Run, Stage};
use crate::tools::framing::{self, Subject};
use crate::tools::{Clock, Pictures, Ran, Tool, Uses, tensor};

/// The share of a subject box that is added around it, so that the model sees where the subject ends.
const CONTEXT: f32 = 0.1;

/// Connected parts below this share of the photo are specks, not subjects.
const SPECK: f64 = 1.0 / 2000.0;

impl Tool for RemoveBackground {
    type Options = api::RemoveBackground;
    type Facts = CutoutFacts;
    const TAKES_PICTURES: bool = true;

    fn named(options: &api::RemoveBackground) -> Pictures {
        Pictures::named(&options.mask, &options.trimap, &options.background_picture)
    }

    fn read_with(options: &api::RemoveBackground, pictures: &Pictures) -> Result<Self> {
        options::read(options, pictures)
    }

    fn uses(&self) -> Option<Uses<'_>> {
        Some(Uses { choice: &self.model, task: ModelTask::RemoveBackground, own: &[Registry::EMBEDDED] })
    }

    /// Where there is no photo (padding), there is no subject.
    fn surround(&self, _: Option<[u8; 3]>) -> Option<[u8; 3]> {
        match self.output {
            Output::Alpha | Output::Mask | Output::Foreground | Output::Trimap => Some([0; 3]),
            Output::Rgba | Output::Background => None,
        }
    }

    fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        self.crop.map_or(from, |margin| margin.around(from))
    }

    fn run(&self, device: &Device, run: &Run, photo: &Photo) -> Result<Cutout> {
        self::run(device, run, photo, self)
    }
}

fn run(device: &Device, run: &Run, photo: &Photo, settings: &RemoveBackground) -> Result<Cutout> {
    settings.check()?;
    let (width, height) = (photo.width(), photo.height());
    let whole = Rect::whole(width, height);
    let region = settings.region.map_or(Ok(whole), |area| area.resolve(width, height))?;
    let subject_box = settings.subject.map(|area| area.resolve(width, height)).transpose()?;
    let look = match subject_box {
        None => region,
        Some(wanted) => {
            let around = |side: u32| (side as f32 * CONTEXT).round() as u32;
            let (x, y) = (around(wanted.width), around(wanted.height));
            wanted
                .intersect(region)
                .ok_or_else(|| Error::new(Code::OptionInvalid, "the subject box lies outside the region"))?
                .grow([y, x, y, x], region)
        }
    };

    let mut clock = Clock::start();
    let Start { mut matte, spacing, model, backend } = find(device, run, photo, settings, look, &mut clock)?;
    if let Some(alpha) = photo.alpha8() {
        compose::multiply(matte.alpha_mut(), &alpha);
    }
    if look != whole {
        matte.clear_outside(look);
    }
    let instances = select(&mut matte, subject_box, &settings.instances)?;
    clock.lap(Stage::Matte);

    run.checkpoint(Stage::Edges, 0.6)?;
    let work = Work::new(photo)?;
    if settings.solidify {
        work.solidify(&mut matte, spacing)?;
    }
    if settings.keep_holes {
        work.open_holes(&mut matte)?;
    }
    // Applies to the caller's mask; a model's edge is that sharp only in a small photo, which needs no note.
    let kept = settings.mask.is_some() && edges::is_kept(settings.edges, settings.trimap.as_ref(), spacing);
    let mut trimap = None;
    if settings.edges != Edges::Off {
        let refined = work.refine(matte, spacing, settings.trimap.as_ref(), look, settings.edges, run.cancel())?;
        (matte, trimap) = (refined.matte, Some(refined.trimap));
        run.checkpoint(Stage::Edges, 0.75)?;
    }
    let alpha = work.alpha(&matte)?;
    let picture = if settings.decontaminate && has_colors(settings.output) {
        work.decontaminate(&matte, &alpha, run.cancel())?
    } else {
        photo.clone()
    };
    let halo = work.halo(&matte, &alpha, &picture);
    clock.lap(Stage::Edges);

    let found = Subject::find(&matte);
    let frame = match (settings.crop, &found) {
        (None, _) => Frame::from(whole),
        (Some(margin), Some(found)) => Frame::around(found.bounds, found.margin(margin, settings.snap)),
        (Some(_), None) => return Err(Error::new(Code::SubjectMissing, "there is no subject to crop to")),
    };
    framing::check_size(frame, whole, "crop")?;
    let confidence = matte.confidence();
    run.checkpoint(Stage::Compose, 0.9)?;
    // Where the frame reaches beyond the photo there is no subject, as where the matte is 0.
    let visible = frame.visible(whole).unwrap_or(whole);
    let picture = match (&trimap, settings.output) {
        (Some(trimap), Output::Trimap) => trimap.clone().into_photo().crop(visible)?,
        _ => compose::output(&picture.crop(visible)?, &matte.crop(visible)?, settings.output)?,
    };
    let picture = picture.framed(frame.relative_to(visible))?;
    let picture = match &settings.background {
        Background::Transparent => picture,
        Background::Color(color) => compose::over_color(&picture, *color)?,
        Background::Image(image) => compose::over_image(&picture, image, whole, frame)?,
    };
    clock.lap(Stage::Compose);
    run.checkpoint(Stage::Compose, 1.0)?;
    let ran_on = model.as_deref().zip(backend.as_ref());
    let mut notes = notes::of(settings, kept, ran_on);
    notes.extend(settings.crop.and(found.as_ref()).and_then(|found| found.note(settings.snap)));
    let ran = Ran { model, backend, stages: clock.into_laps(), notes };
    let subject = found.map(|found| found.bounds);
    let facts = CutoutFacts { matte, trimap, subject, frame, instances, confidence, halo };
    Ok(Cutout { photo: picture, facts, ran })
}

/// Whether the output shows the photo's colours.
fn has_colors(output: Output) -> bool {
    matches!(output, Output::Rgba | Output::Foreground)
}

/// A matte of the photo's size, and where it came from.
struct Start {
    matte: Matte,
    /// How many pixels of the photo one pixel of the model covers.
    spacing: f32,
    model: Option<String>,
    backend: Option<BackendReport>,
}

/// The caller's matte, or the one that the model finds in the part `look` of the photo.
fn find(
    device: &Device,
    run: &Run,
    photo: &Photo,
    settings: &RemoveBackground,
    look: Rect,
    clock: &mut Clock,
) -> Result<Start> {
    let (mask, trimap) = (settings.mask.as_ref(), settings.trimap.as_ref());
    if let Some(mask) = mask {
        of_size("mask", (mask.width(), mask.height()), photo)?;
    }
    if let Some(trimap) = trimap {
        of_size("trimap", (trimap.width(), trimap.height()), photo)?;
    }
    let given = |matte, spacing| Ok(Start { matte, spacing, model: None, backend: None });
    match (mask, trimap) {
        (mask, Some(trimap)) => {
            let matte = band::start(trimap, mask);
            let spacing = spacing::of_trimap(&matte);
            return given(matte, spacing);
        }
        (Some(mask), None) => return given(mask.clone(), spacing::of_mask(mask)),
        (None, None) => {}
    }
    let model = load(device, &settings.model, run)?;
    clock.lap(Stage::Load);
    run.checkpoint(Stage::Prepare, 0.05)?;
    let spec = &model.descriptor.input;
    let size = tensor::input_size(spec.size, look.width, look.height);
    let stretched = tensor::from_rgb(&scaled_rgb(photo, look, size, spec.filter.into())?, size.0, size.1, spec)?;
    let inside = pad::inside((look.width, look.height), size);
    let padded = match spec.pad && (inside.width, inside.height) != size {
        true => {
            let rgb = scaled_rgb(photo, look, (inside.width, inside.height), spec.filter.into())?;
            Some(tensor::from_rgb(&pad::pad(&rgb, inside, size), size.0, size.1, spec)?)
        }
        false => None,
    };
    clock.lap(Stage::Prepare);
    run.checkpoint(Stage::Inference, 0.1)?;
    let mut answer = answer(&model, stretched, run)?;
    if let Some(padded) = padded {
        run.checkpoint(Stage::Inference, 0.3)?;
        answer = tensor::unpad(self::answer(&model, padded, run)?, inside, size)?.mean(&answer)?;
    }
    clock.lap(Stage::Inference);
    run.checkpoint(Stage::Matte, 0.5)?;
    let small = tensor::into_matte(answer, &model.descriptor.output)?;
    let spacing = (look.width as f32 / small.width() as f32).max(look.height as f32 / small.height() as f32);
    let matte = small.scaled(look.width, look.height, model.descriptor.output.filter.into())?.placed(
        look,
        photo.width(),
        photo.height(),
    )?;
    Ok(Start { matte, spacing, model: Some(model.name), backend: Some(model.opened.backend.clone()) })
}

fn load(device: &Device, choice: &ModelChoice, run: &Run) -> Result<Model<MatteDescriptor>> {
    let found = device.find(choice, ModelTask::RemoveBackground, Registry::EMBEDDED, run)?;
    let opened = device.open(&found, run)?;
    match found.descriptor {
        Descriptor::RemoveBackground(descriptor) => Ok(Model { name: found.name, descriptor, opened }),
        Descriptor::Upscale(_) => Err(Error::new(Code::Internal, "a net that upscales was found for a matte")),
    }
}

/// The part `look` of the photo as 8-bit sRGB at a model's size, whatever profile the photo keeps. Transparent parts
/// become white: colours under alpha 0 are often left over from an editor, and would mislead the model.
fn scaled_rgb(photo: &Photo, look: Rect, size: (u32, u32), filter: resize::Filter) -> Result<Vec<u8>> {
    let from = (photo.width(), photo.height());
    let crop = (f64::from(look.left), f64::from(look.top), f64::from(look.width), f64::from(look.height));
    let opaque = photo.flattened([255; 3]);
    let opaque = if opaque.channels().is_gray() { opaque.to_srgb() } else { opaque };
    let scaled = resize::rgb(&opaque.rgb8(), from, crop, size, filter)
        .map_err(|cause| Error::new(Code::Internal, "cannot scale the photo").because(cause))?;
    Ok(opaque.derive(size.0, size.1, Channels::Rgb, scaled)?.to_srgb().to_rgb8())
}

/// Runs the model, and again on the mirrored photo if its descriptor says so.
fn answer(model: &Model<MatteDescriptor>, input: Tensor, run: &Run) -> Result<Tensor> {
    let spec = &model.descriptor.input;
    let ports = (spec.name.as_deref(), model.descriptor.output.name.as_deref());
    let answer = |picture| model.opened.run(ports, picture, run.cancel());
    if !spec.mirror {
        return answer(input);
    }
    // The width is the last axis other than the channels.
    let mirrored = input.reversed(match spec.layout {
        Layout::Nchw => 3,
        Layout::Nhwc => 2,
    });
    let plain = answer(input)?;
    run.cancel().check()?;
    let mirrored = answer(mirrored)?;
    let width = mirrored.shape().iter().rposition(|&side| side != 1).unwrap_or(0);
    mirrored.reversed(width).mean(&plain)
}

fn of_size(what: &str, size: (u32, u32), photo: &Photo) -> Result<()> {
    let wanted = (photo.width(), photo.height());
    if size != wanted {
        let message = format!("the {what} is {} x {}, the photo {} x {}", size.0, size.1, wanted.0, wanted.1);
        return Err(Error::new(Code::MaskSize, message));
    }
    Ok(())
}

/// Clears everything that was not chosen from the matte, and returns the subjects that were found.
fn select(matte: &mut Matte, subject_box: Option<Rect>, chosen: &Instances) -> Result<Vec<Instance>> {
    let pixels = f64::from(matte.width()) * f64::from(matte.height());
    let components = Components::find(matte, (pixels * SPECK).max(1.0) as u64);
    let found = components.instances();
    if let Instances::These(positions) = chosen
        && let Some(position) = positions.iter().find(|&&position| position >= found.len())
    {
        let message = format!("there is no instance {position}: {} found, counted from 0", found.len());
        return Err(Error::new(Code::SubjectMissing, message));
    }
    let in_box = |instance: &Instance| subject_box.is_none_or(|wanted| instance.bounds.intersect(wanted).is_some());
    if subject_box.is_some() && !found.iter().any(in_box) {
        return Err(Error::new(Code::SubjectMissing, "there is no subject in the subject box"));
    }
    if subject_box.is_some() || *chosen != Instances::All {
        let largest = found.iter().position(in_box);
        components.keep(matte, |index| {
            in_box(&found[index])
                && match chosen {
                    Instances::All => true,
                    Instances::Largest => Some(index) == largest,
                    Instances::These(positions) => positions.contains(&index),
                }
        });
    }
    Ok(found.to_vec())
}
