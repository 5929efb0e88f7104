//! Makes a photo larger.
//!
//! chain (which nets, how often) -> bleed (colours under transparency) -> for each net: tiles with a halo -> net ->
//! rows -> scaled down to the exact size -> alpha, scaled by itself

mod alpha;
mod chain;
mod net;
mod options;
mod settings;
mod upscaled;

use std::borrow::Cow;

use packshot_api as api;

pub use settings::{Target, Upscale};
pub use upscaled::{UpscaleFacts, Upscaled};

use chain::{Pass, chain};
use net::Net;

use crate::device::Device;
use crate::error::Result;
use crate::models::{ModelTask, Registry};
use crate::ops::bleed::bleed;
use crate::ops::raster::{Canvas, Raster};
use crate::ops::reduce::Reduce;
use crate::photo::{Depth, Photo};
use crate::run::{Run, Stage};
use crate::tools::{Clock, Pictures, Ran, Tool, Uses, fallback};

/// Progress at the start of the first tile, and at the end of the last one.
const TILES: (f32, f32) = (0.05, 0.95);

impl Tool for Upscale {
    type Options = api::Upscale;
    type Facts = UpscaleFacts;

    fn read_with(options: &api::Upscale, _: &Pictures) -> Result<Self> {
        Self::read(options)
    }

    fn uses(&self) -> Option<Uses<'_>> {
        Some(Uses { choice: &self.model, task: ModelTask::Upscale, own: &Registry::EMBEDDED_UPSCALE })
    }

    fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        // If it would fail, it makes nothing.
        self.target.resolve(from.0, from.1).map_or(from, |(size, _)| size)
    }

    fn run(&self, device: &Device, run: &Run, photo: &Photo) -> Result<Upscaled> {
        self::run(device, run, photo, self)
    }
}

fn run(device: &Device, run: &Run, photo: &Photo, settings: &Upscale) -> Result<Upscaled> {
    settings.check()?;
    let (size, scale) = settings.target.resolve(photo.width(), photo.height())?;
    let cleaned = matches!(settings.target, Target::Scale(_)) && settings.hundredths().is_some_and(|share| share > 0);
    if size == (photo.width(), photo.height()) && !cleaned {
        run.checkpoint(Stage::Compose, 1.0)?;
        let ran = Ran { notes: settings.ignored(size), ..Ran::default() };
        return Ok(Upscaled { photo: photo.clone(), facts: UpscaleFacts { scale: 1.0 }, ran });
    }
    let size = (size.0 as usize, size.1 as usize);
    let mut clock = Clock::start();
    let passes = chain(device, run, settings, (photo.width() as usize, photo.height() as usize), size, scale)?;
    clock.lap(Stage::Load);

    run.checkpoint(Stage::Prepare, 0.02)?;
    let mut raster = bleed(Raster::of(photo));
    clock.lap(Stage::Prepare);

    let all: usize = passes.iter().map(Pass::work).sum();
    let mut done = 0;
    for (index, pass) in passes.iter().enumerate() {
        let last = index + 1 == passes.len();
        // Intermediate pictures are not rounded to 8 bit.
        let depth = if last { photo.depth() } else { Depth::Sixteen };
        let channels = if last { photo.channels() } else { photo.channels().without_alpha() };
        let mut canvas = Canvas::new(pass.to, channels, depth);
        enlarge(pass, &raster, &mut canvas, run, |work| {
            let share = (done + work) as f32 / all as f32;
            run.checkpoint(Stage::Inference, TILES.0 + (TILES.1 - TILES.0) * share)
        })?;
        done += pass.work();
        if last && photo.has_alpha() {
            clock.lap(Stage::Inference);
            alpha::enlarge(&Raster::of(photo), &mut canvas, pass.to, run.cancel())?;
            clock.lap(Stage::Matte);
        }
        let samples = Cow::Owned(canvas.into_samples());
        raster = Raster { width: pass.to.0, height: pass.to.1, channels, samples };
    }
    if !photo.has_alpha() {
        clock.lap(Stage::Inference);
    }
    run.checkpoint(Stage::Compose, 1.0)?;
    let photo =
        photo.derive(raster.width as u32, raster.height as u32, raster.channels, raster.samples.into_owned())?;
    let model = passes.iter().map(|pass| pass.net.name.as_str()).collect::<Vec<_>>().join(", ");
    let backend = passes.first().map(|pass| pass.net.backend().clone());
    let mut notes: Vec<_> = settings.rounded().into_iter().collect();
    notes.extend(passes.iter().filter_map(|pass| fallback(&pass.net.name, pass.net.backend())));
    notes.dedup();
    let ran = Ran { model: Some(model), backend, stages: clock.into_laps(), notes };
    Ok(Upscaled { photo, facts: UpscaleFacts { scale }, ran })
}

/// Runs the net of `pass` on the colours of `raster`, and writes the result; calls `tell` with the progress before each
/// tile, which may cancel the work.
fn enlarge(
    pass: &Pass,
    raster: &Raster<'_>,
    canvas: &mut Canvas,
    run: &Run,
    mut tell: impl FnMut(usize) -> Result<()>,
) -> Result<()> {
    let (net, scale) = (&pass.net, pass.net.scale());
    let (columns, rows) = (&pass.columns, &pass.rows);
    let wide = raster.width * scale;
    let mut reduce = Reduce::new((wide, raster.height * scale), pass.to, raster.colors());
    let mut done = 0;
    for row in rows.tiles() {
        let mut strip = vec![vec![0.0; wide * row.len() * scale]; raster.colors()];
        for column in columns.tiles() {
            tell(done)?;
            let window = raster.window(&columns.pixels(column.start), &rows.pixels(row.start));
            let answer = net.enlarge(window, (columns.window(), rows.window()), run.cancel())?;
            let (stride, height) = (columns.window() * scale, rows.window() * scale);
            let inner = columns.halo() * scale..(columns.halo() + column.len()) * scale;
            for (plane, answer) in strip.iter_mut().zip(answer.chunks_exact(stride * height)) {
                let answer = answer.chunks_exact(stride).skip(rows.halo() * scale);
                for (target, source) in plane.chunks_exact_mut(wide).zip(answer) {
                    target[column.start * scale..column.end * scale].copy_from_slice(&source[inner.clone()]);
                }
            }
            done += pass.window();
        }
        reduce.push(strip, |channel, row, values| canvas.write(channel, row, values))?;
    }
    Ok(())
}
