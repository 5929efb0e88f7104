//! Photos, and the ways into and out of them.

use std::path::Path;

use napi::bindgen_prelude::{Buffer, Either, Env, ObjectFinalize, PromiseRaw, Uint8Array, Uint16Array};
use napi_derive::napi;
use packshot::api::{Decode, Encode};
use packshot::{Channels, Code, DecodeOptions, Depth, EncodeOptions, Error, Result, Run, Samples, Task, from_json};
use serde::Deserialize;

use crate::call::Call;
use crate::failure::{Answer, promise};
use crate::open::Open;
use crate::source::{Given, Lent};

/// A photo of the core.
#[napi(custom_finalize)]
pub struct Photo {
    pub(crate) inner: Open<packshot::Photo>,
}

impl Photo {
    /// Tells JavaScript's garbage collector how much memory hangs on this small object.
    pub(crate) fn shown(env: &Env, inner: packshot::Photo) -> napi::Result<Self> {
        env.adjust_external_memory(bytes(&inner))?;
        Ok(Self { inner: Open::new(inner) })
    }
}

impl ObjectFinalize for Photo {
    fn finalize(mut self, env: Env) -> napi::Result<()> {
        self.close(&env)
    }
}

fn bytes(photo: &packshot::Photo) -> i64 {
    let sample = if photo.depth() == Depth::Eight { 1 } else { 2 };
    (photo.samples().len() * sample) as i64
}

#[napi]
impl Photo {
    /// Lets go of the pixels. Calls in progress keep them until they are done.
    #[napi]
    pub fn close(&mut self, env: &Env) -> napi::Result<()> {
        let Some(photo) = self.inner.close() else { return Ok(()) };
        env.adjust_external_memory(-bytes(&photo)).map(drop)
    }

    #[napi(getter)]
    pub fn width(&self) -> napi::Result<u32> {
        Ok(self.inner.get()?.width())
    }

    #[napi(getter)]
    pub fn height(&self) -> napi::Result<u32> {
        Ok(self.inner.get()?.height())
    }

    #[napi(getter)]
    pub fn channels(&self) -> napi::Result<u32> {
        Ok(self.inner.get()?.channels().count() as u32)
    }

    #[napi(getter)]
    pub fn depth(&self) -> napi::Result<u32> {
        Ok(if self.inner.get()?.depth() == Depth::Eight { 8 } else { 16 })
    }

    #[napi(getter)]
    pub fn has_alpha(&self) -> napi::Result<bool> {
        Ok(self.inner.get()?.has_alpha())
    }

    #[napi(getter)]
    pub fn format(&self) -> napi::Result<Option<&'static str>> {
        Ok(self.inner.get()?.format().map(packshot::ImageFormat::as_str))
    }

    #[napi(getter)]
    pub fn profile(&self) -> napi::Result<Option<Buffer>> {
        Ok(self.inner.get()?.profile().map(Buffer::from))
    }

    #[napi(getter)]
    pub fn exif(&self) -> napi::Result<Option<Buffer>> {
        Ok(self.inner.get()?.exif().map(Buffer::from))
    }

    #[napi(getter)]
    pub fn xmp(&self) -> napi::Result<Option<Buffer>> {
        Ok(self.inner.get()?.xmp().map(Buffer::from))
    }

    /// A copy of the samples, made on the working thread.
    #[napi(catch_unwind)]
    pub fn pixels<'env>(&self, env: &'env Env, call: &Call) -> napi::Result<PromiseRaw<'env, Answer<Pixels>>> {
        let photo = self.inner.get()?.clone();
        let task = Task::spawn(&call.run(), move |_| Ok(photo.samples().clone()));
        promise(env, task, |_, samples| {
            Ok(match samples {
                Samples::U8(samples) => Either::A(samples.into()),
                Samples::U16(samples) => Either::B(samples.into()),
            })
        })
    }

    #[napi(catch_unwind)]
    pub fn encode<'env>(
        &self,
        env: &'env Env,
        options: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<Buffer>>> {
        let photo = self.inner.get()?.clone();
        let work = move |_: &Run| photo.encode(&EncodeOptions::read(&from_json::<Encode>(&options)?, None)?);
        promise(env, Task::spawn(&call.run(), work), |_, bytes| Ok(bytes.into()))
    }

    #[napi(catch_unwind)]
    pub fn save<'env>(
        &self,
        env: &'env Env,
        path: String,
        options: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<()>>> {
        let photo = self.inner.get()?.clone();
        let work = move |_: &Run| {
            let path = Path::new(&path);
            photo.save_with(path, &EncodeOptions::read(&from_json::<Encode>(&options)?, Some(path))?)
        };
        promise(env, Task::spawn(&call.run(), work), |_, ()| Ok(()))
    }
}

/// Interleaved samples.
type Pixels = Either<Uint8Array, Uint16Array>;

/// What samples mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    width: u32,
    height: u32,
    channels: u8,
    depth: Option<u8>,
}

#[napi(catch_unwind)]
pub fn read_photo<'env>(
    env: &'env Env,
    given: Given<'_>,
    options: String,
    call: &Call,
) -> napi::Result<PromiseRaw<'env, Answer<Photo>>> {
    let lent = Lent::from(given)?;
    let work = move |_: &Run| lent.into_source().read(&DecodeOptions::from(&from_json::<Decode>(&options)?));
    promise(env, Task::spawn(&call.run(), work), Photo::shown)
}

#[napi(catch_unwind)]
pub fn photo_from_pixels<'env>(
    env: &'env Env,
    data: Pixels,
    layout: String,
    call: &Call,
) -> napi::Result<PromiseRaw<'env, Answer<Photo>>> {
    let work = move |_: &Run| {
        let Layout { width, height, channels, depth } = from_json(&layout)?;
        packshot::Photo::new(width, height, channels_of(channels)?, samples(&data, depth)?)
    };
    promise(env, Task::spawn(&call.run(), work), Photo::shown)
}

fn channels_of(count: u8) -> Result<Channels> {
    match count {
        1 => Ok(Channels::Gray),
        2 => Ok(Channels::GrayAlpha),
        3 => Ok(Channels::Rgb),
        4 => Ok(Channels::Rgba),
        _ => Err(Error::new(Code::OptionInvalid, format!("channels is {count}; it must be 1 to 4"))),
    }
}

/// A copy. Samples of 16 bits also come as bytes, in the order of this machine: sharp gives them so.
fn samples(data: &Pixels, depth: Option<u8>) -> Result<Samples> {
    match (data, depth) {
        (Either::A(bytes), None | Some(8)) => Ok(Samples::U8(bytes.to_vec())),
        (Either::B(samples), None | Some(16)) => Ok(Samples::U16(samples.to_vec())),
        (Either::A(bytes), Some(16)) if bytes.len() % 2 == 0 => {
            Ok(Samples::U16(bytes.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect()))
        }
        (Either::A(bytes), Some(16)) => {
            let message = format!("{} bytes are no samples of 16 bits: each takes two", bytes.len());
            Err(Error::new(Code::OptionInvalid, message))
        }
        (Either::A(_), Some(depth)) => {
            let message = format!("depth is {depth}; it must be 8 or 16");
            Err(Error::new(Code::OptionInvalid, message))
        }
        (Either::B(_), depth) => {
            let message = format!("depth is {}; that of a Uint16Array is 16", depth.unwrap_or_default());
            Err(Error::new(Code::OptionInvalid, message))
        }
    }
}
