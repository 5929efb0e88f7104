//! Facts of tools and batches, as records of these languages: made from the tables of `packshot-api`.

use std::path::PathBuf;
use std::sync::Arc;

use packshot::{AnyFacts, BatchFailure, Code, Error};
use serde_json::Value;

use crate::engine::Note;
use crate::error::Failure;
use crate::mirrors::{BatchOutcome, Instance, Rect};
use crate::photo::Photo;

/// The type of a fact in a record, by its kind; a record's name is known by the field that has it.
macro_rules! fact {
    ($kind:ident $field:ident $absent:literal) => { Option<$crate::facts::fact!($kind $field)> };
    (Flag $field:ident) => { bool };
    (Small $field:ident) => { u32 };
    (Whole $field:ident) => { u64 };
    (Number $field:ident) => { f64 };
    (Share $field:ident) => { f32 };
    (Path $field:ident) => { String };
    (Rect $field:ident) => { $crate::mirrors::Rect };
    (Frame $field:ident) => { $crate::mirrors::Rect };
    (Instances $field:ident) => { Vec<$crate::mirrors::Instance> };
    (Matte $field:ident) => { std::sync::Arc<$crate::photo::Photo> };
    (Trimap $field:ident) => { std::sync::Arc<$crate::photo::Photo> };
    (Notes $field:ident) => { Vec<$crate::engine::Note> };
    (Failure $field:ident) => { $crate::error::Failure };
    (Words outcome) => { $crate::mirrors::BatchOutcome };
    (Record item) => { $crate::batch::BatchItem };
    (Records failures) => { Vec<$crate::batch::BatchItem> };
}

pub(crate) use fact;

/// A fact in a record, made of the core's.
pub(crate) trait Told: Sized {
    type Core;

    fn of(core: Self::Core) -> Self;
}

macro_rules! told {
    ($($type:ty: $core:ty => |$fact:ident| $told:expr;)*) => {$(
        impl Told for $type {
            type Core = $core;

            fn of($fact: $core) -> Self {
                $told
            }
        }
    )*};
}

told! {
    bool: bool => |flag| flag;
    u32: u32 => |number| number;
    u64: u64 => |number| number;
    f64: f64 => |number| number;
    BatchOutcome: BatchOutcome => |outcome| outcome;
    String: PathBuf => |path| packshot::api::path_text(&path).into_owned();
    Note: packshot::Note => |note| note.into();
    Failure: BatchFailure => |failure| failure.into();
}

impl<T: Told> Told for Option<T> {
    type Core = Option<T::Core>;

    fn of(core: Self::Core) -> Self {
        core.map(T::of)
    }
}

impl<T: Told> Told for Vec<T> {
    type Core = Vec<T::Core>;

    fn of(core: Self::Core) -> Self {
        core.into_iter().map(T::of).collect()
    }
}

/// A fact of a tool, by its name.
///
/// # Errors
/// [`Code::Internal`] if it is missing, although the tool's table has it.
pub(crate) fn read<T: Read>(facts: &AnyFacts, name: &'static str) -> Result<T, Failure> {
    let picture = facts.pictures.iter().find(|(picture, _)| *picture == name).and_then(|(_, picture)| picture.as_ref());
    T::read(picture, facts.data.get(name))
        .ok_or_else(|| Error::new(Code::Internal, "a fact of the tool is missing").with("fact", name).into())
}

/// A fact of a tool in a record; `None` if the value is of another kind.
pub(crate) trait Read: Sized {
    fn read(picture: Option<&packshot::Photo>, data: Option<&Value>) -> Option<Self>;
}

impl<T: Read> Read for Option<T> {
    fn read(picture: Option<&packshot::Photo>, data: Option<&Value>) -> Option<Self> {
        match picture.is_none() && data.is_none_or(Value::is_null) {
            true => Some(None),
            false => T::read(picture, data).map(Some),
        }
    }
}

impl Read for Arc<Photo> {
    fn read(picture: Option<&packshot::Photo>, _: Option<&Value>) -> Option<Self> {
        picture.map(|picture| Self::new(Photo(picture.clone())))
    }
}

macro_rules! read {
    ($($type:ty: |$data:ident| $read:expr;)*) => {$(
        impl Read for $type {
            fn read(_: Option<&packshot::Photo>, data: Option<&Value>) -> Option<Self> {
                let $data = data?;
                $read
            }
        }
    )*};
}

read! {
    bool: |data| data.as_bool();
    u32: |data| u32::try_from(data.as_u64()?).ok();
    u64: |data| data.as_u64();
    f64: |data| data.as_f64();
    f32: |data| data.as_f64().map(single);
    String: |data| data.as_str().map(str::to_owned);
    Rect: |data| {
        let start = |name| i32::try_from(data.get(name)?.as_i64()?).ok();
        let side = |name| u32::read(None, data.get(name));
        Some(Self { left: start("left")?, top: start("top")?, width: side("width")?, height: side("height")? })
    };
    Instance: |data| {
        Some(Self { bounds: Rect::read(None, data.get("bounds"))?, area: data.get("area")?.as_u64()? })
    };
    Vec<Instance>: |data| data.as_array()?.iter().map(|each| Instance::read(None, Some(each))).collect();
}

/// Nothing is lost: the core writes a number of single precision with as many digits as it has.
#[allow(clippy::cast_possible_truncation, reason = "see above")]
fn single(number: f64) -> f32 {
    number as f32
}
