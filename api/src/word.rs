//! Choices that are written as one word.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};

use crate::document::{closest, listed};

/// A word that is not one of the choices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no {what}: {choices}")]
pub struct Unknown {
    pub(crate) word: String,
    pub(crate) what: &'static str,
    pub(crate) choices: String,
}

impl Unknown {
    /// `word` is none of the words `known`; the nearest one is suggested.
    pub(crate) fn word(word: &str, what: &'static str, known: &[&str]) -> Self {
        let choices = match closest(word, known) {
            Some(near) => format!("did you mean `{near}`? There are {}", listed(known)),
            None => format!("write {}", either(known)),
        };
        Self { word: word.to_owned(), what, choices }
    }
}

/// `a, b or c`.
fn either(words: &[&str]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => words.concat(),
    }
}

/// Reads a word as one of the choices; what is no word is told which they are.
pub(crate) struct Choice<T>(pub(crate) &'static [&'static str], pub(crate) PhantomData<T>);

impl<T: FromStr<Err = Unknown>> Visitor<'_> for Choice<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&either(self.0))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
        word.parse().map_err(E::custom)
    }
}

/// Defines an enum whose variants are words: in text, in TOML, and in JSON. `Name as name` also defines a macro `name`,
/// which passes the variants to another macro.
macro_rules! words {
    ($(#[doc = $about:tt])* $name:ident as $hand:ident, $what:literal, { $($variants:tt)* }) => {
        words! { @define ($) [$($about)*] $name $hand, $what, { $($variants)* } }
    };
    (
        @define ($d:tt) [$($about:tt)*] $name:ident $hand:ident, $what:literal,
        { $($(#[doc = $doc:tt])* $variant:ident = $word:literal,)* }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[doc = $doc])* $variant,)* }

        impl $name {
            /// Every choice.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The choices with their documentation.
            pub const WORDS: &'static $crate::Words = &$crate::Words {
                name: stringify!($name),
                about: &[$($about),*],
                choices: &[$(($word, &[$($doc),*]),)*],
            };

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl $crate::Value for $name {
            const KIND: $crate::Kind = $crate::Kind::Words(Self::WORDS);
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Unknown;

            fn from_str(word: &str) -> Result<Self, $crate::Unknown> {
                let found = Self::ALL.iter().copied().find(|choice| choice.as_str() == word);
                found.ok_or_else(|| $crate::Unknown::word(word, $what, &[$($word),*]))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::word::Choice(&[$($word),*], std::marker::PhantomData))
            }
        }

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $hand {
            ($d choice:ident) => { $d choice! { [$($about)*] $name $({[$($doc)*] $variant})* } };
        }
    };
}

pub(crate) use words;
