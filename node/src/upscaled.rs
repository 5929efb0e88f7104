//! Larger photos on their way to JavaScript.

use napi::bindgen_prelude::Env;
use napi_derive::napi;

use crate::cutout::Ran;
use crate::photo::Photo;

/// `lib/upscaled.ts` makes an `Upscaled` of it.
#[napi(object, object_from_js = false)]
pub struct Upscaled {
    pub photo: Photo,
    pub scale: f64,
    pub ran: Ran,
}

impl Upscaled {
    pub(crate) fn shown(env: &Env, upscaled: packshot::Upscaled) -> napi::Result<Self> {
        let packshot::Upscaled { photo, facts, ran } = upscaled;
        Ok(Self { photo: Photo::shown(env, photo)?, scale: facts.scale, ran: ran.into() })
    }
}
