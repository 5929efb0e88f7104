//! Facts that tools return besides the photo: as Rust types, and as data and pictures for reports and other languages.

use serde_json::{Map, Value, json};

use crate::geometry::{Frame, Rect};
use crate::ops::components::Instance;
use crate::photo::{Matte, Photo, Trimap};

/// The facts of any tool, by name.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AnyFacts {
    /// Facts other than pictures. A rectangle is an object of `left`, `top`, `width` and `height`.
    pub data: Map<String, Value>,
    /// Facts that are pictures, in the order of the tool's table; `None` for an absent one.
    pub pictures: Vec<(&'static str, Option<Photo>)>,
}

impl AnyFacts {
    pub(crate) fn insert<F: Fact>(&mut self, name: &'static str, fact: F) {
        match F::IS_PICTURE {
            true => self.pictures.push((name, fact.picture())),
            false => drop(self.data.insert(name.to_owned(), fact.data())),
        }
    }
}

/// The facts of one tool.
pub(crate) trait Facts: Send + 'static {
    fn into_any(self) -> AnyFacts;
}

/// One fact: data, or a picture.
pub(crate) trait Fact: Sized {
    const IS_PICTURE: bool = false;

    fn data(&self) -> Value {
        Value::Null
    }

    fn picture(self) -> Option<Photo> {
        None
    }
}

impl<T: Fact> Fact for Option<T> {
    const IS_PICTURE: bool = T::IS_PICTURE;

    fn data(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::data)
    }

    fn picture(self) -> Option<Photo> {
        self.and_then(T::picture)
    }
}

impl Fact for f64 {
    fn data(&self) -> Value {
        json!(self)
    }
}

impl Fact for f32 {
    /// With the digits of an f32: 0.9, not 0.8999999761581421.
    fn data(&self) -> Value {
        json!(self.to_string().parse::<f64>().unwrap_or_else(|_| f64::from(*self)))
    }
}

impl Fact for Rect {
    fn data(&self) -> Value {
        let Self { left, top, width, height } = self;
        json!({ "left": left, "top": top, "width": width, "height": height })
    }
}

impl Fact for Frame {
    fn data(&self) -> Value {
        let Self { left, top, width, height } = self;
        json!({ "left": left, "top": top, "width": width, "height": height })
    }
}

impl Fact for Vec<Instance> {
    fn data(&self) -> Value {
        self.iter().map(|instance| json!({ "bounds": instance.bounds.data(), "area": instance.area })).collect()
    }
}

impl Fact for Matte {
    const IS_PICTURE: bool = true;

    fn picture(self) -> Option<Photo> {
        Some(self.into_photo())
    }
}

impl Fact for Trimap {
    const IS_PICTURE: bool = true;

    fn picture(self) -> Option<Photo> {
        Some(self.into_photo())
    }
}

/// The type of a tool's facts, made from their table in `packshot-api`: `packshot_api::cropped! { facts CropFacts }`.
macro_rules! facts {
    ($facts:ident [$($about:tt)*] $name:ident
     $({[$($doc:tt)*] $field:ident $kind:ident [$($absent:literal)?]})*) => {
        #[doc = concat!("The facts of a [`", stringify!($name), "`](crate::", stringify!($name), "), besides the photo.")]
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct $facts {
            $($(#[doc = $doc])* $(#[doc = concat!("\n\n`None` ", $absent, ".")])?
            pub $field: $crate::tools::facts::fact!($kind $($absent)?),)*
        }

        impl $crate::tools::facts::Facts for $facts {
            fn into_any(self) -> $crate::tools::AnyFacts {
                let mut any = $crate::tools::AnyFacts::default();
                $(any.insert(stringify!($field), self.$field);)*
                any
            }
        }
    };
}

/// The type of one fact.
macro_rules! fact {
    ($kind:ident $absent:literal) => { Option<$crate::tools::facts::fact!($kind)> };
    (Number) => { f64 };
    (Share) => { f32 };
    (Rect) => { $crate::geometry::Rect };
    (Frame) => { $crate::geometry::Frame };
    (Instances) => { Vec<$crate::ops::components::Instance> };
    (Matte) => { $crate::photo::Matte };
    (Trimap) => { $crate::photo::Trimap };
}

pub(crate) use {fact, facts};
