//! Opens one net, and runs it on tiles.

use std::sync::Arc;

use packshot_resize as resize;

use crate::device::{Device, ResolvedModel, Weights, twin_of};
use crate::error::{Code, Error, Result};
use crate::inference::{BackendReport, Opened, Tensor};
use crate::models::{Descriptor, Layout, ModelChoice, ModelTask, NetChannels, UpscaleDescriptor};
use crate::ops::ycbcr;
use crate::run::{CancelToken, Run};
use crate::tools::upscale::settings::refused;

/// An upscaling net, ready to run.
pub(super) struct Net {
    pub(super) name: String,
    pub(super) spec: UpscaleDescriptor,
    opened: Arc<Opened>,
}

impl Net {
    /// Resolves and opens `choice`, `own` if it is Packshot's own, blended with its denoising twin by `denoise`
    /// percent.
    pub(super) fn open(
        device: &Device,
        choice: &ModelChoice,
        own: &str,
        denoise: Option<u8>,
        run: &Run,
    ) -> Result<Self> {
        let mut found = device.find(choice, ModelTask::Upscale, own, run)?;
        let Descriptor::Upscale(spec) = found.descriptor.clone() else {
            return Err(Error::new(Code::Internal, "a matting net was resolved for upscaling"));
        };
        if let Some(share) = denoise {
            (found.name, found.weights) = blended(device, choice, &found, &spec, share, run)?;
        }
        Ok(Self { opened: device.open(&found, run)?, name: found.name, spec })
    }

    pub(super) fn scale(&self) -> usize {
        self.spec.scale as usize
    }

    pub(super) fn backend(&self) -> &BackendReport {
        &self.opened.backend
    }

    /// Enlarges a window of `width` by `height` by the net's factor. Returns as many planes as given, one for gray or
    /// three for red, green and blue; values are 0 to 1 except for overshoot of the net.
    pub(super) fn enlarge(
        &self,
        planes: Vec<f32>,
        (width, height): (usize, usize),
        cancel: &CancelToken,
    ) -> Result<Vec<f32>> {
        let area = width * height;
        let gray = planes.len() == area;
        match (self.spec.channels, gray) {
            (NetChannels::Y, true) => self.run(planes, (width, height), cancel),
            (NetChannels::Rgb | NetChannels::Bgr, true) => {
                let answer = self.run(planes.repeat(3), (width, height), cancel)?;
                let (first, others) = answer.split_at(answer.len() / 3);
                let (second, third) = others.split_at(first.len());
                Ok(first.iter().zip(second).zip(third).map(|((a, b), c)| (a + b + c) / 3.0).collect())
            }
            (NetChannels::Rgb, false) => self.run(planes, (width, height), cancel),
            (NetChannels::Bgr, false) => {
                let answer = self.run(turned(&planes), (width, height), cancel)?;
                Ok(turned(&answer))
            }
            (NetChannels::Y, false) => self.luma(planes, (width, height), cancel),
        }
    }

    /// Luma by the net, colour differences bicubically.
    fn luma(&self, mut planes: Vec<f32>, (width, height): (usize, usize), cancel: &CancelToken) -> Result<Vec<f32>> {
        let area = width * height;
        for at in 0..area {
            let [y, cb, cr] = ycbcr::from_rgb([planes[at], planes[area + at], planes[2 * area + at]]);
            (planes[at], planes[area + at], planes[2 * area + at]) = (y, cb, cr);
        }
        let from = (width as u32, height as u32);
        let to = (from.0 * self.spec.scale, from.1 * self.spec.scale);
        let difference = |plane: &[f32]| {
            resize::plane(plane, from, resize::whole(from), to, resize::Filter::Bicubic)
                .map_err(|cause| Error::new(Code::Internal, "cannot scale the colours").because(cause))
        };
        let (cb, cr) = (difference(&planes[area..2 * area])?, difference(&planes[2 * area..])?);
        planes.truncate(area);
        let mut y = self.run(planes, (width, height), cancel)?;
        let large = y.len();
        y.resize(3 * large, 0.0);
        for at in 0..large {
            let [r, g, b] = ycbcr::to_rgb([y[at], cb[at], cr[at]]);
            (y[at], y[large + at], y[2 * large + at]) = (r, g, b);
        }
        Ok(y)
    }

    fn run(&self, mut planes: Vec<f32>, (width, height): (usize, usize), cancel: &CancelToken) -> Result<Vec<f32>> {
        let range = 255.0 / self.spec.divide;
        if range != 1.0 {
            planes.iter_mut().for_each(|value| *value *= range);
        }
        let channels = planes.len() / (width * height);
        let shape = |width, height| match self.spec.layout {
            Layout::Nchw => vec![1, channels, height, width],
            Layout::Nhwc => vec![1, height, width, channels],
        };
        if self.spec.layout == Layout::Nhwc {
            planes = transposed(&planes, channels);
        }
        let ports = (self.spec.input.as_deref(), self.spec.output.as_deref());
        let answer = self.opened.run(ports, Tensor::new(shape(width, height), planes)?, cancel)?;
        let wanted = shape(width * self.scale(), height * self.scale());
        if answer.shape() != wanted {
            let message = format!("the model answers with shape {:?}; its descriptor says {wanted:?}", answer.shape());
            return Err(Error::new(Code::ModelShape, message));
        }
        let mut answer = answer.into_data();
        if self.spec.layout == Layout::Nhwc {
            answer = transposed(&answer, answer.len() / channels);
        }
        if !answer.iter().all(|value| value.is_finite()) {
            return Err(Error::new(Code::BackendFailed, "the model's output holds values that are not numbers"));
        }
        if range != 1.0 {
            answer.iter_mut().for_each(|value| *value /= range);
        }
        Ok(answer)
    }
}

/// Transposes `rows` rows: planes to pixels, or pixels to planes.
fn transposed(values: &[f32], rows: usize) -> Vec<f32> {
    let columns = values.len() / rows;
    (0..values.len()).map(|at| values[at % rows * columns + at / rows]).collect()
}

/// Three planes in the opposite order.
fn turned(planes: &[f32]) -> Vec<f32> {
    planes.rchunks_exact(planes.len() / 3).flatten().copied().collect()
}

/// The blended weights of `found` and its twin, with `share` percent of the denoising one, and their name.
fn blended(
    device: &Device,
    choice: &ModelChoice,
    found: &ResolvedModel,
    spec: &UpscaleDescriptor,
    share: u8,
    run: &Run,
) -> Result<(String, Weights)> {
    let twin = |name: &str| match choice {
        ModelChoice::File { path, .. } => Ok((format!("{name}.onnx"), Weights::File(twin_of(path, name)))),
        _ => device.find_id(name, run).map(|twin| (twin.name, twin.weights)),
    };
    let own = || (found.name.clone(), found.weights.clone());
    let blend = |(plain, first): (String, Weights), (strong, second): (String, Weights)| {
        let name = format!("{plain} ({}%) + {strong} ({share}%)", 100 - share);
        (name, Weights::Blend(Box::new([first, second]), share))
    };
    match (&spec.denoise, &spec.plain, share) {
        (Some(_), _, 0) | (_, Some(_), 100) | (None, None, 0) => Ok(own()),
        (Some(name), _, 100) | (_, Some(name), 0) => twin(name),
        (Some(name), _, _) => Ok(blend(own(), twin(name)?)),
        (_, Some(name), _) => Ok(blend(twin(name)?, own())),
        (None, None, _) => {
            let message = format!("`{}` has no denoising twin: leave denoise out, or use another model", found.name);
            Err(refused("denoise", message))
        }
    }
}
