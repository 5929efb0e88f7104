//! What tools make, on its way to JavaScript.

use std::collections::BTreeMap;

use napi::bindgen_prelude::Env;
use napi_derive::napi;
use packshot::{AnyFacts, ToolResult};

use crate::failure::json;
use crate::photo::Photo;
use crate::ran::Ran;

/// `lib/tools.ts` makes a `Cutout` of it, or whatever the tool makes.
#[napi(object, object_from_js = false)]
pub struct Made {
    pub photo: Photo,
    /// The pictures besides it, by the names that the core has for them.
    pub pictures: BTreeMap<String, Option<Photo>>,
    /// The other facts, as JSON.
    pub facts: String,
    pub ran: Ran,
}

impl Made {
    pub(crate) fn shown(env: &Env, made: ToolResult<AnyFacts>) -> napi::Result<Self> {
        let picture = |(name, picture): (&str, Option<packshot::Photo>)| {
            Ok((name.to_owned(), picture.map(|picture| Photo::shown(env, picture)).transpose()?))
        };
        let pictures = made.facts.pictures.into_iter().map(picture).collect::<napi::Result<_>>()?;
        let facts = json(&made.facts.data)?;
        Ok(Self { photo: Photo::shown(env, made.photo)?, pictures, facts, ran: made.ran.into() })
    }
}
