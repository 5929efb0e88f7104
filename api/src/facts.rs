//! Facts that tools and batches report, as tables: the records of every language are generated from them.

use crate::table::Words;

/// A record of facts, such as those that a tool returns besides the photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts {
    /// The name of the type.
    pub name: &'static str,
    /// Its documentation, line by line.
    pub about: &'static [&'static str],
    /// The facts, in the order in which people expect them.
    pub fields: &'static [Fact],
}

/// One fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    /// The name, in `snake_case`.
    pub name: &'static str,
    /// Its documentation, line by line.
    pub about: &'static [&'static str],
    /// The type of its values.
    pub kind: FactKind,
    /// When it is absent; `None` if it is always present.
    pub absent: Option<&'static str>,
}

/// The type of a fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FactKind {
    /// True or false.
    Flag,
    /// A whole number of at most 32 bits.
    Small,
    /// A whole number.
    Whole,
    /// Any number.
    Number,
    /// From 0 to 1, in single precision.
    Share,
    /// The path of a file or folder.
    Path,
    /// A rectangle of whole pixels: left, top, width and height.
    Rect,
    /// Such a rectangle that may reach beyond the photo: left and top may be negative.
    Frame,
    /// Subjects, each with its bounds and its area in pixels.
    Instances,
    /// A picture of one channel: 0 is background, 255 subject.
    Matte,
    /// A picture of one channel: 0 is background, 255 subject, 128 unknown.
    Trimap,
    /// Notes on what was not done as asked: a list of codes, each with a text.
    Notes,
    /// An error as data.
    Failure,
    /// What each step of a recipe did, as data.
    Steps,
    /// A nested record.
    Record(&'static Facts),
    /// A list of records.
    Records(&'static Facts),
    /// One of several words.
    Words(&'static Words),
}

/// A tool: its name, its options, and its facts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tool {
    /// Its name in recipes and of its method, in `snake_case`.
    pub name: &'static str,
    /// The name of the method with progress, in languages that have two methods.
    pub watched: &'static str,
    /// Its options.
    pub options: &'static crate::Table,
    /// Whether it needs at least one option.
    pub needs_options: bool,
    /// Its facts besides the photo and what ran.
    pub facts: &'static Facts,
}

/// A table of facts. Each is written `name: Kind;`, or `name: Kind, absent "when";` where it may be absent.
/// `NAME: Name as name` also defines a macro `name`, which passes the facts to another macro, after any other tokens it
/// was given.
macro_rules! facts {
    ($(#[doc = $about:tt])* $table:ident: $name:ident as $hand:ident { $($fields:tt)* }) => {
        facts! { @define ($) [$($about)*] $table $name $hand { $($fields)* } }
    };
    (
        @define ($d:tt) [$($about:tt)*] $table:ident $name:ident $hand:ident
        { $($(#[doc = $doc:tt])* $field:ident: $kind:ident $(($of:path))? $(, absent $absent:literal)?;)* }
    ) => {
        $(#[doc = $about])*
        pub const $table: &$crate::Facts = &$crate::Facts {
            name: stringify!($name),
            about: &[$($about),*],
            fields: &[$($crate::Fact {
                name: stringify!($field),
                about: &[$($doc),*],
                kind: $crate::FactKind::$kind $(($of))?,
                absent: $crate::table::option!($($absent)?),
            }),*],
        };

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $hand {
            ($d with:ident $d($d more:tt)*) => {
                $d with! { $d($d more)* [$($about)*] $name $({[$($doc)*] $field $kind [$($absent)?]})* }
            };
        }
    };
}

pub(crate) use facts;
