//! Parts of photos on their way to JavaScript.

use napi::bindgen_prelude::Env;
use napi_derive::napi;

use crate::cutout::{Ran, Rect};
use crate::photo::Photo;

/// `lib/cropped.ts` makes a `Cropped` of it.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Cropped {
    pub photo: Photo,
    pub frame: Rect,
    pub subject: Option<Rect>,
    pub ran: Ran,
}

impl Cropped {
    pub(crate) fn shown(env: &Env, cropped: packshot::Cropped) -> napi::Result<Self> {
        let packshot::Cropped { photo, facts, ran } = cropped;
        let (frame, subject) = (facts.frame.into(), facts.subject.map(Rect::from));
        Ok(Self { photo: Photo::shown(env, photo)?, frame, subject, ran: ran.into() })
    }
}
