//! Descriptions of options: documentation, kind, range, default. Schema, flags, records, types of other languages and
//! the reference are generated from them.

/// The options of a tool, of a file, of a batch or of an engine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Table {
    /// The name of the type.
    pub name: &'static str,
    /// Its documentation, line by line.
    pub about: &'static [&'static str],
    /// The options, in the order in which people expect them.
    pub fields: &'static [Field],
}

/// One option, or one fact of a report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The name, in `snake_case`.
    pub name: &'static str,
    /// Its documentation, line by line.
    pub about: &'static [&'static str],
    /// The type of its values.
    pub kind: Kind,
    /// The smallest and the largest value, such as `1 to 100`.
    pub range: Option<&'static str>,
    /// The default: a value, or a description.
    pub default: Option<&'static str>,
}

/// The type of an option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// True or false.
    Flag,
    /// A whole number from 0.
    Whole,
    /// A number of bytes; people may write `200kB`.
    Bytes,
    /// Any number.
    Number,
    /// Text.
    Text,
    /// A CSS colour, or three or four numbers.
    Color,
    /// One, two or four lengths in CSS order.
    Margin,
    /// Left, top, right and bottom, as lengths.
    Area,
    /// `all`, `largest`, or positions.
    Instances,
    /// Width to height: `4:5`, or one number.
    Aspect,
    /// A [`Size`](crate::Size).
    Size,
    /// The format of a file that is written.
    Format,
    /// The path of a file or folder.
    Path,
    /// The path of a picture to read; in a recipe's file, relative to its folder. Empty text means no picture.
    Picture,
    /// Paths.
    Paths,
    /// A [`Model`](crate::Model).
    Model,
    /// One of several words.
    Words(&'static Words),
}

/// A choice of words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Words {
    /// The name of the type.
    pub name: &'static str,
    /// Its documentation, line by line.
    pub about: &'static [&'static str],
    /// Each word with its documentation, line by line.
    pub choices: &'static [(&'static str, &'static [&'static str])],
}

/// Options with a [`Table`].
pub trait Options:
    std::fmt::Debug + Clone + Default + PartialEq + serde::Serialize + serde::de::DeserializeOwned
{
    /// The table that describes them.
    const TABLE: &'static Table;
}

/// A type that options can have.
pub trait Value {
    /// The kind in tables.
    const KIND: Kind;
}

macro_rules! kinds {
    ($($type:ty => $kind:ident,)*) => { $(impl Value for $type { const KIND: Kind = Kind::$kind; })* };
}

kinds! {
    bool => Flag,
    u8 => Whole,
    u32 => Whole,
    u64 => Whole,
    f64 => Number,
    String => Text,
    std::path::PathBuf => Path,
    crate::Size => Size,
    crate::Model => Model,
}

impl Table {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// The smallest and the largest value.
    #[must_use]
    pub fn bounds(&self) -> Option<(f64, f64)> {
        let (low, high) = self.range?.split_once(" to ")?;
        Some((low.parse().ok()?, high.replace(',', "").parse().ok()?))
    }
}

/// Joins lines of documentation: lines of a paragraph by spaces, paragraphs by an empty line.
#[must_use]
pub fn prose(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines.iter().map(|line| line.trim()) {
        match line {
            "" => text.push_str("\n\n"),
            _ if text.is_empty() || text.ends_with('\n') => text.push_str(line),
            _ => {
                text.push(' ');
                text.push_str(line);
            }
        }
    }
    text
}

/// Defines a struct of options, each of which may be absent.
///
/// A field is written `name: Type, range "1 to 8", default "2";`; range and default belong to the documentation and may
/// be omitted. `Type` is a type of values, or one of the kinds below. `Name as name` also defines a macro `name`, which
/// passes the fields to another macro: records of other languages are generated with it.
macro_rules! options {
    ($(#[doc = $about:tt])* $name:ident as $hand:ident { $($fields:tt)* }) => {
        options! { @next [($) $name $hand $($about)*] {} $($fields)* }
    };
    (
        @next $head:tt $done:tt
        $(#[doc = $doc:tt])* $field:ident: $kind:ident $(, range $range:tt)? $(, default $default:tt)?; $($rest:tt)*
    ) => {
        options! { @kind $kind $done [$($doc)* $("" "Range:" $range)? $("" "Default:" $default)?] [$($doc)*] [$($range)?]
            [$($default)?] $field $head $($rest)* }
    };
    // The Rust type of each kind that is not itself a type of values, and its serde attributes.
    (@kind Color $($more:tt)*) => {
        options! { @as (Option<String>) None Color ["Option::is_none", deserialize_with = "crate::text::color"] $($more)* }
    };
    (@kind Margin $($more:tt)*) => {
        options! { @as (Option<String>) None Margin ["Option::is_none", deserialize_with = "crate::text::lengths"] $($more)* }
    };
    (@kind Area $($more:tt)*) => {
        options! { @as (Option<String>) None Area ["Option::is_none", deserialize_with = "crate::text::lengths"] $($more)* }
    };
    (@kind Instances $($more:tt)*) => {
        options! { @as (Option<String>) None Instances ["Option::is_none", deserialize_with = "crate::text::lengths"] $($more)* }
    };
    (@kind Aspect $($more:tt)*) => {
        options! { @as (Option<String>) None Aspect ["Option::is_none", deserialize_with = "crate::text::lengths"] $($more)* }
    };
    (@kind Format $($more:tt)*) => {
        options! { @as (Option<ImageFormat>) None Format ["Option::is_none", deserialize_with = "crate::text::format"] $($more)* }
    };
    (@kind Quality $($more:tt)*) => {
        options! { @as (Option<u8>) None Whole ["Option::is_none", deserialize_with = "crate::text::quality"] $($more)* }
    };
    (@kind Bytes $($more:tt)*) => {
        options! { @as (Option<u64>) None Bytes ["Option::is_none"] $($more)* }
    };
    (@kind PathText $($more:tt)*) => {
        options! { @as (Option<String>) None Path ["Option::is_none"] $($more)* }
    };
    (@kind Picture $($more:tt)*) => {
        options! { @as (Option<String>) None Picture ["Option::is_none"] $($more)* }
    };
    (@kind Path $($more:tt)*) => {
        options! { @as (Option<PathBuf>) None Path ["Option::is_none", with = "crate::path::option"] $($more)* }
    };
    (@kind Paths $($more:tt)*) => {
        options! { @as (Vec<PathBuf>) [] Paths ["Vec::is_empty", with = "crate::path::list"] $($more)* }
    };
    (@kind $type:ident $($more:tt)*) => {
        options! { @as (Option<$type>) None (<$type as $crate::Value>::KIND) ["Option::is_none"] $($more)* }
    };
    (
        @as $type:tt $none:tt $kind:tt [$($serde:tt)*] {$($done:tt)*} $docs:tt $doc:tt $range:tt $default:tt $field:ident
        $head:tt $($rest:tt)*
    ) => {
        options! {
            @next $head
            {$($done)* {$docs $doc $range $default $field $type $none $kind #[serde(skip_serializing_if = $($serde)*)]}}
            $($rest)*
        }
    };
    (@next [($d:tt) $name:ident $hand:ident $($about:tt)*] {$({
        [$($docs:tt)*] [$($doc:tt)*] [$($range:tt)?] [$($default:tt)?] $field:ident ($($type:tt)*) $none:tt $kind:tt
        #[$serde:meta]
    })*}) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[doc = $docs])* #[$serde] pub $field: $($type)*,)* }

        impl $crate::Options for $name {
            const TABLE: &'static $crate::Table = &$crate::Table {
                name: stringify!($name),
                about: &[$($about),*],
                fields: &[$($crate::Field {
                    name: stringify!($field),
                    about: &[$($doc),*],
                    kind: $crate::table::kind!($kind),
                    range: $crate::table::option!($($range)?),
                    default: $crate::table::option!($($default)?),
                }),*],
            };
        }

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $hand {
            ($d record:ident) => {
                $d record! { [$($about)*] $name $({[$($docs)*] $field ($($type)*) $none})* }
            };
        }
    };
}

macro_rules! kind {
    (($($kind:tt)*)) => { $($kind)* };
    ($kind:ident) => { $crate::Kind::$kind };
}

macro_rules! option {
    () => {
        None
    };
    ($value:tt) => {
        Some($value)
    };
}

pub(crate) use {kind, option, options};
